import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { bytes, createdAt, instant } from "./columns.ts";

/** The one row that says which installation this database belongs to. */
export const installation = pgTable(
  "installation",
  {
    id: integer("id").primaryKey(),
    /** The origin that issuers were made for; a changed one is refused in production. */
    origin: text("origin").notNull(),
    /** What issuers begin with, with `{tenant}` in its host; null: that origin. A changed one is refused likewise. */
    originTemplate: text("origin_template"),
    /** A known text sealed by the master key: opens only under the right one. */
    keyCheck: bytes("key_check").notNull(),
    /** The same under the former master key, while something may still be wrapped by that one; null: nothing is. */
    formerKeyCheck: bytes("former_key_check"),
    rootTenantId: text("root_tenant_id"),
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull().default({}),
    createdAt: createdAt(),
    /** When a person came to own the server: set-up is closed from then on. */
    ownedAt: instant("owned_at"),
    /** SHA-256 of the one-time code that the last start printed. */
    setupCodeDigest: bytes("setup_code_digest"),
    setupCodeExpiresAt: instant("setup_code_expires_at"),
    setupTries: integer("setup_tries").notNull().default(0),
  },
  (t) => [check("installation_single", sql`${t.id} = 1`)],
);

/** Peppers of stored digests, wrapped by the master key; each digest names its version. */
export const peppers = pgTable("peppers", {
  version: integer("version").primaryKey(),
  wrapped: bytes("wrapped").notNull(),
  createdAt: createdAt(),
});

/** What the servers sign and seal with for themselves, wrapped by the master key: cookies and TOTP secrets, nonces. */
export const serverSecrets = pgTable("server_secrets", {
  purpose: text("purpose").primaryKey(),
  wrapped: bytes("wrapped").notNull(),
  createdAt: createdAt(),
});

/** Rows with an expiry instead of advisory locks: who does a recurring job now. */
export const leases = pgTable("leases", {
  name: text("name").primaryKey(),
  holder: text("holder").notNull(),
  expiresAt: instant("expires_at").notNull(),
});

/** Servers that run on this database: each writes its heartbeat through the primary once a second. */
export const replicas = pgTable(
  "replicas",
  {
    id: text("id").primaryKey(),
    /** Where it runs, for people: host and process id. */
    name: text("name").notNull(),
    /** Names of the master keys that it knows; the first one wraps. Empty: a version that does not say. */
    masterKeys: text("master_keys").array().notNull().default([]),
    startedAt: instant("started_at").notNull().defaultNow(),
    beatAt: instant("beat_at").notNull(),
    /** Workspaces that somebody watches at this server: the others tell what they do there. */
    watched: text("watched").array().notNull().default([]),
    /** What this server did in the last seconds in the workspaces that somebody watches; null where nobody does. */
    pulse: jsonb("pulse").$type<readonly Record<string, unknown>[]>(),
  },
  (t) => [index("replicas_by_beat").on(t.beatAt)],
);
