export type { ClientAuthenticationMethod, SigningAlgorithm } from "@mintmark/token-issuer";
export {
  type Assignment,
  type AssignmentFilter,
  assignmentsOfMembers,
  createAssignment,
  deleteAssignment,
  getAssignment,
  listAssignments,
} from "./authority/assignment.ts";
export {
  type BuiltInRole,
  builtInRoles,
  isPermission,
  ownApiScopes,
  type Permission,
  permissionNames,
  permissions,
  type TargetOf,
  type WorkspaceTarget,
} from "./authority/permission.ts";
export { clientPrincipal, type SignedInClient } from "./authority/powers.ts";
export {
  type Anonymous,
  anonymous,
  authorise,
  type ClientPrincipal,
  holds,
  type MemberPrincipal,
  nameOf,
  type Power,
  type Principal,
  type ShellPrincipal,
  type SignedIn,
  STEP_UP_MS,
} from "./authority/principal.ts";
export {
  createRole,
  deleteRole,
  getRole,
  getRoles,
  listRoles,
  type Role,
  scopesOfRole,
  updateRole,
} from "./authority/role.ts";
export {
  type Actor,
  type Answer,
  mayRead,
  type ShownOnce,
  shellActor,
  signedIn,
} from "./change/actor.ts";
export type { AuditFault } from "./change/audit-chain.ts";
export { type AuditChange, changesOf } from "./change/audit-change.ts";
export { readCheckpoints } from "./change/audit-checkpoint.ts";
export type { AuditEvent } from "./change/audit-event.ts";
export type { AuditFilter } from "./change/audit-filter.ts";
export {
  type AuditEntry,
  type AuditPage,
  getAuditEntry,
  listAuditEntries,
} from "./change/audit-log.ts";
export { tailAuditLog } from "./change/audit-tail.ts";
export {
  type AuditVerification,
  auditCheckpoints,
  type BrokenChain,
  verifyAudit,
} from "./change/audit-verification.ts";
export { listConfigurationChanges } from "./change/configuration-changes.ts";
export type { Installation } from "./change/handle.ts";
export {
  type MemberEvent,
  type PersonContext,
  recordMemberEvent,
  userOfEmail,
  userOfPendingSignIn,
} from "./change/member-event.ts";
export { writeCountedRefusals } from "./change/refused-act.ts";
export { deleteClient, disableClient, enableClient, getClient, getClients, updateClient } from "./clients/client.ts";
export { approveClient, refuseClient } from "./clients/client-approval.ts";
export {
  type ClientGrant,
  deleteClientGrant,
  getClientGrant,
  grantsOfClients,
  listClientGrants,
  setClientGrant,
} from "./clients/client-grant.ts";
export {
  type ClientCounts,
  type ClientFilter,
  type ClientPage,
  type ClientSort,
  type ClientState,
  type ClientSummary,
  clientCounts,
  clientSummaries,
  listClients,
} from "./clients/client-list.ts";
export type { Client } from "./clients/client-row.ts";
export { revokeClientTokens } from "./clients/cut-off.ts";
export { deleteClients, disableClients, enableClients } from "./clients/many-clients.ts";
export { createClient } from "./clients/new-client.ts";
export {
  getApiToken,
  listApiTokens,
  listClientApiTokens,
  revokeApiToken,
  updateApiToken,
} from "./credentials/api-token.ts";
export type { ApiToken, TokenPermission } from "./credentials/api-token-row.ts";
export {
  type ClientCertificate,
  createClientCertificate,
  getClientCertificate,
  revokeClientCertificate,
} from "./credentials/client-certificate.ts";
export {
  type ClientKey,
  createClientKey,
  getClientKey,
  revokeClientKey,
} from "./credentials/client-key.ts";
export {
  createClientSecret,
  getClientSecret,
  importClientSecret,
  revokeClientSecret,
} from "./credentials/client-secret.ts";
export type { ClientSecret } from "./credentials/client-secret-row.ts";
export type { Credential } from "./credentials/credential.ts";
export { type CredentialFilter, listCredentials } from "./credentials/credentials.ts";
export {
  createFederatedCredential,
  type FederatedCredential,
  getFederatedCredential,
  revokeFederatedCredential,
} from "./credentials/federated-credential.ts";
export { createApiToken, importApiToken } from "./credentials/new-api-token.ts";
export { createTenantApiToken } from "./credentials/operator-api-token.ts";
export {
  createPersonalClient,
  getPersonalClient,
  listPersonalClients,
  renewPersonalClient,
  revokePersonalClient,
} from "./credentials/personal-client.ts";
export type { PersonalClient } from "./credentials/personal-client-row.ts";
export { createPersonalToken, revokePersonalToken, updatePersonalToken } from "./credentials/personal-token.ts";
export type { PersonalToken } from "./credentials/personal-token-row.ts";
export {
  getPersonalToken,
  listPersonalTokens,
  type PersonalTokenRules,
  personalTokenRules,
} from "./credentials/personal-tokens.ts";
export type { HoldOut } from "./credentials/rotation-progress.ts";
export {
  cancelSecretRotation,
  extendSecretRotation,
  listSecretRotations,
  retireSecret,
  rotateClientSecret,
  type SecretRotation,
} from "./credentials/secret-rotation.ts";
export { type ClientSecretValue, isClientSecretValue } from "./credentials/secret-value.ts";
export { type StaticTokenDoor, staticTokenDoor } from "./credentials/static-token-door.ts";
export { revokeWorkspaceApiTokens } from "./credentials/workspace-api-tokens.ts";
export {
  describe,
  type Failure,
  type FailureCode,
  type FailureText,
  Refusal,
} from "./failure.ts";
export { type CorrelationId, type Id, idPrefixes, type Noun, newCorrelationId, newId, nounOf } from "./id.ts";
export { createImport, getImport, type Import, listImports } from "./imports/import.ts";
export type { ImportFormat } from "./imports/import-file.ts";
export {
  findImportReport,
  type ImportedRow,
  type ImportReport,
  importReportPages,
  listImportedRows,
} from "./imports/import-report.ts";
export {
  LARGEST_FILE,
  type OpenImport,
  openImport,
  type Sending,
  type SendingProblem,
  takeFile,
} from "./imports/import-sending.ts";
export type { Attempt, MailNotices, PostMessage } from "./notices/channels.ts";
export { type DeliveryState, listDeliveries, listUnmailed, type NoticeDelivery } from "./notices/deliveries.ts";
export type { NoticeBody } from "./notices/new-notices.ts";
export { noticeSchedule } from "./notices/schedule.ts";
export { startNoticeSender } from "./notices/send-notices.ts";
export {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhookSecret,
  sendTestNotice,
  updateWebhook,
} from "./notices/webhook.ts";
export type { Webhook } from "./notices/webhook-row.ts";
export { DEFAULT_PAGE, LARGEST_PAGE, type Page, type PageRequest } from "./paging.ts";
export { confirmMailbox, isMailboxConfirmed, newMailboxCode } from "./people/confirm-mailbox.ts";
export { eraseMember } from "./people/erase-member.ts";
export {
  keepNewestLinks,
  type NewPasswordLink,
  newPasswordLink,
  readNewPasswordLink,
  setNewPassword,
} from "./people/forgotten-password.ts";
export { type FormerMember, getFormerMember, listFormerMembers } from "./people/former-member.ts";
export { gatekeepersOf } from "./people/gatekeepers.ts";
export { acceptInvitation, type InvitationView, readInvitation } from "./people/invitation.ts";
export { getInvitation, type Invitation, listInvitations } from "./people/invitation-list.ts";
export { createInvitation, revokeInvitation } from "./people/invite.ts";
export { type InvitationToMail, invitationToMail, recordInvitationMail } from "./people/mailed-invitation.ts";
export {
  type Membership,
  memberPrincipal,
  membershipsOf,
  noteSeen,
  type SignedInPerson,
  type ViewingPerson,
  viewerMemberships,
  viewingPerson,
} from "./people/member.ts";
export {
  accountsOfMembers,
  getMember,
  getMembers,
  listMembers,
  type Member,
  type MemberAccount,
} from "./people/member-list.ts";
export { createMemberResetLink } from "./people/member-reset.ts";
export type { GivenRole } from "./people/new-member.ts";
export { changeOwnPassword } from "./people/own-password.ts";
export { type OwnerReset, resetOwner } from "./people/owner-reset.ts";
export { keepPasskey, keepPasskeySession } from "./people/passkey.ts";
export {
  email,
  type HashPassword,
  LONGEST_PASSWORD,
  password,
  SHORTEST_PASSWORD,
  signInTables,
} from "./people/person.ts";
export { updateOwnName } from "./people/person-name.ts";
export { removeMember } from "./people/remove-member.ts";
export { claimCode } from "./people/second-factor.ts";
export {
  type EndingSessions,
  endSessions,
  livingSessions,
  noteStepUp,
  SESSION_LIFETIME_S,
  type Session,
  sessionsOf,
  useSession,
} from "./people/session.ts";
export { type JoinedMember, newSetUpCode, type SetUpState, setUp, setUpState } from "./people/set-up.ts";
export { watchPassword } from "./people/watched-password.ts";
export type { PulseExchange, TokenPulse } from "./pulse/pulse-exchange.ts";
export { type TokenMinute, tokenMinutes } from "./pulse/token-minutes.ts";
export { allowWatching, type Watching } from "./pulse/watched-workspace.ts";
export { startHousekeeping } from "./records/housekeeping.ts";
export { createLogExport, findLogExport, getLogExport, type LogExport, noteExport } from "./records/log-export.ts";
export { linesOf, mediaTypes } from "./records/log-export-format.ts";
export { exportPages } from "./records/log-export-rows.ts";
export type { LogTail } from "./records/log-tail.ts";
export { type TokenActivity, type TokenHour, tokenActivity } from "./records/token-activity.ts";
export type { TokenLogFilter } from "./records/token-log-filter.ts";
export { findTokenLogEntry, listTokenLog, type TokenLogEntry, type TokenLogPage } from "./records/token-log-list.ts";
export { tailTokenLog } from "./records/token-log-tail.ts";
export { type ClientTokenUse, listTokenUses } from "./records/token-uses.ts";
export {
  type ClientRegistration,
  getClientRegistration,
  revokeClientRegistration,
} from "./registration/client-registration.ts";
export { clientRegistry } from "./registration/client-registry.ts";
export {
  createInitialAccessToken,
  getInitialAccessToken,
  listInitialAccessTokens,
  revokeInitialAccessToken,
} from "./registration/initial-access-token.ts";
export type { CeilingGrant, InitialAccessToken } from "./registration/initial-access-token-row.ts";
export {
  createResource,
  deleteResource,
  getResource,
  getResources,
  listResources,
  type Resource,
  updateResource,
} from "./resources/resource.ts";
export { addResourceServer, listResourceServers, removeResourceServer } from "./resources/resource-server.ts";
export { clientsOfScopes, listResourceGrants, type ResourceUse, useOfResources } from "./resources/resource-use.ts";
export {
  createScope,
  deleteScope,
  getScope,
  listScopes,
  type Scope,
  scopesOfResources,
  updateScope,
} from "./resources/scope.ts";
export type { GeneratedType } from "./settings/generated-types.ts";
export { clientsLockedOutBy, type LockedOut, type LockedOutClient } from "./settings/locked-out.ts";
export type {
  BindingUse,
  Issuance,
  SettingLevel,
  SettingName,
  Settings,
  StatusListUse,
  WhenDatabaseAway,
} from "./settings/settings.ts";
export {
  updateClientSettings,
  updateInstallationSettings,
  updateTenantSettings,
  updateWorkspaceSettings,
} from "./settings/settings-change.ts";
export {
  clientSettings,
  installationSettings,
  type SettingHere,
  type SettingsHere,
  tenantSettings,
  workspaceSettings,
} from "./settings/settings-here.ts";
export { type JwksFetch, listJwksFetches } from "./signing-keys/jwks-fetches.ts";
export { type SigningKeyAlarm, signingKeyAlarm, workspacesWithoutNextKey } from "./signing-keys/key-alarm.ts";
export { listSigningKeys, type SigningKey } from "./signing-keys/signing-key.ts";
export { revokeSigningKey, rotateSigningKey } from "./signing-keys/signing-key-rotation.ts";
export { clientSigningStart, type SigningStart, workspaceSigningStart } from "./signing-keys/signing-start.ts";
export {
  type AttemptSecrets,
  beginAttempt,
  findOpenProvider,
  type OpenedProvider,
  type TakenAttempt,
  takeAttempt,
} from "./sso/sso-attempt.ts";
export { lacksRequiredSso, offeredProviders, providerOfSession, shownEmailOf } from "./sso/sso-door.ts";
export {
  createSsoProvider,
  deleteSsoProvider,
  getSsoProvider,
  listSsoProviders,
  updateSsoProvider,
} from "./sso/sso-provider.ts";
export type { SsoJoining, SsoProvider } from "./sso/sso-provider-row.ts";
export { enterBySso, recordSsoRefusal, type SsoEntryProblem, userOfSubject } from "./sso/sso-sign-in.ts";
export type { AutomationAccess } from "./tenancy/automation-client.ts";
export { addBootstrapSecrets, type BootstrapResult, bootstrap } from "./tenancy/bootstrap.ts";
export {
  addClientAuthority,
  type ClientAuthority,
  getClientAuthority,
  listClientAuthorities,
  removeClientAuthority,
} from "./tenancy/client-authority.ts";
export { ensureInstallation, isInstalled, type OpenOptions, OriginChanged } from "./tenancy/installation.ts";
export { hasIssuerAddress, issuerAddress, readIssuerAddress } from "./tenancy/issuer-address.ts";
export { WrongMasterKey } from "./tenancy/keyring.ts";
export { MasterKeyChangeRefused } from "./tenancy/master-key-change.ts";
export { rewrap } from "./tenancy/rewrap.ts";
export { type StoppedTenant, stoppedTenantOf, stoppedTenantsOf } from "./tenancy/stopped-tenant.ts";
export { createTenant, getTenant, ownTenant, rootTenant } from "./tenancy/tenant.ts";
export {
  deleteTenant,
  restoreTenant,
  resumeTenant,
  setTenantLimits,
  suspendTenant,
  updateTenant,
} from "./tenancy/tenant-change.ts";
export {
  listTenants,
  type TenantFilter,
  type TenantPage,
  type TenantState,
  type TenantSummary,
  tenantSummaries,
} from "./tenancy/tenant-list.ts";
export { createTenantOwnerLink } from "./tenancy/tenant-owner-link.ts";
export { graceEnd, type Tenant, type TenantLimits } from "./tenancy/tenant-row.ts";
export {
  createWorkspace,
  deleteWorkspace,
  getWorkspace,
  getWorkspaces,
  listWorkspaces,
  resumeWorkspace,
  suspendWorkspace,
  updateWorkspace,
  type Workspace,
  workspaceBySlug,
} from "./tenancy/workspace.ts";
export { listExpiringCredentials, type WorkspaceCounts, workspaceCounts } from "./tenancy/workspace-counts.ts";
export { revokeWorkspaceTokens } from "./tenancy/workspace-cut-off.ts";
export {
  type NamedWorkspace,
  revokeTenantClientTokens,
  revokeTenantToken,
  workspaceOfIssuer,
} from "./token-log/tenant-tokens.ts";
export { revokeToken } from "./token-log/token-revocation.ts";
export { recordDroppedCertificate } from "./token-path/dropped-certificate.ts";
export { type PostgresIssuerStore, postgresIssuerStore } from "./token-path/issuer-store.ts";
