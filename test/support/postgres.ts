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

/** What a database that is kept says of itself, or `undefined` where there is none of that name. */
export async function keptFacts(name: string): Promise<string | undefined> {
  const sql = postgres(inject("postgresUrl"), { max: 1 });
  try {
    const [row] = await sql<{ facts: string }[]>`
      select shobj_description(oid, 'pg_database') as facts from pg_database where datname = ${name}`;
    return row?.facts;
  } finally {
    await sql.end();
  }
}

/** Keeps a database that nobody is connected to, as it is now, for the rest of the run. */
export function keepDatabase(database: TestDatabase, name: string, facts: string): Promise<void> {
  const of = new URL(database.appUrl).pathname.slice(1);
  const text = `'${facts.replaceAll("'", "''")}'`;
  return administer(
    inject("postgresUrl"),
    `create database ${name} template ${of} owner ${ownerRole}`,
    `comment on database ${name} is ${text}`,
  );
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
