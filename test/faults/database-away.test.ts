import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import postgres from "postgres";
import { expect, test } from "vitest";
import { mutationDocument, postGraphQL } from "../support/graphql.ts";
import { eventually, send } from "../support/http.ts";
import { setDatabaseAway } from "../support/postgres.ts";
import { askToken, basic, bearer, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();

/** A client's own ways to show what counts once: an assertion that it signs, and a proof beside its secret. */
async function onceOnly(client: StoryClient) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(publicKey);
  const input = { clientId: client.id, publicKey: JSON.stringify(jwk) };
  await client.workspace.admin.must("createClientKey", input, "clientKey { id }");
  const [htm, htu] = ["POST", client.tokenEndpoint];
  const { clientId } = client;
  const sign = (header: object, claims: object) =>
    new SignJWT({ jti: randomUUID(), ...claims })
      .setIssuedAt()
      .setExpirationTime("1m")
      .setProtectedHeader({ alg: "ES256", ...header })
      .sign(privateKey);
  const byProof = async (nonce?: string) => {
    const proof = await sign({ typ: "dpop+jwt", jwk }, { htm, htu, ...(nonce && { nonce }) });
    return post(htu, { grant_type: "client_credentials" }, [basic(client), ["DPoP", proof]]);
  };
  const nonce = String((await byProof()).headers["dpop-nonce"]);
  return {
    byAssertion: async () =>
      post(htu, {
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: await sign({}, { iss: clientId, sub: clientId, aud: client.workspace.issuer }),
      }),
    byProof: () => byProof(nonce),
  };
}

async function logged(url: string, jti: string): Promise<readonly Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1 });
  const rows = await sql`select client, outcome from token_log where jti = ${jti}`;
  await sql.end();
  return rows.map((row) => ({ ...row }));
}

test("[B12] while the database is away memory answers and records wait on the disk; what needs the database is 503, and all works again when it is back", async () => {
  const { server, graphqlUrl } = world;
  const story = world.tenant().workspace().resource("orders", ["read"]);
  const workspace = await story.ready();
  const client = await workspace.addClient();
  const strict = await world.tenant().workspace().resource("orders", ["read"]).client();
  const { id: workspaceId, admin } = strict.workspace;
  await admin.must("updateWorkspaceSettings", { workspaceId, whenDatabaseAway: "STOP" }, "workspace { id }");
  await fetchToken(strict);
  const { system } = server.bootstrapped;
  const operatorToken = await fetchToken(system, { resource: system.resource });
  const token = await fetchToken(client);
  const once = await onceOnly(client);
  expect([(await once.byAssertion()).status, (await once.byProof()).status]).toEqual([200, 200]);

  const createTenant = (slug: string) =>
    postGraphQL(
      graphqlUrl,
      { query: mutationDocument("createTenant", "tenant { id }"), variables: { input: { slug, name: slug } } },
      [bearer(operatorToken)],
    );
  const all = async (slug: string) => ({
    token: await askToken(client),
    strictToken: await askToken(strict),
    // Nobody can tell whether it came before.
    assertion: await once.byAssertion(),
    proof: await once.byProof(),
    introspection: await post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(client)]),
    unknownClient: await askToken({ ...client, clientId: `cli_${slug}` }),
    change: await createTenant(slug),
    ready: await send(`${world.origin}/readyz`),
  });
  const statuses = (answers: Awaited<ReturnType<typeof all>>) =>
    Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]));

  await setDatabaseAway(server.database, true);
  const away = await all("lost");
  expect(statuses(away)).toEqual({
    token: 200,
    strictToken: 503,
    assertion: 503,
    proof: 503,
    introspection: 200,
    unknownClient: 503,
    change: 503,
    // A server that can issue tokens stays behind its load balancer.
    ready: 200,
  });
  expect(away.introspection.json()).toMatchObject({ active: true });
  for (const { headers, body } of [away.strictToken, away.assertion, away.proof, away.unknownClient, away.change]) {
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect(body).not.toMatch(/postgres|ECONN|connection limit|too many|\\n\s+at /);
  }
  expect((await send(`${world.origin}/livez`)).status).toBe(200);

  await setDatabaseAway(server.database, false);
  await eventually(
    async () => (await askToken(strict)).status,
    (status) => status === 200,
    5,
  );
  expect(statuses(await all("found"))).toEqual({
    token: 200,
    strictToken: 200,
    assertion: 200,
    proof: 200,
    introspection: 200,
    unknownClient: 401,
    change: 200,
    ready: 200,
  });
  // The token that was given meanwhile has its row, once.
  const { jti } = decodeJwt(String(away.token.json()["access_token"])).claims as { jti: string };
  const rows = async () => logged(server.database.ownerUrl, jti);
  expect(await eventually(rows, (found) => found.length > 0, 10)).toEqual([{ client: client.id, outcome: "issued" }]);
  // Nothing that was answered 503 happened behind the caller's back and is in the way now.
  expect((await createTenant("lost")).json()).toMatchObject({ data: { createTenant: { userErrors: [] } } });
});
