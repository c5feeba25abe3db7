import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The superuser's address of the run's PostgreSQL. */
    postgresUrl: string;
    /** What `bootstrap --json` printed for the template that has it behind it, the origin it took, and its master key. */
    bootstrappedTemplate: { readonly printed: string; readonly origin: string; readonly masterKey: string };
  }
}

export interface TestDatabase {
  /** For `MIGRATE_DATABASE_URL`: the owner of the database. */
  readonly ownerUrl: string;
  /** For `DATABASE_URL`: the application role, which owns nothing. */
  readonly appUrl: string;
  /** Ends its connections and drops it. */
  drop(): Promise<void>;
}

export const ownerRole = "mintmark_owner";
export const applicationRole = "mintmark_app";
/** Migrated once a run; every test's database is a copy of it. */
export const templateName = "mintmark_template";
/** The same after `bootstrap`: most tests begin there. */
export const bootstrappedTemplateName = "mintmark_bootstrapped";

/** The address of a database of the run's PostgreSQL for one of its roles. */
export function addressOf(superuserUrl: string, role: string, database: string): string {
  const url = new URL(superuserUrl);
  url.username = role;
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement as superuser. */
export async function administer(superuserUrl: string, ...statements: string[]): Promise<void> {
  const sql = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  try {
    for (const statement of statements) await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

async function create(template: string): Promise<TestDatabase> {
  const url = inject("postgresUrl");
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(url, `create database ${name} template ${template} owner ${ownerRole}`);
  return {
    ownerUrl: addressOf(url, ownerRole, name),
    appUrl: addressOf(url, applicationRole, name),
    drop: () => administer(url, `drop database if exists ${name} with (force)`),
  };
}

/** A fresh, migrated database. */
export const createDatabase = (): Promise<TestDatabase> => create(templateName);

/** A fresh one after `bootstrap`, with what that printed. */
export const createBootstrappedDatabase = (): Promise<TestDatabase> => create(bootstrappedTemplateName);

/** A fresh, empty one, for tests of `migrate` itself. */
export const createEmptyDatabase = (): Promise<TestDatabase> => create("template1");

/**
 * A database that is kept for the rest of the run, with what it says of itself: made by whoever comes first, while the
 * others wait.
 *
 * @param make leaves a database that nobody is connected to
 */
export async function keptDatabase(
  name: string,
  make: () => Promise<{ facts: string; database: TestDatabase; destroy: () => Promise<void> }>,
): Promise<string> {
  const sql = postgres(inject("postgresUrl"), { max: 1 });
  try {
    await sql`select pg_advisory_lock(hashtext(${name}))`;
    const [row] = await sql<{ facts: string }[]>`
      select shobj_description(oid, 'pg_database') as facts from pg_database where datname = ${name}`;
    if (row) return row.facts;
    const { facts, database, destroy } = await make();
    const of = new URL(database.appUrl).pathname.slice(1);
    await sql.unsafe(`create database ${name} template ${of} owner ${ownerRole}`);
    await sql.unsafe(`comment on database ${name} is '${facts.replaceAll("'", "''")}'`);
    await destroy();
    return facts;
  } finally {
    await sql.end();
  }
}

/** A copy of one that was kept. */
export const createFromKept = (name: string): Promise<TestDatabase> => create(name);

/** Takes one database away from the application, open connections included, or gives it back. */
export async function setDatabaseAway(database: TestDatabase, away: boolean): Promise<void> {
  const name = new URL(database.appUrl).pathname.slice(1);
  await administer(
    inject("postgresUrl"),
    `alter database ${name} connection limit ${away ? 0 : -1}`,
    `select pg_terminate_backend(pid) from pg_stat_activity where ${away} and datname = '${name}'`,
  );
}
