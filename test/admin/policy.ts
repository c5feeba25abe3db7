/**
 * The specification, written by hand: who may do what in a custom workspace.
 *
 * `owner`, `admin` and `auditor` hold their roles for the whole tenant, `developer` for this workspace alone;
 * `ungranted` has a token and nothing behind it any more; `operator` works in the tenant's system workspace, `root`
 * in that of the root tenant.
 */
export const callers = ["owner", "admin", "developer", "auditor", "ungranted", "operator", "root"] as const;
export type Role = (typeof callers)[number];

/** `yes`, or the refusal: no = FORBIDDEN, none = NOT_FOUND, closed = WORKSPACE_CLOSED, api = WRONG_API. */
export const mayChange = `
                             owner  admin  developer  auditor  ungranted  operator  root
  createWorkspace            yes    yes    no         no       no         api       api
  updateWorkspace            yes    yes    no         no       none       api       api
  suspendWorkspace           yes    yes    no         no       none       api       api
  resumeWorkspace            yes    yes    no         no       none       api       api
  deleteWorkspace            yes    no     no         no       none       api       api
  updateWorkspaceSettings    yes    yes    no         no       none       api       api
  addClientAuthority         yes    yes    no         no       none       api       api
  removeClientAuthority      yes    yes    no         no       none       api       api
  rotateSigningKey           yes    yes    no         no       none       api       api
  revokeSigningKey           yes    no     no         no       none       api       api
  createResource             yes    yes    yes        no       none       api       api
  updateResource             yes    yes    yes        no       none       api       api
  deleteResource             yes    yes    yes        no       none       api       api
  addResourceServer          yes    yes    yes        no       none       api       api
  removeResourceServer       yes    yes    yes        no       none       api       api
  createScope                yes    yes    yes        no       none       api       api
  updateScope                yes    yes    yes        no       none       api       api
  deleteScope                yes    yes    yes        no       none       api       api
  createRole                 yes    yes    no         no       none       api       api
  updateRole                 yes    yes    no         no       none       api       api
  deleteRole                 yes    yes    no         no       none       api       api
  createAssignment           yes    yes    no         no       none       api       api
  deleteAssignment           yes    yes    no         no       none       api       api
  createClient               yes    yes    yes        no       none       api       api
  updateClient               yes    yes    yes        no       none       api       api
  updateClientSettings       yes    yes    yes        no       none       api       api
  disableClient              yes    yes    yes        no       none       api       api
  enableClient               yes    yes    yes        no       none       api       api
  approveClient              yes    yes    no         no       none       api       api
  refuseClient               yes    yes    no         no       none       api       api
  deleteClient               yes    yes    yes        no       none       api       api
  revokeClientTokens         yes    yes    yes        no       none       api       api
  revokeWorkspaceTokens      yes    yes    yes        no       none       api       api
  revokeToken                yes    yes    yes        no       none       api       api
  createClientSecret         yes    yes    yes        no       none       api       api
  importClientSecret         yes    yes    yes        no       none       api       api
  revokeClientSecret         yes    yes    yes        no       none       api       api
  rotateClientSecret         yes    yes    yes        no       none       api       api
  extendSecretRotation       yes    yes    yes        no       none       api       api
  retireSecret               yes    yes    yes        no       none       api       api
  cancelSecretRotation       yes    yes    yes        no       none       api       api
  createClientKey            yes    yes    yes        no       none       api       api
  revokeClientKey            yes    yes    yes        no       none       api       api
  createClientCertificate    yes    yes    yes        no       none       api       api
  revokeClientCertificate    yes    yes    yes        no       none       api       api
  createFederatedCredential  yes    yes    yes        no       none       api       api
  revokeFederatedCredential  yes    yes    yes        no       none       api       api
  setClientGrant             yes    yes    yes        no       none       api       api
  deleteClientGrant          yes    yes    yes        no       none       api       api
  createApiToken             yes    yes    no         no       none       api       api
  importApiToken             yes    yes    no         no       none       api       api
  updateApiToken             yes    yes    no         no       none       api       api
  revokeApiToken             yes    yes    no         no       none       api       api
  revokeWorkspaceApiTokens   yes    yes    no         no       none       api       api
  createInvitation           yes    yes    no         no       no         api       api
  revokeInvitation           yes    yes    none       no       none       api       api
  removeMember               yes    yes    none       no       none       api       api
  createMemberResetLink      yes    no     none       no       none       api       api
  eraseMember                yes    no     none       no       none       api       api
  createSsoProvider          yes    no     no         no       no         api       api
  updateSsoProvider          yes    no     none       no       none       api       api
  deleteSsoProvider          yes    no     none       no       none       api       api
  createInitialAccessToken   yes    yes    no         no       none       api       api
  revokeInitialAccessToken   yes    yes    no         no       none       api       api
  createWebhook              yes    yes    no         no       none       api       api
  updateWebhook              yes    yes    no         no       none       api       api
  rotateWebhookSecret        yes    yes    no         no       none       api       api
  sendTestNotice             yes    yes    no         no       none       api       api
  deleteWebhook              yes    yes    no         no       none       api       api
  createLogExport            yes    yes    no         yes      none       api       api
  createImport               yes    yes    yes        no       none       api       api
  disableClients             yes    yes    yes        no       none       api       api
  enableClients              yes    yes    yes        no       none       api       api
  deleteClients              yes    yes    yes        no       none       api       api
  revokeClientRegistration   yes    yes    yes        no       none       api       api
  revokeTenantToken          api    api    api        api      api        yes       none
  revokeTenantClientTokens   api    api    api        api      api        yes       none
  updateTenantSettings       api    api    api        api      api        yes       yes
  createTenant               api    api    api        api      api        no        yes
  createTenantOwnerLink      api    api    api        api      api        none      yes
  updateTenant               api    api    api        api      api        none      yes
  setTenantLimits            api    api    api        api      api        none      yes
  createTenantApiToken       api    api    api        api      api        none      yes
  suspendTenant              api    api    api        api      api        none      yes
  resumeTenant               api    api    api        api      api        none      yes
  deleteTenant               api    api    api        api      api        none      yes
  restoreTenant              api    api    api        api      api        none      yes
  updateInstallationSettings api    api    api        api      api        no        yes`;

/**
 * Reading: `yes`, a refusal, or `-`: there is nothing to see, as for somebody who asks for what is not there.
 */
export const maySee = `
                             owner  admin  developer  auditor  ungranted  operator  root
  Query.viewer               yes    yes    yes        yes      yes        yes       yes
  Viewer.client              yes    -      -          -        -          -         -
  Viewer.tenant              yes    yes    yes        yes      yes        yes       yes
  Viewer.personalClients     -      -      -          -        -          -         -
  Viewer.personalTokens      -      -      -          -        -          -         -
  Viewer.personalTokenRules  -      -      -          -        -          -         -
  Viewer.tenants             -      -      -          -        -          -         -
  Query.tenant               yes    yes    yes        yes      yes        yes       yes
  Tenant.settings            api    api    api        api      api        yes       yes
  Tenant.summary             -      -      -          -        -          -         yes
  Query.tenants              api    api    api        api      api        no        yes
  Query.tenantById           -      -      -          -        -          -         yes
  Query.introspectToken      api    api    api        api      api        yes       yes
  Query.installationSettings api    api    api        api      api        no        yes
  Query.members              yes    yes    no         yes      no         api       api
  Query.member               yes    yes    -          yes      -          -         -
  Query.formerMembers        yes    yes    no         yes      no         api       api
  Query.invitations          yes    yes    no         yes      no         api       api
  Query.ssoProviders         yes    yes    no         yes      no         api       api
  SsoProvider.roles          yes    yes    -          yes      -          -         -
  Member.account             yes    yes    -          yes      -          -         -
  Member.assignments         yes    yes    -          yes      -          -         -
  Invitation.member          yes    yes    -          yes      -          -         -
  Invitation.roles           yes    yes    -          yes      -          -         -
  Query.node                 yes    yes    yes        yes      -          -         -
  Query.workspaces           yes    yes    yes        yes      no         api       api
  Query.workspace            yes    yes    yes        yes      -          -         -
  Workspace.resources        yes    yes    yes        yes      -          -         -
  Workspace.clients          yes    yes    yes        yes      -          -         -
  Workspace.clientsLockedOutBy yes  yes    yes        yes      -          -         -
  Workspace.clientCounts     yes    yes    yes        yes      -          -         -
  Workspace.roles            yes    yes    yes        yes      -          -         -
  Workspace.signingKeys      yes    yes    yes        yes      -          -         -
  Workspace.signingKeyAlarm  -      -      -          -        -          -         -
  Workspace.signingStart     -      -      -          -        -          -         -
  Workspace.jwksFetches      yes    yes    yes        yes      -          -         -
  Workspace.settings         yes    yes    yes        yes      -          -         -
  Workspace.clientAuthorities yes   yes    yes        yes      -          -         -
  Workspace.initialAccessTokens yes yes    yes        yes      -          -         -
  Workspace.webhooks         yes    yes    yes        yes      -          -         -
  Webhook.deliveries         yes    yes    yes        yes      -          -         -
  Workspace.unmailedNotices  yes    yes    yes        yes      -          -         -
  Workspace.imports          yes    yes    yes        yes      -          -         -
  Import.rows                yes    yes    yes        yes      -          -         -
  Workspace.apiTokens        yes    yes    yes        yes      -          -         -
  Client.apiTokens           yes    yes    yes        yes      -          -         -
  ApiToken.client            yes    yes    yes        yes      -          -         -
  ApiToken.permissions       yes    yes    yes        yes      -          -         -
  InitialAccessToken.ceiling yes    yes    yes        yes      -          -         -
  Workspace.auditEntries     yes    yes    -          yes      -          -         -
  Workspace.counts           yes    yes    yes        yes      -          -         -
  Workspace.gatekeepers      -      -      -          -        -          -         -
  WorkspaceCounts.activeCredentials yes yes yes       yes      -          -         -
  WorkspaceCounts.apiTokens  yes    yes    yes        yes      -          -         -
  WorkspaceCounts.clients    yes    yes    yes        yes      -          -         -
  WorkspaceCounts.expiringCredentials yes yes yes     yes      -          -         -
  WorkspaceCounts.resources  yes    yes    yes        yes      -          -         -
  Workspace.expiringCredentials yes    yes    yes        yes      -          -         -
  Workspace.tokenActivity    yes    yes    yes        yes      -          -         -
  Workspace.tokenMinutes     yes    yes    yes        yes      -          -         -
  Workspace.configurationChanges yes yes   -          yes      -          -         -
  AuditEntry.changes         yes    yes    -          yes      -          -         -
  Resource.grants            yes    yes    yes        yes      -          -         -
  Workspace.tokenLog         yes    yes    yes        yes      -          -         -
  Workspace.tokenLogEntry    yes    yes    yes        yes      -          -         -
  Client.owner               -      -      -          -        -          -         -
  Client.workspace           yes    yes    yes        yes      -          -         -
  Client.summary             yes    yes    yes        yes      -          -         -
  Client.credentials         yes    yes    yes        yes      -          -         -
  Client.secretRotations     yes    yes    yes        yes      -          -         -
  Client.testFederatedCredential yes yes   yes        yes      -          -         -
  Client.grants              yes    yes    yes        yes      -          -         -
  Client.assignments         yes    yes    yes        yes      -          -         -
  Client.registration        yes    yes    yes        yes      -          -         -
  Client.tokenUses           yes    yes    yes        yes      -          -         -
  Client.signingStart        -      -      -          -        -          -         -
  Client.settings            yes    yes    yes        yes      -          -         -
  ClientSecret.client        yes    yes    yes        yes      -          -         -
  ClientKey.client           yes    yes    yes        yes      -          -         -
  ClientCertificate.client   yes    yes    yes        yes      -          -         -
  FederatedCredential.client yes    yes    yes        yes      -          -         -
  FederatedCredential.claims yes    yes    yes        yes      -          -         -
  ClientGrant.client         yes    yes    yes        yes      -          -         -
  ClientGrant.resource       yes    yes    yes        yes      -          -         -
  Resource.workspace         yes    yes    yes        yes      -          -         -
  Resource.scopes            yes    yes    yes        yes      -          -         -
  Resource.clientCount       yes    yes    yes        yes      -          -         -
  Resource.resourceServers   yes    yes    yes        yes      -          -         -
  Scope.clientCount          yes    yes    yes        yes      -          -         -
  Scope.resource             yes    yes    yes        yes      -          -         -
  Role.workspace             yes    yes    yes        yes      -          -         -
  Role.scopes                yes    yes    yes        yes      -          -         -
  Role.assignments           yes    yes    yes        yes      -          -         -
  Assignment.role            yes    yes    yes        yes      -          -         -
  Assignment.client          yes    yes    yes        yes      -          -         -
  Assignment.member          yes    yes    -          yes      -          -         -
  Assignment.targetWorkspace yes    yes    yes        yes      -          -         -`;

/** The same in a custom workspace where the developer has no role: only the tenant-wide roles reach it. */
export const elsewhere: Readonly<Record<Role, string>> = {
  owner: "yes",
  admin: "yes",
  developer: "none",
  auditor: "no",
  ungranted: "none",
  operator: "api",
  root: "api",
};

/**
 * The admin workspace is closed: what it holds is changed by owners and those assigned there. The workspace itself may
 * be seen, so that making something in it says whom to ask; the things in it are not there for anybody else.
 */
export const closed = `
                             owner  admin   developer  auditor  ungranted  operator  root
  createClient               yes    closed  none       no       none       api       api
  createImport               yes    closed  none       no       none       api       api
  deleteClients              yes    closed  none       no       none       api       api
  updateClient               yes    none    none       none     none       api       api
  updateClientSettings       yes    none    none       none     none       api       api
  disableClient              yes    none    none       none     none       api       api
  enableClient               yes    none    none       none     none       api       api
  approveClient              yes    none    none       none     none       api       api
  refuseClient               yes    none    none       none     none       api       api
  deleteClient               yes    none    none       none     none       api       api
  revokeClientTokens         yes    none    none       none     none       api       api
  revokeToken                yes    closed  none       no       none       api       api
  createClientSecret         yes    none    none       none     none       api       api
  importClientSecret         yes    none    none       none     none       api       api
  revokeClientSecret         yes    none    none       none     none       api       api
  rotateClientSecret         yes    none    none       none     none       api       api
  extendSecretRotation       yes    none    none       none     none       api       api
  retireSecret               yes    none    none       none     none       api       api
  cancelSecretRotation       yes    none    none       none     none       api       api
  createClientKey            yes    none    none       none     none       api       api
  revokeClientKey            yes    none    none       none     none       api       api
  createClientCertificate    yes    none    none       none     none       api       api
  revokeClientCertificate    yes    none    none       none     none       api       api
  createFederatedCredential  yes    none    none       none     none       api       api
  revokeFederatedCredential  yes    none    none       none     none       api       api
  createApiToken             yes    none    none       none     none       api       api
  updateApiToken             yes    none    none       none     none       api       api
  revokeApiToken             yes    none    none       none     none       api       api
  setClientGrant             yes    none    none       none     none       api       api
  deleteClientGrant          yes    none    none       none     none       api       api`;

export const words: Readonly<Record<string, string>> = {
  yes: "done",
  no: "FORBIDDEN",
  none: "NOT_FOUND",
  closed: "WORKSPACE_CLOSED",
  api: "WRONG_API",
};

export type Table = ReadonlyMap<string, Readonly<Record<Role, string>>>;

export function read(text: string): Table {
  const [, ...lines] = text.trim().split("\n");
  return new Map(
    lines.map((line) => {
      const [name = "", ...cells] = line.trim().split(/\s+/);
      const row = Object.fromEntries(callers.map((caller, at) => [caller, cells[at] ?? "missing"]));
      return [name, row as Record<Role, string>];
    }),
  );
}

/** The table's words as answers. */
export const meant = (row: Readonly<Record<Role, string>>) =>
  Object.fromEntries(callers.map((role) => [role, words[row[role]] ?? row[role]]));
