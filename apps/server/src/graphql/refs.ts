import type {
  ApiToken,
  Assignment,
  AuditChange,
  AuditEntry,
  AuditPage,
  Client,
  ClientAuthority,
  ClientCertificate,
  ClientCounts,
  ClientGrant,
  ClientKey,
  ClientPage,
  ClientSecret,
  ClientSummary,
  Credential,
  FederatedCredential,
  FormerMember,
  InitialAccessToken,
  Invitation,
  JwksFetch,
  LockedOut,
  Member,
  PersonalClient,
  PersonalToken,
  Resource,
  Role,
  Scope,
  SecretRotation,
  SettingsHere,
  SigningKey,
  SigningKeyAlarm,
  SigningStart,
  SsoProvider,
  Tenant,
  TenantPage,
  TenantSummary,
  TokenActivity,
  TokenLogEntry,
  TokenLogPage,
  Workspace,
  WorkspaceCounts,
} from "@mintmark/domain";
import { builder } from "./builder.ts";
import { connectionOf } from "./connection.ts";

/** The nouns' types by name; each noun's file says what they hold. Here, because they lead to each other. */
export const TenantRef = builder.objectRef<Tenant>("Tenant");
export const TenantSummaryRef = builder.objectRef<TenantSummary>("TenantSummary");
export const WorkspaceRef = builder.objectRef<Workspace>("Workspace");
export const ResourceRef = builder.objectRef<Resource>("Resource");
export const ScopeRef = builder.objectRef<Scope>("Scope");
export const RoleRef = builder.objectRef<Role>("Role");
export const AssignmentRef = builder.objectRef<Assignment>("Assignment");
export const ClientRef = builder.objectRef<Client>("Client");
export const ClientSummaryRef = builder.objectRef<ClientSummary>("ClientSummary");
export const ClientCountsRef = builder.objectRef<ClientCounts>("ClientCounts");
export const CredentialRef = builder.interfaceRef<Credential>("Credential");
export const ClientSecretRef = builder.objectRef<ClientSecret>("ClientSecret");
export const SecretRotationRef = builder.objectRef<SecretRotation>("SecretRotation");
export const ClientCertificateRef = builder.objectRef<ClientCertificate>("ClientCertificate");
export const ClientAuthorityRef = builder.objectRef<ClientAuthority>("ClientAuthority");
export const ClientKeyRef = builder.objectRef<ClientKey>("ClientKey");
export const FederatedCredentialRef = builder.objectRef<FederatedCredential>("FederatedCredential");
export const ApiTokenRef = builder.objectRef<ApiToken>("ApiToken");
export const PersonalClientRef = builder.objectRef<PersonalClient>("PersonalClient");
export const PersonalTokenRef = builder.objectRef<PersonalToken>("PersonalToken");
export const InitialAccessTokenRef = builder.objectRef<InitialAccessToken>("InitialAccessToken");
export const MemberRef = builder.objectRef<Member>("Member");
export const FormerMemberRef = builder.objectRef<FormerMember>("FormerMember");
export const InvitationRef = builder.objectRef<Invitation>("Invitation");
export const SsoProviderRef = builder.objectRef<SsoProvider>("SsoProvider");
export const ClientGrantRef = builder.objectRef<ClientGrant>("ClientGrant");
export const LockedOutRef = builder.objectRef<LockedOut>("LockedOut");
export const SigningKeyAlarmRef = builder.objectRef<SigningKeyAlarm>("SigningKeyAlarm");
export const SigningStartRef = builder.objectRef<SigningStart>("SigningStart");
export const SigningKeyRef = builder.objectRef<SigningKey>("SigningKey");
export const JwksFetchRef = builder.objectRef<JwksFetch>("JwksFetch");
export const AuditEntryRef = builder.objectRef<AuditEntry>("AuditEntry");
export const AuditChangeRef = builder.objectRef<AuditChange>("AuditChange");
export const WorkspaceCountsRef = builder.objectRef<WorkspaceCounts>("WorkspaceCounts");
export const TokenActivityRef = builder.objectRef<TokenActivity>("TokenActivity");
export const TokenLogEntryRef = builder.objectRef<TokenLogEntry>("TokenLogEntry");
export const SettingsRef = builder.objectRef<SettingsHere>("Settings");

export const TenantConnection = connectionOf<Tenant, TenantPage>("Tenant", TenantRef);
export const WorkspaceConnection = connectionOf("Workspace", WorkspaceRef);
export const ResourceConnection = connectionOf("Resource", ResourceRef);
export const RoleConnection = connectionOf("Role", RoleRef);
export const AssignmentConnection = connectionOf("Assignment", AssignmentRef);
export const ClientConnection = connectionOf<Client, ClientPage>("Client", ClientRef);
export const ClientGrantConnection = connectionOf("ClientGrant", ClientGrantRef);
export const ApiTokenConnection = connectionOf("ApiToken", ApiTokenRef);
export const PersonalClientConnection = connectionOf("PersonalClient", PersonalClientRef);
export const PersonalTokenConnection = connectionOf("PersonalToken", PersonalTokenRef);
export const InitialAccessTokenConnection = connectionOf("InitialAccessToken", InitialAccessTokenRef);
export const MemberConnection = connectionOf("Member", MemberRef);
export const FormerMemberConnection = connectionOf("FormerMember", FormerMemberRef);
export const InvitationConnection = connectionOf("Invitation", InvitationRef);
export const AuditEntryConnection = connectionOf<AuditEntry, AuditPage>("AuditEntry", AuditEntryRef);
export const TokenLogEntryConnection = connectionOf<TokenLogEntry, TokenLogPage>("TokenLogEntry", TokenLogEntryRef);
