import { isDatabaseUnavailable } from "@mintmark/db";
import { migrate, roleOf } from "@mintmark/db/migrate";
import { parseConfig } from "../config.ts";
import { openInstallation, unreachable } from "../open.ts";
import { CommandFailure, type Shell } from "../shell.ts";

/** `mintmark migrate`: brings the schema to this version, as the role that owns it. */
export async function migrateCommand(shell: Shell): Promise<void> {
  const config = parseConfig(shell.env);
  if (config.databaseUrl === undefined) {
    const opened = await openInstallation(config, "migrate", shell);
    await opened.close();
    return shell.print("The embedded database is up to date.");
  }
  if (config.migrateDatabaseUrl === undefined)
    throw new CommandFailure(
      "MIGRATE_DATABASE_URL is not set, so it is unclear who owns the tables. Set it to the same database as " +
        "DATABASE_URL, with the role that owns it; DATABASE_URL keeps the role that owns nothing.",
    );
  const applied = await migrate(config.migrateDatabaseUrl, roleOf(config.databaseUrl)).catch((error: unknown) => {
    throw isDatabaseUnavailable(error)
      ? unreachable(config.migrateDatabaseUrl ?? "", error, "MIGRATE_DATABASE_URL")
      : error;
  });
  shell.print(applied === 0 ? "The database is up to date." : `The database is up to date (${applied} applied).`);
}
