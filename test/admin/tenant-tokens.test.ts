import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { send } from "../support/http.ts";
import { basic, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, type StoryTenant, useWorld } from "../support/world.ts";
import { type Caller, callerOf, newCaller, outcomeOf, ownWorkspace } from "./callers.ts";
import { masked } from "./outside.ts";

const world = useWorld();
let tenant: StoryTenant;
let operator: Caller;
let client: StoryClient;
let stranger: StoryClient;

beforeAll(async () => {
  tenant = await world.tenant().ready();
  operator = await newCaller(world, await ownWorkspace(tenant, "system"), { role: "operator" });
  client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  stranger = await world.tenant().workspace().resource("orders", ["read"]).client();
}, 120_000);

const STATE = `isActive reason explanation workspaceId workspaceSlug id clientId subject audience scopes issuedAt expiresAt`;
const ask = (caller: Caller, token: string) =>
  caller.post(`query ($token: String!) { introspectToken(token: $token) { ${STATE} } }`, { token });
const stateOf = async (token: string) =>
  ((await ask(operator, token)).json() as { data: { introspectToken: Record<string, unknown> } }).data.introspectToken;

const isActive = async (token: string, of = client) =>
  (await post(`${of.workspace.issuer}/oauth2/introspect`, { token }, [basic(of)])).body.includes('"active":true');

describe("[S13] the System API tells what a token of any workspace of its tenant is", () => {
  test("a good one → what it carries, without being one of its resource servers", async () => {
    const token = await fetchToken(client);
    const { claims } = decodeJwt(token);
    expect(await stateOf(token)).toEqual({
      isActive: true,
      reason: null,
      explanation: expect.stringMatching(/good/),
      workspaceId: client.workspace.id,
      workspaceSlug: client.workspace.slug,
      id: claims["jti"],
      clientId: client.id,
      subject: client.clientId,
      audience: [client.workspace.resource("orders").identifier],
      scopes: ["read"],
      issuedAt: new Date(Number(claims["iat"]) * 1000).toISOString(),
      expiresAt: new Date(Number(claims["exp"]) * 1000).toISOString(),
    });
    // One of the admin workspace is no other.
    const admin = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
    expect(await stateOf(admin)).toMatchObject({ isActive: true, workspaceSlug: "admin" });
  });

  test("one whose client is disabled, one with a bad signature → inactive, and why", async () => {
    const one = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    const token = await fetchToken(one);
    await tenant.admin.must("disableClient", { id: one.id }, "__typename");
    expect(await stateOf(token)).toMatchObject({
      isActive: false,
      reason: "token_client_disabled",
      workspaceId: one.workspace.id,
      id: null,
      clientId: null,
      scopes: [],
    });
    const forged = token.replace(/[^.]{20}$/, "A".repeat(20));
    expect(await stateOf(forged)).toMatchObject({ isActive: false, reason: "bad_signature" });
  });

  test("[C4] one of another tenant, and no token at all → one and the same answer", async () => {
    const foreign = await fetchToken(stranger);
    const nothing = masked(await ask(operator, "nonsense"), "nonsense");
    for (const token of [foreign, `${foreign}x`, "", "a.b.c", "\u0000", "eyJ".repeat(9000)])
      expect(masked(await ask(operator, token), token || "nonsense")).toEqual(nothing);
  });

  test("a caller of the Admin API → refused", async () => {
    const answer = await ask(await callerOf(world, tenant.adminClient), await fetchToken(client));
    expect(answer.body).toContain("WRONG_API");
    expect(answer.body).not.toContain(client.id);
  });
});

describe("[S13] [A8] the System API takes tokens back in any workspace of its tenant", () => {
  test("one token → inactive at once, the client's others live on", async () => {
    const [one, other] = [await fetchToken(client), await fetchToken(client)];
    const { workspaceId, id } = await stateOf(one);
    expect(outcomeOf(await operator.call("revokeTenantToken", { workspaceId, id }), "revokeTenantToken")).toBe("done");
    expect([await isActive(one), await isActive(other)]).toEqual([false, true]);
    expect(await stateOf(one)).toMatchObject({ isActive: false, reason: "token_revoked" });
  });

  test("all of a client → inactive; another client's live on", async () => {
    const neighbour = await client.workspace.addClient();
    const [mine, theirs] = [await fetchToken(client), await fetchToken(neighbour)];
    const done = await operator.call("revokeTenantClientTokens", { id: client.id });
    expect(outcomeOf(done, "revokeTenantClientTokens")).toBe("done");
    expect([await isActive(mine), await isActive(theirs, neighbour)]).toEqual([false, true]);
  });

  test("those of an owner's client → refused: nobody stops who holds more", async () => {
    const token = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
    const { workspaceId, id, clientId } = await stateOf(token);
    for (const [mutation, input] of [
      ["revokeTenantToken", { workspaceId, id }],
      ["revokeTenantClientTokens", { id: clientId }],
    ] as const)
      expect(outcomeOf(await operator.call(mutation, input), mutation)).toBe("MORE_THAN_HELD");
    expect((await send(`${world.origin}/${tenant.slug}/admin/.well-known/jwks.json`)).status).toBe(200);
    expect(await stateOf(token)).toMatchObject({ isActive: true });
  });
});

describe("[T10] an API token that the operator makes for a tenant's application", () => {
  const make = (input: object) =>
    world.operator.mutate(
      "createTenantApiToken",
      { tenantId: tenant.id, clientId: client.id, name: "Before self-service", ...input },
      "apiTokenId secret",
    );
  const set = (settings: object) =>
    tenant.admin.must("updateWorkspaceSettings", { workspaceId: client.workspace.id, ...settings }, "__typename");
  const listed = async () => {
    const document = `query ($id: ID!) { node(id: $id) { ... on Client {
      apiTokens { nodes { id isMadeByOperator isImported followsGrants } } } } }`;
    const { node } = (await tenant.admin.run(document, { id: client.id })) as {
      node: { apiTokens: { nodes: { id: string; isMadeByOperator: boolean; isImported: boolean }[] } };
    };
    return node.apiTokens.nodes;
  };

  test("before the tenant makes its own, while it does and after it stopped → works unchanged, listed and marked; the tenant's own is not", async () => {
    const own = { clientId: client.id, name: "Own", permissions: { all: true } };
    expect((await tenant.admin.mutate("createApiToken", own, "__typename")).userErrors[0]?.code).toBe("TURNED_OFF");
    const made = await make({});
    expect(made.userErrors).toEqual([]);
    const value = remember(String(made["secret"]));
    expect(await isActive(value)).toBe(true);
    await set({ apiTokens: "ON" });
    expect(await isActive(value)).toBe(true);
    const { apiToken } = await tenant.admin.must("createApiToken", own, "apiToken { id }");
    await set({ apiTokens: "OFF" });
    expect(await isActive(value)).toBe(true);
    expect(await listed()).toEqual([
      expect.objectContaining({ id: (apiToken as { id: string }).id, isMadeByOperator: false }),
      expect.objectContaining({ id: made["apiTokenId"], isMadeByOperator: true, isImported: false }),
    ]);
    await tenant.admin.must("revokeApiToken", { id: made["apiTokenId"] }, "__typename");
    expect(await isActive(value)).toBe(false);
  });

  test("one that exists elsewhere, by its value → works, marked as both", async () => {
    const value = remember(`gateway-${randomBytes(24).toString("hex")}`);
    const made = await make({ name: "Old gateway", value });
    expect([made["secret"], made.userErrors]).toEqual([null, []]);
    expect(await isActive(value)).toBe(true);
    expect(await listed()).toContainEqual(
      expect.objectContaining({ id: made["apiTokenId"], isMadeByOperator: true, isImported: true }),
    );
    expect(world.server.log()).not.toContain(value);
  });

  test("for a client of the admin workspace, or one of another tenant → refused", async () => {
    const { clientId } = tenant.adminClient;
    expect((await make({ clientId })).userErrors[0]?.code).toBe("PROTECTED");
    expect((await make({ clientId: stranger.id })).userErrors[0]).toMatchObject({
      code: "NOT_FOUND",
      path: ["clientId"],
    });
    expect((await make({ value: "x".repeat(40), sha256: "a".repeat(64) })).userErrors[0]?.code).toBe("INVALID_INPUT");
  });
});
