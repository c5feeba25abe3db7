import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type MigrationMeta, readMigrationFiles } from "drizzle-orm/migrator";
import { connect, errorCode, type SqlQueries } from "./connect.ts";
import { databaseFolder } from "./folder.ts";
import { grantTables } from "./grants.ts";

/** Why a database cannot be migrated; the message says what to do. */
export class MigrationFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MigrationFailure";
  }
}

const oldestVersion = 150_000;

/** Two that create the table of migrations at once (23505, 42P07), or a busy table (55P03): wait and try again. */
const passing = new Set(["23505", "42P07", "55P03", "40001", "40P01"]);

const readMigrations = (): MigrationMeta[] =>
  readMigrationFiles({ migrationsFolder: join(databaseFolder(), "migrations") });

/** The role that a database address signs in as. */
export const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);

/**
 * Brings the database to this version's schema and gives the application role its privileges; does nothing when both are
 * so already. Everything happens in one transaction, and of several at once each waits for the one before.
 *
 * @param ownerUrl The role that owns the tables (`MIGRATE_DATABASE_URL`).
 * @param appRole The name of the role that the server works as.
 * @returns How many migrations were applied.
 * @throws MigrationFailure
 */
export async function migrate(ownerUrl: string, appRole: string): Promise<number> {
  const migrations = readMigrations();
  const database = connect(ownerUrl, { maxConnections: 1, statementTimeout: 0, applicationName: "mintmark migrate" });
  try {
    await checkServer(database.sql, appRole);
    for (let tries = 1; ; tries++) {
      try {
        return await database.sql.begin((sql) => migrateLocked(sql, migrations, appRole));
      } catch (error) {
        if (tries === 5 || !passing.has(errorCode(error) ?? "")) throw readable(error);
        await pause(200 * tries);
      }
    }
  } finally {
    await database.close();
  }
}

async function checkServer(sql: SqlQueries, appRole: string): Promise<void> {
  const [server] = await sql<{ number: number; name: string; owner: string }[]>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as name,
      current_user as owner`;
  if (!server || server.number < oldestVersion) {
    throw new MigrationFailure(`This is PostgreSQL ${server?.name}; Mintmark needs 15 or newer. Upgrade the server.`);
  }
  const [role] = await sql<{ super: boolean; owns: boolean }[]>`
    select rolsuper as super, pg_has_role(rolname, current_user, 'member') as owns
    from pg_roles where rolname = ${appRole}`;
  if (!role) {
    throw new MigrationFailure(
      `The role "${appRole}" of DATABASE_URL does not exist. Create it: ` +
        `create role "${appRole}" login password '…'; it needs no further rights.`,
    );
  }
  if (role.super || role.owns) {
    const what = appRole === server.owner ? "is that of MIGRATE_DATABASE_URL too" : `is a member of "${server.owner}"`;
    throw new MigrationFailure(
      `The role "${appRole}" of DATABASE_URL ${role.super ? "is a superuser" : what}. ` +
        "Name a role there that owns nothing, and the owner in MIGRATE_DATABASE_URL.",
    );
  }
}

async function migrateLocked(sql: SqlQueries, migrations: MigrationMeta[], appRole: string): Promise<number> {
  await sql`create table if not exists schema_migrations (
    folder_millis bigint primary key, hash text not null, applied_at timestamptz not null default now())`;
  // Only migrations wait here; a long one before us is let end.
  await sql`set local lock_timeout = '10min'`;
  await sql`lock table schema_migrations in share row exclusive mode`;
  // From here running servers would queue behind us: give up rather than hold them.
  await sql`set local lock_timeout = '5s'`;
  const missing = await missingOf(sql, migrations);
  for (const migration of missing) {
    for (const statement of migration.sql) await sql.unsafe(statement);
    await sql`insert into schema_migrations (folder_millis, hash) values (${migration.folderMillis}, ${migration.hash})`;
  }
  await sql`revoke create on schema public from public, ${sql(appRole)}`;
  await sql`grant usage on schema public to ${sql(appRole)}`;
  await grantTables(sql, appRole);
  return missing.length;
}

async function missingOf(sql: SqlQueries, migrations: MigrationMeta[]): Promise<MigrationMeta[]> {
  const applied = await sql<
    { folder_millis: number; hash: string }[]
  >`select folder_millis, hash from schema_migrations`;
  const hashes = new Map(applied.map((row) => [row.folder_millis, row.hash]));
  return migrations.filter((migration) => {
    const hash = hashes.get(migration.folderMillis);
    if (hash !== undefined && hash !== migration.hash) {
      throw new MigrationFailure(
        "A migration that this database has had was changed afterwards. Run the version of Mintmark that made it, " +
          "or begin with an empty database.",
      );
    }
    return hash === undefined;
  });
}

function readable(error: unknown): unknown {
  const code = errorCode(error);
  if (code === "55P03") {
    return new MigrationFailure("A table stayed busy for 5 seconds, five times. Nothing was changed; try again later.");
  }
  if (code === "42501") {
    return new MigrationFailure(
      `The role of MIGRATE_DATABASE_URL may not do this: ${error instanceof Error ? error.message : ""}. ` +
        "It must own the database, or at least its schema `public`.",
    );
  }
  return error;
}

/**
 * Whether the database has every migration of this version. A newer schema counts: versions run side by side while they
 * are exchanged.
 *
 * @param appUrl The application role's address.
 * @throws the driver's error when the database is away.
 */
export async function isSchemaCurrent(appUrl: string): Promise<boolean> {
  const database = connect(appUrl, { maxConnections: 1 });
  try {
    return (await missingOf(database.sql, readMigrations())).length === 0;
  } catch (error) {
    // No such table, or not ours to read: nobody has migrated this database for us.
    if (errorCode(error) === "42P01" || errorCode(error) === "42501") return false;
    throw error;
  } finally {
    await database.close();
  }
}
