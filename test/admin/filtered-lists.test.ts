import { describe, expect, test } from "vitest";
import type { Answer } from "../support/http.ts";
import { askToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { nestedFields } from "./contract.ts";
import { makePlace, type Place } from "./place.ts";
import { randomOf, rowScalars } from "./row-scalars.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const stage = useTenancyStage(world);

/** A new client of that place that was refused a token once: it has no secret. */
async function refused(place: Place): Promise<{ client: string; request: string; said: string }> {
  const client = await place.client();
  const tokenEndpoint = `${place.issuer}/oauth2/token`;
  const answer = await askToken({ tokenEndpoint, clientId: client, clientSecret: "mms_none" });
  expect(answer.status).toBe(401);
  const { correlation_id, error_description } = answer.json();
  return { client, request: String(correlation_id), said: String(error_description) };
}

const refusedClient = async (place: Place): Promise<string> => (await refused(place)).client;

const nodesOf = (answer: Answer): unknown[] =>
  (answer.json() as { data: { node: { tokenLog: { nodes: unknown[] } } } }).data.node.tokenLog.nodes;

const document = `query ($id: ID!, $clientId: ClientId) {
  node(id: $id) { ... on Workspace { tokenLog(clientId: $clientId) { nodes { client outcome } } } }
}`;

describe("[C4] [S12] a list filtered by a row shows what that row has here, and nothing of another place's", () => {
  test("the suite knows every argument of a list that names a row", () => {
    const found = nestedFields.flatMap(({ name, slots }) =>
      slots.filter(({ type }) => type in rowScalars).map(({ path }) => `${name} ${path.join(".")}`),
    );
    expect(found).toEqual(["Workspace.tokenLog clientId", "Workspace.tokenLog tokenId"]);
  });

  test("Workspace.tokenLog by client", async () => {
    const find = async (clientId: string | null) =>
      nodesOf(await stage.owner.post(document, { id: stage.own.workspaceId, clientId }));
    const mine = await refusedClient(stage.own);
    const another = await refusedClient(stage.own);
    expect(await find(mine)).toEqual([{ client: mine, outcome: "REFUSED" }]);
    expect(await find(null)).toEqual([another, mine].map((client) => ({ client, outcome: "REFUSED" })));
    const stranger = await makePlace(await world.tenant().ready());
    const sibling = await makePlace(stage.tenant);
    const foreign = [await refusedClient(sibling), await refusedClient(stranger)];
    for (const id of [...foreign, randomOf(mine), "", "%", "\0"]) expect([id, await find(id)]).toEqual([id, []]);
  });

  test("Workspace.tokenLog by token", async () => {
    const find = async (tokenId: string) =>
      nodesOf(
        await stage.owner.post(
          `query ($id: ID!, $tokenId: TokenId) {
            node(id: $id) { ... on Workspace { tokenLog(tokenId: $tokenId) { nodes { id } } } } }`,
          { id: stage.own.workspaceId, tokenId },
        ),
      );
    const mine = await stage.own.token();
    expect(await find(mine)).toEqual([{ id: mine }]);
    const foreign = [await (await makePlace(stage.tenant)).token()];
    for (const id of [...foreign, randomOf(mine), "", "%", "\0"]) expect([id, await find(id)]).toEqual([id, []]);
  });

  test("Workspace.tokenLogEntry by the request that error_uri names, with what it met and what the caller read", async () => {
    const document = `query ($id: ID!, $request: ID!) {
      node(id: $id) { ... on Workspace { tokenLogEntry(id: $request) { client outcome told explanation } } }
    }`;
    const find = async (request: string) => {
      const answer = await stage.owner.post(document, { id: stage.own.workspaceId, request });
      return (answer.json() as { data: { node: { tokenLogEntry: unknown } } }).data.node.tokenLogEntry;
    };
    const { client, request, said } = await refused(stage.own);
    const explanation = expect.stringContaining(client);
    expect(await find(request)).toEqual({ client, outcome: "REFUSED", told: said, explanation });
    const foreign = [
      await refused(await makePlace(stage.tenant)),
      await refused(await makePlace(await world.tenant().ready())),
    ];
    for (const id of [...foreign.map((one) => one.request), randomOf(request), "", "%", "\0"])
      expect([id, await find(id)]).toEqual([id, null]);
  });
});
