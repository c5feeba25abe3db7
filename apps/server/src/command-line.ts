import { Command } from "commander";
import { type AuditVerifyOptions, auditCheckpointCommand, auditVerifyCommand } from "./commands/audit.ts";
import { type BootstrapOptions, bootstrapCommand } from "./commands/bootstrap.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { type OwnerResetOptions, ownerResetCommand } from "./commands/owner-reset.ts";
import { rewrapCommand } from "./commands/rewrap.ts";
import { type SeedOptions, seedCommand } from "./commands/seed.ts";
import { serveCommand } from "./commands/serve.ts";
import { explainFailure } from "./explain-failure.ts";
import type { Shell } from "./shell.ts";
import { onStarterGone, STARTED_BY } from "./starters.ts";

const shell: Shell = {
  env: process.env,
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  progress: (line) => {
    if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
  },
  logs: process.stderr,
  onStop(stop) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(signal));
    // Under npm or pnpm a closed terminal may end them without a signal for us.
    if (process.env[STARTED_BY] === undefined) return;
    process.on("SIGHUP", stop);
    onStarterGone(() => stop("a process that started this one has ended"));
  },
  onCrash(report) {
    // Unhandled rejections arrive here too.
    process.on("uncaughtException", (error) => {
      report(error);
      process.exit(1);
    });
  },
};

const program = new Command("mintmark")
  .description("A self-hosted, multi-tenant OAuth 2.0 authorization server for services, jobs, CLIs and devices.")
  .showHelpAfterError();

program
  .command("serve")
  .description("Run the server until it is told to stop.")
  .action(() => serveCommand(shell));
program
  .command("migrate")
  .description("Bring the database's schema to this version, as the role of MIGRATE_DATABASE_URL.")
  .action(() => migrateCommand(shell));
program
  .command("bootstrap")
  .description("Make the root tenant and its first clients, without a browser. Exits 3 when the server has an owner.")
  .option("--tenant <slug>", "the root tenant's slug", "root")
  .option("--name <name>", "the root tenant's name")
  .option("--json", "print one line of JSON")
  .action((options: BootstrapOptions) => bootstrapCommand(shell, options));
program
  .command("owner")
  .description("Commands for the people who own the server.")
  .command("reset")
  .description("Print a link, good once and for an hour, that gives somebody a lost account back.")
  .option("--tenant <slug>", "a tenant that they belong to; left out: the root tenant")
  .option("--email <address>", "whose account; not needed for the only owner")
  .action((options: OwnerResetOptions) => ownerResetCommand(shell, options));
program
  .command("rewrap")
  .description("Bring everything that the former master key wraps under the new one, while servers run.")
  .action(() => rewrapCommand(shell));
const audit = program.command("audit").description("Commands for whoever must be able to trust the audit log.");
audit
  .command("verify")
  .description("Say whether every entry of the audit log is as it was written, and name those that are not.")
  .option(
    "--checkpoints <file>",
    "what `audit checkpoint` printed, or a server's log: shows also what was cut off or sealed anew",
  )
  .action((options: AuditVerifyOptions) => auditVerifyCommand(shell, options));
audit
  .command("checkpoint")
  .description("Print how far each workspace's audit log has come, signed. Keep it outside the database.")
  .action(() => auditCheckpointCommand(shell));
program
  .command("seed")
  .description("Make a demo world through the GraphQL API of the running server.")
  .option("--json", "print one line of JSON")
  .action((options: SeedOptions) => seedCommand(shell, options));

try {
  await program.parseAsync(process.argv);
  process.exit(0);
} catch (error) {
  const { lines, exitCode } = explainFailure(error);
  for (const line of lines) shell.complain(line);
  process.exit(exitCode);
}
