import { beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../support/http.ts";
import { useWorld } from "../support/world.ts";
import { assign, type Caller, callerOf, newAccess, type OwnWorkspace, outcomeOf, ownWorkspace } from "./callers.ts";

const world = useWorld();

/** The secrets of a workspace's clients, the newest client's first. */
async function secretsIn({ place }: OwnWorkspace): Promise<{ client: string; id: string }[]> {
  const answer = (await place.owner.run(
    `{ node(id: "${place.workspaceId}") { ... on Workspace { clients { nodes { id credentials { nodes { id } } } } } } }`,
  )) as { node: { clients: { nodes: { id: string; credentials: { nodes: { id: string }[] } }[] } } };
  return answer.node.clients.nodes.flatMap(({ id: client, credentials }) =>
    credentials.nodes.map(({ id }) => ({ client, id })),
  );
}

describe("[C5] the last owner who can sign in stays", () => {
  let workspace: OwnWorkspace;
  let caller: Caller;
  /** The id of the tenant's only owner, and of its only secret. */
  let only: { client: string; secret: string };

  beforeAll(async () => {
    const tenant = await world.tenant().ready();
    workspace = await ownWorkspace(tenant, "admin");
    caller = await callerOf(world, tenant.adminClient);
    const [first] = await secretsIn(workspace);
    only = { client: first?.client ?? "", secret: first?.id ?? "" };
  }, 120_000);

  const outcome = async (mutation: string, input: object) => outcomeOf(await caller.call(mutation, input), mutation);
  const secretUntil = async (seconds: number) => {
    const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
    const made = await caller.graphql.must(
      "createClientSecret",
      { clientId: only.client, expiresAt },
      "clientSecret { id }",
    );
    return (made["clientSecret"] as { id: string }).id;
  };

  test("with its last secret, which can be exchanged for another one", async () => {
    expect(await outcome("revokeClientSecret", { id: only.secret })).toBe("LAST_OWNER");
    expect(await outcome("revokeClientSecret", { id: only.secret, withTokens: true })).toBe("LAST_OWNER");
    const next = await workspace.place.secret(only.client);
    expect(await outcome("revokeClientSecret", { id: next })).toBe("done");
    expect(await outcome("revokeClientSecret", { id: next })).toBe("done");
  });

  test("and an owner without a secret does not stand in, one with a secret does", async () => {
    const second = await workspace.place.client();
    await assign(workspace, second, workspace.roles.get("owner") ?? "", "all");
    expect(await outcome("deleteClient", { id: only.client })).toBe("LAST_OWNER");
    expect(await outcome("disableClient", { id: only.client })).toBe("LAST_OWNER");
    const secret = await workspace.place.secret(second);
    expect(await outcome("revokeClientSecret", { id: secret })).toBe("done");
    expect(await outcome("revokeClientSecret", { id: only.secret })).toBe("LAST_OWNER");
    expect(await outcome("deleteClient", { id: second })).toBe("done");
  });

  test("a secret with an end counts until then", async () => {
    const brief = await secretUntil(2);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await outcome("revokeClientSecret", { id: only.secret })).toBe("LAST_OWNER");
    expect(await outcome("revokeClientSecret", { id: brief })).toBe("done");
    const long = await secretUntil(3600);
    expect(await outcome("revokeClientSecret", { id: only.secret })).toBe("done");
    expect(await outcome("revokeClientSecret", { id: long })).toBe("LAST_OWNER");
  });

  test("when secrets are to be forbidden, at its workspace, at its tenant or at itself", async () => {
    const methods = { clientAuthenticationMethods: ["PRIVATE_KEY_JWT"] };
    const { workspaceId } = workspace.place;
    expect(await outcome("updateWorkspaceSettings", { workspaceId, ...methods })).toBe("INVALID_INPUT");
    expect(await outcome("updateClientSettings", { clientId: only.client, ...methods })).toBe("INVALID_INPUT");
    const custom = await world.tenant().workspace().ready();
    const made = await custom.admin.mutate(
      "updateWorkspaceSettings",
      { workspaceId: custom.id, ...methods },
      "__typename",
    );
    expect(made.userErrors).toEqual([]);
  });

  test("when two owners revoke each other's last secret at once", async () => {
    const lone = await world.tenant().ready();
    const own = await ownWorkspace(lone, "admin");
    const second = await newAccess(own, { role: "owner" });
    const secrets = await secretsIn(own);
    const pair = [await callerOf(world, lone.adminClient), await callerOf(world, second)];
    const revoke = async (by: Caller | undefined, id: string | undefined) =>
      outcomeOf((await by?.call("revokeClientSecret", { id })) as Answer, "revokeClientSecret");
    // Newest first: the second owner's secret leads.
    const outcomes = await Promise.all([revoke(pair[0], secrets[0]?.id), revoke(pair[1], secrets[1]?.id)]);
    expect(outcomes.sort()).toEqual(["LAST_OWNER", "done"]);
  });
});
