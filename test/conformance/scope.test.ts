import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { askToken, basic, decodeJwt, post } from "../support/token.ts";
import { type StoryClient, setGrant, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
const seed = process.env["MINTMARK_TEST_SEED"];
const odd = `!#$%&'()*+,-./09:;<=>?@AZ[]^_\`az{|}~`;
let client: StoryClient;
beforeAll(async () => {
  const workspace = world.tenant().workspace().resource("orders", ["orders:read", "orders:write", "admin", odd]);
  client = await workspace.client({ grants: { orders: ["orders:read", "orders:write", odd] } });
});

const sorted = (scope: string) => scope.split(" ").sort();

describe("scope (RFC 6749 §3.3)", () => {
  test("[A4] scope omitted → all granted scopes of the one resource, and the answer and the token state them", async () => {
    const { scope, access_token } = expectToken(await askToken(client));
    expect(sorted(scope)).toEqual([odd, "orders:read", "orders:write"].sort());
    expect(decodeJwt(access_token).claims["scope"]).toBe(scope);
  });

  test("[A4] part of what is granted → exactly that part", async () => {
    const { scope, access_token } = expectToken(await askToken(client, { scope: "orders:read" }));
    expect(scope).toBe("orders:read");
    expect(decodeJwt(access_token).claims["scope"]).toBe("orders:read");
  });

  test("repeats → collapse", async () => {
    const { scope } = expectToken(await askToken(client, { scope: "orders:read orders:write orders:read" }));
    expect(sorted(scope)).toEqual(["orders:read", "orders:write"]);
  });

  test("every character of the grammar → may be in a name", async () => {
    expect(expectToken(await askToken(client, { scope: odd })).scope).toBe(odd);
  });

  test.each([
    ["an ungranted scope alone", "admin"],
    ["an ungranted scope among granted ones", "orders:read admin orders:write"],
    ["an unknown scope alone", "orders:delete"],
    ["an unknown scope among granted ones", "orders:read nonsense"],
    ["another case", "Orders:read"],
    ["a prefix of a granted scope", "orders"],
    ["a wildcard", "*"],
    ["a leading space", " orders:read"],
    ["a trailing space", "orders:read "],
    ["two spaces", "orders:read  orders:write"],
    ["a tab between", "orders:read\torders:write"],
    ["a comma between", "orders:read,orders:write"],
    ["a line break", "orders:read\norders:write"],
    ["a quotation mark", '"orders:read"'],
    ["a backslash", "orders\\:read"],
    ["a letter outside ASCII", "orders:réad"],
    ["a space alone", " "],
    ["30,000 characters", "x".repeat(30_000)],
  ])("[A4] %s → 400 invalid_scope", async (_condition, scope) => {
    expectRefusal(await askToken(client, { scope }), 400, "invalid_scope");
  });

  test("any set of names → a token with exactly those asked for if all are granted, else invalid_scope", async () => {
    const granted = ["orders:read", "orders:write"];
    const names = fc.array(fc.constantFrom(...granted, "admin", "ORDERS:READ", "x"), { minLength: 1, maxLength: 4 });
    const holds = async (wanted: string[]) => {
      const answer = await askToken(client, { scope: wanted.join(" ") });
      if (!wanted.every((name) => granted.includes(name))) expectRefusal(answer, 400, "invalid_scope");
      else expect(sorted(expectToken(answer).scope)).toEqual([...new Set(wanted)].sort());
    };
    await fc.assert(fc.asyncProperty(names, holds), { numRuns: 40, ...(seed && { seed: Number(seed) }) });
  });
});

describe("grants (ours)", () => {
  test("[A2] incident 9: a client without a grant → invalid_scope, or invalid_target when it names the resource", async () => {
    const { workspace } = client;
    const nobody = await workspace.addClient({ grants: {} });
    expectRefusal(await askToken(nobody), 400, "invalid_scope");
    const resource = workspace.resource("orders").identifier;
    expectRefusal(await askToken(nobody, { resource }), 400, "invalid_target");
  });

  test("[A2] incident 9: an empty grant → invalid_scope with or without a scope: it grants nothing", async () => {
    const empty = await client.workspace.addClient({ grants: { orders: [] } });
    expectRefusal(await askToken(empty), 400, "invalid_scope");
    expectRefusal(await askToken(empty, { scope: "orders:read" }), 400, "invalid_scope");
    const resource = client.workspace.resource("orders").identifier;
    expectRefusal(await askToken(empty, { resource }), 400, "invalid_scope");
  });

  test("[A2] a grant widened, then narrowed → the next token follows at once", async () => {
    const { workspace } = client;
    const other = await workspace.addClient({ grants: { orders: ["orders:read"] } });
    expectRefusal(await askToken(other, { scope: "orders:write" }), 400, "invalid_scope");
    await setGrant(workspace, other.id, "orders", ["orders:read", "orders:write"]);
    expectToken(await askToken(other, { scope: "orders:write" }));
    await setGrant(workspace, other.id, "orders", ["orders:write"]);
    expect(expectToken(await askToken(other)).scope).toBe("orders:write");
    expectRefusal(await askToken(other, { scope: "orders:read" }), 400, "invalid_scope");
  });
});

describe("incident 22: one element of a request changed, whichever → refused", () => {
  /** A text with one place changed: a character more, less, other, or in the other case. */
  const changed = (text: string) =>
    fc.tuple(fc.nat(text.length - 1), fc.constantFrom("more", "less", "other", "case")).map(([at, kind]) => {
      const here = text.slice(at, at + 1);
      const flipped = here === here.toLowerCase() ? here.toUpperCase() : here.toLowerCase();
      const instead = { more: `${here}x`, less: "", other: here === "z" ? "y" : "z", case: flipped }[kind];
      return text.slice(0, at) + instead + text.slice(at + 1);
    });

  test("id, secret, each scope, each resource, the grant type", async () => {
    const { workspace } = client;
    const scopes = ["orders:read", "orders:write", "orders:list"];
    // Neither becomes the other by one letter.
    const names = ["here", "yonder"];
    for (const name of names) await workspace.addResource(name, scopes);
    const grants = Object.fromEntries(names.map((name) => [name, scopes]));
    const { clientId, clientSecret, tokenEndpoint } = await workspace.addClient({ grants });
    const resources = names.map((name) => workspace.resource(name).identifier);
    const elements = [clientId, clientSecret, ...scopes, ...resources, "client_credentials"];
    const ask = ([id = "", secret = "", ...rest]: readonly string[]) =>
      post(
        tokenEndpoint,
        [
          ["scope", rest.slice(0, 3).join(" ")],
          ...rest.slice(3, 5).map((resource) => ["resource", resource] as const),
          ["grant_type", rest[5] ?? ""],
        ],
        [basic({ clientId: id, clientSecret: secret })],
      );
    const { scope, access_token } = expectToken(await ask(elements));
    expect([sorted(scope), decodeJwt(access_token).claims["aud"]]).toEqual([scopes.toSorted(), resources]);

    const mutants = fc
      .nat(elements.length - 1)
      .chain((index) => changed(elements[index] ?? "").map((other) => elements.with(index, other)))
      .filter((mutant) => mutant.some((element, index) => element !== elements[index]));
    const isRefused = async (mutant: string[]) => {
      const answer = await ask(mutant);
      expect([400, 401]).toContain(answer.status);
      expect(answer.body).not.toContain("access_token");
    };
    await fc.assert(fc.asyncProperty(mutants, isRefused), { numRuns: 60, ...(seed && { seed: Number(seed) }) });
  });
});
