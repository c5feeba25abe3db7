import { driverError, isDatabaseUnavailable } from "@mintmark/db";
import { EmbeddedFailure } from "@mintmark/db/embedded";
import { MigrationFailure } from "@mintmark/db/migrate";
import { describe, MasterKeyChangeRefused, OriginChanged, Refusal, WrongMasterKey } from "@mintmark/domain";
import { ConfigFailure } from "./config.ts";
import { MasterKeyFailure } from "./master-key.ts";
import { CommandFailure } from "./shell.ts";

/** What a command that failed says, and its exit status. Never a stack, never a query's parameters. */
export function explainFailure(error: unknown): { readonly lines: readonly string[]; readonly exitCode: number } {
  if (error instanceof CommandFailure) return { lines: [error.message], exitCode: error.exitCode };
  return { lines: linesOf(error), exitCode: 1 };
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof ConfigFailure) return error.problems;
  if (error instanceof Refusal)
    return error.failures.map(describe).map(({ message, fix }) => `${message} ${fix}`.trim());
  const known = [
    EmbeddedFailure,
    MigrationFailure,
    WrongMasterKey,
    MasterKeyChangeRefused,
    OriginChanged,
    MasterKeyFailure,
  ];
  if (known.some((kind) => error instanceof kind)) return [(error as Error).message];
  const cause = driverError(error);
  const what = cause ? `${"code" in cause ? `${String(cause.code)}: ` : ""}${cause.message}` : "an unknown error";
  if (isDatabaseUnavailable(error))
    return [`The database does not answer (${what}). Check that it runs and what DATABASE_URL says, and try again.`];
  return [`Something unforeseen went wrong: ${what}. Please report it with this line.`];
}
