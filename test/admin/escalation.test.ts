import { beforeAll, describe, expect, test } from "vitest";
import type { UserError } from "../support/graphql.ts";
import type { Answer } from "../support/http.ts";
import { askToken, fetchToken } from "../support/token.ts";
import { type StoryTenant, useWorld } from "../support/world.ts";
import {
  assign,
  type Caller,
  callerOf,
  fullDocument,
  newAccess,
  newCaller,
  type OwnWorkspace,
  outcomeOf,
  ownWorkspace,
  posting,
} from "./callers.ts";
import { fresh, idIn, makePlace, type Place } from "./place.ts";
import { changedByRefusal, changedPlaces, useRows } from "./rows.ts";

const world = useWorld();
const rows = useRows(world);
let tenant: StoryTenant;
let admin: OwnWorkspace;
let own: Place;
let owner: Caller;
/** Has the role `admin` everywhere, and in the admin workspace too: all its contents are open to it. */
let insider: Caller;
/** Scopes of the Admin API by name, with their ids. */
let scopeIds: ReadonlyMap<string, string>;

beforeAll(async () => {
  tenant = await world.tenant().ready();
  admin = await ownWorkspace(tenant, "admin");
  own = await makePlace(tenant);
  owner = await callerOf(world, tenant.adminClient);
  insider = await newInsider();
  scopeIds = await scopesOf(admin.apiId);
}, 120_000);

async function newInsider(): Promise<Caller> {
  const access = await newAccess(admin, { role: "admin" });
  await assign(admin, access.id, admin.roles.get("admin") ?? "", admin.place.workspaceId);
  return callerOf(world, access);
}

async function scopesOf(resource: string): Promise<ReadonlyMap<string, string>> {
  const answer = (await tenant.admin.run(`{ node(id: "${resource}") { ... on Resource { scopes { id name } } } }`)) as {
    node: { scopes: { id: string; name: string }[] };
  };
  return new Map(answer.node.scopes.map(({ id, name }) => [name, id]));
}

const scope = (name: string): string => scopeIds.get(name) ?? "";
const role = (name: string): string => admin.roles.get(name) ?? "";
const make = async (mutation: string, input: object, member: string) =>
  idIn(await owner.graphql.must(mutation, input, `${member} { id }`), member);
const newRole = (names: readonly string[]) =>
  make("createRole", { workspaceId: admin.place.workspaceId, name: fresh("role"), scopeIds: names.map(scope) }, "role");

/** A client with an owner's power that nobody uses. */
async function ownerClient(): Promise<string> {
  const client = await admin.place.client();
  await assign(admin, client, role("owner"), "all");
  return client;
}

/** Refused with that code, and nothing changed. */
async function refused(caller: Caller, mutation: string, input: object, code = "MORE_THAN_HELD"): Promise<UserError> {
  const before = await rows.versions();
  const answer = await caller.call(mutation, input);
  expect([mutation, input, outcomeOf(answer, mutation)]).toEqual([mutation, input, code]);
  expect(changedByRefusal(changedPlaces(before, await rows.versions()), tenant.id)).toEqual([]);
  const { data } = answer.json() as { data: Record<string, { userErrors: UserError[] }> };
  return data[mutation]?.userErrors[0] as UserError;
}

async function done(caller: Caller, mutation: string, input: object): Promise<Answer> {
  const answer = await caller.call(mutation, input);
  expect([mutation, input, outcomeOf(answer, mutation)]).toEqual([mutation, input, "done"]);
  return answer;
}

describe("[C5] nobody grants more than they hold", () => {
  test("by a direct grant", async () => {
    const clientId = await admin.place.client();
    const grant = (...scopes: string[]) => ({ clientId, resourceId: admin.apiId, scopes });
    const said = await refused(insider, "setClientGrant", grant("workspace:read", "workspace:delete"));
    expect(said.message).toContain("workspace:delete");
    expect(said.message).not.toContain("workspace:read");
    await done(insider, "setClientGrant", grant("workspace:read"));
    await done(owner, "setClientGrant", grant("workspace:delete"));
    // Nor is it taken back by who could not give it.
    await refused(insider, "setClientGrant", grant());
  });

  test("by a role with such a scope, and by adding one to a role", async () => {
    const input = { workspaceId: admin.place.workspaceId, name: fresh("role") };
    await refused(insider, "createRole", { ...input, scopeIds: [scope("workspace:read"), scope("workspace:delete")] });
    const id = await newRole(["workspace:read"]);
    await done(insider, "updateRole", { id, scopeIds: [scope("workspace:read"), scope("client:read")] });
    await refused(insider, "updateRole", { id, scopeIds: [scope("workspace:delete")] });
  });

  test("by giving a role that somebody else made", async () => {
    const mighty = await newRole(["workspace:delete"]);
    const clientId = await admin.place.client();
    await refused(insider, "createAssignment", { roleId: mighty, clientId, everywhere: true });
    await refused(insider, "createAssignment", { roleId: role("owner"), clientId, everywhere: true });
    await refused(insider, "createAssignment", { roleId: role("owner"), clientId, targetWorkspaceId: own.workspaceId });
    await done(insider, "createAssignment", { roleId: role("admin"), clientId, everywhere: true });
    await done(owner, "createAssignment", { roleId: role("owner"), clientId, everywhere: true });
  });

  test("by taking a mightier one's role, or changing a mightier role", async () => {
    const assignment = await assign(admin, await admin.place.client(), role("owner"), "all");
    await refused(insider, "deleteAssignment", { id: assignment });
    const mighty = await newRole(["workspace:delete"]);
    await assign(admin, await admin.place.client(), mighty, "all");
    await refused(insider, "deleteRole", { id: mighty });
    await refused(insider, "updateRole", { id: mighty, scopeIds: [] });
  });

  test("by a credential of a mightier client, made, imported, brought back to life or moved", async () => {
    const clientId = await ownerClient();
    const secret = await admin.place.secret(clientId);
    await refused(insider, "createClientSecret", { clientId });
    await refused(insider, "importClientSecret", { clientId, value: `imported-${fresh("secret")}-${"x".repeat(40)}` });
    await refused(insider, "importClientSecret", { clientId, sha256: "a".repeat(64) });
    await refused(insider, "revokeClientSecret", { id: secret });
    await refused(insider, "disableClient", { id: clientId });
    await done(owner, "disableClient", { id: clientId });
    await refused(insider, "enableClient", { id: clientId });
    await refused(insider, "updateClient", { id: clientId, name: "Else" });
    await refused(insider, "updateClientSettings", { clientId, accessTokenLifetime: 60 });
    await refused(insider, "revokeClientTokens", { id: clientId });
    await refused(insider, "deleteClient", { id: clientId });
  });

  test("by a credential of a client that will be mightier tomorrow", async () => {
    const clientId = await admin.place.client();
    const notBefore = new Date(Date.now() + 86_400_000).toISOString();
    await done(owner, "createAssignment", { roleId: role("owner"), clientId, everywhere: true, notBefore });
    await refused(insider, "createClientSecret", { clientId });
  });

  test("where they hold it for one workspace only", async () => {
    const local = await newCaller(world, admin, { role: "admin", at: [admin.place.workspaceId] });
    const clientId = await admin.place.client();
    const grant = { clientId, resourceId: admin.apiId, scopes: ["client:read"] };
    await refused(local, "setClientGrant", grant);
    await refused(local, "createAssignment", { roleId: role("developer"), clientId, everywhere: true });
    await refused(
      local,
      "createAssignment",
      { roleId: role("developer"), clientId, targetWorkspaceId: own.workspaceId },
      "NOT_FOUND",
    );
    await done(local, "createAssignment", {
      roleId: role("developer"),
      clientId,
      targetWorkspaceId: admin.place.workspaceId,
    });
  });

  test("with a token that carries less than its client holds", async () => {
    const access = tenant.adminClient;
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
    const narrow: Caller = { ...owner, token, post, call: call as Caller["call"] };
    const clientId = await admin.place.client();
    await refused(narrow, "setClientGrant", { clientId, resourceId: admin.apiId, scopes: ["workspace:delete"] });
    await refused(narrow, "createAssignment", { roleId: role("developer"), clientId, everywhere: true });
    await refused(narrow, "createClientSecret", { clientId }, "NOT_FOUND");
    await refused(narrow, "createWorkspace", { slug: fresh("workspace"), name: "New" }, "FORBIDDEN");
  });

  test("scopes of the installation are not the root tenant's owner's to give", async () => {
    const root: StoryTenant = { ...tenant, admin: world.rootAdmin };
    const system = await ownWorkspace(root, "system");
    const client = await system.place.client();
    for (const scopes of [["tenant:create"], ["tenant:read"], ["installation-settings:write"]]) {
      const payload = await world.rootAdmin.mutate(
        "setClientGrant",
        { clientId: client, resourceId: system.apiId, scopes },
        "__typename",
      );
      expect(payload.userErrors.map(({ code }) => code)).toEqual(["MORE_THAN_HELD"]);
    }
  });

  test("a customer's scope of the same name is no power", async () => {
    const { workspaceId } = admin.place;
    const identifier = `https://${fresh("lookalike")}.example.com/`;
    const scopes = [{ name: "workspace:create" }, { name: "client:write" }];
    const resourceId = await make("createResource", { workspaceId, name: "Lookalike", identifier, scopes }, "resource");
    const lookalikes = [...(await scopesOf(resourceId)).values()];
    const roleId = await make("createRole", { workspaceId, name: fresh("role"), scopeIds: lookalikes }, "role");
    const access = await newAccess(admin, { grants: ["workspace:read"] });
    await done(owner, "setClientGrant", {
      clientId: access.id,
      resourceId,
      scopes: ["workspace:create", "client:write"],
    });
    await assign(admin, access.id, roleId, "all");
    expect((await askToken(access, { resource: admin.api, scope: "workspace:create" })).json()["error"]).toBe(
      "invalid_scope",
    );
    const caller = await callerOf(world, access);
    await refused(caller, "createWorkspace", { slug: fresh("workspace"), name: "New" }, "FORBIDDEN");
    const token = await fetchToken(access, { resource: identifier });
    expect((await posting(world.graphqlUrl, token).post("{ viewer { api } }")).status).toBe(401);
  });
});

describe("[C5] direct grants", () => {
  test("of everything count in every workspace and open no closed one", async () => {
    const granted = await newCaller(world, admin, { grants: [...scopeIds.keys()] });
    await done(granted, "createClient", { workspaceId: own.workspaceId, name: "New" });
    await refused(granted, "createClient", { workspaceId: admin.place.workspaceId, name: "New" }, "WORKSPACE_CLOSED");
    await refused(granted, "createClientSecret", { clientId: await admin.place.client() }, "NOT_FOUND");
    const clientId = await admin.place.client();
    await refused(granted, "createAssignment", { roleId: role("owner"), clientId, everywhere: true }, "NOT_FOUND");
  });
});

describe("[C5] what was withdrawn binds on the very next request", () => {
  const see = async ({ post }: Pick<Caller, "post">) => {
    const answer = await post("{ workspaces { nodes { id } } }");
    const { errors } = answer.json() as { errors?: { extensions: { code: string } }[] };
    return errors?.[0]?.extensions.code ?? "seen";
  };

  test("a role", async () => {
    const access = await newAccess(admin, {});
    const assignment = await assign(admin, access.id, role("auditor"), "all");
    const caller = await callerOf(world, access);
    expect(await see(caller)).toBe("seen");
    await done(owner, "deleteAssignment", { id: assignment });
    expect(await see(caller)).toBe("FORBIDDEN");
  });

  test("a scope of a role, and the role itself", async () => {
    const roleId = await newRole(["workspace:read"]);
    const access = await newAccess(admin, {});
    await assign(admin, access.id, roleId, "all");
    const caller = await callerOf(world, access);
    expect(await see(caller)).toBe("seen");
    await done(owner, "updateRole", { id: roleId, scopeIds: [] });
    expect(await see(caller)).toBe("FORBIDDEN");
    await done(owner, "updateRole", { id: roleId, scopeIds: [scope("workspace:read")] });
    expect(await see(caller)).toBe("seen");
    await done(owner, "deleteRole", { id: roleId });
    expect(await see(caller)).toBe("FORBIDDEN");
  });

  test("a grant", async () => {
    const access = await newAccess(admin, { grants: ["workspace:read"] });
    const caller = await callerOf(world, access);
    expect(await see(caller)).toBe("seen");
    await done(owner, "setClientGrant", { clientId: access.id, resourceId: admin.apiId, scopes: [] });
    expect(await see(caller)).toBe("FORBIDDEN");
  });

  test("an assignment that has ended, or not begun", async () => {
    const access = await newAccess(admin, { grants: ["audit:read"] });
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const soon = new Date(Date.now() + 2_500).toISOString();
    await done(owner, "createAssignment", {
      roleId: role("admin"),
      clientId: access.id,
      everywhere: true,
      notBefore: later,
    });
    await done(owner, "createAssignment", {
      roleId: role("auditor"),
      clientId: access.id,
      everywhere: true,
      expiresAt: soon,
    });
    const caller = await callerOf(world, access);
    expect(await see(caller)).toBe("seen");
    await refused(caller, "createWorkspace", { slug: fresh("workspace"), name: "New" }, "FORBIDDEN");
    await new Promise((resolve) => setTimeout(resolve, 2_600));
    expect(await see(caller)).toBe("FORBIDDEN");
  });

  test("a client that was disabled, deleted, or whose tokens were revoked", async () => {
    for (const mutation of ["disableClient", "deleteClient", "revokeClientTokens"]) {
      const access = await newAccess(admin, { role: "auditor" });
      const caller = await callerOf(world, access);
      expect(await see(caller)).toBe("seen");
      await done(owner, mutation, { id: access.id });
      expect([mutation, (await caller.post("{ viewer { api } }")).status]).toEqual([mutation, 401]);
    }
  });

  test("[C4] a tenant that was suspended, until it is resumed", async () => {
    const other = await world.tenant().ready();
    const caller = await callerOf(world, other.adminClient);
    expect(await see(caller)).toBe("seen");
    await world.operator.must("suspendTenant", { id: other.id }, "tenant { status }");
    expect((await caller.post("{ viewer { api } }")).status).toBe(401);
    expect((await askToken(other.adminClient, { resource: other.adminClient.resource })).status).not.toBe(200);
    await world.operator.must("resumeTenant", { id: other.id }, "tenant { status }");
    expect(await see(caller)).toBe("seen");
  });
});

describe("[C5] the last owner stays", () => {
  /** A tenant of its own, whose only owner is its first client. */
  async function lonely() {
    const lone = await world.tenant().ready();
    const workspace = await ownWorkspace(lone, "admin");
    const caller = await callerOf(world, lone.adminClient);
    const answer = (await lone.admin.run(
      `{ node(id: "${workspace.roles.get("owner")}") { ... on Role { assignments { nodes { id client { id } } } } } }`,
    )) as {
      node: { assignments: { nodes: { id: string; client: { id: string } }[] } };
    };
    const [only] = answer.node.assignments.nodes;
    if (!only) throw new Error("a new tenant has no owner");
    return { workspace, caller, assignment: only.id, client: only.client.id };
  }

  test("whichever way it might go", async () => {
    const { caller, assignment, client } = await lonely();
    const ways = { deleteAssignment: { id: assignment }, disableClient: { id: client }, deleteClient: { id: client } };
    for (const [mutation, input] of Object.entries(ways))
      expect([mutation, outcomeOf(await caller.call(mutation, input), mutation)]).toEqual([mutation, "LAST_OWNER"]);
  });

  test("and an owner for a while, for one workspace, or disabled does not stand in", async () => {
    const { workspace, caller, assignment } = await lonely();
    const ownerRole = workspace.roles.get("owner") ?? "";
    const { workspaceId } = workspace.place;
    const ends = new Date(Date.now() + 3_600_000).toISOString();
    const clients = await Promise.all([workspace.place.client(), workspace.place.client(), workspace.place.client()]);
    const reach = [{ everywhere: true, expiresAt: ends }, { targetWorkspaceId: workspaceId }, { everywhere: true }];
    for (const [at, clientId] of clients.entries())
      await done(caller, "createAssignment", { roleId: ownerRole, clientId, ...reach[at] });
    await done(caller, "disableClient", { id: clients[2] });
    expect(outcomeOf(await caller.call("deleteAssignment", { id: assignment }), "deleteAssignment")).toBe("LAST_OWNER");
    await done(caller, "enableClient", { id: clients[2] });
    await done(caller, "deleteAssignment", { id: assignment });
  });

  test("when two owners remove each other at once", async () => {
    const { workspace, caller, assignment } = await lonely();
    const access = await newAccess(workspace, {});
    const second = await assign(workspace, access.id, workspace.roles.get("owner") ?? "", "all");
    const other = await callerOf(world, access);
    const remove = async (by: Caller, id: string) =>
      outcomeOf(await by.call("deleteAssignment", { id }), "deleteAssignment");
    const outcomes = await Promise.all([remove(caller, second), remove(other, assignment)]);
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
  });

  test("and the root tenant is not suspended", async () => {
    const { tenant: root } = (await world.operator.run("{ tenant { id } }")) as { tenant: { id: string } };
    const payload = await world.operator.mutate("suspendTenant", { id: root.id }, "__typename");
    expect(payload.userErrors.map(({ code }) => code)).toEqual(["PROTECTED"]);
  });
});

describe("[C5] [C4] what comes with the product stays as it is", () => {
  test("built-in roles, the own API with its scopes, and the special workspaces", async () => {
    for (const [name, id] of admin.roles) {
      await refused(owner, "updateRole", { id, name: `${name}s` }, "PROTECTED");
      await refused(owner, "updateRole", { id, scopeIds: [scope("workspace:read")] }, "PROTECTED");
      await refused(owner, "deleteRole", { id }, "PROTECTED");
    }
    await refused(owner, "updateResource", { id: admin.apiId, name: "Else" }, "PROTECTED");
    await refused(owner, "deleteResource", { id: admin.apiId }, "PROTECTED");
    await refused(owner, "createScope", { resourceId: admin.apiId, name: "mine:write" }, "PROTECTED");
    await refused(owner, "updateScope", { id: scope("workspace:read"), description: "Else" }, "PROTECTED");
    await refused(owner, "deleteScope", { id: scope("workspace:read") }, "PROTECTED");
    const system = await ownWorkspace(tenant, "system");
    for (const { place } of [admin, system])
      for (const mutation of ["suspendWorkspace", "deleteWorkspace"])
        await refused(owner, mutation, { id: place.workspaceId }, "PROTECTED");
  });

  test("[C4] a new tenant has its admin and system workspace at once, and a token from each", async () => {
    const born = await world.tenant().ready();
    for (const slug of ["admin", "system"] as const) {
      const own = await ownWorkspace(born, slug);
      expect([slug, own.api, own.roles.size]).toEqual([slug, `${own.place.issuer}/api`, slug === "admin" ? 4 : 1]);
      const access = await newAccess(own, { role: slug === "admin" ? "auditor" : "operator" });
      expect(await fetchToken(access, { resource: own.api })).toMatch(/^ey/);
    }
  });
});
