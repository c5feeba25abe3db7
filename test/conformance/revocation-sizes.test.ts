import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, eventually, send } from "../support/http.ts";
import { startReplica, type TestReplica } from "../support/server.ts";
import { askToken, basic, bearer, type Credentials, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";

// What was done at one server must be seen at the other.
const world = useWorld();
let other: TestReplica;
beforeAll(async () => {
  other = await startReplica(world.server);
}, 120_000);
afterAll(() => other?.destroy());

/** Seconds that a connected server may take to hear of it (settled: 1), tenfold. */
const HEARD = 10;
const there = <T extends Credentials>(client: T): T => ({
  ...client,
  tokenEndpoint: client.tokenEndpoint.replace(world.origin, other.origin),
});
const introspect = async (client: StoryClient, token: string): Promise<unknown> => {
  const url = client.tokenEndpoint.replace(/token$/, "introspect");
  return (await post(url, { token }, [basic(client)])).json()["active"];
};
/** As a reverse proxy asks. */
const verify = async (client: StoryClient, token: string): Promise<number> => {
  const resource = client.workspace.resource("orders").identifier;
  const url = `${client.tokenEndpoint.replace(/token$/, "verify")}?${new URLSearchParams({ resource })}`;
  return (await send(url, { headers: [bearer(token)] })).status;
};
const newWorkspace = () => world.tenant().workspace().resource("orders", ["read"]);
const jtiOf = (token: string) => String(decodeJwt(token).claims["jti"]);

/** Dead at the server that was told at once, at the other one soon, whoever asks. */
async function expectDead(client: StoryClient, token: string): Promise<void> {
  expect([await introspect(client, token), await verify(client, token)]).toEqual([false, 401]);
  await eventually(
    () => introspect(there(client), token),
    (active) => active === false,
    HEARD,
  );
  expect(await verify(there(client), token)).toBe(401);
}
async function expectLiving(client: StoryClient, token: string): Promise<void> {
  for (const at of [client, there(client)])
    expect([await introspect(at, token), await verify(at, token)]).toEqual([true, 200]);
}

async function audited({ id, admin }: Pick<StoryWorkspace, "id" | "admin">, type: string): Promise<number> {
  const document = `query ($id: ID!, $type: AuditEventType) { node(id: $id) { ... on Workspace {
    auditEntries(first: 100, type: $type) { nodes { outcome } } } } }`;
  const { node } = (await admin.run(document, { id, type })) as {
    node: { auditEntries: { nodes: { outcome: string }[] } };
  };
  return node.auditEntries.nodes.length;
}

describe("one token, by its id in the token log", () => {
  const revoke = ({ workspace: { id: workspaceId, admin } }: StoryClient, id: string) =>
    admin.mutate("revokeToken", { workspaceId, id }, "revokedTokenId");

  test("[A8] → dead at every server, whoever asks; the client's other tokens live; audited", async () => {
    const client = await newWorkspace().client();
    const [token, another] = [await fetchToken(client), await fetchToken(client)];
    expect(await revoke(client, jtiOf(token))).toMatchObject({ revokedTokenId: jtiOf(token), userErrors: [] });
    await expectDead(client, token);
    await expectLiving(client, another);
    expect(await revoke(client, jtiOf(token))).toMatchObject({ userErrors: [] });
    expect(await audited(client.workspace, "token.revoked")).toBe(2);
  });

  test("an id that no living token has, or one of another workspace → NOT_FOUND, and that one lives", async () => {
    const [client, far] = [await newWorkspace().client(), await newWorkspace().client()];
    const theirs = await fetchToken(far);
    const refused = (await askToken({ ...client, clientSecret: "mms_wrong" })).json()["correlation_id"];
    for (const id of [jtiOf(theirs), "AAAAAAAAAAAAAAAAAAAAAA", String(refused)])
      expect((await revoke(client, id)).userErrors).toMatchObject([{ code: "NOT_FOUND", path: ["id"] }]);
    expect((await revoke(client, "no id")).userErrors).toMatchObject([{ code: "INVALID_INPUT" }]);
    await expectLiving(far, theirs);
  });
});

describe("all tokens of a workspace", () => {
  const revoke = ({ id: workspaceId, admin }: Pick<StoryWorkspace, "id" | "admin">) =>
    admin.must("revokeWorkspaceTokens", { workspaceId }, "workspace { tokensNotBefore }");

  test("[A8] → every client's are dead at every server; new ones live; other workspaces' too; audited", async () => {
    const [client, far] = [await newWorkspace().client(), await newWorkspace().client()];
    const second = await client.workspace.addClient();
    const tokens = await Promise.all([client, second, there(client)].map((one) => fetchToken(one)));
    const [first = "", ofSecond = "", elsewhere = ""] = tokens;
    const theirs = await fetchToken(far);
    const { workspace } = await revoke(client.workspace);
    const { tokensNotBefore } = workspace as { tokensNotBefore: string };
    await expectDead(client, first);
    await expectDead(second, ofSecond);
    await expectDead(client, elsewhere);
    const later = await fetchToken(there(second));
    expect(Number(decodeJwt(later).claims["iat"]) * 1000).toBeGreaterThanOrEqual(Date.parse(tokensNotBefore));
    await expectLiving(second, later);
    await expectLiving(far, theirs);
    expect(await audited(client.workspace, "workspace.tokens-revoked")).toBe(1);
  });

  test("opaque ones too, and tokens of before a client's own cut-off stay dead", async () => {
    const client = await newWorkspace().client();
    const { id: workspaceId, admin } = client.workspace;
    await admin.must("updateWorkspaceSettings", { workspaceId, accessTokenFormat: "OPAQUE" }, "workspace { id }");
    const early = await fetchToken(client);
    await revoke(client.workspace);
    await expectDead(client, early);
    const between = await fetchToken(client);
    await admin.must("revokeClientTokens", { id: client.id }, "client { id }");
    await expectDead(client, between);
    await expectLiving(client, await fetchToken(client));
    await expectDead(client, early);
  });

  test("[B6] in a status list → no place of the lists before counts any more, at every server; those after are other lists", async () => {
    const client = await newWorkspace().client();
    const { id: workspaceId, admin } = client.workspace;
    await admin.must("updateWorkspaceSettings", { workspaceId, statusList: "ON" }, "workspace { id }");
    const place = (token: string) =>
      (decodeJwt(token).claims["status"] as { status_list: { idx: number; uri: string } }).status_list;
    const listed = async (answer: Answer): Promise<Buffer> => {
      expect(answer.status).toBe(200);
      const { lst } = decodeJwt(answer.body).claims["status_list"] as { lst: string };
      return inflateSync(Buffer.from(lst, "base64url"));
    };
    const at = (uri: string) => send(uri.replace(world.origin, other.origin));
    const before = place(await fetchToken(client));
    expect((await listed(await at(before.uri))).some((byte) => byte !== 0)).toBe(false);
    await revoke(client.workspace);
    expect((await listed(await send(before.uri))).every((byte) => byte === 0xff)).toBe(true);
    await eventually(
      async () => (await listed(await at(before.uri))).every((byte) => byte === 0xff),
      (isOver) => isOver,
      HEARD,
    );
    const after = place(await fetchToken(client));
    expect(after.uri).not.toBe(before.uri);
    for (const list of [await send(after.uri), await at(after.uri)])
      expect(((await listed(list))[after.idx >> 3] ?? 0xff) & (1 << (after.idx & 7))).toBe(0);
    // Nobody makes the server sign lists that no token names.
    for (const far of [`${after.uri}9`, `${before.uri}-0`, `${before.uri}-3`])
      expect([far, (await send(far)).status]).toEqual([far, 404]);
  });

  test("of the admin workspace → the very token that asked for it too, and a new one opens the API again", async () => {
    const tenant = await world.tenant().ready();
    const { workspace } = (await tenant.admin.run('{ workspace(slug: "admin") { id } }')) as {
      workspace: { id: string };
    };
    const token = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
    const ask = (with_: string) =>
      send(world.graphqlUrl, {
        method: "POST",
        headers: [["Content-Type", "application/json"], bearer(with_)],
        body: JSON.stringify({ query: "{ viewer { __typename } }" }),
      });
    expect((await ask(token)).status).toBe(200);
    await revoke({ id: workspace.id, admin: tenant.admin });
    expect((await ask(token)).status).toBe(401);
    const anew = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
    expect((await ask(anew)).status).toBe(200);
  });
});

test("[A8] everything stopped by the system workspace → 503 at every server within 5 s; tokens are told, and taken back, all the same; audited", async () => {
  const client = await newWorkspace().client();
  const token = await fetchToken(client);
  await fetchToken(there(client));
  const stop = (issuance: "STOPPED" | null) =>
    world.operator.must("updateInstallationSettings", { issuance }, "settings { issuance { value } }");
  const stoppedAt = Date.now();
  await stop("STOPPED");
  try {
    for (const at of [client, there(client)])
      await eventually(
        async () => (await askToken(at)).status,
        (status) => status === 503,
        5,
      );
    expect(Date.now() - stoppedAt).toBeLessThan(5_000);
    await expectLiving(client, token);
    const { id: workspaceId, admin } = client.workspace;
    await admin.must("revokeToken", { workspaceId, id: jtiOf(token) }, "revokedTokenId");
    await expectDead(client, token);
    const { workspaces } = (await world.rootAdmin.run("{ workspaces { nodes { id kind } } }")) as {
      workspaces: { nodes: { id: string; kind: string }[] };
    };
    const own = workspaces.nodes.find(({ kind }) => kind === "ADMIN");
    expect(await audited({ id: own?.id ?? "", admin: world.rootAdmin }, "installation-settings.changed")).toBe(1);
  } finally {
    await stop(null);
  }
  for (const at of [client, there(client)])
    await eventually(
      async () => (await askToken(at)).status,
      (status) => status === 200,
      HEARD,
    );
});
