import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { UserError } from "../support/graphql.ts";
import { type Answer, send } from "../support/http.ts";
import { bearer } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { type Caller, callerOf } from "./callers.ts";
import { cases, type Input } from "./cases.ts";
import { mutations, type Operation, type Slot, withValue } from "./contract.ts";
import { fresh, makePlace, type Place } from "./place.ts";
import { rowScalars } from "./row-scalars.ts";
import { changedByRefusal, changedPlaces, type Digest, useRows } from "./rows.ts";

const world = useWorld();
const rows = useRows(world);
let own: Place;
let owner: Caller;
let root: Caller;

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  own = await makePlace(tenant);
  owner = await callerOf(world, tenant.adminClient);
  root = await callerOf(world, world.server.bootstrapped.system);
}, 120_000);

// Whatever was sent, the server's log has no unexpected error and the process is the one that began.
afterAll(async () => {
  expect(world.server.log()).not.toContain("unexpected error");
  expect((await send(`${world.origin}/readyz`)).status).toBe(200);
});

const callerFor = ({ api }: Operation) => (api === "SYSTEM" ? root : owner);

interface Said {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
  readonly fix?: string;
}

/** What an answer says is wrong, after making sure that it is a clear refusal: typed, and nothing of the inside. */
function refusalsOf(answer: Answer): Said[] {
  expect(answer.status).toBeLessThan(500);
  expect(answer.body).not.toMatch(/\bat [\w.<>]+ \(|node_modules|\.ts:\d|\b(postgres|drizzle|zod)\b/i);
  const { data, errors } = answer.json() as {
    data?: Record<string, { userErrors: UserError[] } | null> | null;
    errors?: { message: string; extensions: { code: string; correlationId: string } }[];
  };
  const top = (errors ?? []).map(({ message, extensions }) => ({ code: extensions.code, message, path: [] }));
  for (const { code, message } of top) {
    expect(code).toMatch(/^(BAD_REQUEST|INVALID_INPUT)$/);
    expect(message.length).toBeGreaterThan(10);
  }
  const inside = Object.values(data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
  for (const { message, fix } of inside) {
    expect(message.length).toBeGreaterThan(9);
    expect(message.length).toBeLessThan(400);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(fix.length).toBeGreaterThan(3);
  }
  return [...top, ...inside];
}

/** Sends it and expects a refusal that names where it is wrong. */
async function refused(operation: Operation, input: unknown, where: Slot["path"], codes: RegExp): Promise<void> {
  const said = refusalsOf(await callerFor(operation).call(operation.name, input));
  const label = `${operation.name} ${where.join(".")} ${JSON.stringify(input).slice(0, 300)}`;
  expect([label, said.length]).not.toEqual([label, 0]);
  const first = said[0];
  expect([label, first?.code]).toEqual([label, expect.stringMatching(codes)]);
  // graphql-js names the place in its sentence, a user error in its path.
  const place = where.map((step) => (step === "*" ? "0" : step));
  if (first && first.code !== "BAD_REQUEST") expect([label, first.path.slice(0, place.length)]).toEqual([label, place]);
  else
    expect([label, first?.message]).toEqual([
      label,
      expect.stringContaining(place.findLast((step) => step !== "0") ?? "input"),
    ]);
}

/** All that a test sends changes nothing. */
async function changingNothing(run: () => Promise<void>): Promise<void> {
  const before: Digest = await rows.digest();
  await run();
  expect(changedByRefusal(changedPlaces(before, await rows.digest()), own.tenant.id)).toEqual([]);
}

const inputOf = async ({ name }: Operation): Promise<Input> => (await cases[name]?.input(own, world)) ?? {};
const inside = (slot: Slot) => slot.path.slice(1);
const every = mutations.map((operation) => [operation.name, operation] as const);
const slotsOf = (keep: (slot: Slot) => boolean) =>
  mutations.flatMap((operation) =>
    operation.slots
      .filter(keep)
      .map((slot) => [`${operation.name} ${inside(slot).join(".")}`, operation, slot] as const),
  );

describe("unknown and privileged members", () => {
  const privileged: Input = {
    tenantId: "ten_00000000",
    tenant_id: "ten_00000000",
    role: "owner",
    roles: ["owner"],
    kind: "admin",
    isSystem: true,
    is_system: true,
    isBuiltIn: true,
    isOwnApi: true,
    isRoot: true,
    status: "active",
    settings: {},
    digest: "00",
    createdAt: "2020-01-01T00:00:00Z",
    __proto__x: {},
    constructor: {},
    nonsense: 1,
  };

  test.each(every)("%s", async (_, operation) => {
    const input = await inputOf(operation);
    const known = new Set(operation.slots.map((slot) => inside(slot)[0]));
    await changingNothing(async () => {
      for (const [member, value] of Object.entries(privileged)) {
        if (!known.has(member))
          await refused(operation, { ...input, [member]: value }, [member], /^(BAD_REQUEST|INVALID_INPUT)$/);
      }
    });
  });

  test("inside a nested input too", async () => {
    const operation = mutations.find(({ name }) => name === "createResource") as Operation;
    const input = { ...(await inputOf(operation)), scopes: [{ name: "a:read", isOwnApi: true }] };
    await changingNothing(() => refused(operation, input, ["isOwnApi"], /^BAD_REQUEST$/));
  });
});

describe("null and absent where something is needed", () => {
  const isOwn = ({ path, isRequired }: Slot) => isRequired && path.length === 2;

  test.each(slotsOf((slot) => isOwn(slot) || (slot.isRequired && slot.path.length === 3 && slot.path[2] === "*")))(
    "%s",
    async (_, operation, slot) => {
      const [member = ""] = inside(slot);
      const input = await inputOf(operation);
      await changingNothing(async () => {
        const { [member]: _left, ...without } = input;
        for (const wrong of [{ ...input, [member]: null }, without])
          await refused(operation, wrong, [member], /^(BAD_REQUEST|INVALID_INPUT)$/);
      });
    },
  );

  test("no input at all", async () => {
    await changingNothing(async () => {
      for (const operation of mutations)
        for (const wrong of [null, undefined, [], "text", 7])
          expect(refusalsOf(await callerFor(operation).call(operation.name, wrong)).length).toBeGreaterThan(0);
    });
  });
});

describe("values of another kind", () => {
  test.each(slotsOf(({ path, type }) => path.length >= 2 && !type.endsWith("Input")))(
    "%s",
    async (_, operation, slot) => {
      const input = await inputOf(operation);
      const wrong: readonly unknown[] = slot.type === "Boolean" ? ["true", 1, {}, []] : [{}, [[]], true, 1.5];
      await changingNothing(async () => {
        for (const value of wrong) {
          const answer = await callerFor(operation).call(operation.name, withValue(input, inside(slot), value));
          expect([value, refusalsOf(answer).length]).not.toEqual([value, 0]);
        }
      });
    },
  );
});

describe("ids that are none", () => {
  const wrong = [
    "",
    " ",
    "nonsense",
    "cli_",
    "../..",
    "' or 1=1 --",
    "a\u0000b",
    "\ud800",
    "x".repeat(65),
    "x".repeat(5000),
    "ten_000000000000",
  ];

  test.each(slotsOf(({ type }) => type in rowScalars))("%s", async (_, operation, slot) => {
    const input = await inputOf(operation);
    await changingNothing(async () => {
      for (const value of wrong)
        await refused(operation, withValue(input, inside(slot), value), inside(slot), /^(NOT_FOUND|INVALID_INPUT)$/);
      // An id of another kind is as good as none.
      const other = slot.type === "WorkspaceId" ? await own.tenant.id : own.workspaceId;
      await refused(operation, withValue(input, inside(slot), other), inside(slot), /^NOT_FOUND$/);
    });
  });
});

describe("names and descriptions", () => {
  const unseen = {
    control: "a\u0007b",
    escape: "a\u001b[31mb",
    NUL: "a\u0000b",
    bidi: "a\u202eb",
    isolate: "a\u2066b",
    "zero-width": "a\u200bb",
    joiner: "a\u2060b",
    "soft hyphen": "a\u00adb",
    BOM: "a\ufeffb",
    surrogate: "a\ud800b",
    "line separator": "a\u2028b",
  };

  test.each(slotsOf(({ type, path }) => type === "String" && ["name", "description"].includes(path.at(-1) ?? "")))(
    "%s",
    async (_, operation, slot) => {
      const input = await inputOf(operation);
      const isName = slot.path.at(-1) === "name";
      const bad = [
        ...Object.values(unseen),
        "x".repeat(isName ? 101 : 1001),
        "x".repeat(50_000),
        ...(isName ? ["a\nb"] : []),
      ];
      // A secret's name may be left empty; a thing's may not.
      if (isName && slot.isRequired) bad.push("", "   ", "\u3000");
      await changingNothing(async () => {
        for (const value of bad)
          await refused(operation, withValue(input, inside(slot), value), inside(slot), /^INVALID_INPUT$/);
      });
    },
  );

  test("a name at its limits is kept as it was written, composed", async () => {
    for (const [name, kept] of [
      ["é".normalize("NFD"), "é"],
      ["  padded  ", "padded"],
      ["x".repeat(100), "x".repeat(100)],
      ["日本語 🗝", "日本語 🗝"],
    ]) {
      const made = await owner.graphql.must("createClient", { workspaceId: own.workspaceId, name }, "client { name }");
      expect(made["client"]).toEqual({ name: kept });
    }
  });
});

const operation = (name: string): Operation => {
  const found = mutations.find((one) => one.name === name);
  if (!found) throw new Error(`the schema has no ${name}`);
  return found;
};

describe("slugs", () => {
  test.each(["createTenant", "createWorkspace"])("%s", async (name) => {
    const make = (slug: string) => ({ slug, name: "New" });
    const wrong = ["", "A", "-a", "a_b", "a/b", "a.b", "a b", "é", "a\u0000", "x".repeat(64), "..", "%2e"];
    await changingNothing(async () => {
      for (const slug of wrong) await refused(operation(name), make(slug), ["slug"], /^INVALID_INPUT$/);
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
        await refused(operation(name), make(slug), ["slug"], /^SLUG_RESERVED$/);
      const taken = name === "createTenant" ? own.tenant.slug : own.slug;
      await refused(operation(name), make(taken), ["slug"], /^ALREADY_EXISTS$/);
    });
  });

  test("[C4] a deleted workspace's slug is never given again", async () => {
    const gone = await makePlace(own.tenant);
    await own.owner.must("deleteWorkspace", { id: gone.workspaceId }, "deletedWorkspaceId");
    await changingNothing(() =>
      refused(operation("createWorkspace"), { slug: gone.slug, name: "New" }, ["slug"], /^SLUG_RETIRED$/),
    );
  });
});

describe("[A1] resource identifiers", () => {
  test("are absolute URIs without a fragment, at most 512 characters, unique in the workspace", async () => {
    const make = (identifier: string) => ({ workspaceId: own.workspaceId, name: "New", identifier });
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
    await own.owner.must("createResource", make(taken), "resource { id }");
    await changingNothing(async () => {
      for (const identifier of wrong)
        await refused(operation("createResource"), make(identifier), ["identifier"], /^INVALID_INPUT$/);
      await refused(operation("createResource"), make(taken), ["identifier"], /^ALREADY_EXISTS$/);
    });
  });

  test("never change", async () => {
    const input = { id: await own.resource(), identifier: "https://other.example.com/" };
    await changingNothing(() =>
      refused(operation("updateResource"), input, ["identifier"], /^(BAD_REQUEST|INVALID_INPUT)$/),
    );
  });
});

describe("scopes outside the grammar (RFC 6749 §3.3)", () => {
  const wrong = ["", "a b", 'a"b', "a\\b", "é", "a\nb", "a\u0000", "a\u007f", "x".repeat(129)];

  test.each(["createScope", "createResource", "setClientGrant"])("%s", async (name) => {
    const slots = operation(name).slots.filter(({ type }) => type === "ScopeName");
    const input = await inputOf(operation(name));
    expect(slots).toHaveLength(1);
    await changingNothing(async () => {
      for (const value of wrong)
        for (const slot of slots)
          await refused(operation(name), withValue(input, inside(slot), value), inside(slot), /^INVALID_INPUT$/);
    });
  });

  test("twice in one resource", async () => {
    const resourceId = await own.resource();
    const scopes = [{ name: "a:read" }, { name: "a:read" }];
    const input = {
      workspaceId: own.workspaceId,
      name: "New",
      identifier: `https://${fresh("r")}.example.com/`,
      scopes,
    };
    await changingNothing(async () => {
      await refused(operation("createScope"), { resourceId, name: "a:read" }, ["name"], /^ALREADY_EXISTS$/);
      await refused(operation("createResource"), input, ["scopes"], /^(INVALID_INPUT|ALREADY_EXISTS)$/);
    });
  });

  test("more than 200 in one call", async () => {
    const many = Array.from({ length: 201 }, (_, at) => `s:${at}`);
    const resource = { workspaceId: own.workspaceId, name: "New", identifier: `https://${fresh("r")}.example.com/` };
    const grant = await inputOf(operation("setClientGrant"));
    const role = await inputOf(operation("createRole"));
    await changingNothing(async () => {
      await refused(
        operation("createResource"),
        { ...resource, scopes: many.map((name) => ({ name })) },
        ["scopes"],
        /^INVALID_INPUT$/,
      );
      await refused(operation("setClientGrant"), { ...grant, scopes: many }, ["scopes"], /^INVALID_INPUT$/);
      await refused(operation("createRole"), { ...role, scopeIds: many }, ["scopeIds"], /^INVALID_INPUT$/);
    });
  });
});

describe("instants", () => {
  test.each(slotsOf(({ type }) => type === "DateTime"))("%s", async (_, op, slot) => {
    const input = await inputOf(op);
    const wrong = ["", "tomorrow", "2027-13-01T00:00:00Z", "0", "+275761-01-01T00:00:00Z", "2027-02-30T00:00:00Z"];
    if (slot.path.at(-1) === "expiresAt") wrong.push("2020-01-01T00:00:00Z", new Date(Date.now() - 1000).toISOString());
    await changingNothing(async () => {
      for (const value of wrong)
        await refused(op, withValue(input, inside(slot), value), inside(slot), /^INVALID_INPUT$/);
    });
  });

  test("an end before the beginning", async () => {
    const ends = {
      notBefore: new Date(Date.now() + 7_200_000).toISOString(),
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    };
    const [secret, assignment] = [
      await inputOf(operation("createClientSecret")),
      await inputOf(operation("createAssignment")),
    ];
    await changingNothing(async () => {
      await refused(operation("createClientSecret"), { ...secret, ...ends }, ["expiresAt"], /^INVALID_INPUT$/);
      await refused(operation("createAssignment"), { ...assignment, ...ends }, ["expiresAt"], /^INVALID_INPUT$/);
    });
  });
});

describe("numbers", () => {
  test.each(slotsOf(({ type }) => type === "Int"))("%s", async (_, op, slot) => {
    const input = await inputOf(op);
    await changingNothing(async () => {
      for (const value of [-1, 0, 2 ** 31 - 1])
        await refused(op, withValue(input, inside(slot), value), inside(slot), /^INVALID_INPUT$/);
      for (const value of [2 ** 31, 1e100, -(2 ** 53), "5"])
        await refused(op, withValue(input, inside(slot), value), inside(slot), /^BAD_REQUEST$/);
    });
  });
});

describe("imported secrets", () => {
  test("that are short, slow, salted or no hash are refused with the reason", async () => {
    const clientId = await own.client();
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
    await changingNothing(async () => {
      for (const value of values)
        await refused(operation("importClientSecret"), { clientId, value }, ["value"], /^INVALID_INPUT$/);
      for (const sha256 of hashes)
        await refused(operation("importClientSecret"), { clientId, sha256 }, ["sha256"], /^INVALID_INPUT$/);
      for (const neither of [{ clientId }, { clientId, value: "x".repeat(40), sha256: "a".repeat(64) }])
        await refused(operation("importClientSecret"), neither, [], /^INVALID_INPUT$/);
    });
  });

  test("are unique in the workspace", async () => {
    const value = `twice-${fresh("secret")}-${"x".repeat(40)}`;
    await own.owner.must("importClientSecret", { clientId: await own.client(), value }, "clientSecret { id }");
    const clientId = await own.client();
    await changingNothing(() => refused(operation("importClientSecret"), { clientId, value }, [], /^ALREADY_EXISTS$/));
  });
});

describe("a secret beyond the limit", () => {
  test("names the limit and its setting", async () => {
    const clientId = await own.client();
    for (let made = 0; made < 10; made++) await own.secret(clientId);
    await changingNothing(async () => {
      const [first] = refusalsOf(await owner.call("createClientSecret", { clientId }));
      expect(first).toMatchObject({ code: "LIMIT_REACHED", message: expect.stringMatching(/10.*clientSecretLimit/) });
    });
  });
});

describe("client ids and mutation ids", () => {
  test("a brought client id has printable ASCII, 1-255, and is new", async () => {
    const make = (clientId: string) => ({ workspaceId: own.workspaceId, name: "New", clientId });
    await own.owner.must("createClient", make("taken id"), "client { id }");
    const ownId = await own.client();
    await changingNothing(async () => {
      for (const clientId of ["", "é", "a\nb", "a\u0000", "a\u007f", "x".repeat(256)])
        await refused(operation("createClient"), make(clientId), ["clientId"], /^INVALID_INPUT$/);
      await refused(operation("createClient"), make("taken id"), ["clientId"], /^ALREADY_EXISTS$/);
      await refused(operation("createClient"), make(ownId), ["clientId"], /^ALREADY_EXISTS$/);
    });
  });

  test.each(every)("a clientMutationId of %s has 1-128 characters without a NUL", async (_, op) => {
    const input = await inputOf(op);
    await changingNothing(async () => {
      for (const clientMutationId of ["", "x".repeat(129), "a\u0000b", "\ud800"])
        await refused(op, { ...input, clientMutationId }, ["clientMutationId"], /^INVALID_INPUT$/);
    });
  });
});

describe("pages", () => {
  const ask = (args: string) => owner.post(`{ workspaces(${args}) { nodes { id } } }`);

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
    await changingNothing(async () => {
      const said = refusalsOf(await ask(args));
      expect(said.length).toBeGreaterThan(0);
    });
  });
});

describe("requests that are no operation", () => {
  const json: readonly [string, string] = ["Content-Type", "application/json"];
  const url = () => world.graphqlUrl;
  const post = (body: string | Buffer, headers: readonly (readonly [string, string])[] = [json]) =>
    send(url(), { method: "POST", headers: [bearer(owner.token), ...headers], body });
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
    clear(await send(`${url()}?query={viewer{api}}`, { headers: [bearer(owner.token)] }), 405);
  });

  test("a document of ten thousand levels, and one of a thousand aliases", async () => {
    clear(await post(JSON.stringify({ query: `${"{a".repeat(10_000)}${"}".repeat(10_000)}` })), 400);
    const aliases = Array.from({ length: 1000 }, (_, at) => `a${at}: viewer { api }`).join(" ");
    clear(await post(JSON.stringify({ query: `{ ${aliases} }` })), 400);
  });
});
