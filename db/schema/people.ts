import { boolean, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { bytes, createdAt, instant, tenantId } from "./columns.ts";
import { tenants } from "./tenancy.ts";

/** People are global, their powers are not: the sign-in library's tables, then membership by tenant. */
export const users = pgTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  /** Whether a link that was nowhere but in this mailbox came back: nothing that only they may read is mailed before. */
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  twoFactorEnabled: boolean("two_factor_enabled").notNull().default(false),
  createdAt: createdAt(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

const ofUser = () =>
  text("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    token: text("token").notNull().unique(),
    /** Set for a single sign-on session: it opens this tenant and no other. */
    tenantId: text("tenant_id").references(() => tenants.id),
    /** The end whatever happens; an idle session ends before. */
    expiresAt: instant("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
    /** Moved at most once a minute. */
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    /** When the person last proved who they are: dangerous acts ask for a recent proof. */
    authenticatedAt: instant("authenticated_at").notNull().defaultNow(),
  },
  (t) => [index("sessions_by_user").on(t.userId)],
);

export const accounts = pgTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: instant("access_token_expires_at"),
    refreshTokenExpiresAt: instant("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [index("accounts_by_user").on(t.userId), unique("accounts_provider").on(t.providerId, t.accountId)],
);

export const verifications = pgTable(
  "verifications",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: createdAt(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [index("verifications_by_identifier").on(t.identifier)],
);

export const passkeys = pgTable(
  "passkeys",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    name: text("name"),
    publicKey: text("public_key").notNull(),
    credentialId: text("credential_id").notNull().unique(),
    counter: integer("counter").notNull(),
    deviceType: text("device_type").notNull(),
    backedUp: boolean("backed_up").notNull(),
    transports: text("transports"),
    aaguid: text("aaguid"),
    createdAt: createdAt(),
  },
  (t) => [index("passkeys_by_user").on(t.userId)],
);

export const twoFactors = pgTable(
  "two_factors",
  {
    id: text("id").primaryKey(),
    userId: ofUser(),
    secret: text("secret").notNull(),
    backupCodes: text("backup_codes").notNull(),
    verified: boolean("verified").notNull().default(true),
    failedVerificationCount: integer("failed_verification_count").notNull().default(0),
    lockedUntil: instant("locked_until"),
  },
  (t) => [index("two_factors_by_user").on(t.userId)],
);

/** A person in a tenant. Roles come by assignments. */
export const members = pgTable(
  "members",
  {
    tenantId: tenantId(),
    id: text("id").notNull(),
    userId: ofUser(),
    displayName: text("display_name").notNull(),
    createdAt: createdAt(),
    /** When they last worked in this tenant; moved at most once a minute. */
    lastSeenAt: instant("last_seen_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("members_once").on(t.tenantId, t.userId),
    index("members_by_user").on(t.userId),
    foreignKey({ name: "members_tenant", columns: [t.tenantId], foreignColumns: [tenants.id] }),
  ],
);

/** The names of members who were removed, for the audit log, and whose accounts those were: by that they can be erased. */
export const formerMembers = pgTable(
  "former_members",
  {
    tenantId: tenantId(),
    id: text("id").notNull(),
    displayName: text("display_name").notNull(),
    removedAt: instant("removed_at").notNull(),
    /** Null once their account is gone, or they were erased; and where an earlier version removed them. */
    userId: text("user_id").references(() => users.id, { onDelete: "set null" }),
    /** From then on the name says nothing of them. */
    erasedAt: instant("erased_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("former_members_by_user").on(t.userId),
    foreignKey({ name: "former_members_tenant", columns: [t.tenantId], foreignColumns: [tenants.id] }),
  ],
);

/** Whom a tenant trusts to say who somebody is (OpenID Connect Core). */
export const ssoProviders = pgTable(
  "sso_providers",
  {
    tenantId: tenantId(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    /** Never changes: identities hang on it. */
    issuer: text("issuer").notNull(),
    clientId: text("client_id").notNull(),
    /** Sealed by the master key, in this row's place. */
    wrappedSecret: bytes("wrapped_secret").notNull(),
    /** Asked for besides `openid`. */
    scopes: jsonb("scopes").$type<readonly string[]>().notNull(),
    /** In small letters; empty: any. */
    emailDomains: jsonb("email_domains").$type<readonly string[]>().notNull(),
    joining: text("joining").$type<"invited" | "anyone">().notNull(),
    /** What whoever joins by themselves gets. */
    roles: jsonb("roles").$type<readonly { roleId: string; targetWorkspaceId: string | null }[]>().notNull(),
    /** The member or client that said so last: its power bounds them. Null: somebody with a shell on the server. */
    rolesBy: text("roles_by"),
    /** Members who are no owners get in by single sign-on alone. */
    isRequired: boolean("is_required").notNull(),
    isActive: boolean("is_active").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("sso_providers_issuer").on(t.tenantId, t.issuer),
    index("sso_providers_by_id").on(t.id),
    foreignKey({ name: "sso_providers_tenant", columns: [t.tenantId], foreignColumns: [tenants.id] }),
  ],
);

/** Single sign-on identities, keyed (tenant, issuer, subject): never linked by e-mail. They outlive their provider. */
export const ssoIdentities = pgTable(
  "sso_identities",
  {
    tenantId: tenantId(),
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    userId: ofUser(),
    /** As the provider said last: for display. */
    email: text("email"),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.issuer, t.subject] }),
    unique("sso_identities_user").on(t.tenantId, t.userId),
    index("sso_identities_by_user").on(t.userId),
    foreignKey({ name: "sso_identities_tenant", columns: [t.tenantId], foreignColumns: [tenants.id] }),
  ],
);

/** A sign-in that went to a provider and has not come back. Only digests: what they are made from is in the browser alone. */
export const ssoAttempts = pgTable(
  "sso_attempts",
  {
    tenantId: tenantId(),
    providerId: text("provider_id").notNull(),
    stateDigest: bytes("state_digest").notNull(),
    browserDigest: bytes("browser_digest").notNull(),
    /** Set where the person of this session proves again who they are; it may have ended meanwhile. */
    sessionId: text("session_id"),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.providerId, t.stateDigest] }),
    index("sso_attempts_by_end").on(t.expiresAt),
    foreignKey({
      name: "sso_attempts_provider",
      columns: [t.tenantId, t.providerId],
      foreignColumns: [ssoProviders.tenantId, ssoProviders.id],
    }).onDelete("cascade"),
  ],
);

/** One-use links that make somebody a member, or give a person a lost account back. Only the code's digest is kept. */
export const invitations = pgTable(
  "invitations",
  {
    tenantId: tenantId(),
    id: text("id").notNull(),
    codeDigest: bytes("code_digest").notNull(),
    /** Of the link that went by mail alone: whoever uses that one reads the mailbox of `email`. */
    mailedCodeDigest: bytes("mailed_code_digest"),
    /** Set where the link resets this person's account; otherwise it makes a member. */
    userId: text("user_id").references(() => users.id, { onDelete: "cascade" }),
    email: text("email"),
    /** The member or client that made it: its power bounds what the link gives. Null: the server's own. */
    invitedBy: text("invited_by"),
    roles: jsonb("roles").$type<readonly { roleId: string; targetWorkspaceId: string | null }[]>().notNull(),
    /** Until when its user has those roles; the link ends by then as well. Null: until they are taken back. */
    rolesExpireAt: instant("roles_expire_at"),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("invitations_code").on(t.tenantId, t.codeDigest),
    index("invitations_by_code").on(t.codeDigest),
    index("invitations_by_mailed_code").on(t.mailedCodeDigest),
    foreignKey({ name: "invitations_tenant", columns: [t.tenantId], foreignColumns: [tenants.id] }),
  ],
);
