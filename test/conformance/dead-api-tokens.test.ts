import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { newApiToken, tokenHeader, turnOn } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { postGraphQL } from "../support/graphql.ts";
import { type Answer, eventually, send } from "../support/http.ts";
import { basic, post } from "../support/token.ts";
import { addResourceServer, type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";

const world = useWorld();
let workspace: StoryWorkspace;
let application: StoryClient;
let api: StoryClient;
beforeAll(async () => {
  application = await world.tenant().workspace().resource("orders", ["read"]).client();
  workspace = application.workspace;
  await turnOn(workspace);
  api = await workspace.addClient({ grants: {} });
  await addResourceServer(workspace, "orders", api.id);
});

const INACTIVE = '{"active":false}';
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const introspect = (token: string) => post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(api)]);
const verify = (token: string) => {
  const query = new URLSearchParams({ resource: workspace.resource("orders").identifier });
  return send(`${workspace.issuer}/oauth2/verify?${query}`, { headers: [tokenHeader(token)] });
};

/** All that a caller sees of an answer; what names the request itself differs. */
const seenOf = ({ status, headers, body }: Answer): string => {
  const names = Object.keys(headers).sort().join(" ");
  const same = (text: unknown) => String(text).replaceAll(/req_\w+/g, "req");
  return [status, names, same(headers["www-authenticate"]), same(body)].join("\n");
};

/** Why requests at this endpoint were refused. */
async function reasons(): Promise<ReadonlySet<string>> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Workspace {
    tokenLog(first: 100) { nodes { reason } } } } }`;
  const { node } = (await workspace.admin.run(document, { id: workspace.id })) as {
    node: { tokenLog: { nodes: { reason: string | null }[] } };
  };
  return new Set(node.tokenLog.nodes.flatMap(({ reason }) => reason ?? []));
}

/** One of each way to be dead that a token of this workspace has while the workspace lives. */
async function deadTokens(): Promise<readonly string[]> {
  const ending = await newApiToken(application, { expiresAt: inSeconds(4) });
  expect((await verify(ending.value)).status).toBe(200);
  const revoked = await newApiToken(application);
  await workspace.admin.must("revokeApiToken", { id: revoked.id }, "__typename");
  const stopped = await workspace.addClient();
  const ofStopped = await newApiToken(stopped);
  const powerless = await workspace.addClient({ grants: {} });
  const ofPowerless = await newApiToken(powerless);
  expect((await verify(ofStopped.value)).status).toBe(200);
  await workspace.admin.must("disableClient", { id: stopped.id }, "__typename");
  await eventually(
    async () => (await verify(ending.value)).status,
    (status) => status === 401,
    20,
  );
  const unknown = [`mmt_${"0".repeat(79)}`, randomBytes(24).toString("hex")];
  return [ending.value, revoked.value, ofStopped.value, ofPowerless.value, ...unknown];
}

describe("[T12] an API token that is good for nothing", () => {
  test("ended, revoked, unknown, of a disabled client or of one without access → one answer to the caller, each its reason in the log", async () => {
    const dead = await deadTokens();
    const introspected = [];
    const verified = [];
    for (const token of dead) {
      verified.push(seenOf(await verify(token)));
      const answer = await introspect(token);
      // The token of a client without access is alive, and good for nothing here.
      introspected.push(seenOf(answer));
      expect([answer.status, answer.body]).toEqual([200, INACTIVE]);
    }
    expect([...new Set(verified)]).toHaveLength(1);
    expect([...new Set(introspected)]).toHaveLength(1);
    expect([...(await reasons())]).toEqual(
      expect.arrayContaining([
        "api_token_client_disabled",
        "api_token_expired",
        "api_token_revoked",
        "unknown_api_token",
      ]),
    );
  });

  test("of a suspended workspace → the same as an unknown one there, and as in a living one", async () => {
    const client = await world.tenant().workspace().resource("orders", ["read"]).client();
    const there = client.workspace;
    await turnOn(there);
    const { value } = await newApiToken(client);
    const query = new URLSearchParams({ resource: there.resource("orders").identifier });
    const ask = async (token: string) =>
      seenOf(await send(`${there.issuer}/oauth2/verify?${query}`, { headers: [tokenHeader(token)] }));
    const unknown = await ask(`mmt_${"0".repeat(79)}`);
    await there.admin.must("suspendWorkspace", { id: there.id }, "__typename");
    expect(await ask(value)).toBe(unknown);
    expect(await ask(`mmt_${"0".repeat(79)}`)).toBe(unknown);
  });

  test("at Mintmark's own APIs: unknown, revoked, of a disabled client → one answer", async () => {
    const tenant = await world.tenant().ready();
    const { workspace: own } = (await tenant.admin.run('{ workspace(slug: "admin") { id } }')) as {
      workspace: { id: string };
    };
    await tenant.admin.must("updateWorkspaceSettings", { workspaceId: own.id, apiTokens: "ON" }, "__typename");
    const make = async () => {
      const made = await tenant.admin.must("createClient", { workspaceId: own.id, name: "Machine" }, "client { id }");
      const { id: clientId } = made["client"] as { id: string };
      const input = { clientId, name: "A token", permissions: { all: true } };
      const { secret, apiToken } = await tenant.admin.must("createApiToken", input, "apiToken { id } secret");
      return { clientId, id: (apiToken as { id: string }).id, value: remember(String(secret)) };
    };
    const ask = (token: string) =>
      postGraphQL(world.graphqlUrl, { query: "{ viewer { clientId } }" }, [tokenHeader(token)]);
    const [revoked, stopped] = [await make(), await make()];
    for (const { value } of [revoked, stopped]) expect((await ask(value)).status).toBe(200);
    await tenant.admin.must("revokeApiToken", { id: revoked.id }, "__typename");
    await tenant.admin.must("disableClient", { id: stopped.clientId }, "__typename");
    const answers = [];
    for (const token of [revoked.value, stopped.value, `${stopped.value.slice(0, -8)}AAAAAAAA`])
      answers.push(seenOf(await ask(token)));
    expect([...new Set(answers)]).toHaveLength(1);
    expect(answers[0]).toMatch(/^401/);
  });
});
