import { describe, expect, test } from "vitest";
import { graphqlAs, postGraphQL } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import { askToken, basic, bearer, fetchToken, post } from "../support/token.ts";
import { freshSlug, useWorld } from "../support/world.ts";
import { expectToken } from "./answers.ts";

const world = useWorld();
const TENANT = "tenant { id slug status }";

describe("[C4] the root tenant creates a tenant", () => {
  test("→ it has its admin and its system workspace at once, each an issuer with a key", async () => {
    const { slug, admin } = await world.tenant().ready();
    const { workspaces } = (await admin.run("{ workspaces { nodes { slug kind } } }")) as {
      workspaces: { nodes: { slug: string; kind: string }[] };
    };
    expect(workspaces.nodes.toSorted((x, y) => x.slug.localeCompare(y.slug))).toEqual([
      { slug: "admin", kind: "ADMIN" },
      { slug: "system", kind: "SYSTEM" },
    ]);
    for (const workspace of ["admin", "system"]) {
      const { status, body } = await send(`${world.origin}/${slug}/${workspace}/.well-known/jwks.json`);
      expect(status).toBe(200);
      expect(JSON.parse(body).keys.length).toBeGreaterThan(0);
    }
  });

  test.each([
    ["a slug that is taken", () => world.server.bootstrapped.tenant, "ALREADY_EXISTS"],
    ["a reserved slug", () => "console", "SLUG_RESERVED"],
    ["a slug in capitals", () => "Acme", "INVALID_INPUT"],
    ["a slug with a slash", () => "a/b", "INVALID_INPUT"],
    ["a slug of 64 characters", () => "a".repeat(64), "INVALID_INPUT"],
    ["an empty slug", () => "", "INVALID_INPUT"],
  ])("with %s → refused and nothing made", async (_condition, slug, code) => {
    const made = await world.operator.mutate("createTenant", { slug: slug(), name: "x" }, TENANT);
    expect(made).toMatchObject({ tenant: null, userErrors: [{ code, path: expect.arrayContaining(["slug"]) }] });
  });

  test("a new tenant's own clients → create no tenant", async () => {
    const tenant = await world.tenant().ready();
    const made = await tenant.admin.mutate("createTenant", { slug: freshSlug("no"), name: "no" }, TENANT);
    expect(made["tenant"]).toBeNull();
    expect(made.userErrors[0]?.code).toMatch(/^(FORBIDDEN|WRONG_API)$/);
  });
});

describe("[C4] the root tenant suspends a tenant", () => {
  test("→ it issues nothing, its tokens are inactive, its GraphQL answers 401 on the next request; resumed → all is back", async () => {
    const tenant = await world.tenant().ready();
    const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    const token = await fetchToken(client);
    const adminToken = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
    const introspect = async () =>
      (await post(`${client.workspace.issuer}/oauth2/introspect`, { token }, [basic(client)])).body;
    const graphql = async () =>
      (await postGraphQL(world.graphqlUrl, { query: "{ viewer { tenant { slug } } }" }, [bearer(adminToken)])).status;
    expect([await graphql(), JSON.parse(await introspect())["active"]]).toEqual([200, true]);

    const suspended = await world.operator.must("suspendTenant", { id: tenant.id }, TENANT);
    expect(suspended["tenant"]).toMatchObject({ id: tenant.id, status: "SUSPENDED" });
    expect(await graphql()).toBe(401);
    expect(await introspect()).not.toContain('"active":true');
    for (const [asked, form] of [
      [client, {}],
      [tenant.adminClient, { resource: tenant.adminClient.resource }],
    ] as const) {
      const answer = await askToken(asked, form);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body).not.toContain("access_token");
    }

    await world.operator.must("resumeTenant", { id: tenant.id }, TENANT);
    expectToken(await askToken(client));
    expect([await graphql(), JSON.parse(await introspect())["active"]]).toEqual([200, true]);
  });

  test("others → go on", async () => {
    const [one, other] = [await world.tenant().ready(), await world.tenant().ready()];
    const client = await world.tenant(other).workspace().resource("orders", ["read"]).client();
    await world.operator.must("suspendTenant", { id: one.id }, TENANT);
    expectToken(await askToken(client));
  });

  test("the root tenant itself → refused as PROTECTED", async () => {
    const data = await world.operator.run("{ viewer { tenant { id } } }");
    const { id } = (data["viewer"] as { tenant: { id: string } }).tenant;
    const { userErrors } = await world.operator.mutate("suspendTenant", { id }, TENANT);
    expect(userErrors).toMatchObject([{ code: "PROTECTED" }]);
    expectToken(await askToken(world.server.bootstrapped, { resource: world.server.bootstrapped.resource }));
  });
});

describe("[C4] nothing of tenant X from tenant Y", () => {
  test("Y's clients under X's issuers → 401 or 404, like nobody's", async () => {
    const x = await world.tenant().workspace().resource("orders", ["read"]).client();
    const y = await world.tenant().ready();
    expect((await askToken({ ...y.adminClient, tokenEndpoint: x.tokenEndpoint })).status).toBe(401);
  });

  test("X's rows by id through Y's GraphQL → the answer for an id that nobody has", async () => {
    const x = await world.tenant().workspace().resource("orders", ["read"]).client();
    const y = await world.tenant().ready();
    const caller = graphqlAs(world.graphqlUrl, y.adminClient);
    const name = async (id: string) => caller.mutate("updateClient", { id, name: "taken" }, "client { id }");
    const strip = (value: unknown, id: string) => JSON.stringify(value).replaceAll(id, "");
    expect(strip(await name(x.id), x.id)).toBe(strip(await name("cli_00000000000000"), "cli_00000000000000"));
    const node = (id: string) => caller.run("query ($id: ID!) { node(id: $id) { id } }", { id });
    expect(await node(x.id)).toEqual({ node: null });
    expect(await node(x.workspace.id)).toEqual({ node: null });
  });
});
