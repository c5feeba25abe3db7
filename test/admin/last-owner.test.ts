import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificates } from "../support/certificates.ts";
import type { Answer } from "../support/http.ts";
import { useWorld } from "../support/world.ts";
import { assign, type Caller, callerOf, newAccess, type OwnWorkspace, outcomeOf, ownWorkspace } from "./callers.ts";

const world = useWorld();
const made = certificates();
afterAll(() => made.remove());

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
    expect(await outcome("refuseClient", { id: only.client, reason: "No." })).toBe("LAST_OWNER");
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

  const publicKey = async () => JSON.stringify(await exportJWK((await generateKeyPair("ES256")).publicKey));
  const claims = [{ name: "sub", value: "system:serviceaccount:mint:admin" }];
  const ways = [
    ["key", "ClientKey", "PRIVATE_KEY_JWT", async () => ({ publicKey: await publicKey() })],
    [
      "certificate",
      "ClientCertificate",
      "SELF_SIGNED_TLS_CLIENT_AUTH",
      async () => ({ certificate: made.make().cert }),
    ],
    ["name in certificates", "ClientCertificate", "TLS_CLIENT_AUTH", async () => ({ sanDns: "admin.example" })],
    [
      "federated credential",
      "FederatedCredential",
      "FEDERATED_JWT",
      async () => ({ issuer: "https://k8s.example", claims }),
    ],
  ] as const;

  test.each(ways)("with a %s as its last way in, as long as nothing forbids that", async (_, noun, method, input) => {
    const lone = await world.tenant().ready();
    const own = await ownWorkspace(lone, "admin");
    const { workspaceId } = own.place;
    const [first] = await secretsIn(own);
    const by = await callerOf(world, lone.adminClient);
    const act = async (mutation: string, given: object, caller = by) =>
      outcomeOf(await caller.call(mutation, given), mutation);
    const system = await callerOf(world, await newAccess(await ownWorkspace(lone, "system"), { role: "operator" }));
    const member = noun.charAt(0).toLowerCase() + noun.slice(1);
    const register = async () => {
      const payload = await by.graphql.must(
        `create${noun}`,
        { clientId: first?.client, ...(await input()) },
        `${member} { id }`,
      );
      return (payload[member] as { id: string }).id;
    };
    const credential = await register();
    const secretsOnly = { clientAuthenticationMethods: ["CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"] };
    const revokeSecret = () => act("revokeClientSecret", { id: first?.id });
    const revoke = (id: string) => act(`revoke${noun}`, { id });

    // Forbidden, it is no way in.
    expect(await act("updateWorkspaceSettings", { workspaceId, ...secretsOnly })).toBe("done");
    expect(await revokeSecret()).toBe("LAST_OWNER");
    expect(await act("updateWorkspaceSettings", { workspaceId, clientAuthenticationMethods: null })).toBe("done");
    let authority: string | undefined;
    if (method === "TLS_CLIENT_AUTH") {
      // A name that nobody vouches for is none either.
      expect(await revokeSecret()).toBe("LAST_OWNER");
      const certificate = made.make({ subject: "/CN=Authority", isAuthority: true }).cert;
      const added = await by.graphql.must("addClientAuthority", { workspaceId, certificate }, "clientAuthority { id }");
      authority = (added["clientAuthority"] as { id: string }).id;
    }
    expect(await revokeSecret()).toBe("done");
    expect(await revoke(credential)).toBe("LAST_OWNER");
    expect(await act("updateClientSettings", { clientId: first?.client, ...secretsOnly })).toBe("LAST_OWNER");
    expect(await act("updateWorkspaceSettings", { workspaceId, ...secretsOnly })).toBe("LAST_OWNER");
    expect(await act("updateTenantSettings", secretsOnly, system)).toBe("LAST_OWNER");
    if (authority) expect(await act("removeClientAuthority", { id: authority })).toBe("LAST_OWNER");
    const other = noun === "ClientKey" ? await register() : await own.place.secret(first?.client ?? "");
    expect(await revoke(credential)).toBe("done");
    expect(await act(noun === "ClientKey" ? "revokeClientKey" : "revokeClientSecret", { id: other })).toBe(
      "LAST_OWNER",
    );
  });
});
