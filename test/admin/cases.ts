import { createHash, randomBytes } from "node:crypto";
import { freshAuthority } from "../support/certificates.ts";
import type { World } from "../support/world.ts";
import { fresh, freshPublicKey, type Place, ssoProviderOf, trustInGithub, webhookOf } from "./place.ts";

export type Input = Readonly<Record<string, unknown>>;

/** One mutation as the suites call it. */
export interface MutationCase {
  /** A valid input, every row that it names in `place`; made anew each time, so that it can be done each time. */
  readonly input: (place: Place, world: World) => Promise<Input> | Input;
  /** The tables where it changes rows, beside what every change writes (audit, feed, history). */
  readonly changes: readonly string[];
  /** The name of the one audit event. */
  readonly event: string;
  /** What the payload shows once and never again. */
  readonly shows?: string;
  /** Its purpose is to act in another tenant. */
  readonly visits?: true;
  /** Another input for each member, by its path, that stands in place of one that `input` names. */
  readonly instead?: Readonly<Record<string, MutationCase["input"]>>;
  /** An act of the System API on what lies in the caller's own tenant. */
  readonly inTenant?: true;
}

const inAYear = () => new Date(Date.now() + 365 * 86_400_000).toISOString();
const inAWeek = () => new Date(Date.now() + 7 * 86_400_000).toISOString();
const text = () => `imported-${randomBytes(24).toString("hex")}`;

const mutation = (
  event: string,
  changes: string,
  input: MutationCase["input"],
  more: Pick<MutationCase, "shows" | "visits" | "instead" | "inTenant"> = {},
): MutationCase => ({ event, changes: changes.split(" "), input, ...more });

/** An input that names one row by `id`. */
const byId =
  (make: (place: Place) => Promise<string>, more: Input = {}): MutationCase["input"] =>
  async (place) => ({ id: await make(place), ...more });

/** Makes the thing and does one thing to it before. */
const after =
  (before: string, make: (place: Place) => Promise<string>): MutationCase["input"] =>
  async (place) => {
    const id = await make(place);
    await place.owner.must(before, { id }, "__typename");
    return { id };
  };

const newTenant = async (world: World) => (await world.tenant().ready()).id;
const client = (place: Place) => place.client();
const workspace = async (place: Place) => (await place.disposable()).workspaceId;

/** Two new clients of the place. */
const several = async (place: Place) => ({
  workspaceId: place.workspaceId,
  ids: [await place.client(), await place.client()],
});

/** What is said of a new API token of a new client, good for one scope that it is granted. */
async function narrowToken(place: Place) {
  await place.apiTokensOn();
  const [clientId, resourceId] = [await place.client(), await place.resource()];
  await place.grant(clientId, resourceId);
  return { clientId, name: fresh("token"), permissions: { chosen: [{ resourceId, scopes: ["a:read"] }] } };
}

/** Every mutation of the schema: the suites fail while one is missing. */
export const cases: Readonly<Record<string, MutationCase>> = {
  createTenant: mutation(
    "tenant.created",
    "assignments client_secrets clients invitations resources role_scopes roles scopes signing_keys tenants workspaces",
    () => ({ slug: fresh("tenant"), name: "New" }),
    { visits: true, shows: "adminClient { clientSecret }" },
  ),
  createTenantOwnerLink: mutation(
    "tenant.owner-link-created",
    "invitations",
    async (_, world) => ({ id: await newTenant(world) }),
    { visits: true, shows: "secret" },
  ),
  updateTenant: mutation(
    "tenant.updated",
    "tenants",
    async (_, world) => ({ id: await newTenant(world), name: fresh("name") }),
    { visits: true },
  ),
  setTenantLimits: mutation(
    "tenant.limits-changed",
    "tenants",
    async (_, world) => ({ id: await newTenant(world), workspaceLimit: 3, clientLimit: 50 }),
    { visits: true },
  ),
  deleteTenant: mutation(
    "tenant.deleted",
    "tenants",
    async (_, world) => {
      const { id, slug } = await world.tenant().ready();
      return { id, slug };
    },
    { visits: true },
  ),
  restoreTenant: mutation(
    "tenant.restored",
    "tenants",
    async (_, world) => {
      const { id, slug } = await world.tenant().ready();
      await world.operator.must("deleteTenant", { id, slug }, "__typename");
      return { id };
    },
    { visits: true },
  ),
  suspendTenant: mutation("tenant.suspended", "tenants", async (_, world) => ({ id: await newTenant(world) }), {
    visits: true,
  }),
  resumeTenant: mutation(
    "tenant.resumed",
    "tenants",
    async (_, world) => {
      const id = await newTenant(world);
      await world.operator.must("suspendTenant", { id }, "__typename");
      return { id };
    },
    { visits: true },
  ),
  createTenantApiToken: mutation(
    "api-token.created",
    "api_tokens",
    async (place) => ({
      tenantId: place.tenant.id,
      clientId: await place.client(),
      name: fresh("token"),
      expiresAt: inAYear(),
    }),
    { visits: true, shows: "secret" },
  ),
  createWorkspace: mutation("workspace.created", "signing_keys workspaces", () => ({
    slug: fresh("workspace"),
    name: "New",
  })),
  updateWorkspace: mutation("workspace.updated", "workspaces", async ({ workspaceId }) => ({
    id: workspaceId,
    name: fresh("name"),
  })),
  suspendWorkspace: mutation("workspace.suspended", "workspaces", byId(workspace)),
  resumeWorkspace: mutation("workspace.resumed", "workspaces", after("suspendWorkspace", workspace)),
  deleteWorkspace: mutation("workspace.deleted", "workspaces", byId(workspace)),
  updateInstallationSettings: mutation("installation-settings.changed", "installation", () => ({
    accessTokenLifetime: changing(800),
  })),
  updateTenantSettings: mutation("tenant-settings.changed", "tenants", () => ({ accessTokenLifetime: changing(800) })),
  updateWorkspaceSettings: mutation("settings.changed", "workspaces", ({ workspaceId }) => ({
    workspaceId,
    accessTokenLifetime: changing(800),
    customClaims: [{ name: "team", value: '"billing"' }],
  })),
  rotateSigningKey: mutation("signing-key.rotated", "signing_keys", async (place) => ({
    workspaceId: await workspace(place),
  })),
  revokeSigningKey: mutation("signing-key.revoked", "signing_keys", async (place) => {
    const there = await place.disposable();
    return { workspaceId: there.workspaceId, kid: await there.signingKey() };
  }),
  updateClientSettings: mutation("client-settings.changed", "clients", async (place) => ({
    clientId: await place.client(),
    accessTokenLifetime: changing(800),
    customClaims: [{ name: "team", value: '"billing"' }],
  })),
  createResource: mutation("resource.created", "resources scopes", ({ workspaceId }) => ({
    workspaceId,
    name: "New",
    identifier: `https://${fresh("resource")}.example.com/`,
    scopes: [{ name: "a:read" }],
  })),
  updateResource: mutation(
    "resource.updated",
    "resources",
    byId((place) => place.resource(), { name: "Else" }),
  ),
  deleteResource: mutation(
    "resource.deleted",
    "resources scopes",
    byId((place) => place.resource()),
  ),
  addResourceServer: mutation("resource-server.added", "resource_servers", async (place) => ({
    resourceId: await place.resource(),
    clientId: await place.client(),
  })),
  removeResourceServer: mutation("resource-server.removed", "resource_servers", async (place) => {
    const input = { resourceId: await place.resource(), clientId: await place.client() };
    await place.owner.must("addResourceServer", input, "__typename");
    return input;
  }),
  createScope: mutation("scope.created", "scopes", async (place) => ({
    resourceId: await place.resource(),
    name: "new:scope",
  })),
  updateScope: mutation(
    "scope.updated",
    "scopes",
    byId((place) => place.scope(), { description: "Else" }),
  ),
  deleteScope: mutation(
    "scope.deleted",
    "scopes",
    byId((place) => place.scope()),
  ),
  createRole: mutation("role.created", "role_scopes roles", async (place) => ({
    workspaceId: place.workspaceId,
    name: fresh("role"),
    scopeIds: [await place.scope()],
  })),
  updateRole: mutation("role.updated", "role_scopes roles", async (place) => ({
    id: await place.role(),
    name: fresh("role"),
    scopeIds: [await place.scope()],
  })),
  deleteRole: mutation(
    "role.deleted",
    "role_scopes roles",
    byId((place) => place.role()),
  ),
  createAssignment: mutation(
    "assignment.created",
    "assignments",
    async (place) => ({
      roleId: await place.role(),
      clientId: await place.client(),
      targetWorkspaceId: place.workspaceId,
      expiresAt: inAYear(),
    }),
    {
      instead: {
        memberId: async (place) => ({
          roleId: await place.role(),
          memberId: await place.member(),
          targetWorkspaceId: place.workspaceId,
        }),
      },
    },
  ),
  deleteAssignment: mutation(
    "assignment.deleted",
    "assignments",
    byId((place) => place.assignment()),
  ),
  createClient: mutation(
    "client.created",
    "client_grant_scopes client_grants client_secrets clients",
    async (place) => ({
      workspaceId: place.workspaceId,
      name: fresh("client"),
      accessTokenLifetime: changing(800),
      grants: [{ resourceId: await place.resource(), scopes: ["a:read"] }],
      secret: { name: "First", expiresAt: inAYear() },
    }),
    { shows: "secret" },
  ),
  updateClient: mutation("client.updated", "clients", byId(client, { name: "Else" })),
  disableClient: mutation("client.disabled", "clients", byId(client)),
  enableClient: mutation("client.enabled", "clients", after("disableClient", client)),
  approveClient: mutation("client.approved", "clients", async (place) => {
    const id = await place.client();
    await place.owner.must("refuseClient", { id, reason: "Not known here." }, "__typename");
    return { id };
  }),
  refuseClient: mutation("client.refused", "clients", byId(client, { reason: "Not known here." })),
  deleteClient: mutation("client.deleted", "clients", byId(client)),
  revokeClientTokens: mutation("client.tokens-revoked", "clients", byId(client)),
  revokeWorkspaceTokens: mutation("workspace.tokens-revoked", "workspaces", async (place) => ({
    workspaceId: await workspace(place),
  })),
  revokeToken: mutation("token.revoked", "revoked_tokens", async (place) => ({
    workspaceId: place.workspaceId,
    id: await place.token(),
  })),
  revokeTenantToken: mutation(
    "token.revoked",
    "revoked_tokens",
    async (place) => ({ workspaceId: place.workspaceId, id: await place.token() }),
    { inTenant: true },
  ),
  revokeTenantClientTokens: mutation("client.tokens-revoked", "clients", byId(client), { inTenant: true }),
  createClientSecret: mutation(
    "client-secret.created",
    "client_secrets",
    async (place) => ({ clientId: await place.client(), name: "New", expiresAt: inAYear() }),
    { shows: "secret" },
  ),
  importClientSecret: mutation("client-secret.imported", "client_secrets", async (place) => ({
    clientId: await place.client(),
    sha256: createHash("sha256").update(text()).digest("hex"),
  })),
  revokeClientSecret: mutation(
    "client-secret.revoked",
    "client_secrets",
    byId((place) => place.secret()),
  ),
  rotateClientSecret: mutation(
    "client-secret.rotated",
    "client_secrets secret_rotations",
    byId((place) => place.secret(), { name: "Next", overlap: 3600 }),
    { shows: "secret" },
  ),
  extendSecretRotation: mutation(
    "client-secret.rotation-extended",
    "client_secrets secret_rotations",
    byId((place) => place.rotatedSecret(), { endsAt: inAWeek() }),
  ),
  retireSecret: mutation(
    "client-secret.retired",
    "client_secrets secret_rotations",
    byId((place) => place.rotatedSecret(), { force: true }),
  ),
  cancelSecretRotation: mutation(
    "client-secret.rotation-cancelled",
    "client_secrets secret_rotations",
    byId((place) => place.rotatedSecret()),
  ),
  createClientKey: mutation("client-key.created", "client_keys", async (place) => ({
    clientId: await place.client(),
    publicKey: freshPublicKey(),
    expiresAt: inAYear(),
  })),
  revokeClientKey: mutation(
    "client-key.revoked",
    "client_keys",
    byId((place) => place.clientKey()),
  ),
  createClientCertificate: mutation("client-certificate.created", "client_certificates", async (place) => ({
    clientId: await place.client(),
    sanDns: `${text()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, "")}.example.com`,
    expiresAt: inAYear(),
  })),
  revokeClientCertificate: mutation(
    "client-certificate.revoked",
    "client_certificates",
    byId((place) => place.clientCertificate()),
  ),
  addClientAuthority: mutation("client-authority.added", "client_authorities", async (place) => ({
    workspaceId: place.workspaceId,
    name: "Authority",
    certificate: freshAuthority(),
  })),
  removeClientAuthority: mutation(
    "client-authority.removed",
    "client_authorities",
    byId((place) => place.clientAuthority()),
  ),
  createFederatedCredential: mutation("federated-credential.created", "federated_credentials", async (place) => ({
    clientId: await place.client(),
    ...trustInGithub(),
    expiresAt: inAYear(),
  })),
  revokeFederatedCredential: mutation(
    "federated-credential.revoked",
    "federated_credentials",
    byId((place) => place.federatedCredential()),
  ),
  createApiToken: mutation(
    "api-token.created",
    "api_tokens",
    async (place) => ({ ...(await narrowToken(place)), expiresAt: inAYear() }),
    { shows: "secret" },
  ),
  importApiToken: mutation("api-token.imported", "api_tokens", async (place) => {
    const sha256 = createHash("sha256").update(text()).digest("hex");
    return { ...(await narrowToken(place)), sha256 };
  }),
  updateApiToken: mutation("api-token.updated", "api_tokens", async (place) => {
    const { clientId, permissions } = await narrowToken(place);
    const id = await place.apiToken(clientId);
    return { id, name: "Else", expiresAt: inAYear(), permissions };
  }),
  revokeApiToken: mutation(
    "api-token.revoked",
    "api_tokens",
    byId((place) => place.apiToken()),
  ),
  revokeWorkspaceApiTokens: mutation("workspace.api-tokens-revoked", "api_tokens", async (place) => {
    const there = await place.disposable();
    await there.apiToken();
    return { workspaceId: there.workspaceId };
  }),
  createInvitation: mutation(
    "invitation.created",
    "invitations",
    async (place) => ({
      roles: [{ roleId: await place.memberRole(), targetWorkspaceId: place.workspaceId }],
      email: `${fresh("somebody")}@example.com`,
      rolesExpireAt: inAYear(),
      lifetimeHours: 24,
    }),
    { shows: "secret" },
  ),
  revokeInvitation: mutation(
    "invitation.revoked",
    "invitations",
    byId((place) => place.invitation()),
  ),
  removeMember: mutation("member.removed", "assignments former_members members", async (place) => ({
    id: await place.member(),
    successorMemberId: await place.member(),
  })),
  eraseMember: mutation(
    "member.erased",
    "accounts former_members sessions users",
    after("removeMember", (place) => place.member()),
  ),
  createMemberResetLink: mutation(
    "invitation.created",
    "invitations",
    byId((place) => place.member()),
    { shows: "secret" },
  ),
  createSsoProvider: mutation("sso-provider.created", "sso_providers", ssoProviderOf),
  updateSsoProvider: mutation("sso-provider.updated", "sso_providers", async (place) => ({
    id: await place.ssoProvider(),
    name: fresh("provider"),
    emailDomains: ["acme.example"],
    roles: [{ roleId: await place.memberRole(), targetWorkspaceId: place.workspaceId }],
  })),
  deleteSsoProvider: mutation(
    "sso-provider.deleted",
    "sso_providers",
    byId((place) => place.ssoProvider()),
  ),
  createInitialAccessToken: mutation(
    "initial-access-token.created",
    "initial_access_token_scopes initial_access_tokens",
    async (place) => ({
      workspaceId: place.workspaceId,
      name: fresh("token"),
      uses: 1,
      ceiling: [{ resourceId: await place.resource(), scopes: ["a:read"] }],
    }),
    { shows: "secret" },
  ),
  revokeInitialAccessToken: mutation(
    "initial-access-token.revoked",
    "initial_access_tokens",
    byId((place) => place.initialAccessToken()),
  ),
  createWebhook: mutation("webhook.created", "webhooks", (place) => webhookOf(place), { shows: "secret" }),
  updateWebhook: mutation("webhook.updated", "webhooks", async (place) => ({
    id: await place.webhook(),
    name: fresh("webhook"),
    isActive: false,
  })),
  rotateWebhookSecret: mutation(
    "webhook.secret-rotated",
    "webhooks",
    byId((place) => place.webhook()),
    { shows: "secret" },
  ),
  sendTestNotice: mutation(
    "webhook.tested",
    "notices",
    byId((place) => place.webhook()),
  ),
  deleteWebhook: mutation(
    "webhook.deleted",
    "webhooks",
    byId((place) => place.webhook()),
  ),
  disableClients: mutation("clients.disabled", "clients", several),
  enableClients: mutation("clients.enabled", "clients", async (place) => {
    const input = await several(place);
    await place.owner.must("disableClients", input, "__typename");
    return input;
  }),
  deleteClients: mutation("clients.deleted", "clients", several),
  createImport: mutation("import.created", "imports", (place) => ({
    workspaceId: place.workspaceId,
    format: "NDJSON",
    sealingKey: freshPublicKey(),
  })),
  createLogExport: mutation("log.exported", "log_exports", async (place) => ({
    workspaceId: place.workspaceId,
    log: "TOKENS",
    format: "CSV",
    client: await place.client(),
  })),
  revokeClientRegistration: mutation(
    "client.registration-revoked",
    "client_registrations",
    byId((place) => place.registeredClient()),
  ),
  setClientGrant: mutation("client-grant.changed", "client_grant_scopes client_grants", async (place) => ({
    clientId: await place.client(),
    resourceId: await place.resource(),
    scopes: ["a:read"],
  })),
  deleteClientGrant: mutation(
    "client-grant.deleted",
    "client_grant_scopes client_grants",
    byId((place) => place.grant()),
  ),
};

let count = 0;
/** A number below `limit` that differs from the last one, so that setting it changes something. */
function changing(limit: number): number {
  count = (count + 1) % (limit - 100);
  return 100 + count;
}
