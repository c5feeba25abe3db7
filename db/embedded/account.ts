import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { EmbeddedFailure } from "./failure.ts";

/** PostgreSQL refuses to run as root: the account it runs as instead. */
export interface Account {
  uid: number;
  gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** `postgres`, else `nobody`. Only asked for as root. */
export function unprivilegedAccount(): Account {
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const row = rows.find((one) => one[0] === "postgres") ?? rows.find((one) => one[0] === "nobody");
  if (!row) {
    throw new EmbeddedFailure(
      "start-failed",
      "PostgreSQL does not run as root, and there is no account `postgres` or `nobody` for it. " +
        "Create one, run Mintmark as an ordinary user, or set DATABASE_URL.",
    );
  }
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

function mayEnter(path: string, account: Account): boolean {
  const { uid, gid, mode } = statSync(path);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === account.gid ? 0o010 : 0o001)) !== 0;
}

/** Whether the account can walk to an existing file or folder and enter or run it. Root's home, for one, is closed. */
export function canReach(path: string, account: Account): boolean {
  for (let at = realpathSync(path); ; at = dirname(at)) {
    if (!mayEnter(at, account)) return false;
    if (at === dirname(at)) return true;
  }
}
