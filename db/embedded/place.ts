import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { type Account, canReach } from "./account.ts";
import { EmbeddedFailure, fileFailure } from "./failure.ts";

/** Where root's PostgreSQL keeps files that its account could not reach otherwise; the first usable one is taken. */
const rootFolders = ["/var/lib/mintmark", "/opt/mintmark", "/srv/mintmark"];

const pointerName = "database-folder";

/** A folder that nobody but root can have put there or can exchange: checked, never followed through a link. */
function isRootsOwn(path: string): boolean {
  const parts = path.split(sep).map((_, index, all) => all.slice(0, index + 1).join(sep) || sep);
  return parts.every((part) => {
    const found = lstatSync(part, { throwIfNoEntry: false });
    return found?.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
  });
}

function makeRootsOwn(path: string): boolean {
  try {
    if (!isRootsOwn(dirname(path))) return false;
    if (!existsSync(path)) {
      mkdirSync(path);
      chmodSync(path, 0o755);
    }
    return isRootsOwn(path);
  } catch {
    return false;
  }
}

/** The root-owned folder for copies and data that must be reachable. Only called as root. */
export function reachableRootFolder(): string {
  const folder = rootFolders.find(makeRootsOwn);
  if (folder !== undefined) return folder;
  throw new EmbeddedFailure(
    "data-dir-unusable",
    `PostgreSQL's account cannot reach this folder, and none of ${rootFolders.join(", ")} can be used instead. ` +
      "Clone Mintmark to a folder that every account may enter, run it as an ordinary user, or set DATABASE_URL.",
  );
}

/** Makes the data folder: closed, but for root, whose PostgreSQL account must walk through it. */
export function makeDataDir(dataDir: string, account: Account | undefined): void {
  try {
    mkdirSync(dirname(dataDir), { recursive: true });
    // Not recursive with a mode: that would close the parents too.
    if (!existsSync(dataDir)) mkdirSync(dataDir, { mode: account ? 0o711 : 0o700 });
    if (!lstatSync(join(dataDir, ".")).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  } catch (error) {
    throw fileFailure(dataDir, error);
  }
}

/**
 * The folder that holds `postgres/`: the data folder, or, where root's PostgreSQL account cannot walk there, a folder of
 * root's own that the file `database-folder` in the data folder names from then on.
 */
export function clusterBase(dataDir: string, account: Account | undefined): string {
  if (!account) return dataDir;
  const pointer = join(dataDir, pointerName);
  try {
    if (existsSync(pointer)) return checkedPointer(dataDir, readFileSync(pointer, "utf8").trim());
    if (canReach(dataDir, account)) return dataDir;
    const base = join(reachableRootFolder(), `data-${randomBytes(8).toString("hex")}`);
    mkdirSync(base);
    chmodSync(base, 0o711);
    writeFileSync(`${pointer}.new`, `${base}\n`, { mode: 0o600 });
    renameSync(`${pointer}.new`, pointer);
    return base;
  } catch (error) {
    throw fileFailure(dataDir, error);
  }
}

function checkedPointer(dataDir: string, base: string): string {
  if (isRootsOwn(base)) return base;
  throw new EmbeddedFailure(
    "data-dir-unusable",
    `${join(dataDir, pointerName)} says that the database lies in ${base}, which is gone or not root's alone. ` +
      `Restore that folder, or remove ${dataDir} to begin anew without its data.`,
  );
}
