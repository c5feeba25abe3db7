import * as oauth from "oauth4webapi";
import { beforeAll, describe, expect, test } from "vitest";
import { mutationDocument, postGraphQL } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import type { AutomationClient } from "../support/server.ts";
import { askToken, basic, bearer, decodeJwt, fetchToken, post } from "../support/token.ts";
import { freshSlug, type StoryTenant, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let tenant: StoryTenant;
beforeAll(async () => {
  tenant = await world.tenant().ready();
});

const ask = async (token: string, query: string, variables = {}) =>
  postGraphQL(world.graphqlUrl, { query, variables }, [bearer(token)]);
/** The code of the payload's refusal, or `done`. */
const attempt = async (token: string, name: string, input: object, selection: string) => {
  const answer = await ask(token, mutationDocument(name, selection), { input });
  const data = answer.json()["data"] as Record<string, { userErrors: { code: string }[] }> | undefined;
  return data?.[name]?.userErrors[0]?.code ?? (data?.[name] ? "done" : `HTTP ${answer.status}`);
};
const createWorkspace = (token: string) => {
  const slug = freshSlug("made");
  return attempt(token, "createWorkspace", { slug, name: slug }, "workspace { id }");
};
const createTenant = (token: string) => {
  const slug = freshSlug("made");
  return attempt(token, "createTenant", { slug, name: slug }, "tenant { id }");
};
const tokenOf = (client: AutomationClient, scope?: string) =>
  fetchToken(client, { resource: client.resource, ...(scope && { scope }) });

describe("[S13] a client of the admin workspace", () => {
  test("→ gets tokens whose audience is that tenant's Admin API, with its scopes", async () => {
    const { adminClient, slug } = tenant;
    const { claims } = decodeJwt(await tokenOf(adminClient));
    expect(claims).toMatchObject({ aud: `${world.origin}/${slug}/admin/api`, iss: `${world.origin}/${slug}/admin` });
    expect(String(claims["scope"]).split(" ").sort()).toEqual([...adminClient.scopes].sort());
    expect(adminClient.scopes).toContain("workspace:create");
  });

  test("with every scope → may do what they name", async () => {
    expect(await createWorkspace(await tokenOf(tenant.adminClient))).toBe("done");
  });

  test.each([
    ["workspace:read", "FORBIDDEN"],
    ["workspace:read workspace:create", "done"],
    ["client:write client:read", "FORBIDDEN"],
  ])("with only %s → createWorkspace: %s", async (scope, outcome) => {
    expect(await createWorkspace(await tokenOf(tenant.adminClient, scope))).toBe(outcome);
  });

  test("does not open the System API, not even the root tenant's admin → refused", async () => {
    expect(await createTenant(await tokenOf(tenant.adminClient))).toMatch(/^(WRONG_API|FORBIDDEN)$/);
    expect(await createTenant(await tokenOf(world.server.bootstrapped))).toMatch(/^(WRONG_API|FORBIDDEN)$/);
  });

  test("does not get a token for the System API → invalid_target", async () => {
    const resource = world.server.bootstrapped.system.resource;
    expectRefusal(await askToken(world.server.bootstrapped, { resource }), 400, "invalid_target");
  });
});

test("[S13] a token for the Admin API and another API → 401: whoever holds that API would hold it too", async () => {
  const { admin, adminClient } = tenant;
  const [scope, identifier] = ["workspace:read", "https://beside.example.com"];
  const slugs = await admin.run("{ workspaces(first: 10) { edges { node { id kind } } } }");
  const { edges } = slugs["workspaces"] as { edges: { node: { id: string; kind: string } }[] };
  const workspaceId = edges.find(({ node }) => node.kind === "ADMIN")?.node.id;
  const input = { workspaceId, name: "Beside", identifier, scopes: [{ name: scope }] };
  const { resource } = await admin.must("createResource", input, "resource { id }");
  const clients = await admin.run(
    `{ workspace(slug: "admin") { clients(first: 10) { edges { node { id clientId } } } } }`,
  );
  const own = (
    clients["workspace"] as { clients: typeof slugs & { edges: { node: { id: string; clientId: string } }[] } }
  ).clients.edges;
  const clientId = own.find(({ node }) => node.clientId === adminClient.clientId)?.node.id;
  const resourceId = (resource as { id: string }).id;
  await admin.must("setClientGrant", { clientId, resourceId, scopes: [scope] }, "clientGrant { id }");
  const form = [
    ["grant_type", "client_credentials"],
    ["resource", adminClient.resource],
    ["resource", identifier],
    ["scope", scope],
  ] as const;
  const { access_token } = expectToken(await post(adminClient.tokenEndpoint, form, [basic(adminClient)]));
  expect(decodeJwt(access_token).claims["aud"]).toEqual([adminClient.resource, identifier]);
  const query = "{ workspaces(first: 1) { edges { node { id } } } }";
  expect((await ask(access_token, query)).status).toBe(401);
  expect((await ask(await tokenOf(adminClient, scope), query)).status).toBe(200);
});

describe("[S13] a client of the root tenant's system workspace", () => {
  test("→ gets tokens whose audience is the System API, and manages tenants with them", async () => {
    const { system, tenant: slug } = world.server.bootstrapped;
    const token = await tokenOf(system);
    expect(decodeJwt(token).claims).toMatchObject({
      aud: `${world.origin}/${slug}/system/api`,
      iss: `${world.origin}/${slug}/system`,
    });
    expect(await createTenant(token)).toBe("done");
  });

  test("without tenant:create → createTenant is refused", async () => {
    expect(await createTenant(await tokenOf(world.server.bootstrapped.system, "tenant:read"))).toBe("FORBIDDEN");
  });

  test("does not open the Admin API → refused", async () => {
    const token = await tokenOf(world.server.bootstrapped.system);
    expect(await createWorkspace(token)).toMatch(/^(WRONG_API|FORBIDDEN)$/);
    const listed = await ask(token, "{ workspaces { nodes { slug } } }");
    expect(listed.body).not.toContain('"slug"');
  });
});

describe("[S13] nothing of another tenant", () => {
  test("a tenant's admin token → sees its own workspaces and none of another's", async () => {
    const other = await world.tenant().ready();
    const hidden = freshSlug("hidden");
    const made = await other.admin.must("createWorkspace", { slug: hidden, name: hidden }, "workspace { id }");
    const { id } = made["workspace"] as { id: string };
    const token = await tokenOf(tenant.adminClient);
    const listed = await ask(token, "{ workspaces { nodes { slug } } }");
    expect(listed.body).toContain('"admin"');
    expect(listed.body).not.toContain(hidden);
    expect(await attempt(token, "updateWorkspace", { id, name: "taken" }, "workspace { id }")).toBe("NOT_FOUND");
  });

  test("another tenant's special workspaces look alike, their tokens open only their own", async () => {
    const other = await world.tenant().ready();
    const mine = await ask(await tokenOf(tenant.adminClient), "{ viewer { tenant { slug } } }");
    const theirs = await ask(await tokenOf(other.adminClient), "{ viewer { tenant { slug } } }");
    expect(mine.json()).toEqual({ data: { viewer: { tenant: { slug: tenant.slug } } } });
    expect(theirs.json()).toEqual({ data: { viewer: { tenant: { slug: other.slug } } } });
  });
});

describe("[S13] a custom workspace's token", () => {
  test("→ opens neither API, and no resource there can be called like one", async () => {
    const story = world.tenant(tenant).workspace().resource("orders", ["workspace:create"]);
    const plain = await story.client();
    const { access_token } = expectToken(await askToken(plain));
    expect((await ask(access_token, "{ __typename }")).status).toBe(401);

    const workspace = await world.tenant(tenant).workspace().ready();
    const input = { workspaceId: workspace.id, name: "x", identifier: tenant.adminClient.resource };
    const { resource, userErrors } = await workspace.admin.mutate("createResource", input, "resource { id }");
    expect(resource).toBeNull();
    expect(userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["identifier"] }]);
  });
});

describe("[S13] the token decides together with what the client holds now", () => {
  /** A client of the admin workspace that may read. */
  const helper = async () => {
    const workspaces = await tenant.admin.run('{ workspace(slug: "admin") { id } }');
    const { id: workspaceId } = workspaces["workspace"] as { id: string };
    const client = await tenant.admin.must("createClient", { workspaceId, name: "helper" }, "client { id clientId }");
    const { id, clientId } = client["client"] as { id: string; clientId: string };
    const roles = await tenant.admin.run('{ workspace(slug: "admin") { roles { nodes { id name } } } }');
    const { nodes } = (roles["workspace"] as { roles: { nodes: { id: string; name: string }[] } }).roles;
    const auditor = nodes.find(({ name }) => name === "auditor");
    const assignment = { roleId: auditor?.id, clientId: id, everywhere: true };
    await tenant.admin.must("createAssignment", assignment, "assignment { id }");
    const { secret } = await tenant.admin.must("createClientSecret", { clientId: id }, "secret");
    const { tokenEndpoint, resource } = tenant.adminClient;
    return { id, tokenEndpoint, clientId, clientSecret: String(secret), resource };
  };

  test("its client disabled after the token was issued → 401 on the next request", async () => {
    const client = await helper();
    const token = await fetchToken(client, { resource: client.resource });
    expect((await ask(token, "{ viewer { tenant { slug } } }")).status).toBe(200);
    expect(await createWorkspace(token)).toBe("FORBIDDEN");
    await tenant.admin.must("disableClient", { id: client.id }, "client { id }");
    expect((await ask(token, "{ viewer { tenant { slug } } }")).status).toBe(401);
  });

  test("a token exchanged for somebody else's → 401, for its client's own → let in (RFC 8693)", async () => {
    const client = await helper();
    await tenant.admin.must("updateClientSettings", { clientId: client.id, tokenExchange: "ALLOWED" }, "client { id }");
    const status = async (subject_token: string) => {
      const form = {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
        subject_token,
      };
      const { access_token } = expectToken(await post(client.tokenEndpoint, form, [basic(client)]));
      return (await ask(access_token, "{ viewer { tenant { slug } } }")).status;
    };
    expect(await status(await tokenOf(tenant.adminClient))).toBe(401);
    expect(await status(await fetchToken(client, { resource: client.resource }))).toBe(200);
  });
});

describe("the APIs say themselves how to get in (RFC 9728)", () => {
  const documentOf = (slug: string, workspace: string) =>
    send(`${world.origin}/.well-known/oauth-protected-resource/${slug}/${workspace}/api`);

  test.each(["admin", "system"])(
    "the %s API's metadata → its issuer, its scopes, how tokens are sent",
    async (kind) => {
      const answer = await documentOf(tenant.slug, kind);
      const issuer = `${world.origin}/${tenant.slug}/${kind}`;
      expect(answer.json()).toEqual({
        resource: `${issuer}/api`,
        authorization_servers: [issuer],
        bearer_methods_supported: ["header"],
        scopes_supported: expect.any(Array),
        dpop_signing_alg_values_supported: ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"],
        dpop_bound_access_tokens_required: false,
      });
      if (kind === "admin") expect(answer.json()["scopes_supported"]).toEqual([...tenant.adminClient.scopes].sort());
      expect(answer.headers).toMatchObject({ "access-control-allow-origin": "*", "content-type": "application/json" });
    },
  );

  test("of a workspace that protects no API of the product, and of none → 404", async () => {
    const { slug } = await world.tenant(tenant).workspace().ready();
    for (const workspace of [slug, "nothing"]) expect((await documentOf(tenant.slug, workspace)).status).toBe(404);
  });

  test("another author's client finds the issuer of an API by its metadata", async () => {
    const resource = new URL(`${world.origin}/${tenant.slug}/admin/api`);
    const insecure = { [oauth.allowInsecureRequests]: true };
    const found = await oauth.resourceDiscoveryRequest(resource, insecure);
    const { authorization_servers } = await oauth.processResourceDiscoveryResponse(resource, found);
    expect(authorization_servers).toEqual([`${world.origin}/${tenant.slug}/admin`]);
  });

  test.each([
    ["a bad token of the System API", () => [bearer(forged(`${world.origin}/${tenant.slug}/system`))], "", "system"],
    ["no token, and the tenant in the address", () => [], "?tenant=", "admin"],
  ] as const)("%s → a challenge that names the metadata", async (_, headers, query, kind) => {
    const url = query === "" ? world.graphqlUrl : `${world.graphqlUrl}${query}${tenant.slug}`;
    const { status, headers: answered } = await postGraphQL(url, { query: "{ viewer { __typename } }" }, headers());
    const metadata = `${world.origin}/.well-known/oauth-protected-resource/${tenant.slug}/${kind}/api`;
    expect([status, answered["www-authenticate"]]).toEqual([
      401,
      expect.stringContaining(`resource_metadata="${metadata}"`),
    ]);
  });

  test("a token that names a foreign issuer → nothing of it in the challenge", async () => {
    const answer = await ask(forged("https://evil.example.com/acme/admin"), "{ viewer { __typename } }");
    expect(answer.headers["www-authenticate"]).not.toMatch(/resource_metadata|evil/);
  });

  const forged = (iss: string) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "ES256", typ: "at+jwt", kid: "x" })}.${part({ iss })}.AAAA`;
  };
});
