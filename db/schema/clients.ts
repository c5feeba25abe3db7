import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  type ExtraConfigColumn,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { bytes, createdAt, instant, tenantId, workspaceId } from "./columns.ts";
import { peppers } from "./installation.ts";
import { members } from "./people.ts";
import { workspaces } from "./tenancy.ts";

/** Callers. `client_id` is what they send on the wire and may be imported; `id` is ours. */
export const clients = pgTable(
  "clients",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    clientId: text("client_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    type: text("type").$type<"service">().notNull().default("service"),
    status: text("status").$type<"active" | "disabled">().notNull().default("active"),
    /** Whether it may hold credentials and get tokens; where nobody has to approve clients, each is. */
    approval: text("approval").$type<"approved" | "waiting" | "refused">().notNull().default("approved"),
    /** Why it was refused. */
    refusalReason: text("refusal_reason"),
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull().default({}),
    /** What signed its tokens when it chose another algorithm: that goes on while the first key of the chosen one waits. */
    signingAlgorithmBefore: text("signing_algorithm_before").$type<"ES256" | "EdDSA" | "PS256" | "RS256">(),
    /** Tokens issued before this instant are dead. */
    tokensNotBefore: instant("tokens_not_before"),
    cutOffs: integer("cut_offs").notNull().default(0),
    /**
     * A member whose power bounds this client's (a member's own client-credentials pair). Not a foreign key: the bound
     * stays when that member is removed, and a bound by nobody is no power.
     */
    ownerMemberId: text("owner_member_id"),
    /** It may do everything that its owner may, which is a value of its own; otherwise what it is granted, as far as its owner may. */
    followsOwner: boolean("follows_owner").notNull().default(false),
    createdAt: createdAt(),
    version: integer("version").notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("clients_client_id").on(t.tenantId, t.workspaceId, t.clientId),
    unique("clients_in_workspace").on(t.tenantId, t.workspaceId, t.id),
    index("clients_newest").on(t.tenantId, t.workspaceId, t.createdAt, t.id),
    // The list's order by name.
    index("clients_by_name").on(t.tenantId, t.workspaceId, sql`lower(${t.name})`, t.id),
    // Few have one, and the upkeep of signing keys asks each minute which ones there are.
    index("clients_by_algorithm")
      .on(t.tenantId, t.workspaceId, sql`(${t.settings} ->> 'signingAlgorithm')`)
      .where(sql`${t.settings} ->> 'signingAlgorithm' is not null`),
    index("clients_by_owner").on(t.tenantId, t.ownerMemberId).where(sql`${t.ownerMemberId} is not null`),
    // The youngest: foreign keys lead here, and of indexes that seem alike a planner without statistics takes that one.
    index("clients_by_id").on(t.tenantId, t.workspaceId, t.id),
    foreignKey({
      name: "clients_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
    check("clients_status", sql`${t.status} in ('active', 'disabled')`),
    check("clients_approval", sql`${t.approval} in ('approved', 'waiting', 'refused')`),
    check("clients_refused_for", sql`(${t.approval} = 'refused') = (${t.refusalReason} is not null)`),
    check("clients_follows_somebody", sql`not ${t.followsOwner} or ${t.ownerMemberId} is not null`),
  ],
);

/** The columns that a credential of any kind has. */
const credential = () => ({
  tenantId: tenantId(),
  workspaceId: workspaceId(),
  id: text("id").notNull(),
  clientId: text("client_id").notNull(),
  name: text("name").notNull().default(""),
  /** What the owner recognises it by: the last four characters, a thumbprint's start. */
  hint: text("hint").notNull(),
  createdAt: createdAt(),
  notBefore: instant("not_before").notNull().defaultNow(),
  /** Null is "never", a choice somebody made. */
  expiresAt: instant("expires_at"),
  revokedAt: instant("revoked_at"),
  lastUsedAt: instant("last_used_at"),
  lastUsedAddress: text("last_used_address"),
});

/** Leads to what ends soon. */
const byEnd = (name: string, t: { readonly expiresAt: ExtraConfigColumn; readonly revokedAt: ExtraConfigColumn }) =>
  index(name).on(t.expiresAt).where(sql`${t.revokedAt} is null`);

/** A stored digest: HMAC-SHA-256(pepper, SHA-256(value)). The value itself is nowhere. */
const digest = () => ({
  digest: bytes("digest").notNull(),
  pepperVersion: integer("pepper_version")
    .notNull()
    .references(() => peppers.version),
  isImported: boolean("is_imported").notNull().default(false),
});

export const clientSecrets = pgTable("client_secrets", { ...credential(), ...digest() }, (t) => [
  primaryKey({ columns: [t.tenantId, t.id] }),
  index("client_secrets_by_client").on(t.tenantId, t.clientId),
  byEnd("client_secrets_by_end", t),
  unique("client_secrets_digest").on(t.tenantId, t.workspaceId, t.digest),
  foreignKey({
    name: "client_secrets_client",
    columns: [t.tenantId, t.workspaceId, t.clientId],
    foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
  }).onDelete("cascade"),
]);

/**
 * How a secret is being replaced by another one, by the secret that goes. It ends by its own `expires_at`; cancelling
 * gives back the end that it had.
 */
export const secretRotations = pgTable(
  "secret_rotations",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    clientId: text("client_id").notNull(),
    formerId: text("former_id").notNull(),
    successorId: text("successor_id").notNull(),
    startedAt: instant("started_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    /** When the former one would have ended; null is never. */
    formerExpiresAt: instant("former_expires_at"),
    /** Tokens that the former one got in the hour of the start, before it. */
    issuedBefore: bigint("issued_before", { mode: "number" }).notNull(),
    /** The server retires the former one once it has been quiet for long enough. */
    autoRetire: boolean("auto_retire").notNull(),
    /** When it was retired before its end. */
    retiredAt: instant("retired_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.formerId] }),
    unique("secret_rotations_successor").on(t.tenantId, t.successorId),
    index("secret_rotations_by_client").on(t.tenantId, t.clientId),
    index("secret_rotations_due").on(t.endsAt).where(sql`${t.autoRetire} and ${t.retiredAt} is null`),
    foreignKey({
      name: "secret_rotations_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
  ],
);

/** Public keys for `private_key_jwt` (RFC 7523): inline, or fetched from `jwks_uri`. */
export const clientKeys = pgTable(
  "client_keys",
  { ...credential(), kid: text("kid"), publicJwk: jsonb("public_jwk"), jwksUri: text("jwks_uri") },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("client_keys_by_client").on(t.tenantId, t.clientId),
    byEnd("client_keys_by_end", t),
    foreignKey({
      name: "client_keys_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
    check("client_keys_one_source", sql`num_nonnulls(${t.publicJwk}, ${t.jwksUri}) = 1`),
  ],
);

/** Certificates for mutual TLS (RFC 8705): a subject to match, or a self-signed certificate's thumbprint. */
export const clientCertificates = pgTable(
  "client_certificates",
  {
    ...credential(),
    subjectType: text("subject_type")
      .$type<"dn" | "san_dns" | "san_uri" | "san_ip" | "san_email" | "thumbprint">()
      .notNull(),
    subject: text("subject").notNull(),
    pem: text("pem"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("client_certificates_by_client").on(t.tenantId, t.clientId),
    byEnd("client_certificates_by_end", t),
    foreignKey({
      name: "client_certificates_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
  ],
);

/** Authorities that a workspace trusts to sign the certificates of its clients (RFC 8705 §2.1). */
export const clientAuthorities = pgTable(
  "client_authorities",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    name: text("name").notNull().default(""),
    subject: text("subject").notNull(),
    /** SHA-256 of the certificate, in hexadecimal. */
    fingerprint: text("fingerprint").notNull(),
    pem: text("pem").notNull(),
    notAfter: instant("not_after").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("client_authorities_certificate").on(t.tenantId, t.workspaceId, t.fingerprint),
    foreignKey({
      name: "client_authorities_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

/** Trust in somebody else's JWT: exact issuer, exact audience, claim equalities. */
export const federatedCredentials = pgTable(
  "federated_credentials",
  {
    ...credential(),
    issuer: text("issuer").notNull(),
    audience: text("audience").notNull(),
    claims: jsonb("claims").$type<Record<string, string>>().notNull(),
    jwks: jsonb("jwks"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("federated_credentials_by_client").on(t.tenantId, t.clientId),
    byEnd("federated_credentials_by_end", t),
    foreignKey({
      name: "federated_credentials_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
  ],
);

/** Static bearer strings of a client or of a member. `follows_grants` is the value ALL. */
export const apiTokens = pgTable(
  "api_tokens",
  {
    ...credential(),
    ...digest(),
    clientId: text("client_id"),
    memberId: text("member_id"),
    followsGrants: boolean("follows_grants").notNull(),
    scopeIds: text("scope_ids").array(),
    isMadeByOperator: boolean("is_made_by_operator").notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("api_tokens_by_client").on(t.tenantId, t.clientId),
    byEnd("api_tokens_by_end", t),
    index("api_tokens_newest").on(t.tenantId, t.workspaceId, t.createdAt, t.id),
    index("api_tokens_by_member").on(t.tenantId, t.memberId),
    unique("api_tokens_digest").on(t.tenantId, t.workspaceId, t.digest),
    foreignKey({
      name: "api_tokens_client",
      columns: [t.tenantId, t.workspaceId, t.clientId],
      foreignColumns: [clients.tenantId, clients.workspaceId, clients.id],
    }).onDelete("cascade"),
    foreignKey({
      name: "api_tokens_member",
      columns: [t.tenantId, t.memberId],
      foreignColumns: [members.tenantId, members.id],
    }).onDelete("cascade"),
    check("api_tokens_one_owner", sql`num_nonnulls(${t.clientId}, ${t.memberId}) = 1`),
    check("api_tokens_power", sql`${t.followsGrants} = (${t.scopeIds} is null)`),
  ],
);
