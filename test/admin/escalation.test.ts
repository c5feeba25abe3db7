import { beforeAll, describe, expect, test } from "vitest";
import { askToken, fetchToken } from "../support/token.ts";
import { type StoryTenant, useWorld } from "../support/world.ts";
import {
  assign,
  type Caller,
  callerOf,
  fullDocument,
  newAccess,
  newCaller,
  outcomeOf,
  ownWorkspace,
  posting,
} from "./callers.ts";
import { fresh } from "./place.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const stage = useTenancyStage(world);
/** Has the role `admin` everywhere, and in the admin workspace too: all its contents are open to it. */
let insider: Caller;

beforeAll(async () => {
  const access = await newAccess(stage.admin, { role: "admin" });
  await assign(stage.admin, access.id, stage.role("admin"), stage.admin.place.workspaceId);
  insider = await callerOf(world, access);
});

/** A client with an owner's power that nobody uses. */
async function ownerClient(): Promise<string> {
  const client = await stage.admin.place.client();
  await assign(stage.admin, client, stage.role("owner"), "all");
  return client;
}

describe("[C5] nobody grants more than they hold", () => {
  test("by a direct grant", async () => {
    const clientId = await stage.admin.place.client();
    const grant = (...scopes: string[]) => ({ clientId, resourceId: stage.admin.apiId, scopes });
    const said = await stage.refused(insider, "setClientGrant", grant("workspace:read", "workspace:delete"));
    expect(said.message).toContain("workspace:delete");
    expect(said.message).not.toContain("workspace:read");
    await stage.done(insider, "setClientGrant", grant("workspace:read"));
    await stage.done(stage.owner, "setClientGrant", grant("workspace:delete"));
    // Nor is it taken back by who could not give it.
    await stage.refused(insider, "setClientGrant", grant());
  });

  test("by a role with such a scope, and by adding one to a role", async () => {
    const input = { workspaceId: stage.admin.place.workspaceId, name: fresh("role") };
    await stage.refused(insider, "createRole", {
      ...input,
      scopeIds: [stage.scope("workspace:read"), stage.scope("workspace:delete")],
    });
    const id = await stage.newRole(["workspace:read"]);
    await stage.done(insider, "updateRole", {
      id,
      scopeIds: [stage.scope("workspace:read"), stage.scope("client:read")],
    });
    await stage.refused(insider, "updateRole", { id, scopeIds: [stage.scope("workspace:delete")] });
  });

  test("by giving a role that somebody else made", async () => {
    const mighty = await stage.newRole(["workspace:delete"]);
    const clientId = await stage.admin.place.client();
    await stage.refused(insider, "createAssignment", { roleId: mighty, clientId, everywhere: true });
    await stage.refused(insider, "createAssignment", { roleId: stage.role("owner"), clientId, everywhere: true });
    await stage.refused(insider, "createAssignment", {
      roleId: stage.role("owner"),
      clientId,
      targetWorkspaceId: stage.own.workspaceId,
    });
    await stage.done(insider, "createAssignment", { roleId: stage.role("admin"), clientId, everywhere: true });
    await stage.done(stage.owner, "createAssignment", { roleId: stage.role("owner"), clientId, everywhere: true });
  });

  test("by taking a mightier one's role, or changing a mightier role", async () => {
    const assignment = await assign(stage.admin, await stage.admin.place.client(), stage.role("owner"), "all");
    await stage.refused(insider, "deleteAssignment", { id: assignment });
    const mighty = await stage.newRole(["workspace:delete"]);
    await assign(stage.admin, await stage.admin.place.client(), mighty, "all");
    await stage.refused(insider, "deleteRole", { id: mighty });
    await stage.refused(insider, "updateRole", { id: mighty, scopeIds: [] });
  });

  test("by a credential of a mightier client, made, imported, brought back to life or moved", async () => {
    const clientId = await ownerClient();
    const secret = await stage.admin.place.secret(clientId);
    await stage.refused(insider, "createClientSecret", { clientId });
    await stage.refused(insider, "importClientSecret", {
      clientId,
      value: `imported-${fresh("secret")}-${"x".repeat(40)}`,
    });
    await stage.refused(insider, "importClientSecret", { clientId, sha256: "a".repeat(64) });
    await stage.refused(insider, "revokeClientSecret", { id: secret });
    await stage.refused(insider, "disableClient", { id: clientId });
    await stage.done(stage.owner, "disableClient", { id: clientId });
    await stage.refused(insider, "enableClient", { id: clientId });
    await stage.refused(insider, "updateClient", { id: clientId, name: "Else" });
    await stage.refused(insider, "updateClientSettings", { clientId, accessTokenLifetime: 60 });
    await stage.refused(insider, "revokeClientTokens", { id: clientId });
    await stage.refused(insider, "deleteClient", { id: clientId });
  });

  test("by a credential of a client that will be mightier tomorrow", async () => {
    const clientId = await stage.admin.place.client();
    const notBefore = new Date(Date.now() + 86_400_000).toISOString();
    await stage.done(stage.owner, "createAssignment", {
      roleId: stage.role("owner"),
      clientId,
      everywhere: true,
      notBefore,
    });
    await stage.refused(insider, "createClientSecret", { clientId });
  });

  test("where they hold it for one workspace only", async () => {
    const local = await newCaller(world, stage.admin, { role: "admin", at: [stage.admin.place.workspaceId] });
    const clientId = await stage.admin.place.client();
    const grant = { clientId, resourceId: stage.admin.apiId, scopes: ["client:read"] };
    await stage.refused(local, "setClientGrant", grant);
    await stage.refused(local, "createAssignment", { roleId: stage.role("developer"), clientId, everywhere: true });
    await stage.refused(
      local,
      "createAssignment",
      { roleId: stage.role("developer"), clientId, targetWorkspaceId: stage.own.workspaceId },
      "NOT_FOUND",
    );
    await stage.done(local, "createAssignment", {
      roleId: stage.role("developer"),
      clientId,
      targetWorkspaceId: stage.admin.place.workspaceId,
    });
  });

  test("with a token that carries less than its client holds", async () => {
    const access = stage.tenant.adminClient;
    const names = [
      "assignment:write",
      "client-grant:write",
      "client:write",
      "role:write",
      "resource:read",
      "workspace:read",
    ];
    const token = await fetchToken(access, { resource: access.resource, scope: names.join(" ") });
    const { post } = posting(world.graphqlUrl, token);
    const call = (mutation: string, input: object) => post(fullDocument(mutation), { input });
    const narrow: Caller = { ...stage.owner, token, post, call: call as Caller["call"] };
    const clientId = await stage.admin.place.client();
    await stage.refused(narrow, "setClientGrant", {
      clientId,
      resourceId: stage.admin.apiId,
      scopes: ["workspace:delete"],
    });
    await stage.refused(narrow, "createAssignment", { roleId: stage.role("developer"), clientId, everywhere: true });
    const system = await ownWorkspace(stage.tenant, "system");
    const operator = { roleId: system.roles.get("operator"), clientId: await system.place.client(), everywhere: true };
    await stage.refused(narrow, "createAssignment", operator);
    await stage.done(stage.owner, "createAssignment", operator);
    await stage.refused(narrow, "createClientSecret", { clientId }, "NOT_FOUND");
    await stage.refused(narrow, "createWorkspace", { slug: fresh("workspace"), name: "New" }, "FORBIDDEN");
  });

  test("scopes of the installation are the root tenant's owner's to give, and nobody else's there", async () => {
    const root: StoryTenant = { ...stage.tenant, admin: world.rootAdmin, adminClient: world.server.bootstrapped };
    const system = await ownWorkspace(root, "system");
    const clientId = await system.place.client();
    const grant = { clientId, resourceId: system.apiId, scopes: ["tenant:create"] };
    const access = await newAccess(await ownWorkspace(root, "admin"), { role: "admin" });
    const administrator = await callerOf(world, access);
    expect(outcomeOf(await administrator.call("setClientGrant", grant), "setClientGrant")).toBe("NOT_FOUND");
    expect((await world.rootAdmin.mutate("setClientGrant", grant, "__typename")).userErrors).toEqual([]);
  });

  test("the root tenant's owner gives the system workspace's first client another secret, and takes the old one back", async () => {
    const { system } = world.server.bootstrapped;
    const made = await world.rootAdmin.must("createClientSecret", { clientId: system.clientId }, "secret");
    const next = { ...system, clientSecret: String(made["secret"]) };
    const document = "query ($id: ID!) { node(id: $id) { ... on Client { credentials { nodes { id } } } } }";
    const { node } = (await world.rootAdmin.run(document, { id: system.clientId })) as {
      node: { credentials: { nodes: { id: string }[] } };
    };
    const first = node.credentials.nodes.at(-1)?.id;
    expect((await world.rootAdmin.mutate("revokeClientSecret", { id: first }, "__typename")).userErrors).toEqual([]);
    expect([(await askToken(next)).status, (await askToken(system)).status]).toEqual([200, 401]);
  });

  test("a customer's scope of the same name is no power", async () => {
    const { workspaceId } = stage.admin.place;
    const identifier = `https://${fresh("lookalike")}.example.com/`;
    const scopes = [{ name: "workspace:create" }, { name: "client:write" }];
    const resourceId = await stage.make(
      "createResource",
      { workspaceId, name: "Lookalike", identifier, scopes },
      "resource",
    );
    const lookalikes = [...(await stage.scopesOf(resourceId)).values()];
    const roleId = await stage.make("createRole", { workspaceId, name: fresh("role"), scopeIds: lookalikes }, "role");
    const access = await newAccess(stage.admin, { grants: ["workspace:read"] });
    await stage.done(stage.owner, "setClientGrant", {
      clientId: access.id,
      resourceId,
      scopes: ["workspace:create", "client:write"],
    });
    await assign(stage.admin, access.id, roleId, "all");
    expect((await askToken(access, { resource: stage.admin.api, scope: "workspace:create" })).json()["error"]).toBe(
      "invalid_scope",
    );
    const caller = await callerOf(world, access);
    await stage.refused(caller, "createWorkspace", { slug: fresh("workspace"), name: "New" }, "FORBIDDEN");
    const token = await fetchToken(access, { resource: identifier });
    expect((await posting(world.graphqlUrl, token).post("{ viewer { api } }")).status).toBe(401);
  });
});

describe("[C5] direct grants", () => {
  test("of everything count in every workspace and open no closed one", async () => {
    const granted = await newCaller(world, stage.admin, {
      grants: [...(await stage.scopesOf(stage.admin.apiId)).keys()],
    });
    await stage.done(granted, "createClient", { workspaceId: stage.own.workspaceId, name: "New" });
    await stage.refused(
      granted,
      "createClient",
      { workspaceId: stage.admin.place.workspaceId, name: "New" },
      "WORKSPACE_CLOSED",
    );
    await stage.refused(granted, "createClientSecret", { clientId: await stage.admin.place.client() }, "NOT_FOUND");
    const clientId = await stage.admin.place.client();
    await stage.refused(
      granted,
      "createAssignment",
      { roleId: stage.role("owner"), clientId, everywhere: true },
      "NOT_FOUND",
    );
  });
});
