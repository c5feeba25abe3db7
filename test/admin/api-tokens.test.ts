import { beforeAll, describe, expect, test } from "vitest";
import { apiKey, newApiToken, type StoryApiToken, tokenHeader, turnOn } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { mutationDocument, postGraphQL, type UserError } from "../support/graphql.ts";
import { eventually } from "../support/http.ts";
import { inDatabase } from "../support/member.ts";
import { basic, bearer, fetchToken, type Pairs, post } from "../support/token.ts";
import { type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";
import { assign, callerOf, newCaller, type OwnWorkspace, outcomeOf, ownWorkspace } from "./callers.ts";
import { fresh } from "./place.ts";

const world = useWorld();
let workspace: StoryWorkspace;
let application: StoryClient;
beforeAll(async () => {
  application = await world.tenant().workspace().resource("orders", ["read", "write"]).client();
  workspace = application.workspace;
});

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const freshClient = async () => workspace.addClient();
const set = (settings: object) =>
  workspace.admin.must("updateWorkspaceSettings", { workspaceId: workspace.id, ...settings }, "__typename");
const create = async (client: StoryClient, input: object = {}) => {
  const whole = { clientId: client.id, name: "A token", permissions: { all: true }, ...input };
  const made = await workspace.admin.mutate("createApiToken", whole, "apiToken { id } secret");
  if (made["secret"]) remember(String(made["secret"]));
  return made;
};
const refusal = async (made: Promise<{ readonly userErrors: readonly UserError[] }>) => (await made).userErrors[0];

const FIELDS = `id name hint createdAt expiresAt revokedAt lastUsedAt lastUsedAddress isImported isMadeByOperator
  followsGrants permissions { identifier scopes } client { id }`;
interface Listed {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedAddress: string | null;
  readonly isMadeByOperator: boolean;
  readonly permissions: readonly { readonly identifier: string; readonly scopes: readonly string[] }[];
}
async function listOf({ id }: { readonly id: string }, type: "Client" | "Workspace" = "Client"): Promise<Listed[]> {
  const document = `query ($id: ID!) { node(id: $id) { ... on ${type} { apiTokens { nodes { ${FIELDS} } } } } }`;
  const { node } = (await workspace.admin.run(document, { id })) as { node: { apiTokens: { nodes: Listed[] } } };
  return node.apiTokens.nodes;
}

describe("[F6] the switch", () => {
  test("a new workspace → off: creating and importing are refused by name", async () => {
    const client = await freshClient();
    expect(await refusal(create(client))).toMatchObject({
      code: "TURNED_OFF",
      message: expect.stringContaining("apiTokens"),
      fix: expect.stringContaining("owner or admin"),
    });
    const input = { clientId: client.id, name: "Old", permissions: { all: true }, value: "a1B2c3D4".repeat(6) };
    expect(await refusal(workspace.admin.mutate("importApiToken", input, "__typename"))).toMatchObject({
      code: "TURNED_OFF",
    });
  });

  test("[T10] on → made; off again → it works unchanged and is listed, and a new one is refused", async () => {
    await turnOn(workspace, { apiTokenLimit: null });
    const client = await freshClient();
    const { value, id } = await newApiToken(client);
    await set({ apiTokens: "OFF" });
    const answer = await post(`${workspace.issuer}/oauth2/introspect`, { token: value }, [basic(client)]);
    expect(answer.json()).toMatchObject({ active: true, scope: "read write" });
    expect((await listOf(client)).map((token) => token.id)).toEqual([id]);
    expect(await refusal(create(client))).toMatchObject({ code: "TURNED_OFF" });
    await set({ apiTokens: "ON" });
  });

  test("off for the installation → off in each workspace, whatever it says itself", async () => {
    const { workspace: there, ...client } = await world.tenant().workspace().resource("orders", ["read"]).client();
    await turnOn(there);
    expect((await newApiToken({ id: client.id, workspace: there })).id).toMatch(/^tok_/);
    // The installation's operator says it for all tenants at once.
    await world.operator.must("updateInstallationSettings", { apiTokens: "OFF" }, "__typename");
    const input = { clientId: client.id, name: "More", permissions: { all: true } };
    expect(await refusal(there.admin.mutate("createApiToken", input, "__typename"))).toMatchObject({
      code: "TURNED_OFF",
    });
    await world.operator.must("updateInstallationSettings", { apiTokens: null }, "__typename");
    expect((await there.admin.mutate("createApiToken", input, "secret")).userErrors).toEqual([]);
  });
});

describe("how many", () => {
  test("[T4] the third of a client → refused, naming the limit and the setting; one revoked, or the setting raised → made", async () => {
    const client = await freshClient();
    const first = await newApiToken(client);
    await newApiToken(client);
    expect(await refusal(create(client))).toMatchObject({
      code: "LIMIT_REACHED",
      message: "The limit of 2 is reached (setting apiTokenLimit).",
    });
    await workspace.admin.must("revokeApiToken", { id: first.id }, "__typename");
    await newApiToken(client);
    expect(await refusal(create(client))).toMatchObject({ code: "LIMIT_REACHED" });
    await set({ apiTokenLimit: 3 });
    await newApiToken(client);
    expect(await refusal(create(client))).toMatchObject({ message: expect.stringContaining("limit of 3") });
    const narrower = { clientId: client.id, apiTokenLimit: 1 };
    await workspace.admin.must("updateClientSettings", narrower, "__typename");
    expect(await refusal(create(client))).toMatchObject({ message: expect.stringContaining("limit of 1") });
    await set({ apiTokenLimit: null });
  });

  test("[T4] ten at once → two are made", async () => {
    const client = await freshClient();
    const made = await Promise.all(Array.from({ length: 10 }, () => create(client)));
    expect(made.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(2);
  });
});

describe("[F4] how long", () => {
  test("1, 7, 30, 90 and 365 days, and never → made with exactly that instant", async () => {
    await set({ apiTokenLimit: 50 });
    const client = await freshClient();
    for (const expiresAt of [...[1, 7, 30, 90, 365].map(inDays), null]) {
      const { id } = await newApiToken(client, { expiresAt });
      expect((await listOf(client)).find((token) => token.id === id)?.expiresAt).toBe(expiresAt);
    }
  });

  test("a cap → never and longer are refused, naming it; within → made, and no edit gets beyond it", async () => {
    await set({ staticTokenLifetime: 30 });
    const client = await freshClient();
    for (const expiresAt of [null, inDays(31)])
      expect(await refusal(create(client, { expiresAt }))).toMatchObject({
        code: "INVALID_INPUT",
        path: ["expiresAt"],
        message: expect.stringContaining("30 days here (setting staticTokenLifetime)"),
      });
    const { id } = await newApiToken(client, { expiresAt: inDays(29) });
    const update = (expiresAt: string | null) =>
      workspace.admin.mutate("updateApiToken", { id, expiresAt }, "__typename");
    for (const expiresAt of [null, inDays(31)])
      expect(await refusal(update(expiresAt))).toMatchObject({ code: "INVALID_INPUT", path: ["expiresAt"] });
    expect((await update(inDays(20))).userErrors).toEqual([]);
    await set({ staticTokenLifetime: null });
  });

  test("never forbidden → it is refused, and any end is taken", async () => {
    await set({ staticTokenExpiry: "REQUIRED" });
    const client = await freshClient();
    expect(await refusal(create(client))).toMatchObject({
      path: ["expiresAt"],
      message: expect.stringContaining("staticTokenExpiry"),
    });
    await newApiToken(client, { expiresAt: inDays(3000) });
    await set({ staticTokenExpiry: null });
  });

  test("an end in the past → refused", async () => {
    expect(await refusal(create(await freshClient(), { expiresAt: inDays(-1) }))).toMatchObject({
      code: "INVALID_INPUT",
    });
  });
});

describe("[T3] what it may do", () => {
  test("neither all nor chosen, or both, or nothing of it → refused", async () => {
    const client = await freshClient();
    const chosen = [{ resourceId: workspace.resource("orders").id, scopes: ["read"] }];
    for (const permissions of [
      {},
      { all: true, chosen },
      { all: false },
      { chosen: [] },
      { chosen: [{ ...chosen[0], scopes: [] }] },
    ])
      expect([permissions, (await refusal(create(client, { permissions })))?.code]).toEqual([
        permissions,
        "INVALID_INPUT",
      ]);
  });

  test("a scope that its client is not granted → refused by name; granted → made, and shown", async () => {
    const client = await workspace.addClient({ grants: { orders: ["read"] } });
    const chosen = (scope: string) => [{ resourceId: workspace.resource("orders").id, scopes: [scope] }];
    expect(await refusal(create(client, { permissions: { chosen: chosen("write") } }))).toMatchObject({
      code: "INVALID_INPUT",
      path: ["permissions", "chosen", "0", "scopes", "0"],
      message: expect.stringContaining("write"),
    });
    await newApiToken(client, { permissions: { chosen: chosen("read") } });
    const [listed] = await listOf(client);
    expect(listed).toMatchObject({
      followsGrants: false,
      permissions: [{ identifier: workspace.resource("orders").identifier, scopes: ["read"] }],
    });
  });

  test("a resource of another workspace → not found", async () => {
    const other = await world.tenant().workspace().resource("orders", ["read"]).ready();
    const chosen = [{ resourceId: other.resource("orders").id, scopes: ["read"] }];
    expect(await refusal(create(await freshClient(), { permissions: { chosen } }))).toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("[T5] [T6] what is listed and edited", () => {
  test("the value is in the answer that made it and nowhere else: no list, no repeated call, no log", async () => {
    const client = await freshClient();
    const input = { clientId: client.id, name: "Once", permissions: { all: true }, clientMutationId: "once-only" };
    const made = await workspace.admin.must("createApiToken", input, "apiToken { id hint } secret");
    const value = remember(String(made["secret"]));
    expect((made["apiToken"] as { hint: string }).hint).toBe(value.slice(-10, -6));
    const again = await workspace.admin.mutate("createApiToken", input, "apiToken { id } secret");
    expect([again["secret"], again.userErrors[0]?.code]).toEqual([null, "ALREADY_SHOWN"]);
    expect(JSON.stringify([await listOf(client), await listOf(workspace, "Workspace")])).not.toContain(value);
    expect(world.server.log()).not.toContain(value);
  });

  test("name, end and permissions are changed, and the value goes on", async () => {
    const client = await freshClient();
    const { id, value } = await newApiToken(client);
    const chosen = [{ resourceId: workspace.resource("orders").id, scopes: ["read"] }];
    const expiresAt = inDays(7);
    const update = { id, name: "Renamed", expiresAt, permissions: { chosen } };
    await workspace.admin.must("updateApiToken", update, "apiToken { id }");
    expect(await listOf(client)).toMatchObject([
      { id, name: "Renamed", expiresAt, permissions: [{ scopes: ["read"] }] },
    ]);
    const seen = async () =>
      (await post(`${workspace.issuer}/oauth2/introspect`, { token: value }, [basic(client)])).json();
    expect(await seen()).toMatchObject({ active: true, scope: "read", exp: Math.floor(Date.parse(expiresAt) / 1000) });
    await workspace.admin.must("updateApiToken", { id, permissions: { all: true }, expiresAt: null }, "__typename");
    expect(await seen()).toMatchObject({ active: true, scope: "read write" });
    expect(await seen()).not.toHaveProperty("exp");
    expect((await listOf(client))[0]).toMatchObject({ name: "Renamed", permissions: [] });
  });

  test("a revoked one → stays listed, and is not changed any more", async () => {
    const client = await freshClient();
    const { id } = await newApiToken(client);
    await workspace.admin.must("revokeApiToken", { id }, "__typename");
    expect(await refusal(workspace.admin.mutate("updateApiToken", { id, name: "Else" }, "__typename"))).toMatchObject({
      code: "PROTECTED",
    });
    expect((await listOf(client))[0]?.revokedAt).toEqual(expect.any(String));
  });

  test("used → when and from where is listed soon", async () => {
    const client = await freshClient();
    const { value } = await newApiToken(client);
    await post(`${workspace.issuer}/oauth2/introspect`, { token: value }, [basic(client)]);
    // Its own look is no use: a server of its API has to have asked.
    const { identifier } = workspace.resource("orders");
    const query = new URLSearchParams({ resource: identifier });
    await postVerify(query, value);
    const used = await eventually(
      async () => (await listOf(client))[0],
      (token) => token?.lastUsedAt !== null,
    );
    expect(used?.lastUsedAddress).toMatch(/127\.0\.0\.1|::1/);
  });
});

const postVerify = (query: URLSearchParams, value: string) =>
  fetch(`${workspace.issuer}/oauth2/verify?${query}`, { headers: { "X-API-KEY": value } });

describe("at Mintmark's own APIs", () => {
  let own: OwnWorkspace;
  let token: StoryApiToken;
  beforeAll(async () => {
    const tenant = await world.tenant().ready();
    own = await ownWorkspace(tenant, "admin");
    await own.place.apiTokensOn();
    token = await ownToken({ role: "admin" });
  });

  /** A client of the admin workspace with that role, and an API token of it. */
  async function ownToken(powers: { role: string }, input: object = {}): Promise<StoryApiToken & { clientId: string }> {
    const { clientId } = await newCaller(world, own, powers);
    const made = await own.place.owner.must(
      "createApiToken",
      { clientId, name: "For us", permissions: { all: true }, ...input },
      "apiToken { id } secret",
    );
    return { id: (made["apiToken"] as { id: string }).id, value: remember(String(made["secret"])), clientId };
  }
  const ask = (headers: Pairs, query: string, variables = {}) =>
    postGraphQL(world.graphqlUrl, { query, variables }, headers);
  const WHO = "{ viewer { clientId api tenant { id } } }";

  test("[F1] [T7] Token or X-API-KEY of a client of the admin workspace → acts as that client", async () => {
    for (const header of [tokenHeader(token.value), apiKey(token.value)]) {
      const { data } = (await ask([header], WHO)).json() as {
        data: { viewer: { api: string; tenant: { id: string } } };
      };
      expect(data.viewer).toMatchObject({ api: "ADMIN", tenant: { id: own.place.tenant.id } });
    }
  });

  test("[T1] what it does → its client is named in the audit log", async () => {
    const made = await ask([tokenHeader(token.value)], mutationDocument("createWorkspace", "workspace { id }"), {
      input: { slug: "made-by-token", name: "Made by a token" },
    });
    const { data } = made.json() as { data: { createWorkspace: { workspace: { id: string } } } };
    const document = `query ($id: ID!) { node(id: $id) { ... on Workspace {
      auditEntries(first: 10, type: "workspace.created") { nodes { actor } } } } }`;
    const { node } = (await own.place.owner.run(document, { id: data.createWorkspace.workspace.id })) as {
      node: { auditEntries: { nodes: { actor: string }[] } };
    };
    const who = (await ask([tokenHeader(token.value)], WHO)).json() as { data: { viewer: { clientId: string } } };
    expect(node.auditEntries.nodes[0]?.actor).toBe(who.data.viewer.clientId);
  });

  test("[T14] narrowed → only that much of what its client may", async () => {
    const chosen = [{ resourceId: own.apiId, scopes: ["workspace:read"] }];
    const narrowed = await ownToken({ role: "admin" }, { permissions: { chosen } });
    const attempt = async (name: string, input: object) =>
      outcomeOf(await ask([tokenHeader(narrowed.value)], mutationDocument(name, "__typename"), { input }), name);
    expect(await attempt("createWorkspace", { slug: "beyond", name: "Beyond" })).toBe("FORBIDDEN");
    expect((await ask([tokenHeader(narrowed.value)], "{ workspaces { nodes { id } } }")).body).not.toContain("errors");
  });

  test("[T14] the preset → what its client is given it may at once, and what is taken back it may not", async () => {
    const { value, clientId } = await ownToken({ role: "auditor" });
    const create = async () => {
      const input = { slug: fresh("followed"), name: "Followed" };
      const document = mutationDocument("createWorkspace", "__typename");
      return outcomeOf(await ask([tokenHeader(value)], document, { input }), "createWorkspace");
    };
    expect(await create()).toBe("FORBIDDEN");
    const id = await assign(own, clientId, own.roles.get("admin") ?? "", "all");
    expect(await create()).toBe("done");
    await own.place.owner.must("deleteAssignment", { id }, "__typename");
    expect(await create()).toBe("FORBIDDEN");
  });

  test("one of a custom workspace's client → 401", async () => {
    const { value } = await newApiToken(await freshClient());
    const answer = await ask([tokenHeader(value)], WHO);
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, expect.stringMatching(/^Token /)]);
  });

  test("[T7] under Bearer or JWT → 401 that names Token; an access token under Token → 401 that names Bearer", async () => {
    for (const scheme of ["Bearer", "JWT"]) {
      const answer = await ask([["Authorization", `${scheme} ${token.value}`]], WHO);
      expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, expect.stringMatching(/^Token /)]);
      expect(answer.body).toContain("Use Authorization: Token");
    }
    const { adminClient } = own.place.tenant;
    const access = await fetchToken(adminClient, { resource: adminClient.resource });
    for (const header of [tokenHeader(access), apiKey(access), ["Authorization", `JWT ${access}`] as const]) {
      const answer = await ask([header], WHO);
      expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, expect.stringMatching(/^Bearer /)]);
      expect(answer.body).toContain("Use Authorization: Bearer");
    }
    expect((await ask([tokenHeader(token.value), apiKey(token.value)], WHO)).status).toBe(400);
    expect((await ask([bearer(access), apiKey(token.value)], WHO)).status).toBe(400);
  });

  test("[T9] [T12] revoked, expired, unknown, forged → out at once, all alike", async () => {
    const [gone, ended, other] = [
      await ownToken({ role: "admin" }),
      await ownToken({ role: "admin" }),
      await ownToken({ role: "admin" }),
    ];
    for (const { value } of [gone, ended]) expect((await ask([tokenHeader(value)], WHO)).status).toBe(200);
    await own.place.owner.must("revokeApiToken", { id: gone.id }, "__typename");
    await inDatabase(world.server, (sql) => sql`update api_tokens set expires_at = now() where id = ${ended.id}`);
    const forged = `${other.value.slice(0, -1)}${other.value.endsWith("0") ? "1" : "0"}`;
    const answers = [];
    for (const value of [gone.value, ended.value, forged, `mmt_${"0".repeat(79)}`]) {
      const { status, body, headers } = await ask([tokenHeader(value)], WHO);
      const { errors } = JSON.parse(body) as { errors: { message: string }[] };
      answers.push(JSON.stringify([status, errors[0]?.message, headers["www-authenticate"]]));
    }
    expect(new Set(answers).size).toBe(1);
    expect((await ask([tokenHeader(other.value)], WHO)).status).toBe(200);
    for (const reason of ["api_token_revoked", "api_token_expired", "unknown_api_token"])
      expect(world.server.log()).toContain(reason);
  });

  test("[T8] a developer sees them and is refused, told whom to ask; the owner's token makes one", async () => {
    const developer = await newCaller(world, own, { role: "developer" });
    const made = await world.tenant(own.place.tenant).workspace().resource("orders", ["read"]).client();
    await turnOn(made.workspace);
    await newApiToken(made);
    const list = `query ($id: ID!) { node(id: $id) { ... on Client { apiTokens { nodes { id } } } } }`;
    expect((await developer.post(list, { id: made.id })).body).toMatch(/tok_/);
    const input = { clientId: made.id, name: "Mine", permissions: { all: true } };
    const answer = await developer.call("createApiToken", input);
    expect(answer.body).toContain("FORBIDDEN");
    expect(answer.body).toContain("Ask an owner or admin");
    const owner = await callerOf(world, own.place.tenant.adminClient);
    expect(outcomeOf(await owner.call("createApiToken", input), "createApiToken")).toBe("done");
  });

  test("nobody makes a token of a client that can do more than they", async () => {
    const strong = await newCaller(world, own, { role: "owner" });
    const admin = await newCaller(world, own, { role: "admin", at: [own.place.workspaceId] });
    const input = { clientId: strong.clientId, name: "More", permissions: { all: true } };
    expect(outcomeOf(await admin.call("createApiToken", input), "createApiToken")).toBe("MORE_THAN_HELD");
  });

  test("a token from elsewhere → not taken in the admin workspace", async () => {
    const { clientId } = await newCaller(world, own, { role: "auditor" });
    const input = { clientId, name: "Old", permissions: { all: true }, value: "a1B2c3D4".repeat(6) };
    expect(await refusal(own.place.owner.mutate("importApiToken", input, "__typename"))).toMatchObject({
      code: "PROTECTED",
    });
  });
});
