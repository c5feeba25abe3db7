import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** postgres.js' tagged template: `sql<Row[]>\`select …\`` is prepared once per connection. Int8 is a number, timestamptz a Date. */
export type Sql = postgres.Sql<{ bigint: number }>;

/** The same inside a transaction as well as outside. */
export type SqlQueries = postgres.ISql<{ bigint: number }>;

/** A pool of connections. Only `packages/domain` and `db` query it; everyone else passes it on. */
export type Database = PostgresJsDatabase & {
  /** Raw prepared SQL, for the token path: a built query costs 4.5 times as much. */
  readonly sql: Sql;
  /** Lets running queries end for at most five seconds, then closes every connection. */
  close(): Promise<void>;
};

/** What `database.transaction()` hands out: the same queries, inside one transaction. */
export type Transaction = Parameters<Parameters<PostgresJsDatabase["transaction"]>[0]>[0];

export interface ConnectOptions {
  /** Most connections open at once. Default 10. */
  maxConnections?: number;
  /** Milliseconds after which the server gives a statement up (57014). Default 10,000; 0 means never. */
  statementTimeout?: number;
  /** Seconds to wait for a connection. Default 5. */
  connectTimeout?: number;
  /** Shown in `pg_stat_activity`. Default `mintmark`. */
  applicationName?: string;
  /** False behind a pooler that cannot keep prepared statements. Default true. */
  prepare?: boolean;
}

/** Longest pause between two tries to reach the database, in seconds: it is found again within 5 s of its return. */
const longestBackoff = 1;

/** Int8 and timestamptz as JavaScript knows them: our counters stay below 2^53, an instant has no zone. */
const bigint: postgres.PostgresType<number> = { to: 20, from: [20], serialize: String, parse: Number };
const parseInstant = (text: string): Date => new Date(text);
const serializeInstant = (value: Date | string): string => (value instanceof Date ? value.toISOString() : value);
const timestamptz = 1184;

/**
 * Opens a pool to a PostgreSQL ≥ 15. Connects lazily: a database that is away shows at the first query.
 *
 * @param url `postgres://user:password@host:port/database`; `sslmode` and several hosts as postgres.js reads them.
 */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const sql: Sql = postgres(url, {
    max: options.maxConnections ?? 10,
    connect_timeout: options.connectTimeout ?? 5,
    prepare: options.prepare ?? true,
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, longestBackoff),
    onnotice: () => undefined,
    types: { bigint },
    connection: {
      application_name: options.applicationName ?? "mintmark",
      statement_timeout: options.statementTimeout ?? 10_000,
    },
  });
  const orm = drizzle(sql);
  // drizzle makes its client hand out timestamps as text; it reads Dates as well, and raw SQL needs them.
  sql.options.parsers[timestamptz] = parseInstant;
  sql.options.serializers[timestamptz] = serializeInstant;
  return Object.assign(orm, { sql, close: () => sql.end({ timeout: 5 }) });
}

/** The driver's own error below whatever wraps it: drizzle's message repeats the parameters and must not be logged. */
export function driverError(error: unknown): (Error & { code?: string; constraint_name?: string }) | undefined {
  let found = error;
  while (found instanceof Error && !("code" in found) && found.cause !== undefined) found = found.cause;
  return found instanceof Error ? found : undefined;
}

/** SQLSTATE (PostgreSQL, appendix A) or the network's code (`ECONNREFUSED`, …). */
export function errorCode(error: unknown): string | undefined {
  const code = driverError(error)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Name of the constraint that refused a row (23xxx). */
export function violatedConstraint(error: unknown): string | undefined {
  return errorCode(error)?.startsWith("23") ? driverError(error)?.constraint_name : undefined;
}

/** 40001 and 40P01: the same transaction may succeed when run again. */
export function isRetryable(error: unknown): boolean {
  const code = errorCode(error);
  return code === "40001" || code === "40P01";
}

const awayNetwork = new Set([
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Connection (08), wrong password (28), no database (3D), no room (53), shutdown (57P), read-only standby, given up, locked. */
const awaySqlState = /^(08...|28...|3D000|53...|57P0.|58...|25006|57014|55P03)$/;

/** True when the database is away, full or standing by: the caller says "try again" (503), never "you are wrong". */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && (awayNetwork.has(code) || awaySqlState.test(code));
}

/** Data (22), a constraint (23), a size (54): the same row is refused again whenever it is sent. */
export function isRefusedData(error: unknown): boolean {
  return /^(22|23|54)...$/.test(errorCode(error) ?? "");
}

/** Whether a query is answered within that many milliseconds. */
export async function answers(database: Database, milliseconds = 2_000): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const asked = database.sql`select 1`.then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
