/** What people do with their own accounts; each tenant that they belong to is told. */
export type MemberEventType =
  | "member.signed-in"
  | "member.sign-in-refused"
  | "member.signed-out"
  | "member.stepped-up"
  | "member.renamed"
  | "member.sessions-ended"
  | "member.password-changed"
  | "member.password-link-mailed"
  | "member.mailbox-confirmed"
  | "member.totp-enabled"
  | "member.totp-removed"
  | "member.backup-codes-renewed"
  | "member.passkey-added"
  | "member.passkey-removed";

/** How a person proves who they are. */
export type SignInMethod = "password" | "passkey" | "totp" | "backup-code" | "sso";

/** Everything that the audit log can say happened. The type is the event's stable name. */
export type AuditEvent =
  | { readonly type: "installation.bootstrapped"; readonly tenantId: string }
  | { readonly type: "installation.origin-changed"; readonly origin: string }
  /** A server started with a new master key, and with the former one beside it. */
  | { readonly type: "installation.master-key-brought" }
  /** So many signing keys, peppers and secrets of the servers: nothing is under the former master key any more. */
  | { readonly type: "installation.rewrapped"; readonly total: number }
  /** A newer version of the program brought scopes or built-in roles. */
  | { readonly type: "own-api.extended"; readonly workspaceId: string; readonly added: readonly string[] }
  | { readonly type: "installation-settings.changed"; readonly settings: Readonly<Record<string, unknown>> }
  | {
      readonly type: "tenant.created";
      readonly tenantId: string;
      readonly slug: string;
      /** The link for its first owner. */
      readonly invitationId: string;
    }
  | {
      /** Another link for its first owner, who never came. */
      readonly type: "tenant.owner-link-created";
      readonly tenantId: string;
      readonly slug: string;
      readonly invitationId: string;
    }
  | {
      readonly type: "tenant.updated" | "tenant.suspended" | "tenant.resumed" | "tenant.restored";
      readonly tenantId: string;
      readonly slug: string;
    }
  | {
      readonly type: "tenant.limits-changed";
      readonly tenantId: string;
      readonly slug: string;
      readonly limits: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "tenant.deleted";
      readonly tenantId: string;
      readonly slug: string;
      /** Until then it can be restored. */
      readonly restorableUntil: string;
    }
  /** Its grace was over: what it held is erased, its slug only known by a digest. */
  | { readonly type: "tenant.erased"; readonly tenantId: string }
  | { readonly type: "tenant-settings.changed"; readonly settings: Readonly<Record<string, unknown>> }
  | {
      readonly type:
        | "workspace.created"
        | "workspace.updated"
        | "workspace.suspended"
        | "workspace.resumed"
        | "workspace.deleted";
      readonly workspaceId: string;
      readonly slug: string;
    }
  | {
      readonly type: "log.exported";
      readonly exportId: string;
      readonly log: "audit" | "tokens";
      readonly format: "csv" | "ndjson" | "cef";
    }
  | { readonly type: "import.created"; readonly importId: string; readonly format: "csv" | "ndjson" }
  /** Some lines of a file, in one transaction: these clients were made, and so many lines refused. */
  | {
      readonly type: "clients.imported";
      readonly importId: string;
      readonly clientIds: readonly string[];
      readonly refused: number;
      readonly upToLine: number;
    }
  | {
      readonly type: "settings.changed";
      readonly workspaceId: string;
      readonly settings: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "client-settings.changed";
      readonly clientId: string;
      readonly settings: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "resource.created" | "resource.updated" | "resource.deleted";
      readonly resourceId: string;
      readonly identifier: string;
    }
  | {
      readonly type: "resource-server.added" | "resource-server.removed";
      readonly resourceId: string;
      readonly clientId: string;
    }
  | {
      readonly type: "scope.created" | "scope.updated" | "scope.deleted";
      readonly scopeId: string;
      readonly resourceId: string;
      readonly name: string;
    }
  | { readonly type: "role.created" | "role.updated" | "role.deleted"; readonly roleId: string; readonly name: string }
  | {
      readonly type: "assignment.created" | "assignment.deleted";
      readonly assignmentId: string;
      readonly roleId: string;
      readonly subject: string;
      readonly target: string;
    }
  | {
      readonly type: "client.created" | "client.updated" | "client.disabled" | "client.enabled" | "client.deleted";
      readonly clientId: string;
      /** Left out of a member's own: its name is that person's word. */
      readonly name?: string;
      /** What it got in the act that created it. */
      readonly grants?: readonly { readonly resourceId: string; readonly scopes: readonly string[] }[];
      readonly secretId?: string;
      /** Somebody has to approve it first. */
      readonly waits?: true;
    }
  | { readonly type: "client.approved"; readonly clientId: string; readonly name?: string }
  | { readonly type: "client.refused"; readonly clientId: string; readonly name?: string; readonly reason: string }
  /** Several at once. */
  | {
      readonly type: "clients.disabled" | "clients.enabled" | "clients.deleted";
      readonly clientIds: readonly string[];
    }
  /** It registered itself; `token` is the name of the initial access token. */
  | {
      readonly type: "client.registered";
      readonly clientId: string;
      readonly name: string;
      readonly tokenId: string;
      readonly token: string;
      readonly grants: readonly { readonly resourceId: string; readonly scopes: readonly string[] }[];
      readonly credentialIds: readonly string[];
    }
  /** It changed its own registration. */
  | {
      readonly type: "client.registration-changed";
      readonly clientId: string;
      readonly name: string;
      readonly credentialIds: readonly string[];
    }
  | { readonly type: "client.registration-revoked"; readonly clientId: string; readonly name: string }
  | {
      readonly type: "initial-access-token.created" | "initial-access-token.revoked";
      readonly tokenId: string;
      readonly name: string;
      readonly hint: string;
    }
  /** Where notices go; of the address only the host is told. */
  | {
      readonly type:
        | "webhook.created"
        | "webhook.updated"
        | "webhook.secret-rotated"
        | "webhook.tested"
        | "webhook.deleted";
      readonly webhookId: string;
      readonly name: string;
      readonly host: string;
    }
  /** `alg` is left out by versions that knew one algorithm a workspace. */
  | { readonly type: "signing-key.rotated"; readonly workspaceId: string; readonly alg?: string }
  | { readonly type: "signing-key.revoked"; readonly workspaceId: string; readonly kid: string }
  /** The server made or planned keys because time went by. */
  | { readonly type: "signing-key.scheduled"; readonly workspaceId: string; readonly kids: readonly string[] }
  | { readonly type: "workspace.tokens-revoked"; readonly workspaceId: string; readonly notBefore: string }
  | { readonly type: "token.revoked"; readonly tokenId: string; readonly clientId: string }
  | { readonly type: "client.tokens-revoked"; readonly clientId: string; readonly notBefore: string }
  | {
      readonly type: "client-secret.created" | "client-secret.imported" | "client-secret.revoked";
      readonly clientId: string;
      readonly secretId: string;
      readonly hint: string;
      /** The client's cut-off, where the secret was revoked together with its tokens. */
      readonly tokensNotBefore?: string;
    }
  /** `secretId` is the one that goes, except where it was rotated: there the new one. */
  | {
      readonly type: "client-secret.rotated";
      readonly clientId: string;
      readonly secretId: string;
      readonly hint: string;
      readonly formerId: string;
      readonly formerHint: string;
      readonly endsAt: string;
      /** The client's cut-off, where its tokens ended as well. */
      readonly tokensNotBefore?: string;
    }
  | {
      readonly type: "client-secret.rotation-extended" | "client-secret.retirement-undone";
      readonly clientId: string;
      readonly secretId: string;
      readonly hint: string;
      readonly endsAt: string;
    }
  | {
      readonly type: "client-secret.retired" | "client-secret.rotation-cancelled";
      readonly clientId: string;
      readonly secretId: string;
      readonly hint: string;
      /** Who did it did not wait until it was safe. */
      readonly forced?: true;
    }
  | {
      readonly type: "client-key.created" | "client-key.revoked";
      readonly clientId: string;
      readonly keyId: string;
      readonly kid?: string;
      /** Instead of a kid: the address of keys. */
      readonly jwksUri?: string;
      /** The client's cut-off, where the key was revoked together with its tokens. */
      readonly tokensNotBefore?: string;
    }
  | {
      readonly type: "client-certificate.created" | "client-certificate.revoked";
      readonly clientId: string;
      readonly certificateId: string;
      readonly subject: string;
      /** The client's cut-off, where it was revoked together with its tokens. */
      readonly tokensNotBefore?: string;
    }
  | {
      readonly type: "client-authority.added" | "client-authority.removed";
      readonly authorityId: string;
      readonly fingerprint: string;
    }
  /** Somebody who is no trusted proxy sent a client's certificate in a header. */
  | {
      readonly type: "certificate-header.refused";
      /** Equal refusals since the last row that were only counted. */
      readonly uncounted: number;
    }
  | {
      readonly type: "federated-credential.created" | "federated-credential.revoked";
      readonly clientId: string;
      readonly credentialId: string;
      readonly issuer: string;
      /** The client's cut-off, where the credential was revoked together with its tokens. */
      readonly tokensNotBefore?: string;
    }
  | {
      readonly type: "api-token.created" | "api-token.imported" | "api-token.updated" | "api-token.revoked";
      readonly clientId: string;
      readonly tokenId: string;
      readonly name: string;
      readonly hint: string;
    }
  /** What is a person's own is told by its hint: its name is their word, and no chain forgets. */
  | {
      readonly type: "personal-token.created" | "personal-token.updated" | "personal-token.revoked";
      readonly memberId: string;
      readonly tokenId: string;
      readonly hint: string;
    }
  | {
      readonly type: "personal-client.created" | "personal-client.renewed" | "personal-client.revoked";
      readonly memberId: string;
      readonly clientId: string;
      readonly hint: string;
    }
  /** All API tokens of the workspace that worked, so many. */
  | { readonly type: "workspace.api-tokens-revoked"; readonly workspaceId: string; readonly count: number }
  | {
      readonly type: "client-grant.changed";
      readonly clientId: string;
      readonly resourceId: string;
      readonly scopes: readonly string[];
      /** ISO 8601; null: it does not end. */
      readonly expiresAt: string | null;
    }
  | {
      readonly type: "client-grant.deleted";
      readonly clientId: string;
      readonly resourceId: string;
      readonly scopes: readonly string[];
    }
  | { readonly type: "installation.owned"; readonly memberId: string }
  | {
      readonly type: "member.account-reset";
      readonly memberId: string;
      readonly invitationId: string;
      /** How many of theirs ended with it, and how many of their own clients. */
      readonly personalTokens: number;
      readonly personalClients: number;
    }
  | {
      readonly type: "member.password-set-by-mail";
      readonly memberId: string;
      readonly personalTokens: number;
      readonly personalClients: number;
    }
  | {
      readonly type: "member.created";
      readonly memberId: string;
      readonly invitationId: string | null;
      /** Who said who they are, where they came by single sign-on. */
      readonly providerId?: string;
    }
  | {
      readonly type: "sso-provider.created" | "sso-provider.updated" | "sso-provider.deleted";
      readonly providerId: string;
      readonly name: string;
      readonly issuer: string;
    }
  /** Somebody came back from a provider and was not let in. */
  | {
      readonly type: "sso-sign-in.refused";
      readonly providerId: string;
      readonly reason: string;
      /** Equal refusals since the last row that were only counted. */
      readonly uncounted: number;
    }
  /** How many personal tokens ended with the membership, which clients that it bounded were disabled, and whose they are now. */
  | {
      readonly type: "member.removed";
      readonly memberId: string;
      readonly personalTokens: number;
      readonly clientIds: readonly string[];
      readonly successorMemberId?: string;
    }
  /** What named a former member is gone; which of their own clients and clients' names went along. */
  | {
      readonly type: "member.erased";
      readonly memberId: string;
      /** Other memberships that the same person had here before, erased with it. */
      readonly otherMemberIds: readonly string[];
      readonly clientIds: readonly string[];
      /** Whether their account went too, since they belong to no other tenant. */
      readonly withAccount: boolean;
    }
  | { readonly type: "invitation.revoked"; readonly invitationId: string }
  | { readonly type: "invitation.mailed"; readonly invitationId: string }
  /** The link stays good; `reason` is why no mail left. */
  | { readonly type: "invitation.not-mailed"; readonly invitationId: string; readonly reason: string }
  | {
      readonly type: "invitation.created";
      readonly invitationId: string;
      /** Set where it gives this member a lost account back. */
      readonly memberId: string | null;
    }
  | {
      readonly type: MemberEventType;
      readonly memberId: string;
      /** How the person proved who they are, or tried to. */
      readonly method?: SignInMethod;
      /** Equal refusals since the last row that were only counted. */
      readonly uncounted?: number;
    }
  | {
      readonly type: "act.refused";
      readonly mutation: string;
      readonly codes: readonly string[];
      /** Equal refusals since the last row that were only counted. */
      readonly uncounted: number;
    };
