import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, createdAt, instant, tenantId, workspaceId } from "./columns.ts";

/** Customers of the installation. A deleted row stays, without its names: its slug is never given again. */
export const tenants = pgTable(
  "tenants",
  {
    id: text("id").primaryKey(),
    slug: text("slug").notNull().unique(),
    name: text("name").notNull(),
    status: text("status").$type<"active" | "suspended" | "deleted">().notNull(),
    isRoot: boolean("is_root").notNull().default(false),
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull().default({}),
    /** What the operator of the installation allows it at most; its own people cannot change it. */
    limits: jsonb("limits").$type<Readonly<Record<string, number>>>().notNull().default({}),
    /** When it was deleted: suspended from then on, `deleted` after the grace. */
    deletedAt: instant("deleted_at"),
    /** What it becomes again when it is restored. */
    restoresTo: text("restores_to").$type<"active" | "suspended">(),
    /** HMAC of the slug that it had; only once it is `deleted`. */
    slugDigest: bytes("slug_digest").unique(),
    /** When its last row was erased. */
    erasedAt: instant("erased_at"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("tenants_one_root").on(t.isRoot).where(sql`${t.isRoot}`),
    check("tenants_status", sql`${t.status} in ('active', 'suspended', 'deleted')`),
    check("tenants_deleted_stopped", sql`${t.deletedAt} is null or (${t.status} <> 'active' and not ${t.isRoot})`),
    check("tenants_tombstone", sql`(${t.status} = 'deleted') = (${t.slugDigest} is not null)`),
  ],
);

/** Issuers. A deleted row stays: with its slug its old tokens would come alive again. */
export const workspaces = pgTable(
  "workspaces",
  {
    tenantId: tenantId(),
    id: text("id").notNull(),
    slug: text("slug").notNull(),
    name: text("name").notNull(),
    kind: text("kind").$type<"admin" | "system" | "custom">().notNull(),
    status: text("status").$type<"active" | "suspended" | "deleted">().notNull(),
    /** The exact `iss`: stored, never derived from a request. */
    issuer: text("issuer").notNull().unique(),
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull().default({}),
    /** Tokens issued before are dead, whoever's they are. */
    tokensNotBefore: instant("tokens_not_before"),
    /** How many such cut-offs there were: part of the addresses of its status lists. */
    cutOffs: integer("cut_offs").notNull().default(0),
    /** When verifiers were last told to keep the JWK Set for a shorter time, and the seconds that they were told before. */
    jwksLoweredAt: instant("jwks_lowered_at"),
    jwksMaxAgeBefore: integer("jwks_max_age_before"),
    /** What signed when another algorithm was chosen: that goes on while the first key of the chosen one waits. */
    signingAlgorithmBefore: text("signing_algorithm_before").$type<"ES256" | "EdDSA" | "PS256" | "RS256">(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("workspaces_slug").on(t.tenantId, t.slug),
    uniqueIndex("workspaces_one_special").on(t.tenantId, t.kind).where(sql`${t.kind} <> 'custom'`),
    foreignKey({ name: "workspaces_tenant", columns: [t.tenantId], foreignColumns: [tenants.id] }),
    check("workspaces_kind", sql`${t.kind} in ('admin', 'system', 'custom')`),
    check("workspaces_status", sql`${t.status} in ('active', 'suspended', 'deleted')`),
  ],
);

/** Signing keys of an issuer, wrapped by the master key. Their state follows from the instants alone. */
export const signingKeys = pgTable(
  "signing_keys",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    /** RFC 7638 thumbprint. */
    kid: text("kid").notNull(),
    alg: text("alg").$type<"ES256" | "EdDSA" | "PS256" | "RS256">().notNull(),
    publicJwk: jsonb("public_jwk").$type<Record<string, unknown>>().notNull(),
    wrappedPrivateKey: bytes("wrapped_private_key").notNull(),
    /** The secret that opaque tokens are sealed with while this key signs; null where an older version made the key. */
    wrappedSealingKey: bytes("wrapped_sealing_key"),
    publishAt: instant("publish_at").notNull(),
    activateAt: instant("activate_at"),
    retireAt: instant("retire_at"),
    removeAt: instant("remove_at"),
    revokedAt: instant("revoked_at"),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.workspaceId, t.kid] }),
    unique("signing_keys_one_issuer").on(t.tenantId, t.kid),
    foreignKey({
      name: "signing_keys_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
    check("signing_keys_alg", sql`${t.alg} in ('ES256', 'EdDSA', 'PS256', 'RS256')`),
  ],
);

/** Who fetched a JWK Set, at most 200 verifiers a workspace, so that a rotation can say who has not seen the next key. */
export const jwksFetches = pgTable(
  "jwks_fetches",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    address: text("address").notNull(),
    agent: text("agent").notNull(),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
    /** How often it came. */
    fetches: bigint("fetches", { mode: "number" }).notNull(),
    /** When the set that it got last had last changed: it holds that one, and none of later. */
    setChangedAt: instant("set_changed_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.workspaceId, t.address, t.agent] }),
    index("jwks_fetches_last").on(t.tenantId, t.workspaceId, t.lastAt),
    foreignKey({
      name: "jwks_fetches_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);
