import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { scopes } from "./access.ts";
import { clients } from "./clients.ts";
import { bytes, createdAt, instant, tenantId, workspaceId } from "./columns.ts";
import { peppers } from "./installation.ts";
import { workspaces } from "./tenancy.ts";

/** A stored digest: HMAC-SHA-256(pepper, SHA-256(value)). The value itself is nowhere. */
const digest = () => ({
  digest: bytes("digest").notNull(),
  pepperVersion: integer("pepper_version")
    .notNull()
    .references(() => peppers.version),
  /** What its owner recognises it by. */
  hint: text("hint").notNull(),
});

/** Tokens that register clients (RFC 7591 §3), so many each. A row stays: its clients say where they come from. */
export const initialAccessTokens = pgTable(
  "initial_access_tokens",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    name: text("name").notNull(),
    ...digest(),
    /** How many clients it may register, and how many more. */
    uses: integer("uses").notNull(),
    usesLeft: integer("uses_left").notNull(),
    /** How its clients may authenticate; null is whatever the workspace allows. */
    methods: text("methods").array(),
    /** Days that a secret of theirs lives; null is as long as the workspace allows. */
    secretLifetime: integer("secret_lifetime"),
    createdAt: createdAt(),
    /** Null is "never", a choice somebody made. */
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("initial_access_tokens_in_workspace").on(t.tenantId, t.workspaceId, t.id),
    index("initial_access_tokens_newest").on(t.tenantId, t.workspaceId, t.createdAt, t.id),
    foreignKey({
      name: "initial_access_tokens_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
    check("initial_access_tokens_uses", sql`${t.usesLeft} between 0 and ${t.uses}`),
  ],
);

/** The most that a client which such a token registers may be granted. Nothing means nothing. */
export const initialAccessTokenScopes = pgTable(
  "initial_access_token_scopes",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    tokenId: text("token_id").notNull(),
    scopeId: text("scope_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.tokenId, t.scopeId] }),
    index("initial_access_token_scopes_by_scope").on(t.tenantId, t.scopeId),
    foreignKey({
      name: "initial_access_token_scopes_token",
      columns: [t.tenantId, t.workspaceId, t.tokenId],
      foreignColumns: [initialAccessTokens.tenantId, initialAccessTokens.workspaceId, initialAccessTokens.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "initial_access_token_scopes_scope",
      columns: [t.tenantId, t.workspaceId, t.scopeId],
      foreignColumns: [scopes.tenantId, scopes.workspaceId, scopes.id],
    }).onDelete("cascade"),
  ],
);

/** Clients that registered themselves, and the token by which each manages its registration (RFC 7592). */
export const clientRegistrations = pgTable(
  "client_registrations",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    clientId: text("client_id").notNull(),
    tokenId: text("token_id").notNull(),
    ...digest(),
    /** The credentials that stand in the registration; others of the client are none of its business. */
    credentialIds: text("credential_ids").array().notNull(),
    /** How its client may authenticate by its own word; `null`: registered before this was kept. */
    methods: text("methods").array(),
    createdAt: createdAt(),
    /** When its token stopped counting: it stays as it is. */
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.clientId] }),
    index("client_registrations_by_token").on(t.tenantId, t.tokenId),
    foreignKey({
      name: "client_registrations_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "client_registrations_token",
      columns: [t.tenantId, t.workspaceId, t.tokenId],
      foreignColumns: [initialAccessTokens.tenantId, initialAccessTokens.workspaceId, initialAccessTokens.id],
    }),
  ],
);
