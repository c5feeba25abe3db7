import { describe, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { askToken, fetchToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { assign, type Caller, callerOf, newAccess, outcomeOf, ownWorkspace } from "./callers.ts";
import { fresh } from "./place.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const stage = useTenancyStage(world);

describe("[C5] what was withdrawn binds on the very next request", () => {
  const see = async ({ post }: Pick<Caller, "post">) => {
    const answer = await post("{ workspaces { nodes { id } } }");
    const { errors } = answer.json() as { errors?: { extensions: { code: string } }[] };
    return errors?.[0]?.extensions.code ?? "seen";
  };

  test("a role", async () => {
    const access = await newAccess(stage.admin, {});
    const assignment = await assign(stage.admin, access.id, stage.role("auditor"), "all");
    const caller = await callerOf(world, access);
    expect(await see(caller)).toBe("seen");
    await stage.done(stage.owner, "deleteAssignment", { id: assignment });
    expect(await see(caller)).toBe("FORBIDDEN");
  });

  test("a scope of a role, and the role itself", async () => {
    const roleId = await stage.newRole(["workspace:read"]);
    const access = await newAccess(stage.admin, {});
    await assign(stage.admin, access.id, roleId, "all");
    const caller = await callerOf(world, access);
    expect(await see(caller)).toBe("seen");
    await stage.done(stage.owner, "updateRole", { id: roleId, scopeIds: [] });
    expect(await see(caller)).toBe("FORBIDDEN");
    await stage.done(stage.owner, "updateRole", { id: roleId, scopeIds: [stage.scope("workspace:read")] });
    expect(await see(caller)).toBe("seen");
    await stage.done(stage.owner, "deleteRole", { id: roleId });
    expect(await see(caller)).toBe("FORBIDDEN");
  });

  test("a grant", async () => {
    const access = await newAccess(stage.admin, { grants: ["workspace:read"] });
    const caller = await callerOf(world, access);
    expect(await see(caller)).toBe("seen");
    await stage.done(stage.owner, "setClientGrant", { clientId: access.id, resourceId: stage.admin.apiId, scopes: [] });
    expect(await see(caller)).toBe("FORBIDDEN");
  });

  test("an assignment that has ended, or not begun", async () => {
    const access = await newAccess(stage.admin, { grants: ["audit:read"] });
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const soon = new Date(Date.now() + 2_500).toISOString();
    await stage.done(stage.owner, "createAssignment", {
      roleId: stage.role("admin"),
      clientId: access.id,
      everywhere: true,
      notBefore: later,
    });
    await stage.done(stage.owner, "createAssignment", {
      roleId: stage.role("auditor"),
      clientId: access.id,
      everywhere: true,
      expiresAt: soon,
    });
    const caller = await callerOf(world, access);
    expect(await see(caller)).toBe("seen");
    await stage.refused(caller, "createWorkspace", { slug: fresh("workspace"), name: "New" }, "FORBIDDEN");
    await new Promise((resolve) => setTimeout(resolve, 2_600));
    expect(await see(caller)).toBe("FORBIDDEN");
  });

  test("a client that was disabled, deleted, or whose tokens were revoked", async () => {
    for (const mutation of ["disableClient", "deleteClient", "revokeClientTokens"]) {
      const access = await newAccess(stage.admin, { role: "auditor" });
      const caller = await callerOf(world, access);
      expect(await see(caller)).toBe("seen");
      await stage.done(stage.owner, mutation, { id: access.id });
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

describe("[C4] a custom workspace", () => {
  test("that is suspended issues nothing until it is resumed; deleted, it is gone with its addresses", async () => {
    const story = await world.tenant(stage.tenant).workspace().resource("orders", ["orders:read"]).ready();
    const client = await story.addClient();
    const token = async () => (await askToken(client, { resource: story.resource("orders").identifier })).status;
    expect(await token()).toBe(200);
    await stage.done(stage.owner, "suspendWorkspace", { id: story.id });
    expect(await token()).toBeGreaterThanOrEqual(400);
    await stage.done(stage.owner, "resumeWorkspace", { id: story.id });
    expect(await token()).toBe(200);
    await stage.done(stage.owner, "deleteWorkspace", { id: story.id });
    expect(await token()).toBe(404);
    expect((await send(`${story.issuer}/.well-known/jwks.json`)).status).toBe(404);
    const gone = ["updateWorkspace", "suspendWorkspace", "resumeWorkspace", "deleteWorkspace"];
    for (const mutation of gone) {
      const input = { id: story.id, ...(mutation === "updateWorkspace" && { name: "Else" }) };
      await stage.refused(stage.owner, mutation, input, "NOT_FOUND");
    }
    await stage.refused(stage.owner, "updateClient", { id: client.id, name: "Else" }, "NOT_FOUND");
  });
});

describe("[C5] the last owner stays", () => {
  /** A tenant of its stage.own, whose only owner is its first client. */
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
      await stage.done(caller, "createAssignment", { roleId: ownerRole, clientId, ...reach[at] });
    await stage.done(caller, "disableClient", { id: clients[2] });
    expect(outcomeOf(await caller.call("deleteAssignment", { id: assignment }), "deleteAssignment")).toBe("LAST_OWNER");
    await stage.done(caller, "enableClient", { id: clients[2] });
    await workspace.place.secret(clients[2]);
    await stage.done(caller, "deleteAssignment", { id: assignment });
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
    for (const [name, id] of stage.admin.roles) {
      await stage.refused(stage.owner, "updateRole", { id, name: `${name}s` }, "PROTECTED");
      await stage.refused(stage.owner, "updateRole", { id, scopeIds: [stage.scope("workspace:read")] }, "PROTECTED");
      await stage.refused(stage.owner, "deleteRole", { id }, "PROTECTED");
    }
    await stage.refused(stage.owner, "updateResource", { id: stage.admin.apiId, name: "Else" }, "PROTECTED");
    await stage.refused(stage.owner, "deleteResource", { id: stage.admin.apiId }, "PROTECTED");
    await stage.refused(stage.owner, "createScope", { resourceId: stage.admin.apiId, name: "mine:write" }, "PROTECTED");
    await stage.refused(
      stage.owner,
      "updateScope",
      { id: stage.scope("workspace:read"), description: "Else" },
      "PROTECTED",
    );
    await stage.refused(stage.owner, "deleteScope", { id: stage.scope("workspace:read") }, "PROTECTED");
    const system = await ownWorkspace(stage.tenant, "system");
    for (const { place } of [stage.admin, system])
      for (const mutation of ["suspendWorkspace", "deleteWorkspace"])
        await stage.refused(stage.owner, mutation, { id: place.workspaceId }, "PROTECTED");
  });

  test("[C4] a new tenant has its admin and system workspace at once, and a token from each", async () => {
    const born = await world.tenant().ready();
    for (const slug of ["admin", "system"] as const) {
      const special = await ownWorkspace(born, slug);
      expect([slug, special.api, special.roles.size]).toEqual([
        slug,
        `${special.place.issuer}/api`,
        slug === "admin" ? 4 : 1,
      ]);
      const access = await newAccess(special, { role: slug === "admin" ? "auditor" : "operator" });
      expect(await fetchToken(access, { resource: special.api })).toMatch(/^ey/);
    }
  });
});

describe("who says what access they had read", () => {
  test("changes it where it is still so; where somebody changed it since, nothing is done and the answer names what", async () => {
    const clientId = await stage.admin.place.client();
    const grant = { clientId, resourceId: stage.admin.apiId };
    await stage.done(stage.owner, "setClientGrant", { ...grant, scopes: ["role:read"], expectedScopes: [] });
    await stage.done(stage.owner, "setClientGrant", {
      ...grant,
      scopes: ["client:read", "role:read"],
      expectedScopes: ["role:read", "role:read"],
    });
    const stale = { ...grant, scopes: ["audit:read"], expectedScopes: ["role:read", "resource:read"] };
    const said = await stage.refused(stage.owner, "setClientGrant", stale, "CHANGED_MEANWHILE");
    expect(said).toMatchObject({
      path: ["expectedScopes"],
      message: "This client grant was changed after you read it: client:read came to it; resource:read went from it.",
    });
    const expectedScopes = ["role:read", "client:read"];
    await stage.done(stage.owner, "setClientGrant", { ...grant, scopes: [], expectedScopes });
  });
});
