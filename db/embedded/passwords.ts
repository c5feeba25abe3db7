import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EmbeddedFailure, fileFailure } from "./failure.ts";

/** The passwords of the embedded database, random and kept in the data folder for its owner's eyes only. */
export interface Passwords {
  superuser: string;
  owner: string;
  application: string;
}

const fileName = "database-passwords.json";

/** Reads the passwords; undefined before they were made. */
export function readPasswords(dataDir: string): Passwords | undefined {
  const path = join(dataDir, fileName);
  try {
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Passwords) : undefined;
  } catch (error) {
    throw fileFailure(dataDir, error);
  }
}

/** Reads the passwords or, for a new database, makes them. Only under the lock. */
export function ensurePasswords(dataDir: string, databaseExists: boolean): Passwords {
  const known = readPasswords(dataDir);
  if (known) return known;
  if (databaseExists) {
    throw new EmbeddedFailure(
      "passwords-lost",
      `${join(dataDir, fileName)} is gone, and without it the database there cannot be opened. ` +
        `Restore that file, or remove ${dataDir} to begin anew without its data.`,
    );
  }
  const random = () => randomBytes(32).toString("base64url");
  const made = { superuser: random(), owner: random(), application: random() };
  const path = join(dataDir, fileName);
  try {
    writeFileSync(`${path}.new`, JSON.stringify(made), { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw fileFailure(dataDir, error);
  }
  return made;
}

/** What PostgreSQL stores for a password (RFC 5803), so that no statement ever carries the password itself. */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const iterations = 4096;
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const keyed = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${keyed("Server Key").toString("base64")}`;
}
