import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Revealed, Target } from "./revealed.ts";
import { envFile, snippets } from "./snippets.ts";

const issuer = {
  issuer: "https://id.example.com/acme/pay",
  tokenEndpoint: "https://id.example.com/acme/pay/oauth2/token",
  jwksUri: "https://id.example.com/acme/pay/.well-known/jwks.json",
};
const target: Target = { resource: "https://api.example.com/o'orders", name: "Orders", scopes: ["a:read", "a:write"] };
const revealed: Revealed = {
  clientId: "odd\"client'$HOME",
  name: "odd",
  secret: "mms_0123456789abcdef",
  issuer,
  targets: [target],
  method: "post",
  dpop: false,
};
const codeOf = (id: string, of = revealed, at: Target | undefined = target) =>
  snippets(of, at).find((tab) => tab.id === id)?.code ?? "";

/** What curl would be started with, by a shell function in its place. */
function curlCall(code: string): { readonly args: string[]; readonly input: string } {
  const stand = `curl() { printf '%s\\0' "$@"; printf '\\0'; cat; }\n`;
  const said = execFileSync("bash", ["-c", stand + code], { encoding: "utf8" });
  const [args = "", input = ""] = said.split("\0\0");
  return { args: args.split("\0"), input };
}

describe("the shell's snippet", () => {
  test("begins with a space, and only that line holds the secret", () => {
    const [first = "", ...rest] = codeOf("curl").split("\n");
    expect(first).toBe(" CLIENT_SECRET='mms_0123456789abcdef'");
    expect(rest.join("\n")).not.toContain(revealed.secret);
  });

  test("sends every value as it is, the secret on standard input and in no argument", () => {
    const { args, input } = curlCall(codeOf("curl"));
    expect(input).toBe(`client_secret=${revealed.secret}`);
    expect(args).toContain(issuer.tokenEndpoint);
    expect(args.filter((arg) => arg.includes("="))).toEqual([
      "grant_type=client_credentials",
      `client_id=${revealed.clientId}`,
      `resource=${target.resource}`,
      "scope=a:read a:write",
    ]);
    expect(args.join()).not.toContain(revealed.secret);
  });

  test("where only the header is allowed the credential goes there", () => {
    const { args, input } = curlCall(codeOf("curl", { ...revealed, method: "basic" }));
    expect(input).toBe(`user = "${encodeURIComponent(revealed.clientId)}:${revealed.secret}"`);
    expect(args.join()).not.toContain("client_id");
  });
});

test("without an API neither resource nor scope is asked for", () => {
  for (const { code } of snippets(revealed, undefined)) expect(code).not.toMatch(/resource|scope/i);
});

test("the .env file is read back as it was meant", () => {
  const read = `set -a; eval "$(cat)"; printf '%s|%s' "$SCOPE" "$CLIENT_SECRET"`;
  const plain = { ...revealed, clientId: "cli_1" };
  const said = execFileSync("bash", ["-c", read], {
    input: envFile({ revealed: plain, target: { ...target, resource: "https://api.example.com" } }),
    encoding: "utf8",
  });
  expect(said).toBe(`a:read a:write|${revealed.secret}`);
});

test("the .env file, sourced by a shell, runs nothing of what it holds", () => {
  const odd = {
    resource: "https://a.example/$(id)'`id`\\\"x",
    name: "odd",
    scopes: ["`id`", "$HOME"],
  };
  const clientId = "$(id)!x#y";
  const script = `f=$(mktemp); cat > "$f"; set -a; . "$f"; rm "$f"; printf '%s\\0' "$CLIENT_ID" "$RESOURCE" "$SCOPE"`;
  for (const program of ["bash", "sh"]) {
    const input = envFile({ revealed: { ...revealed, clientId }, target: odd });
    const said = execFileSync(program, ["-c", script], { input, encoding: "utf8" });
    expect(said.split("\0")).toEqual([clientId, odd.resource, odd.scopes.join(" "), ""]);
  }
});
