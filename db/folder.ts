import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder `db` of the clone, for what is read at run time (migrations, the npm package of the embedded database).
 * Found from this file, and from the bundle `apps/server/dist/main.js` that holds a copy of it.
 */
export function databaseFolder(): string {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    for (const folder of [at, join(at, "db")]) {
      if (existsSync(join(folder, "migrations", "meta", "_journal.json"))) return folder;
    }
    if (at === dirname(at)) throw new Error("The folder db/migrations is missing: run Mintmark from its own clone.");
  }
}
