import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, send } from "../support/http.ts";
import { inDatabase } from "../support/member.ts";
import { inThisRun } from "../support/sample.ts";
import { askToken, decodeJwt, fetchToken } from "../support/token.ts";
import { type StoryTenant, useWorld } from "../support/world.ts";
import {
  assign,
  type Caller,
  callerOf,
  fullDocument,
  newAccess,
  newCaller,
  type OwnWorkspace,
  outcomeOf,
  ownWorkspace,
  posting,
} from "./callers.ts";
import { cases, type Input } from "./cases.ts";
import { mutations, nestedFields, type Operation, queries, selectionOf, subscriptions } from "./contract.ts";
import { filledImport, idIn, makePlace, newestEntry, type Place } from "./place.ts";
import { callers, closed, elsewhere, mayChange, maySee, meant, type Role, read, type Table, words } from "./policy.ts";
import { changedByRefusal, changedPlaces, useRows } from "./rows.ts";

const world = useWorld();
const rows = useRows(world);
const by = new Map<Role, Caller>();
let own: Place;
let other: Place;
let admin: OwnWorkspace;
let customToken: string;
let stranger: StoryTenant;

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  admin = await ownWorkspace(tenant, "admin");
  other = await makePlace(tenant);
  stranger = await world.tenant().ready();
  const place = await makePlace(tenant);
  const fading = await newAccess(admin, { role: "owner", grants: ["workspace:read"] });
  by.set("owner", await callerOf(world, tenant.adminClient));
  by.set("admin", await newCaller(world, admin, { role: "admin" }));
  by.set("developer", await newCaller(world, admin, { role: "developer", at: [place.workspaceId] }));
  by.set("auditor", await newCaller(world, admin, { role: "auditor" }));
  by.set("ungranted", await callerOf(world, fading));
  by.set("operator", await newCaller(world, await ownWorkspace(tenant, "system"), { role: "operator" }));
  by.set("root", await callerOf(world, world.server.bootstrapped.system));
  await withdrawEverything(fading.id);
  own = { ...place, disposable };
  customToken = await tokenOfCustomClient(place);
}, 120_000);

const caller = (role: Role): Caller => {
  const found = by.get(role);
  if (!found) throw new Error(`nobody is ${role}`);
  return found;
};

async function disposable(): Promise<Place> {
  const place = await makePlace(own.tenant);
  await assign(admin, caller("developer").clientId, admin.roles.get("developer") ?? "", place.workspaceId);
  return place;
}

/** Takes every role and grant of a client back; its token lives on. */
async function withdrawEverything(clientId: string): Promise<void> {
  const { owner } = admin.place;
  const document = `query ($id: ID!) { node(id: $id) { ... on Client { assignments { nodes { id } } grants { id } } } }`;
  const { node } = (await owner.run(document, { id: clientId })) as {
    node: { assignments: { nodes: { id: string }[] }; grants: { id: string }[] };
  };
  for (const { id } of node.assignments.nodes) await owner.must("deleteAssignment", { id }, "__typename");
  for (const { id } of node.grants) await owner.must("deleteClientGrant", { id }, "__typename");
}

/** A good token of a customer's own API, and a row in the token log. */
async function tokenOfCustomClient(place: Place): Promise<string> {
  const [clientId, resource] = [await place.client(), await place.resource()];
  await place.grant(clientId, resource);
  const made = await place.owner.must("createClientSecret", { clientId }, "secret");
  const tokenEndpoint = `${place.issuer}/oauth2/token`;
  return fetchToken({ tokenEndpoint, clientId, clientSecret: String(made["secret"]) });
}

const seenBy = (table: Table) => [...table.keys()].sort();

describe("the tables name every operation of the schema", () => {
  const composite = [...queries, ...nestedFields].filter(({ type, isAnnotated }) => "getFields" in type || isAnnotated);

  test("[C5] every mutation", () => {
    expect(seenBy(read(mayChange))).toEqual(mutations.map(({ name }) => name).sort());
  });

  test("[C5] every query, every field that leads to other things, and every one that says itself who may see it", () => {
    const own = composite.filter(({ type }) => type.name !== "PageInfo");
    expect(seenBy(read(maySee))).toEqual(own.map(({ name }) => name).sort());
  });

  test("every operation says its permission, or that every signed-in caller may", () => {
    const open = [...mutations, ...queries, ...subscriptions].filter(({ permission }) => permission === undefined);
    expect(open.map(({ name }) => name).sort()).toEqual(["Query.node", "Query.tenant", "Query.viewer"]);
  });
});

/** Tries one mutation as everybody: those who may not first, changing nothing; then, with a new input each, who may. */
async function triedByAll(name: string, place: Place, expected: Readonly<Record<Role, string>>): Promise<void> {
  const answers: Partial<Record<Role, string>> = {};
  const input = async (): Promise<Input> => (await cases[name]?.input(place, world)) ?? {};
  const may = (role: Role) => expected[role] === "yes";
  const theirs = await input();
  const tenants = await Promise.all(callers.map(tenantIdOf));
  const before = await rows.versions();
  for (const role of callers.filter((one) => !may(one)))
    answers[role] = outcomeOf(await caller(role).call(name, theirs), name);
  const changed = changedPlaces(before, await rows.versions());
  expect(tenants.reduce((left, tenant) => changedByRefusal(left, tenant), changed)).toEqual([]);
  for (const role of callers.filter(may)) answers[role] = outcomeOf(await caller(role).call(name, await input()), name);
  expect(answers).toEqual(meant(expected));
}

const tenantIds = new Map<Role, string>();
async function tenantIdOf(role: Role): Promise<string> {
  const known = tenantIds.get(role);
  if (known) return known;
  const { data } = (await caller(role).post("{ tenant { id } }")).json() as { data: { tenant: { id: string } } };
  tenantIds.set(role, data.tenant.id);
  return data.tenant.id;
}

describe("[C5] [S13] who may change what in a workspace", () => {
  test.each(inThisRun([...read(mayChange)], 8))("%s", (name, expected) => triedByAll(name, own, expected));
});

describe("[C5] a role for one workspace does nothing in another", () => {
  const inWorkspace = [...read(mayChange)].filter(([, row]) => row.ungranted === "none").map(([name]) => name);

  test.each(inThisRun(inWorkspace, 8))("%s", async (name) => {
    const input = (await cases[name]?.input(other, world)) ?? {};
    for (const role of ["developer", "ungranted", "operator"] as const)
      expect([role, outcomeOf(await caller(role).call(name, input), name)]).toEqual([role, words[elsewhere[role]]]);
    const ofOwners = read(mayChange).get(name)?.admin === "no";
    expect(outcomeOf(await caller("admin").call(name, input), name)).toBe(ofOwners ? "FORBIDDEN" : "done");
  });
});

describe("[C5] the admin workspace's contents are closed", () => {
  test.each([...read(closed)])("%s", (name, expected) => triedByAll(name, admin.place, expected));

  test("who is assigned there opens them, with what the role holds", async () => {
    const inside = await newCaller(world, admin, { role: "developer", at: [admin.place.workspaceId] });
    expect(
      outcomeOf(
        await inside.call("createClient", { workspaceId: admin.place.workspaceId, name: "New" }),
        "createClient",
      ),
    ).toBe("done");
    expect(
      outcomeOf(await inside.call("createClient", { workspaceId: own.workspaceId, name: "New" }), "createClient"),
    ).toBe("NOT_FOUND");
  });
});

/** Asks for one field; `done` when there is something to see. */
async function seen(field: Operation, id: string | undefined, asker: { post: Caller["post"] }): Promise<string> {
  const args: Readonly<Record<string, string>> = {
    "Query.node": `(id: "${id}")`,
    "Query.tenantById": `(id: "${id}")`,
    "Query.member": `(id: "${id}")`,
    "Query.workspace": `(slug: "${own.slug}")`,
    "Workspace.clientsLockedOutBy": "(methods: [PRIVATE_KEY_JWT])",
    "Client.testFederatedCredential": '(token: "x")',
    "Query.introspectToken": '(token: "x")',
    "Workspace.tokenLogEntry": `(id: "${decodeJwt(customToken).claims["jti"]}")`,
  };
  const depth = field.type.name.endsWith("Connection") ? 1 : 0;
  const inner = `${field.field}${args[field.name] ?? ""} ${selectionOf(field.type, depth)}`;
  const documents: Readonly<Record<string, string>> = {
    Query: `{ ${inner} }`,
    Viewer: `{ viewer { ${inner} } }`,
    Tenant: `{ tenant { ${inner} } }`,
    WorkspaceCounts: `{ counts: workspace(slug: "${own.slug}") { counts { ${inner} } } }`,
  };
  const document = documents[field.parent] ?? `{ node(id: "${id}") { ... on ${field.parent} { ${inner} } } }`;
  return sees(await asker.post(document), field);
}

function sees(answer: Answer, field: Operation): string {
  const { data, errors } = answer.json() as {
    data?: Record<string, unknown>;
    errors?: { extensions: { code: string } }[];
  };
  if (errors || !data) return errors?.[0]?.extensions.code ?? answer.body;
  const first = Object.values(data)[0] as Record<string, unknown> | null;
  const parent = { Query: data, WorkspaceCounts: first?.["counts"] as typeof first }[field.parent] ?? first;
  const value = parent?.[field.field] as { nodes?: unknown[] } | unknown[] | number | null | undefined;
  const list = Array.isArray(value) || typeof value === "number" ? value : value?.nodes;
  const isThere = value !== null && value !== undefined && (!Array.isArray(list) || list.length > 0);
  return isThere ? "done" : "-";
}

describe("[C5] who may see what", () => {
  const fields = new Map([...queries, ...nestedFields].map((field) => [field.name, field]));
  const populated = new Map<string, string>();
  /** Where a field has something to show only on a thing of its own. */
  const special = new Map<string, string>();

  beforeAll(async () => {
    // Written a moment later.
    await send(`${own.issuer}/.well-known/jwks.json`);
    await own.clientAuthority();
    const [client, resource] = [await own.client(), await own.resource()];
    const clientWithAll = await own.registeredClient();
    const ceiling = [{ resourceId: resource, scopes: ["a:read"] }];
    const ofToken = { workspaceId: own.workspaceId, name: "With a ceiling", uses: 1, ceiling };
    const token = await own.owner.must("createInitialAccessToken", ofToken, "initialAccessToken { id }");
    const ofAssignment = { roleId: await own.role(), clientId: clientWithAll, targetWorkspaceId: own.workspaceId };
    const assigned = await own.owner.must("createAssignment", ofAssignment, "assignment { id }");
    const assignment = idIn(assigned, "assignment");
    const grant = await own.grant(client, resource);
    await own.owner.must("addResourceServer", { resourceId: resource, clientId: client }, "__typename");
    const secret = await own.secret(client);
    await own.grant(clientWithAll, resource);
    await own.rotatedSecret(clientWithAll);
    const clientKey = await own.clientKey(clientWithAll);
    const clientCertificate = await own.clientCertificate(clientWithAll);
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    await own.owner.must("createClientSecret", { clientId: clientWithAll, expiresAt }, "clientSecret { id }");
    const webhook = await own.webhook();
    await own.owner.must("sendTestNotice", { id: webhook }, "__typename");
    await refuseMail(await own.member());
    for (const [parent, id] of Object.entries({
      Workspace: own.workspaceId,
      Client: clientWithAll,
      ClientSecret: secret,
      ClientKey: clientKey,
      ClientCertificate: clientCertificate,
      FederatedCredential: await own.federatedCredential(clientWithAll),
      ApiToken: await narrowedToken(clientWithAll, resource),
      ClientGrant: grant,
      Resource: resource,
      Scope: await own.scope(resource),
      Role: ofAssignment.roleId,
      InitialAccessToken: idIn(token, "initialAccessToken"),
      Assignment: assignment,
      Webhook: webhook,
      AuditEntry: await newestEntry(own),
      Import: await filledImport(own),
      Query: client,
    }))
      populated.set(parent, id);
    await populatePeople();
  });

  /** Has a notice of a client that no mail server took. */
  const refuseMail = (memberId: string) =>
    inDatabase(world.server, async (sql) => {
      const place = sql`select tenant_id, id, 'ntc_unmailed'`;
      await sql`insert into notices (tenant_id, workspace_id, id, body)
        ${place}, ${sql.json({ client: {} })} from workspaces where id = ${own.workspaceId}`;
      await sql`insert into notice_deliveries (tenant_id, workspace_id, notice_id, receiver, member_id, attempts, problem)
        ${place}, ${memberId}, ${memberId}, 7, 'mail' from workspaces where id = ${own.workspaceId}`;
    });

  /** A token of that client, good for one scope of the resource that it is granted. */
  async function narrowedToken(clientId: string, resourceId: string): Promise<string> {
    await own.apiTokensOn();
    const permissions = { chosen: [{ resourceId, scopes: ["a:read"] }] };
    const made = await own.owner.must("createApiToken", { clientId, name: "Narrowed", permissions }, "apiToken { id }");
    return idIn(made, "apiToken");
  }

  async function populatePeople(): Promise<void> {
    const memberId = await own.member();
    populated.set("Member", memberId);
    populated.set("Invitation", await own.invitation());
    populated.set("SsoProvider", await own.ssoProvider());
    special.set("Query.member", memberId);
    special.set("Query.tenantById", stranger.id);
    const { owner } = admin.place;
    const reset = await owner.must("createMemberResetLink", { id: memberId }, "invitation { id }");
    special.set("Invitation.member", idIn(reset, "invitation"));
    const { node } = (await owner.run(`{ node(id: "${memberId}") { ... on Member { assignments { id } } } }`)) as {
      node: { assignments: { id: string }[] };
    };
    special.set("Assignment.member", node.assignments[0]?.id ?? "");
  }

  test.each(inThisRun([...read(maySee)], 8))("%s", async (name, expected) => {
    const field = fields.get(name);
    if (!field) throw new Error(`the schema has no ${name}`);
    const id = special.get(name) ?? populated.get(field.parent);
    const answers: Partial<Record<Role, string>> = {};
    for (const role of callers) answers[role] = await seen(field, id, caller(role));
    expect(answers).toEqual(meant(expected));
  });

  test("a notice that could not be mailed → to whom, is told to those who may see members alone", async () => {
    const document = `{ node(id: "${own.workspaceId}") { ... on Workspace { unmailedNotices { mailedTo } } } }`;
    const to = async (role: Role) => (await caller(role).post(document)).json()["data"];
    const said = (mailedTo: unknown) => ({ node: { unmailedNotices: [{ mailedTo }] } });
    expect(await to("auditor")).toEqual(said(expect.any(String)));
    expect(await to("developer")).toEqual(said(null));
  });
});

describe("[S13] [S12] incident 2: without a token of the tenant's own workspaces there is nothing", () => {
  const every = [
    ...mutations.map(({ name }) => fullDocument(name)),
    ...queries.map(({ field }) => `{ ${field} { __typename } }`),
    ...subscriptions.map(({ field }) => `subscription { ${field} { __typename } }`),
  ];

  test.each(["anonymous", "a custom workspace's token", "a token of nobody's"])("%s", async (who) => {
    const token = { anonymous: undefined, "a custom workspace's token": customToken }[who];
    const asker = posting(world.graphqlUrl, who === "a token of nobody's" ? "mine" : token);
    for (const document of every) {
      const answer = await asker.post(document, { input: {} });
      expect([document, answer.status]).toEqual([document, 401]);
      expect(answer.json()["data"]).toBeUndefined();
    }
  });
});

describe("[S13] a client of the admin workspace", () => {
  test("gets the Admin API as audience, exactly the granted scopes, and does exactly those operations", async () => {
    const access = await newAccess(admin, { grants: ["workspace:read", "resource:write"] });
    const answer = await askToken(access, { resource: access.resource });
    expect(String(answer.json()["scope"]).split(" ").sort()).toEqual(["resource:write", "workspace:read"]);
    const granted = await callerOf(world, access);
    const outcomes: Record<string, string> = {};
    for (const { name, api } of mutations) {
      if (api !== "ADMIN") continue;
      outcomes[name] = outcomeOf(await granted.call(name, (await cases[name]?.input(own, world)) ?? {}), name);
    }
    const done = Object.keys(outcomes).filter((name) => outcomes[name] === "done");
    const resourceWrites = mutations
      .filter(({ permission }) => permission === "resource:write")
      .map(({ name }) => name);
    // Whose client a resource server is must be seen too; naming one needs client:read.
    expect(done.sort()).toEqual(resourceWrites.filter((name) => !name.endsWith("ResourceServer")).sort());
    const refused = Object.values(outcomes).filter((outcome) => outcome !== "done");
    expect([...new Set(refused)].sort()).toEqual(["FORBIDDEN", "NOT_FOUND"]);
  });

  test("gets no token for the System API, nor one of the system workspace for the Admin API", async () => {
    const { adminClient } = admin.place.tenant;
    const system = await ownWorkspace(admin.place.tenant, "system");
    expect((await askToken(adminClient, { resource: system.api })).json()["error"]).toBe("invalid_target");
    const operator = await newAccess(system, { role: "operator" });
    expect((await askToken(operator, { resource: admin.api })).json()["error"]).toBe("invalid_target");
  });

  test("opens nothing of another tenant", async () => {
    const { workspaceId } = await makePlace(stranger);
    const { data } = (await caller("owner").post(`{ node(id: "${workspaceId}") { id } }`)).json() as {
      data: { node: unknown };
    };
    expect(data.node).toBeNull();
  });
});
