import { randomBytes } from "node:crypto";
import { connect, type Database, errorCode, isDatabaseUnavailable } from "@mintmark/db";
import { type Embedded, startEmbedded } from "@mintmark/db/embedded";
import { isSchemaCurrent, migrate, roleOf } from "@mintmark/db/migrate";
import { ensureInstallation, type Installation, isInstalled, OriginChanged, WrongMasterKey } from "@mintmark/domain";
import { type Config, isProductionAt } from "./config.ts";
import type { AllowedHost } from "./egress/allowed-hosts.ts";
import { ensureMasterKey, wrongKeyFile } from "./master-key.ts";
import { CommandFailure, type Shell } from "./shell.ts";

/** An installation that is ready for use, and how to leave it. */
export interface Opened {
  readonly installation: Installation;
  /** A pool of its own for the token path and readiness: what administrators do must not make tokens wait. */
  readonly tokenDatabase: Database;
  /** Where the database listens. */
  readonly databaseHost: AllowedHost;
  /** One more connection of its own, which its holder closes. */
  openConnection(): Database;
  /** Ends the pools, and the embedded database where this process holds it. */
  close(): Promise<void>;
}

/** Most connections of each pool; a process has no more than both together. */
const ADMIN_CONNECTIONS = 6;
const TOKEN_CONNECTIONS = 10;

/**
 * Opens the database that the configuration names and the installation in it. The embedded one is started, or attached
 * to where a server holds it, and migrated; any other must have been migrated before.
 *
 * @throws CommandFailure and the failures of `db` and `domain`, each with a sentence for the operator
 */
export async function openInstallation(config: Config, command: string, shell: Shell): Promise<Opened> {
  const embedded = config.databaseUrl === undefined ? await openEmbedded(config, command, shell) : undefined;
  const url = embedded?.appUrl ?? config.databaseUrl ?? "";
  // `domain` tells one running server from another by this name.
  const name = `mintmark ${command} ${randomBytes(4).toString("hex")}`;
  const pools: Database[] = [];
  const pool = (maxConnections: number) => {
    const made = connect(url, { applicationName: name, maxConnections });
    pools.push(made);
    return made;
  };
  const close = async () => {
    await Promise.all(pools.map((made) => made.close()));
    await embedded?.stop();
  };
  try {
    if (!embedded) await requireCurrentSchema(url);
    const database = pool(ADMIN_CONNECTIONS);
    const masterKey = config.masterKey ?? ensureMasterKey(config.dataDir, await isInstalled(database));
    const options = {
      isProduction: isProductionAt,
      otherMasterKey: config.otherMasterKey,
      // Beside a running server only that one may say where it is.
      keepOrigin: command !== "serve",
      warn: (line: string) => shell.complain(line),
    };
    const installed = await ensureInstallation(database, masterKey, config, options);
    const installation = { ...installed, mtlsOrigin: config.mtls.origin };
    const openConnection = () => connect(url, { applicationName: name, maxConnections: 1 });
    return { installation, tokenDatabase: pool(TOKEN_CONNECTIONS), databaseHost: hostOf(url), openConnection, close };
  } catch (error) {
    await close();
    if (error instanceof WrongMasterKey && config.masterKey === undefined) throw wrongKeyFile(config.dataDir);
    if (error instanceof OriginChanged && command !== "serve")
      throw new CommandFailure(
        `${error.message} Give \`${command}\` the same PORT, PUBLIC_URL and ORIGIN_TEMPLATE as the server.`,
      );
    throw error;
  }
}

async function openEmbedded(config: Config, command: string, shell: Shell): Promise<Embedded> {
  shell.progress("Starting the database …");
  const log = (line: string) => shell.complain(line);
  const embedded = await startEmbedded({ dataDir: config.dataDir, command, pgBin: config.pgBin, log });
  try {
    const applied = await migrate(embedded.ownerUrl, roleOf(embedded.appUrl));
    if (applied > 0) shell.progress(`Brought the schema up to date (${applied} ${applied === 1 ? "step" : "steps"}).`);
    return embedded;
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

const hostOf = (url: string): AllowedHost => {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, "").toLowerCase(), port: Number(port || 5432) };
};

/** Only `migrate` changes a database of one's own: several servers may run on it. */
async function requireCurrentSchema(url: string): Promise<void> {
  try {
    if (await isSchemaCurrent(url)) return;
  } catch (error) {
    throw isDatabaseUnavailable(error) ? unreachable(url, error) : error;
  }
  throw new CommandFailure(
    "The database of DATABASE_URL does not have this version's schema yet, so nothing can run on it. " +
      "Run `npx -y pnpm@12 mintmark migrate` first, with MIGRATE_DATABASE_URL naming the role that owns the tables.",
  );
}

/** Where the database should be, without the password. */
export function unreachable(
  url: string,
  error: unknown,
  setting: "DATABASE_URL" | "MIGRATE_DATABASE_URL" = "DATABASE_URL",
): CommandFailure {
  const { host, pathname, username } = new URL(url);
  return new CommandFailure(
    `The database ${pathname.slice(1)} at ${host} cannot be used as ${decodeURIComponent(username)} (${errorCode(error)}). ` +
      `Check that it runs, and the address, user and password of ${setting}.`,
  );
}
