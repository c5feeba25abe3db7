import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Fewer different bytes than this in 32 random ones happens about never; in "aaaa…" and "change me" it does. */
const LEAST_VARIETY = 12;

/** Why a text is no master key, or `undefined`. The text itself is never repeated. */
export function masterKeyProblem(text: string, setting = "MINTMARK_MASTER_KEY"): string | undefined {
  const bytes = decode(text);
  if (!bytes || bytes.length < 32)
    return `${setting} is too short or is neither base64 nor hexadecimal, so it could be guessed. Give at least 32 random bytes: the output of \`openssl rand -base64 32\`.`;
  if (new Set(bytes).size < LEAST_VARIETY)
    return `${setting} is not random, so it could be guessed. Give at least 32 random bytes: the output of \`openssl rand -base64 32\`.`;
  return undefined;
}

function decode(text: string): Buffer | undefined {
  if (/^([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, "hex");
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

/** The master key cannot be read or made. The message says what to do. */
export class MasterKeyFailure extends Error {
  override readonly name = "MasterKeyFailure";
}

const pathIn = (dataDir: string): string => join(dataDir, "master-key");

/**
 * The key that was made for this data folder, or a new one. Only for one machine: in production it comes from outside.
 *
 * @param isInstalled The database was made with some key already: a new one could open nothing.
 * @throws MasterKeyFailure
 */
export function ensureMasterKey(dataDir: string, isInstalled: boolean): string {
  const path = pathIn(dataDir);
  if (isInstalled && !existsSync(path))
    throw new MasterKeyFailure(
      `This database was made with a master key, and there is none here: MINTMARK_MASTER_KEY is not set, and ${path} is not there. ` +
        "Restore that file from a copy, name its folder with DATA_DIR, or set MINTMARK_MASTER_KEY to the key.",
    );
  try {
    mkdirSync(dataDir, { recursive: true });
    if (!existsSync(path)) makeKey(path);
    const key = readFileSync(path, "utf8").trim();
    if (masterKeyProblem(key) === undefined) return key;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new MasterKeyFailure(
      `The master key ${path} cannot be read or made (${code}). Correct that, or set MINTMARK_MASTER_KEY.`,
    );
  }
  throw new MasterKeyFailure(
    `The file ${path} does not hold a master key any more. Restore it from a copy, or set MINTMARK_MASTER_KEY to the key that it held; without that key the data cannot be used.`,
  );
}

/** The key of this data folder opens nothing in this database. */
export const wrongKeyFile = (dataDir: string): MasterKeyFailure =>
  new MasterKeyFailure(
    `The master key in ${pathIn(dataDir)} is not the key that this database was made with, so its signing keys and secrets cannot be used. ` +
      "Restore that file from a copy, name another folder with DATA_DIR, or set MINTMARK_MASTER_KEY to the right key.",
  );

/** `wx`: of two commands at once one makes it and the other reads it. */
function makeKey(path: string): void {
  try {
    writeFileSync(path, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
