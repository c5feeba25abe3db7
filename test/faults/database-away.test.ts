import { expect, test } from "vitest";
import { mutationDocument, postGraphQL } from "../support/graphql.ts";
import { eventually, send } from "../support/http.ts";
import { setDatabaseAway } from "../support/postgres.ts";
import { askToken, basic, bearer, fetchToken, post } from "../support/token.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld();

test("while the database is away memory answers, everything else is 503 with Retry-After, and all works again when it is back", async () => {
  const { server, graphqlUrl } = world;
  const story = world.tenant().workspace().resource("orders", ["read"]);
  const workspace = await story.ready();
  const client = await workspace.addClient();
  const { system } = server.bootstrapped;
  const operatorToken = await fetchToken(system, { resource: system.resource });
  const token = await fetchToken(client);

  const createTenant = (slug: string) =>
    postGraphQL(
      graphqlUrl,
      { query: mutationDocument("createTenant", "tenant { id }"), variables: { input: { slug, name: slug } } },
      [bearer(operatorToken)],
    );
  const all = async (slug: string) => ({
    token: await askToken(client),
    introspection: await post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(client)]),
    unknownClient: await askToken({ ...client, clientId: `cli_${slug}` }),
    change: await createTenant(slug),
    ready: await send(`${world.origin}/readyz`),
  });
  const statuses = (answers: Awaited<ReturnType<typeof all>>) =>
    Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]));

  await setDatabaseAway(server.database, true);
  const away = await all("lost");
  expect(statuses(away)).toEqual({ token: 503, introspection: 200, unknownClient: 503, change: 503, ready: 503 });
  expect(away.introspection.json()).toMatchObject({ active: true });
  for (const { headers, body } of [away.token, away.unknownClient, away.change]) {
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    expect(body).not.toMatch(/postgres|ECONN|connection limit|too many|\\n\s+at /);
  }
  expect((await send(`${world.origin}/livez`)).status).toBe(200);

  await setDatabaseAway(server.database, false);
  await eventually(
    async () => (await send(`${world.origin}/readyz`)).status,
    (status) => status === 200,
    10,
  );
  expect(statuses(await all("found"))).toEqual({
    token: 200,
    introspection: 200,
    unknownClient: 401,
    change: 200,
    ready: 200,
  });
  // Nothing that was answered 503 happened behind the caller's back and is in the way now.
  expect((await createTenant("lost")).json()).toMatchObject({ data: { createTenant: { userErrors: [] } } });
});
