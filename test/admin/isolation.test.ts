import { beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../support/http.ts";
import { inThisRun } from "../support/sample.ts";
import { useWorld } from "../support/world.ts";
import { assign, type Caller, callerOf, newCaller, type OwnWorkspace, outcomeOf, ownWorkspace } from "./callers.ts";
import { cases, type Input } from "./cases.ts";
import {
  customScalars,
  mutations,
  nestedFields,
  type Operation,
  queries,
  type Slot,
  selectionOf,
  subscriptions,
  valueAt,
  withValue,
} from "./contract.ts";
import { idsOutside, masked } from "./outside.ts";
import { filledImport, makePlace, newestEntry, type Place } from "./place.ts";
import { randomOf, rowScalars, wordScalars } from "./row-scalars.ts";
import { changedByRefusal, changedPlaces, tablesOf, useRows } from "./rows.ts";

const world = useWorld();
const rows = useRows(world);

/** The caller's own workspace, another one of its tenant, and one of another tenant. */
let own: Place;
let sibling: Place;
let stranger: Place;
let admin: OwnWorkspace;
/** Holds every permission of the Admin API, in its own workspace and nowhere else. */
let narrowed: Caller;
let owner: Caller;
let operator: Caller;
let ownOperator: Caller;
/** Operates another tenant than the root one: nothing of the installation is its own. */
let strangersOperator: Caller;

beforeAll(async () => {
  const [tenant, other] = [await world.tenant().ready(), await world.tenant().ready()];
  admin = await ownWorkspace(tenant, "admin");
  sibling = await makePlace(tenant);
  stranger = await makePlace(other);
  const place = await makePlace(tenant);
  narrowed = await newCaller(world, admin, { role: "owner", at: [place.workspaceId] });
  own = { ...place, disposable };
  owner = await callerOf(world, tenant.adminClient);
  operator = await callerOf(world, world.server.bootstrapped.system);
  ownOperator = await newCaller(world, await ownWorkspace(tenant, "system"), { role: "operator" });
  const system = await ownWorkspace(other, "system");
  strangersOperator = await newCaller(world, system, { role: "operator" });
}, 120_000);

/** A workspace to be suspended or deleted, in the narrowed caller's reach too. */
async function disposable(): Promise<Place> {
  const place = await makePlace(own.tenant);
  await assign(admin, narrowed.clientId, admin.roles.get("owner") ?? "", place.workspaceId);
  return place;
}

/** Runs what must change nothing, and answers what came back. */
async function changingNothing<T>(run: () => Promise<T>, callersTenant: string): Promise<T> {
  const before = await rows.versions();
  const answer = await run();
  expect(changedByRefusal(changedPlaces(before, await rows.versions()), callersTenant)).toEqual([]);
  return answer;
}

/** The arguments that name rows. */
const naming = (operation: Operation): Slot[] => operation.slots.filter(({ type }) => type in rowScalars);

describe("the suite knows every argument", () => {
  test("every mutation has a case, and every case a mutation", () => {
    expect(Object.keys(cases).sort()).toEqual(mutations.map(({ name }) => name).sort());
  });

  test("every custom scalar either names rows or says why it does not", () => {
    expect([...Object.keys(rowScalars), ...Object.keys(wordScalars)].sort()).toEqual(customScalars);
  });

  test("every other argument is a plain value, not an id in disguise", () => {
    const plain =
      /^(String|Int|Boolean|SigningAlgorithm|Issuance|WhenDatabaseAway|BindingUse|StatusListUse|Switch|GeneratedType|ApprovalUse|TokenExpiry|TokenExchange|TokenEndpointAudience|AccessTokenFormat|Client(AuthenticationMethod|State|Sort)|TenantState|SsoJoining|CredentialKind|LogKind|LogFormat|ImportFormat|ImportedRowOutcome|SortDirection|AuditOutcome|TokenOutcome|DateTime|\w+Input)$/;
    const odd = [...mutations, ...queries, ...subscriptions, ...nestedFields]
      .flatMap(({ name, slots }) => slots.map(({ path, type }) => ({ name: `${name} ${path.join(".")}`, type })))
      .filter(({ type }) => !(type in rowScalars) && !(type in wordScalars) && !plain.test(type))
      .map(({ name }) => name);
    // Any kind of id: tested with every kind. And a token's or a request's: tested in filtered-lists.
    expect(odd).toEqual(["Query.node id", "Workspace.tokenLogEntry id"]);
  });
});

const ofAdminApi = mutations.filter(({ api }) => api === "ADMIN");
/** Acts for the whole tenant: nobody narrowed to a workspace can do it. */
const tenantWide: readonly string[] = [
  "createWorkspace",
  "createInvitation",
  "revokeInvitation",
  "createSsoProvider",
  "updateSsoProvider",
  "deleteSsoProvider",
  "removeMember",
  "eraseMember",
  "createMemberResetLink",
];
/** Of those, who may not is told so before any row is looked at. */
const refusedFirst: readonly string[] = ["createInvitation", "createSsoProvider"];

describe("[C4] [S12] incident 1: a mutation of the Admin API touches only its caller's own workspace", () => {
  test.each(inThisRun(ofAdminApi, 8).map((operation) => [operation.name, operation] as const))(
    "%s",
    async (name, operation) => {
      const input = await cases[name]?.input(own, world);
      expect(input).toBeDefined();
      for (const slot of naming(operation)) {
        const instead = cases[name]?.instead?.[slot.path.slice(1).join(".")];
        const named = instead ? await instead(own, world) : (input ?? {});
        await refusedAlike(name, named, slot, narrowed, [sibling, stranger]);
        // Its power is for all workspaces: nothing but the tenant's wall stands between.
        await refusedAlike(name, named, slot, owner, [stranger]);
      }
      const caller = tenantWide.includes(name) ? owner : narrowed;
      await doneAndSeen(name, () => caller.call(name, input), [own.tenant.id]);
    },
  );
});

/** Ids of other places and one that never was: one and the same refusal, and nothing changed. */
async function refusedAlike(
  name: string,
  input: Input,
  slot: Slot,
  caller: Caller,
  places: readonly Place[],
): Promise<void> {
  const path = slot.path.slice(1);
  const label = `${name} ${path.join(".")}`;
  const mine = valueAt(input, path);
  expect(mine, `the case of ${label} says it`).toBeDefined();
  const random = randomOf(String(mine));
  const foreign = await Promise.all(places.map(async (place) => String(await rowScalars[slot.type]?.(place))));
  await changingNothing(async () => {
    const refusal = await caller.call(name, withValue(input, path, random));
    const code = caller === narrowed && refusedFirst.includes(name) ? "FORBIDDEN" : "NOT_FOUND";
    expect([label, outcomeOf(refusal, name)]).toEqual([label, code]);
    for (const id of foreign) {
      const answer = await caller.call(name, withValue(input, path, id));
      expect([label, masked(answer, id)]).toEqual([label, masked(refusal, random)]);
    }
  }, own.tenant.id);
}

/**
 * The call is done and changes what its case says, in these tenants or in one that it makes.
 */
async function doneAndSeen(name: string, call: () => Promise<Answer>, tenants: readonly string[]): Promise<void> {
  const before = await rows.digest();
  expect([name, outcomeOf(await call(), name)]).toEqual([name, "done"]);
  const places = changedPlaces(before, await rows.digest());
  expect([name, tablesOf(places)]).toEqual([name, cases[name]?.changes]);
  const known = new Set([...before.keys()].map((place) => place.split(" ")[1] ?? ""));
  const tenantOf = (place: string) => place.split(" ")[1] ?? "";
  const elsewhere = places.filter(
    (place) => known.has(tenantOf(place)) && !["-", ...tenants].includes(tenantOf(place)),
  );
  expect(elsewhere).toEqual([]);
}

const ofSystemApi = mutations.filter(({ api }) => api === "SYSTEM");

describe("[C4] [S13] incident 1: a mutation of the System API touches only what its caller's tenant may", () => {
  test.each(inThisRun(ofSystemApi, 4).map((operation) => [operation.name, operation] as const))(
    "%s",
    async (name, operation) => {
      const input = (await cases[name]?.input(own, world)) ?? {};
      for (const slot of naming(operation)) {
        const path = slot.path.slice(1);
        const ask = async (value: string) =>
          masked(await strangersOperator.call(name, withValue(input, path, value)), value);
        const random = await changingNothing(() => ask(randomOf(stranger.tenant.id)), stranger.tenant.id);
        for (const id of [String(valueAt(input, path)), own.tenant.id, stranger.tenant.id])
          expect(await changingNothing(() => ask(id), stranger.tenant.id)).toEqual(random);
      }
      const there = input["tenantId"] ?? input["id"];
      const visited = cases[name]?.visits && there !== undefined ? [String(there)] : [];
      const [caller, home] = cases[name]?.inTenant ? [ownOperator, own.tenant.id] : [operator, await rootTenant()];
      await doneAndSeen(name, () => caller.call(name, input), [home, ...visited]);
    },
  );
});

async function rootTenant(): Promise<string> {
  const { data } = (await operator.post("{ tenant { id } }")).json() as { data: { tenant: { id: string } } };
  return data.tenant.id;
}

/** What a page must not hold; whose act an audit row records is told to those who may read it. */
async function expectOnlyOwn(caller: Caller, answer: Answer): Promise<void> {
  expect([answer.status, answer.body.slice(0, 500)]).toEqual([200, expect.any(String)]);
  const { errors = [] } = answer.json() as { errors?: { extensions: { code: string } }[] };
  // A field of the other API says so, and is null; so does one about the tenant's people to who is narrowed to a workspace.
  const expected = caller === narrowed ? ["WRONG_API", "FORBIDDEN"] : ["WRONG_API"];
  expect(errors.map(({ extensions }) => extensions.code).filter((code) => !expected.includes(code))).toEqual([]);
  const text = answer.body.replaceAll(/"actor":"[^"]*"/g, "");
  const foreign = await idsOutside(rows, own.tenant.id, caller === narrowed ? narrowed.clientId : undefined);
  expect(foreign.size).toBeGreaterThan(50);
  expect((text.match(/[a-z]{3}_[0-9A-Za-z]{8,14}/g) ?? []).filter((id) => foreign.has(id))).toEqual([]);
}

describe("[C4] [S12] incident 1: node(id) finds one's own things and nothing else", () => {
  // Keys and tokens are found by their workspace and have no nodes of their own.
  const nouns = Object.keys(rowScalars).filter((scalar) => scalar !== "KeyId" && scalar !== "TokenId");
  const asking = (caller: Caller) => (id: string) =>
    caller.post("query ($id: ID!) { node(id: $id) { __typename id } }", { id });

  /** People are the tenant's, not a workspace's: nobody narrowed to one sees them. */
  const ofTenant = ["TenantId", "MemberId", "InvitationId", "SsoProviderId"];

  test.each(nouns)("%s", async (scalar) => {
    const make = rowScalars[scalar];
    const isPeople = ofTenant.includes(scalar) && scalar !== "TenantId";
    const ask = asking(isPeople ? owner : narrowed);
    const mine = (await make?.(own)) ?? "";
    const found = (await ask(mine)).json() as { data: { node: unknown } };
    expect(found.data.node).toEqual({ __typename: scalar.replace(/Id$/, ""), id: mine });
    const random = randomOf(mine);
    const nothing = await changingNothing(() => ask(random), own.tenant.id);
    expect(nothing.json()).toEqual({ data: { node: null } });
    if (isPeople) expect((await asking(narrowed)(mine)).json()).toEqual({ data: { node: null } });
    for (const place of ofTenant.includes(scalar) ? [stranger] : [sibling, stranger]) {
      const id = (await make?.(place)) ?? "";
      expect(masked(await changingNothing(() => ask(id), own.tenant.id), id)).toEqual(masked(nothing, random));
      if (place === stranger) expect(masked(await asking(owner)(id), id)).toEqual(masked(nothing, random));
    }
  });
});

/** What a request may ask for is bounded: of what is broader the parts have cases of their own. */
const MOST_FIELDS = 480;

/** Things with fields of their own whose ids no argument takes. */
const unnamed: Readonly<Record<string, (place: Place) => Promise<string>>> = {
  AuditEntry: newestEntry,
  Import: filledImport,
};

/** A document that reaches a field: of the query itself, of the caller, or of one of its own things. */
async function reach(
  field: Operation,
  args: string,
  depth: number,
): Promise<{ document: string; variables: Record<string, unknown> }> {
  const whole = selectionOf(field.type, depth);
  const selection = whole.split(" ").length > MOST_FIELDS ? selectionOf(field.type, depth - 1) : whole;
  const inner = `${field.field}${args} ${selection}`;
  if (field.parent === "Query") return { document: `query { ${inner} }`, variables: {} };
  if (field.parent === "Viewer") return { document: `query { viewer { ${inner} } }`, variables: {} };
  const make = unnamed[field.parent] ?? rowScalars[`${field.parent}Id`];
  if (!make) throw new Error(`nobody knows how to reach ${field.name}: say so here`);
  const document = `query ($id: ID!) { node(id: $id) { ... on ${field.parent} { ${inner} } } }`;
  return { document, variables: { id: await make(own) } };
}

/** Arguments without which a field is not answered. */
const needed: Readonly<Record<string, string>> = {
  "Workspace.clientsLockedOutBy": "(methods: [PRIVATE_KEY_JWT])",
  "Client.testFederatedCredential": '(token: "x")',
  "Workspace.tokenLogEntry": '(id: "x")',
  "Query.introspectToken": '(token: "x")',
};

const composite = [...queries, ...nestedFields].filter(({ type }) => "getFields" in type);
const ids: readonly string[] = ["Query.node", "Query.workspace", "Query.tenantById", "Query.member"];

describe("[C4] [S12] incident 1: no field shows what lies outside", () => {
  test.each(
    inThisRun(
      composite.filter(({ name }) => !ids.includes(name)),
      4,
    ).map((field) => [field.name, field] as const),
  )("%s", async (_, field) => {
    const { document, variables } = await reach(
      field,
      needed[field.name] ?? (field.slots.length > 0 ? "(first: 10)" : ""),
      2,
    );
    // The newest of its kind, so that a list without its tenant would begin with it.
    await makePlace(stranger.tenant);
    for (const caller of [narrowed, owner])
      await expectOnlyOwn(caller, await changingNothing(() => caller.post(document, variables), own.tenant.id));
  });

  test("Query.workspace by slug", async () => {
    const ask = (slug: string) =>
      narrowed.post("query ($slug: Slug!) { workspace(slug: $slug) { id slug } }", { slug });
    const mine = (await ask(own.slug)).json();
    expect(mine).toEqual({ data: { workspace: { id: own.workspaceId, slug: own.slug } } });
    const random = await ask("workspace-0");
    for (const slug of [sibling.slug, stranger.slug, "admin"])
      expect(masked(await ask(slug), slug)).toEqual(masked(random, "workspace-0"));
    const asOwner = await owner.post("query ($slug: Slug!) { workspace(slug: $slug) { id } }", { slug: stranger.slug });
    expect(asOwner.json()).toEqual({ data: { workspace: null } });
  });

  test("Query.member", async () => {
    const document = "query ($id: MemberId!) { member(id: $id) { id name } }";
    const id = await own.member();
    expect((await owner.post(document, { id })).json()).toMatchObject({ data: { member: { id } } });
    const nothing = await owner.post(document, { id: randomOf(id) });
    const foreign = await stranger.member();
    expect(masked(await owner.post(document, { id: foreign }), foreign)).toEqual(masked(nothing, randomOf(id)));
    expect((await narrowed.post(document, { id })).json()).toEqual({ data: { member: null } });
  });

  test("Query.tenantById", async () => {
    const document = "query ($id: TenantId!) { tenantById(id: $id) { id slug name } }";
    const mine = (await operator.post(document, { id: own.tenant.id })).json() as {
      data: { tenantById: { id: string } };
    };
    expect(mine.data.tenantById.id).toBe(own.tenant.id);
    const random = randomOf(own.tenant.id);
    for (const caller of [narrowed, owner, strangersOperator]) {
      const nothing = await caller.post(document, { id: random });
      for (const id of [caller === strangersOperator ? own.tenant.id : stranger.tenant.id, await rootTenant()])
        expect(masked(await caller.post(document, { id }), id)).toEqual(masked(nothing, random));
    }
  });
});

describe("[C4] incident 1: cursors and searches of another place show nothing of it", () => {
  const lists = composite.filter(({ slots }) => slots.some(({ type }) => type === "Cursor"));
  const cursorOf = async (caller: Caller, document: string, variables: Record<string, unknown>) =>
    /"endCursor":"([^"]*)"/.exec((await caller.post(document, variables)).body)?.[1];

  test.each(lists.map((field) => [field.name, field] as const))("%s", async (_, field) => {
    const { document, variables } = await reach(field, "(first: 1)", 1);
    const cursors = [await cursorOf(narrowed, document, variables), await cursorOf(owner, document, variables)];
    const stale = Buffer.from(JSON.stringify([Date.now(), await sibling.client()])).toString("base64url");
    for (const cursor of [...cursors, stale, Buffer.from("[1]").toString("base64url")]) {
      if (cursor === undefined) continue;
      const next = await narrowed.post(document.replace("(first: 1)", `(first: 20, after: "${cursor}")`), variables);
      if (!next.body.includes('"code":"INVALID_INPUT"')) await expectOnlyOwn(narrowed, next);
    }
  });

  test("a search for another place's client finds what a search for nothing finds", async () => {
    const document = `query ($id: ID!, $search: String) { node(id: $id) { ... on Workspace { clients(search: $search) { nodes { id } } } } }`;
    const find = (search: string) => narrowed.post(document, { id: own.workspaceId, search });
    const mine = await own.client();
    expect((await find(mine)).body).toContain(mine);
    const nothing = masked(await find("cli_000000000000Aa"), "cli_000000000000Aa");
    for (const place of [sibling, stranger]) {
      const id = await place.client();
      for (const word of [id, `' or '1'='1`, "%", "_"].slice(0, 1))
        expect(masked(await find(word), word)).toEqual(nothing);
    }
    for (const word of ["%", "' or '1'='1", "\\", "\u0000"]) await expectOnlyOwn(narrowed, await find(word));
  });
});

describe("[C4] names that are being made tell nothing of another place", () => {
  test("a workspace's slug is free in every tenant but its own", async () => {
    const make = (slug: string) => owner.call("createWorkspace", { slug, name: "New" });
    expect(outcomeOf(await make(stranger.slug), "createWorkspace")).toBe("done");
    expect(outcomeOf(await make(sibling.slug), "createWorkspace")).toBe("ALREADY_EXISTS");
  });

  test("a resource identifier and a client id are free in every workspace but their own", async () => {
    for (const place of [sibling, stranger]) {
      const identifier = `https://taken.example.com/${place.slug}`;
      const resource = { name: "New", identifier };
      await place.owner.must("createResource", { ...resource, workspaceId: place.workspaceId }, "resource { id }");
      await place.owner.must(
        "createClient",
        { name: "New", clientId: place.slug, workspaceId: place.workspaceId },
        "client { id }",
      );
      const mine = { workspaceId: own.workspaceId, name: "New" };
      expect(outcomeOf(await narrowed.call("createResource", { ...mine, identifier }), "createResource")).toBe("done");
      expect(outcomeOf(await narrowed.call("createClient", { ...mine, clientId: place.slug }), "createClient")).toBe(
        "done",
      );
    }
  });

  test("a scope of another resource cannot be granted by its name, and the refusal is the one for a name that never was", async () => {
    const [client, resource] = [await own.client(), await own.resource()];
    for (const place of [own, sibling, stranger]) {
      const foreign = await place.resource();
      await place.owner.must("createScope", { resourceId: foreign, name: "only:there" }, "scope { id }");
    }
    const grant = (scope: string) =>
      narrowed.call("setClientGrant", { clientId: client, resourceId: resource, scopes: [scope] });
    const never = await changingNothing(() => grant("never:here"), own.tenant.id);
    expect(outcomeOf(never, "setClientGrant")).not.toBe("done");
    expect(masked(await grant("only:there"), "only:there")).toEqual(masked(never, "never:here"));
  });
});
