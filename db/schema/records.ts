import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { bytes, createdAt, instant, tenantId, workspaceId } from "./columns.ts";
import { tenants, workspaces } from "./tenancy.ts";

/** Sixteen counters, one per hash(tenant): a change locks its own last, so that number order is commit order. */
export const feedShards = pgTable(
  "feed_shards",
  {
    shard: integer("shard").primaryKey(),
    number: bigint("number", { mode: "number" }).notNull().default(0),
    /** The mark of the row with that number; another mark at a known number means a restored database. */
    mark: text("mark").notNull().default(""),
  },
  (t) => [check("feed_shards_range", sql`${t.shard} between 0 and 15`)],
);

/** What changed, in commit order by shard: caches follow it. */
export const changeFeed = pgTable(
  "change_feed",
  {
    shard: integer("shard")
      .notNull()
      .references(() => feedShards.shard),
    number: bigint("number", { mode: "number" }).notNull(),
    mark: text("mark").notNull(),
    tenantId: tenantId(),
    workspaceId: text("workspace_id"),
    /** What to drop: kind and id of each thing that the change touched. */
    touched: jsonb("touched").$type<readonly { kind: string; id: string }[]>().notNull(),
    at: instant("at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.shard, t.number] })],
);

/** Every version of every configured thing, digests left out: as-of answers, undo and drift read it. */
export const history = pgTable(
  "history",
  {
    tenantId: tenantId(),
    kind: text("kind").notNull(),
    id: text("id").notNull(),
    version: integer("version").notNull(),
    workspaceId: text("workspace_id"),
    shard: integer("shard").notNull(),
    feedNumber: bigint("feed_number", { mode: "number" }).notNull(),
    /** Null once the thing was deleted. */
    body: jsonb("body").$type<Record<string, unknown>>(),
    at: instant("at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.kind, t.id, t.version] }),
    index("history_by_feed").on(t.tenantId, t.feedNumber),
    foreignKey({ name: "history_tenant", columns: [t.tenantId], foreignColumns: [tenants.id] }),
  ],
);

/** The last link of each audit chain. */
export const auditHeads = pgTable(
  "audit_heads",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    sequence: bigint("sequence", { mode: "number" }).notNull(),
    hash: bytes("hash").notNull(),
    /** The signed checkpoint up to which retention cut the chain; null: it is whole. */
    cut: jsonb("cut").$type<Record<string, unknown>>(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.workspaceId] }),
    foreignKey({
      name: "audit_heads_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

/**
 * Who changed what, chained by hash. Personal fields enter the hash as a salted commitment and can be erased. The policies
 * hold for the server's role too: a row changes only by losing its personal part, and goes only when it is 30 days old.
 */
export const auditEvents = pgTable(
  "audit_events",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    sequence: bigint("sequence", { mode: "number" }).notNull(),
    id: text("id").notNull(),
    at: instant("at").notNull(),
    type: text("type").notNull(),
    outcome: text("outcome").$type<"done" | "refused">().notNull(),
    actor: text("actor").notNull(),
    correlationId: text("correlation_id").notNull(),
    body: jsonb("body").$type<Record<string, unknown>>().notNull(),
    /** The change's number in the tenant's shard, which leads to its history; null where nothing configured changed. */
    feedNumber: bigint("feed_number", { mode: "number" }),
    personal: jsonb("personal").$type<Record<string, unknown>>(),
    salt: bytes("salt"),
    commitment: bytes("commitment").notNull(),
    previousHash: bytes("previous_hash").notNull(),
    hash: bytes("hash").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.workspaceId, t.sequence] }),
    unique("audit_events_id").on(t.tenantId, t.id),
    index("audit_events_newest").on(t.tenantId, t.workspaceId, t.at),
    foreignKey({
      name: "audit_events_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
    pgPolicy("audit_events_read", { for: "select", using: sql`true` }),
    pgPolicy("audit_events_written", { for: "insert", withCheck: sql`true` }),
    pgPolicy("audit_events_erased", {
      for: "update",
      using: sql`true`,
      withCheck: sql`personal is null and salt is null`,
    }),
    pgPolicy("audit_events_outlived", { for: "delete", using: sql`at < now() - interval '30 days'` }),
  ],
);

/** Answers of mutations by client mutation id, kept 24 h; never holds a secret. */
export const idempotency = pgTable(
  "idempotency",
  {
    tenantId: tenantId(),
    principal: text("principal").notNull(),
    mutation: text("mutation").notNull(),
    clientMutationId: text("client_mutation_id").notNull(),
    inputHash: bytes("input_hash").notNull(),
    result: jsonb("result").$type<Record<string, unknown>>().notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.principal, t.mutation, t.clientMutationId] }),
    index("idempotency_expiry").on(t.expiresAt),
    foreignKey({ name: "idempotency_tenant", columns: [t.tenantId], foreignColumns: [tenants.id] }),
  ],
);

/**
 * One row per token decision. `jti` is the correlation id where the request was refused.
 *
 * No foreign keys: rows outlive what they name, and the token path pays for each key.
 */
export const tokenLog = pgTable(
  "token_log",
  {
    day: date("day", { mode: "string" }).notNull(),
    jti: text("jti").notNull(),
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    at: instant("at").notNull(),
    outcome: text("outcome").$type<"issued" | "refused">().notNull(),
    correlationId: text("correlation_id").notNull(),
    client: text("client"),
    clientId: text("client_id"),
    credentialId: text("credential_id"),
    method: text("method"),
    resource: text("resource"),
    scope: text("scope"),
    kid: text("kid"),
    expiresAt: instant("expires_at"),
    reason: text("reason"),
    evidence: jsonb("evidence").$type<Record<string, unknown>>(),
    /** How many equal refusals this row stands for. */
    count: integer("count").notNull().default(1),
    address: text("address").notNull(),
    agent: text("agent"),
    /** The replica's feed number for the tenant's shard when it decided. */
    feedNumber: bigint("feed_number", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.day, t.jti] }),
    index("token_log_newest").on(t.tenantId, t.workspaceId, t.at),
    // A quiet client of a busy workspace is found without reading the others' rows.
    index("token_log_by_client").on(t.tenantId, t.workspaceId, t.client, t.at).where(sql`${t.client} is not null`),
    // Refusals among millions of tokens; issued rows pay nothing for it.
    index("token_log_refused").on(t.tenantId, t.workspaceId, t.at).where(sql`${t.outcome} = 'refused'`),
  ],
);

/** How tokens of a client were used at APIs that ask about them here: one row for each kind of use, at most 100 a client. */
export const tokenUses = pgTable(
  "token_uses",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    client: text("client").notNull(),
    resource: text("resource").notNull(),
    checkedBy: text("checked_by").$type<"introspection" | "forward_auth">().notNull(),
    scope: text("scope").notNull(),
    address: text("address").notNull(),
    /** Why it was refused; empty where it was accepted. */
    reason: text("reason").notNull(),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
    uses: bigint("uses", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({
      columns: [t.tenantId, t.workspaceId, t.client, t.resource, t.checkedBy, t.scope, t.address, t.reason],
    }),
    index("token_uses_last").on(t.tenantId, t.workspaceId, t.client, t.lastAt),
    foreignKey({
      name: "token_uses_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

/** Single tokens taken back, kept until they would have expired. */
export const revokedTokens = pgTable(
  "revoked_tokens",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    jti: text("jti").notNull(),
    clientId: text("client_id").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at").notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.workspaceId, t.jti] }),
    index("revoked_tokens_expiry").on(t.expiresAt),
    foreignKey({
      name: "revoked_tokens_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

/** Assertion and proof ids seen, each with the token it became. */
export const replayIds = pgTable(
  "replay_ids",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    replayId: text("replay_id").notNull(),
    tokenJti: text("token_jti").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.workspaceId, t.replayId] }), index("replay_ids_expiry").on(t.expiresAt)],
);

/**
 * Clients' numbers in their workspace's status lists, one for each cut-off: kept until no token of before can live, also
 * where the client is gone.
 */
export const statusNumbers = pgTable(
  "status_numbers",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    clientId: text("client_id").notNull(),
    cutOffs: integer("cut_offs").notNull(),
    number: integer("number").notNull(),
    /** When it was first seen that no new token will carry it. */
    endedAt: instant("ended_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.clientId, t.cutOffs] }),
    unique("status_numbers_in_workspace").on(t.tenantId, t.workspaceId, t.number),
    foreignKey({
      name: "status_numbers_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);

const usage = () => ({
  tenantId: tenantId(),
  workspaceId: workspaceId(),
  clientId: text("client_id").notNull(),
  credentialId: text("credential_id").notNull(),
  resource: text("resource").notNull(),
  scope: text("scope").notNull(),
  issued: bigint("issued", { mode: "number" }).notNull().default(0),
  refused: bigint("refused", { mode: "number" }).notNull().default(0),
});

export const usageHours = pgTable("usage_hours", { hour: instant("hour").notNull(), ...usage() }, (t) => [
  primaryKey({ columns: [t.tenantId, t.workspaceId, t.hour, t.clientId, t.credentialId, t.resource, t.scope] }),
]);

/** Kept 400 days, because a 30-day log cannot say "unused for 90". */
export const usageDays = pgTable("usage_days", { day: date("day", { mode: "string" }).notNull(), ...usage() }, (t) => [
  primaryKey({ columns: [t.tenantId, t.workspaceId, t.day, t.clientId, t.credentialId, t.resource, t.scope] }),
]);

/** From where each credential is used, at most 50 rows each. */
export const credentialSources = pgTable(
  "credential_sources",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    credentialId: text("credential_id").notNull(),
    address: text("address").notNull(),
    agent: text("agent").notNull(),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.workspaceId, t.credentialId, t.address, t.agent] })],
);

/** What a token endpoint did: one row a minute, workspace and replica. */
export const workspaceLatencies = pgTable(
  "workspace_latencies",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    minute: instant("minute").notNull(),
    replica: text("replica").notNull(),
    /** How long it took to issue a token, counted by bucket; together as many as were issued. */
    counts: integer("counts").array().notNull(),
    refused: integer("refused").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.workspaceId, t.minute, t.replica] })],
);

/** A log that somebody asked for as a file. The file rests nowhere: it is read while it is sent. */
export const logExports = pgTable(
  "log_exports",
  {
    tenantId: tenantId(),
    workspaceId: workspaceId(),
    id: text("id").notNull(),
    /** Who asked for it: nobody else gets it. */
    principal: text("principal").notNull(),
    log: text("log").$type<"audit" | "tokens">().notNull(),
    format: text("format").$type<"csv" | "ndjson" | "cef">().notNull(),
    filter: jsonb("filter").$type<Record<string, string>>().notNull(),
    /** Entries that it had when it was asked for, and how many of them were sent so far. */
    total: bigint("total", { mode: "number" }).notNull(),
    sent: bigint("sent", { mode: "number" }).notNull().default(0),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("log_exports_expired").on(t.expiresAt),
    foreignKey({
      name: "log_exports_workspace",
      columns: [t.tenantId, t.workspaceId],
      foreignColumns: [workspaces.tenantId, workspaces.id],
    }),
  ],
);
