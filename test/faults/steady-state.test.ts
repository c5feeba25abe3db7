import { expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { mutationDocument } from "../support/graphql.ts";
import { signInOwner } from "../support/member.ts";
import type { Credentials } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { statementsUnderLoad, surprises } from "./steady-state.ts";

const world = useWorld({ WORKERS: "2" });

/** A client id and a secret of a person: its power is theirs. */
async function ownPair(): Promise<Credentials> {
  const { tenant } = world.server.bootstrapped;
  const owner = await signInOwner(world.server);
  const { workspace } = (await world.rootAdmin.run('{ workspace(slug: "admin") { id } }')) as {
    workspace: { id: string };
  };
  const settings = { workspaceId: workspace.id, personalTokens: "ON", generatedTypes: ["CLIENT_CREDENTIALS"] };
  await world.rootAdmin.must("updateWorkspaceSettings", settings, "__typename");
  const document = mutationDocument("createPersonalClient", "personalClient { id tokenEndpoint } secret");
  const answer = await owner.graphql(tenant, document, { input: { name: "Mine", permissions: { all: true } } });
  const { data } = answer.json() as {
    data: { createPersonalClient: { personalClient: { id: string; tokenEndpoint: string }; secret: string } };
  };
  const { personalClient, secret } = data.createPersonalClient;
  return { ...personalClient, clientId: personalClient.id, clientSecret: remember(secret) };
}

test("[A15] [B12] [F8] tokens under load on two servers → the database gets records and heartbeats, and not one question about a client", async () => {
  const workspace = await world.tenant().workspace().resource("orders", ["read"]).ready();
  const clients: Credentials[] = [await ownPair()];
  for (let count = 0; count < 5; count++) clients.push(await workspace.addClient());
  const { tokens, sent } = await statementsUnderLoad(world, clients, 5);
  expect(tokens).toBeGreaterThan(100);
  expect(sent.some(({ text }) => text.includes("insert into token_log"))).toBe(true);
  expect(surprises(sent, 5, 2)).toEqual([]);
});
