import { describe, expect, test } from "vitest";
import { type Answer, send } from "../support/http.ts";
import { bearer } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { withValue } from "./contract.ts";
import { fresh, makePlace } from "./place.ts";
import { inside, mutation, refusalsOf, useRefusals } from "./refusals.ts";

const world = useWorld();
const stage = useRefusals(world);

describe("slugs", () => {
  test.each(["createTenant", "createWorkspace"])("%s", async (name) => {
    const make = (slug: string) => ({ slug, name: "New" });
    const wrong = ["", "A", "-a", "a_b", "a/b", "a.b", "a b", "é", "a\u0000", "x".repeat(64), "..", "%2e"];
    await stage.changingNothing(async () => {
      for (const slug of wrong) await stage.refused(mutation(name), make(slug), ["slug"], /^INVALID_INPUT$/);
      for (const slug of [
        "console",
        "graphql",
        "assets",
        "livez",
        "readyz",
        "startupz",
        "metrics",
        "oauth2",
        "api",
        "admin",
        "system",
      ])
        await stage.refused(mutation(name), make(slug), ["slug"], /^SLUG_RESERVED$/);
      const taken = name === "createTenant" ? stage.own.tenant.slug : stage.own.slug;
      await stage.refused(mutation(name), make(taken), ["slug"], /^ALREADY_EXISTS$/);
    });
  });

  test("[C4] a deleted workspace's slug is never given again", async () => {
    const gone = await makePlace(stage.own.tenant);
    await stage.own.owner.must("deleteWorkspace", { id: gone.workspaceId }, "deletedWorkspaceId");
    await stage.changingNothing(() =>
      stage.refused(mutation("createWorkspace"), { slug: gone.slug, name: "New" }, ["slug"], /^SLUG_RETIRED$/),
    );
  });
});

describe("[A1] resource identifiers", () => {
  test("are absolute URIs without a fragment, at most 512 characters, unique in the workspace", async () => {
    const make = (identifier: string) => ({ workspaceId: stage.own.workspaceId, name: "New", identifier });
    const wrong = [
      "",
      "orders",
      "/orders",
      "//orders.example.com",
      "https://a.example.com/#x",
      "https://a.example.com/#",
      "https://a b",
      "https://a.example.com/\u0000",
      "https://a.example.com/é",
      'https://a.example.com/"',
      `https://a.example.com/${"x".repeat(512)}`,
      "https://",
      "1a:b",
      "https://a.example.com/%zz",
    ];
    const taken = `https://${fresh("taken")}.example.com/`;
    await stage.own.owner.must("createResource", make(taken), "resource { id }");
    await stage.changingNothing(async () => {
      for (const identifier of wrong)
        await stage.refused(mutation("createResource"), make(identifier), ["identifier"], /^INVALID_INPUT$/);
      await stage.refused(mutation("createResource"), make(taken), ["identifier"], /^ALREADY_EXISTS$/);
    });
  });

  test("never change", async () => {
    const input = { id: await stage.own.resource(), identifier: "https://other.example.com/" };
    await stage.changingNothing(() =>
      stage.refused(mutation("updateResource"), input, ["identifier"], /^(BAD_REQUEST|INVALID_INPUT)$/),
    );
  });
});

describe("scopes outside the grammar (RFC 6749 §3.3)", () => {
  const wrong = ["", "a b", 'a"b', "a\\b", "é", "a\nb", "a\u0000", "a\u007f", "x".repeat(129)];

  test.each(["createScope", "createResource", "setClientGrant"])("%s", async (name) => {
    const slots = mutation(name).slots.filter(({ type }) => type === "ScopeName");
    const input = await stage.inputOf(mutation(name));
    expect(slots).not.toHaveLength(0);
    await stage.changingNothing(async () => {
      for (const value of wrong)
        for (const slot of slots)
          await stage.refused(mutation(name), withValue(input, inside(slot), value), inside(slot), /^INVALID_INPUT$/);
    });
  });

  test("twice in one resource", async () => {
    const resourceId = await stage.own.resource();
    const scopes = [{ name: "a:read" }, { name: "a:read" }];
    const input = {
      workspaceId: stage.own.workspaceId,
      name: "New",
      identifier: `https://${fresh("r")}.example.com/`,
      scopes,
    };
    await stage.changingNothing(async () => {
      await stage.refused(mutation("createScope"), { resourceId, name: "a:read" }, ["name"], /^ALREADY_EXISTS$/);
      await stage.refused(mutation("createResource"), input, ["scopes"], /^(INVALID_INPUT|ALREADY_EXISTS)$/);
    });
  });

  test("more than 200 in one call", async () => {
    const many = Array.from({ length: 201 }, (_, at) => `s:${at}`);
    const resource = {
      workspaceId: stage.own.workspaceId,
      name: "New",
      identifier: `https://${fresh("r")}.example.com/`,
    };
    const grant = await stage.inputOf(mutation("setClientGrant"));
    const role = await stage.inputOf(mutation("createRole"));
    await stage.changingNothing(async () => {
      await stage.refused(
        mutation("createResource"),
        { ...resource, scopes: many.map((name) => ({ name })) },
        ["scopes"],
        /^INVALID_INPUT$/,
      );
      await stage.refused(mutation("setClientGrant"), { ...grant, scopes: many }, ["scopes"], /^INVALID_INPUT$/);
      await stage.refused(mutation("createRole"), { ...role, scopeIds: many }, ["scopeIds"], /^INVALID_INPUT$/);
    });
  });
});

describe("an end before the beginning", () => {
  test("is refused for a secret and for an assignment", async () => {
    const ends = {
      notBefore: new Date(Date.now() + 7_200_000).toISOString(),
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const [secret, assignment] = [
      await stage.inputOf(mutation("createClientSecret")),
      await stage.inputOf(mutation("createAssignment")),
    ];
    await stage.changingNothing(async () => {
      await stage.refused(mutation("createClientSecret"), { ...secret, ...ends }, ["expiresAt"], /^INVALID_INPUT$/);
      await stage.refused(mutation("createAssignment"), { ...assignment, ...ends }, ["expiresAt"], /^INVALID_INPUT$/);
    });
  });
});

describe("imported secrets", () => {
  test("that are short, slow, salted or no hash are refused with the reason", async () => {
    const clientId = await stage.own.client();
    const values = [
      "short",
      "x".repeat(31),
      `$2b$10$${"a".repeat(53)}`,
      `$argon2id$v=19$m=65536,t=3,p=4$${"a".repeat(43)}`,
      `{SSHA}${"a".repeat(40)}`,
      `pbkdf2_sha256$260000$${"a".repeat(40)}`,
      `a\u0000${"b".repeat(40)}`,
      "x".repeat(60_000),
    ];
    const hashes = ["", "00", "g".repeat(64), "a".repeat(63), "a".repeat(65), `$2b$10$${"a".repeat(53)}`];
    await stage.changingNothing(async () => {
      for (const value of values)
        await stage.refused(mutation("importClientSecret"), { clientId, value }, ["value"], /^INVALID_INPUT$/);
      for (const sha256 of hashes)
        await stage.refused(mutation("importClientSecret"), { clientId, sha256 }, ["sha256"], /^INVALID_INPUT$/);
      for (const neither of [{ clientId }, { clientId, value: "x".repeat(40), sha256: "a".repeat(64) }])
        await stage.refused(mutation("importClientSecret"), neither, [], /^INVALID_INPUT$/);
    });
  });

  test("are unique in the workspace", async () => {
    const value = `twice-${fresh("secret")}-${"x".repeat(40)}`;
    await stage.own.owner.must(
      "importClientSecret",
      { clientId: await stage.own.client(), value },
      "clientSecret { id }",
    );
    const clientId = await stage.own.client();
    await stage.changingNothing(() =>
      stage.refused(mutation("importClientSecret"), { clientId, value }, [], /^ALREADY_EXISTS$/),
    );
  });
});

describe("a secret beyond the limit", () => {
  test("names the limit and its setting", async () => {
    const clientId = await stage.own.client();
    for (let made = 0; made < 10; made++) await stage.own.secret(clientId);
    await stage.changingNothing(async () => {
      const [first] = refusalsOf(await stage.owner.call("createClientSecret", { clientId }));
      expect(first).toMatchObject({ code: "LIMIT_REACHED", message: expect.stringMatching(/10.*clientSecretLimit/) });
    });
  });
});

describe("client ids", () => {
  test("a brought client id has printable ASCII, 1-255, and is new", async () => {
    const make = (clientId: string) => ({ workspaceId: stage.own.workspaceId, name: "New", clientId });
    await stage.own.owner.must("createClient", make("taken id"), "client { id }");
    const ownId = await stage.own.client();
    await stage.changingNothing(async () => {
      for (const clientId of ["", "é", "a\nb", "a\u0000", "a\u007f", "x".repeat(256)])
        await stage.refused(mutation("createClient"), make(clientId), ["clientId"], /^INVALID_INPUT$/);
      await stage.refused(mutation("createClient"), make("taken id"), ["clientId"], /^ALREADY_EXISTS$/);
      await stage.refused(mutation("createClient"), make(ownId), ["clientId"], /^ALREADY_EXISTS$/);
    });
  });
});

describe("pages", () => {
  const ask = (args: string) => stage.owner.post(`{ workspaces(${args}) { nodes { id } } }`);

  test.each([
    "first: 0",
    "first: -1",
    "first: 101",
    "first: 2147483647",
    "first: 2147483648",
    'after: ""',
    'after: "nonsense"',
    'after: "W10"',
    'after: "WyJhIiwxXQ"',
    'after: "e30"',
    `after: "${"A".repeat(5000)}"`,
    'after: "\\u0000"',
    'first: "5"',
    "first: 1.5",
  ])("%s", async (args) => {
    await stage.changingNothing(async () => {
      const said = refusalsOf(await ask(args));
      expect(said.length).toBeGreaterThan(0);
    });
  });
});

describe("requests that are no operation", () => {
  const json: readonly [string, string] = ["Content-Type", "application/json"];
  const url = () => world.graphqlUrl;
  const post = (body: string | Buffer, headers: readonly (readonly [string, string])[] = [json]) =>
    send(url(), { method: "POST", headers: [bearer(stage.owner.token), ...headers], body });
  const clear = (answer: Answer, status: number) => {
    expect([answer.status, answer.body]).toEqual([status, expect.any(String)]);
    expect(refusalsOf(answer).length).toBeGreaterThan(0);
  };

  test.each([
    "",
    "{",
    "nonsense",
    "null",
    "7",
    '"text"',
    "[]",
    '[{"query":"{ viewer { api } }"}]',
    "{}",
    '{"query":7}',
    '{"query":""}',
    '{"query":"{ viewer { api } }","variables":[]}',
    '{"query":"{ viewer { api } }","variables":"x"}',
    '{"query":"{ viewer { api } }","nonsense":1}',
    '{"query":"{"}',
    '{"query":"{ nonsense }"}',
    '{"query":"query ($x: Nonsense!) { viewer { api } }"}',
    '{"query":"mutation A { __typename } mutation B { __typename }"}',
    '{"query":"subscription { x }"}',
  ])("%s", async (body) => clear(await post(body), (await post(body)).status === 200 ? 200 : 400));

  test("invalid UTF-8, too many bytes, other content types, GET", async () => {
    clear(await post(Buffer.from([0x7b, 0xff, 0x7d])), 400);
    clear(await post(JSON.stringify({ query: `{ viewer { api } } # ${"x".repeat(100_001)}` })), 413);
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/graphql",
    ])
      clear(await post('{"query":"{ viewer { api } }"}', [["Content-Type", type]]), 415);
    clear(await send(`${url()}?query={viewer{api}}`, { headers: [bearer(stage.owner.token)] }), 405);
  });

  test("a document of ten thousand levels, and one of a thousand aliases", async () => {
    clear(await post(JSON.stringify({ query: `${"{a".repeat(10_000)}${"}".repeat(10_000)}` })), 400);
    const aliases = Array.from({ length: 1000 }, (_, at) => `a${at}: viewer { api }`).join(" ");
    clear(await post(JSON.stringify({ query: `{ ${aliases} }` })), 400);
  });
});
