import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { type Account, canReach, isRoot, unprivilegedAccount } from "./account.ts";
import { EmbeddedFailure, fileFailure } from "./failure.ts";

/** Where root's PostgreSQL keeps files that its account could not reach otherwise; the first usable one is taken. */
const rootFolders = ["/var/lib/mintmark", "/opt/mintmark", "/srv/mintmark"];

const pointerName = "database-folder";

const unusable = (message: string) => new EmbeddedFailure("data-dir-unusable", message);

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
  throw unusable(
    `PostgreSQL's account cannot reach this folder, and none of ${rootFolders.join(", ")} can be used instead. ` +
      "Clone Mintmark to a folder that every account may enter, run it as an ordinary user, or set DATABASE_URL.",
  );
}

/** What Mintmark puts into its data folder, half-made files of a killed start included. */
const ourNames =
  /^(postgres(\.partial|\.log)?|spool|database-(passwords\.json|folder)(\.new)?|master-key|\.?lock\.\d+\.[0-9a-f]+)$/;

/** What a disk, a repository or a desktop puts into an empty folder. */
const neutralNames = new Set(["lost+found", ".gitkeep", ".DS_Store"]);

/** A folder full of other things is a slip (`DATA_DIR=$UNSET/`), and nothing is strewn into it. */
function refuseForeign(dataDir: string): void {
  const names = readdirSync(dataDir).filter((name) => !neutralNames.has(name));
  if (names.length === 0 || names.some((name) => ourNames.test(name))) return;
  throw unusable(
    `DATA_DIR is ${dataDir}, which holds other things (${names.length}, as ${names.slice(0, 3).join(", ")}) and no data of Mintmark, ` +
      "so nothing was written there. Name an empty folder, or one that is not there yet.",
  );
}

/** Makes the data folder: closed, but for root, whose PostgreSQL account must walk through it. Only an empty one is taken. */
export function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dirname(dataDir), { recursive: true });
    // Not recursive with a mode: that would close the parents too.
    if (!existsSync(dataDir)) mkdirSync(dataDir, { mode: isRoot() ? 0o711 : 0o700 });
    if (!lstatSync(join(dataDir, ".")).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
    refuseForeign(dataDir);
  } catch (error) {
    throw fileFailure(dataDir, error);
  }
}

/** Where PostgreSQL's files lie and whom it runs as. */
export interface Place {
  /** The folder that holds `postgres/`: the data folder, or the one of root's that `database-folder` there names. */
  base: string;
  /** Undefined: as this process's own account. */
  account: Account | undefined;
}

/** The place of the data folder's database; settled at the first start and the same ever after. Only under the lock. */
export function settlePlace(dataDir: string): Place {
  const pointer = join(dataDir, pointerName);
  const here = existsSync(join(dataDir, "postgres"));
  try {
    if (!isRoot()) {
      if (existsSync(pointer) && !here)
        throw unusable(`The database of ${dataDir} was made by root. Start this as root.`);
      return { base: dataDir, account: undefined };
    }
    if (here) return { base: dataDir, account: ownerOf(dataDir) };
    if (existsSync(pointer)) {
      const base = checkedPointer(dataDir, readFileSync(pointer, "utf8").trim());
      return { base, account: ownerOf(base) };
    }
    const account = unprivilegedAccount();
    return { base: canReach(dataDir, account) ? dataDir : makeBase(pointer), account };
  } catch (error) {
    throw fileFailure(dataDir, error);
  }
}

/** A folder for PostgreSQL's files where its account can walk, noted in the data folder. */
function makeBase(pointer: string): string {
  const base = join(reachableRootFolder(), `data-${randomBytes(8).toString("hex")}`);
  mkdirSync(base);
  chmodSync(base, 0o711);
  writeFileSync(`${pointer}.new`, `${base}\n`, { mode: 0o600 });
  renameSync(`${pointer}.new`, pointer);
  return base;
}

/** Whom root's PostgreSQL runs as there: whoever made the database, who may be an ordinary user that it belongs to. */
function ownerOf(base: string): Account {
  const cluster = lstatSync(join(base, "postgres"), { throwIfNoEntry: false });
  const account = cluster && cluster.uid !== 0 ? { uid: cluster.uid, gid: cluster.gid } : unprivilegedAccount();
  if (canReach(base, account)) return account;
  throw unusable(
    `The account of PostgreSQL (user id ${account.uid}) cannot walk to ${base} any more. ` +
      "Let it enter every folder on the way (chmod o+x), or move the data folder back to where it was.",
  );
}

function checkedPointer(dataDir: string, base: string): string {
  if (isRootsOwn(base)) return base;
  throw unusable(
    `${join(dataDir, pointerName)} says that the database lies in ${base}, which is gone or not root's alone. ` +
      `Restore that folder, or remove ${dataDir} to begin anew without its data.`,
  );
}
