import { expect, test } from "vitest";
import { newApiToken } from "../support/api-token.ts";
import { postGraphQL } from "../support/graphql.ts";
import { eventually, send } from "../support/http.ts";
import { fetchToken } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
const jwt = (token: string): [string, string] => ["Authorization", `jWt ${token}`];
const named = [401, expect.stringMatching(/^Bearer .*Use Authorization: Bearer\./)];

async function verify({ workspace }: StoryClient, token: string) {
  const resource = encodeURIComponent(workspace.resource("orders").identifier);
  const { status, headers } = await send(`${workspace.issuer}/oauth2/verify?resource=${resource}&scope=read`, {
    headers: [jwt(token)],
  });
  return [status, headers["www-authenticate"]];
}

test("[T7] Authorization: JWT at a reverse proxy → 401 that names Bearer; where its workspace accepts it, 200, and no API token goes under it", async () => {
  const tenant = await world.tenant().ready();
  const story = () => world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const [client, other] = [await story(), await story()];
  const { id: workspaceId, admin } = client.workspace;
  const set = (input: object) => admin.must("updateWorkspaceSettings", { workspaceId, ...input }, "workspace { id }");
  const [token, foreign] = [await fetchToken(client), await fetchToken(other)];
  expect(await verify(client, token)).toEqual(named);
  await set({ jwtScheme: "ON", apiTokens: "ON" });
  expect(await verify(client, token)).toEqual([200, undefined]);
  expect((await verify(client, `${token.slice(0, -8)}AAAAAAAA`))[0]).toBe(401);
  expect(await verify(other, foreign)).toEqual(named);
  const { value } = await newApiToken(client);
  expect(await verify(client, value)).toEqual([401, expect.stringMatching(/^Token /)]);
  await set({ jwtScheme: null });
  expect(await verify(client, token)).toEqual(named);
});

test("[T7] at the Admin API → as its workspace says; what is of no such workspace is refused by the name of Bearer", async () => {
  const { admin, adminClient } = await world.tenant().ready();
  const token = await fetchToken(adminClient, { resource: adminClient.resource });
  const ask = async (presented: string) => {
    const answer = await postGraphQL(world.graphqlUrl, { query: "{ viewer { api } }" }, [jwt(presented)]);
    return [answer.status, answer.headers["www-authenticate"]];
  };
  expect(await ask(token)).toEqual(named);
  const { workspace } = (await admin.run('{ workspace(slug: "admin") { id } }')) as { workspace: { id: string } };
  await admin.must("updateWorkspaceSettings", { workspaceId: workspace.id, jwtScheme: "ON" }, "workspace { id }");
  await eventually(
    () => ask(token),
    ([status]) => status === 200,
    5,
  );
  const client = await world.tenant().workspace().resource("orders", ["read"]).client();
  expect(await ask(await fetchToken(client))).toEqual(named);
});
