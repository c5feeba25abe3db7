import { connect, type Sql } from "../connect.ts";
import { type Passwords, scramVerifier } from "./passwords.ts";
import { superuserUrl } from "./postmaster.ts";

/** Owns the database and its tables; only migrations use it. */
const ownerRole = "mintmark_owner";
/** What the server works as: it owns nothing and may only read and write rows. */
const applicationRole = "mintmark_app";
const databaseName = "mintmark";

async function ensureRole(sql: Sql, name: string, password: string): Promise<void> {
  const known = await sql`select from pg_roles where rolname = ${name}`;
  if (known.length > 0) return;
  await sql.unsafe(
    `create role ${name} login nosuperuser nocreatedb nocreaterole password '${scramVerifier(password)}'`,
  );
}

/** Makes the two roles and the database where they are missing; safe to repeat after an interruption. */
export async function ensureRoles(port: number, passwords: Passwords): Promise<void> {
  const database = connect(superuserUrl(port, passwords.superuser), { maxConnections: 1, statementTimeout: 60_000 });
  const { sql } = database;
  try {
    await ensureRole(sql, ownerRole, passwords.owner);
    await ensureRole(sql, applicationRole, passwords.application);
    const known = await sql`select from pg_database where datname = ${databaseName}`;
    if (known.length === 0) await sql.unsafe(`create database ${databaseName} owner ${ownerRole}`);
    await sql.unsafe(`revoke all on database ${databaseName} from public`);
    await sql.unsafe(`grant connect on database ${databaseName} to ${applicationRole}`);
  } finally {
    await database.close();
  }
}

/** The two addresses that the rest of Mintmark works with. */
export function addresses(port: number, passwords: Passwords): { ownerUrl: string; appUrl: string } {
  const at = `127.0.0.1:${port}/${databaseName}`;
  return {
    ownerUrl: `postgres://${ownerRole}:${passwords.owner}@${at}`,
    appUrl: `postgres://${applicationRole}:${passwords.application}@${at}`,
  };
}
