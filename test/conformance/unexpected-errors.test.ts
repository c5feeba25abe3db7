import postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { postGraphQL } from "../support/graphql.ts";
import { type Answer, eventually } from "../support/http.ts";
import { askToken, bearer, fetchToken } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
let client: StoryClient;
let adminToken: string;
beforeAll(async () => {
  const tenant = await world.tenant().ready();
  client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  adminToken = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
  // Nobody foresees this: a column of which every statement of its table asks is called something else.
  const sql = postgres(world.server.database.ownerUrl, { max: 1 });
  await sql`alter table client_secrets rename column digest to unforeseen`;
  await sql`alter table resources rename column identifier to unforeseen`;
  await sql.end();
});

/** A correlation id that the log knows with the cause, and nothing of the inside. */
async function expectMasked(answer: Answer, correlationId: unknown) {
  expect(correlationId).toMatch(/^req_[A-Za-z0-9]{22}$/);
  expect(answer.body).not.toMatch(/unforeseen|digest|does not exist|select |postgres|\bat [\w.]+ \(|node_modules/i);
  const lines = () => world.server.log().split("\n");
  const explained = async () =>
    lines().some((line) => line.includes(String(correlationId)) && /column|unforeseen|identifier|digest/.test(line));
  await eventually(explained, (isThere) => isThere);
}

describe("an error nobody foresaw (ours)", () => {
  test("in GraphQL → masked, with a correlation id that the log explains", async () => {
    const query = '{ workspace(slug: "admin") { resources { nodes { identifier } } } }';
    const answer = await postGraphQL(world.graphqlUrl, { query }, [bearer(adminToken)]);
    const { errors } = answer.json() as { errors: { extensions: Record<string, unknown> }[] };
    expect(errors).toHaveLength(1);
    await expectMasked(answer, errors[0]?.extensions["correlationId"]);
  });

  test("at the token endpoint → 500 server_error with a correlation id, never a token and never a false 401", async () => {
    const answer = await askToken({ ...client, clientId: (await otherClient()).clientId });
    expect(answer.status).toBe(500);
    const { error, correlation_id } = answer.json();
    expect(error).toBe("server_error");
    await expectMasked(answer, correlation_id);
  });

  /** A client that no cache has seen. */
  async function otherClient(): Promise<{ clientId: string }> {
    const { id: workspaceId, admin } = client.workspace;
    const made = await admin.must("createClient", { workspaceId, name: "unseen" }, "client { clientId }");
    return made["client"] as { clientId: string };
  }
});
