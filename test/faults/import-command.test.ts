import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { eventually } from "../support/http.ts";
import { inDatabase } from "../support/member.ts";
import { builtMain } from "../support/server.ts";
import { fetchToken } from "../support/token.ts";
import { type StoryWorkspace, useWorld } from "../support/world.ts";

const world = useWorld();
const folder = mkdtempSync(join(tmpdir(), "mintmark-import-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => {
  writeFileSync(at(name), text, { mode: 0o600 });
  return at(name);
};

let workspace: StoryWorkspace;
let given: readonly string[];
beforeAll(async () => {
  const tenant = await world.tenant().ready();
  workspace = await world.tenant(tenant).workspace().resource("orders", ["orders:read"]).ready();
  const credentials = write("credentials.json", JSON.stringify(tenant.adminClient));
  given = ["--credentials", credentials, "--workspace", workspace.slug];
}, 120_000);

function start(args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [builtMain, "import", ...args], { env: { PATH: process.env["PATH"] } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return { child, ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, output }))) };
}
interface Ended {
  readonly code: number | null;
  readonly output: string;
}
const run = (...args: string[]) => start([...given, ...args]).ended;

const countOf = (name: string) =>
  inDatabase(world.server, (sql) => sql`select id from clients where name like ${`${name}%`}`).then(
    (all) => all.length,
  );

test("[A9] a file imported by the command, which is killed half-way and run again → each client once, each secret saved for this account alone", async () => {
  const { identifier } = workspace.resource("orders");
  const lines = Array.from({ length: 1_500 }, (_, nth) => `commanded-${nth},${identifier},orders:read`);
  const file = write("fleet.csv", ["name,resource,scopes", ...lines, ""].join("\n"));
  const args = [...given, "--file", file, "--secrets", at("secrets.csv")];
  const first = start(args);
  await eventually(
    () => countOf("commanded-"),
    (count) => count > 0,
    30,
  );
  first.child.kill("SIGKILL");
  expect((await first.ended).code).toBeNull();
  expect(statSync(at("secrets.csv.unfinished")).mode & 0o777).toBe(0o600);
  chmodSync(at("secrets.csv.unfinished"), 0o644);
  const open = await start(args).ended;
  expect([open.code, open.output]).toEqual([1, expect.stringContaining("others may read it. Run: chmod 600")]);
  chmodSync(at("secrets.csv.unfinished"), 0o600);

  const elsewhere = await start([...args, "--workspace", "elsewhere"]).ended;
  expect([elsewhere.code, elsewhere.output]).toEqual([
    1,
    expect.stringMatching(/begun with another workspace \(--workspace\).* and keep it: it holds the only key/),
  ]);

  const second = await start(args).ended;
  expect(second).toEqual({ code: 0, output: expect.stringMatching(/^1500 clients made\. Their secrets are in /) });
  expect(existsSync(at("secrets.csv.unfinished"))).toBe(false);
  expect(statSync(at("secrets.csv")).mode & 0o777).toBe(0o600);
  expect(await countOf("commanded-")).toBe(1_500);
  const [head, ...saved] = readFileSync(at("secrets.csv"), "utf8").trimEnd().split("\r\n");
  expect(head).toBe("name,client_id,client_secret");
  expect(new Set(saved.map((line) => line.split(",")[0])).size).toBe(1_500);
  const [, clientId = "", clientSecret = ""] = (saved.at(-1) ?? "").split(",").map((one) => one.slice(1, -1));
  const client = { clientId, clientSecret: remember(clientSecret), tokenEndpoint: `${workspace.issuer}/oauth2/token` };
  expect(await fetchToken(client, { scope: "orders:read" })).toMatch(/^eyJ/);

  const again = await start(args).ended;
  expect([again.code, again.output]).toEqual([
    1,
    expect.stringContaining("is there already, and would be overwritten"),
  ]);
}, 120_000);

test("[A9] lines that are refused → said by their number, with what to do; the others are made; status 4", async () => {
  const file = write("half.ndjson", `{"name":"half-made"}\n{"name":""}\n`);
  const { code, output } = await run("--file", file, "--secrets", at("half-secrets.csv"));
  expect(output).toMatch(/^1 client made\./);
  expect(output).toMatch(/^1 line refused\.\nLine 2: .+\nPut /m);
  expect(code).toBe(4);
  expect(readFileSync(at("half-secrets.csv"), "utf8")).toContain('"half-made","cli_');
});

test("[A9] a file that brings keys, without --secrets → made, and nothing is saved", async () => {
  const file = write("keyed.ndjson", `{"name":"keyed-one","jwksUri":"https://keys.example.com/jwks.json"}\n`);
  expect(await run("--file", file)).toEqual({ code: 0, output: "1 client made.\n" });
  expect(existsSync(`${file}.unfinished`)).toBe(false);
});

test.each([
  ["no options", () => start([]).ended, /needs --credentials, --workspace and --file/],
  ["a file that is not there", () => run("--file", at("none.csv")), /none\.csv cannot be read \(ENOENT\)/],
  ["a file of another kind", () => run("--file", at("fleet.xlsx")), /Let it end in \.csv, \.ndjson or \.jsonl/],
  [
    "credentials without a secret",
    () =>
      start(["--credentials", write("bad.json", "{}"), ...given.slice(2), "--file", write("a.csv", "name\na\n")]).ended,
    /holds no credentials\. It should be what `mintmark bootstrap --json` printed/,
  ],
  [
    "a workspace that is not there",
    () => run("--file", write("a.csv", "name\na\n"), "--workspace", "nowhere"),
    /There is no workspace nowhere that this client may see/,
  ],
  [
    "a folder for the secrets that is not there",
    () => run("--file", write("a.csv", "name\na\n"), "--secrets", at("nowhere/secrets.csv")),
    /Nothing can be written into \S+nowhere \(ENOENT\)\. Make the folder/,
  ],
  [
    "a file that is no list",
    () => run("--file", write("odd.csv", "colour\nred\n"), "--secrets", at("odd-secrets.csv")),
    /The server did not take the file\. .*name.* To begin another import, delete \S+odd-secrets\.csv\.unfinished\./,
  ],
  [
    "no server",
    () => {
      const nobody = {
        tokenEndpoint: "http://localhost:1/t/w/oauth2/token",
        clientId: "a",
        clientSecret: "b",
        resource: "c",
      };
      const credentials = ["--credentials", write("nobody.json", JSON.stringify(nobody))];
      return start([...credentials, "--workspace", "x", "--file", write("a.csv", "name\na\n")]).ended;
    },
    /No server answers on http:\/\/localhost:1/,
  ],
] as const)("%s → one sentence, and no secrets", async (_, work, words) => {
  const { code, output } = await work();
  expect(output).toMatch(words);
  expect(output).not.toMatch(/\bat .*\.js:\d/);
  expect(code).toBe(1);
});
