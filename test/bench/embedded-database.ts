import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Where the embedded database of a data folder is: root's may lie elsewhere. */
function clusterOf(dataDir: string): string {
  const pointer = join(dataDir, "database-folder");
  return existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : dataDir;
}

/** The address of the embedded database of a running server, as its files say. */
export function databaseUrl(dataDir: string): string {
  const [, , , port] = readFileSync(join(clusterOf(dataDir), "postgres", "postmaster.pid"), "utf8").split("\n");
  const passwords = JSON.parse(readFileSync(join(dataDir, "database-passwords.json"), "utf8")) as { superuser: string };
  return `postgres://postgres:${passwords.superuser}@127.0.0.1:${port}/mintmark`;
}

/** Removes a data folder with its database. */
export function removeData(dataDir: string): void {
  for (const folder of new Set([clusterOf(dataDir), dataDir])) rmSync(folder, { recursive: true, force: true });
}
