import { type Program, readArguments } from "./arguments.ts";
import { type AuditVerifyOptions, auditCheckpointCommand, auditVerifyCommand } from "./commands/audit.ts";
import { type BootstrapOptions, bootstrapCommand } from "./commands/bootstrap.ts";
import { type ImportOptions, importCommand } from "./commands/import.ts";
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

const program: Program = {
  name: "mintmark",
  description: "A self-hosted, multi-tenant OAuth 2.0 authorization server for services, jobs, CLIs and devices.",
  commands: {
    serve: {
      description: "Run the server until it is told to stop.",
      run: () => serveCommand(shell),
    },
    migrate: {
      description: "Bring the database's schema to this version, as the role of MIGRATE_DATABASE_URL.",
      run: () => migrateCommand(shell),
    },
    bootstrap: {
      description:
        "Make the root tenant and its first clients, without a browser. Exits 3 when the server has an owner.",
      options: {
        tenant: { value: "slug", meaning: "the root tenant's slug", default: "root" },
        name: { value: "name", meaning: "the root tenant's name" },
        json: { meaning: "print one line of JSON" },
      },
      run: (given) => bootstrapCommand(shell, given as unknown as BootstrapOptions),
    },
    "owner reset": {
      description: "Print a link, good once and for an hour, that gives somebody a lost account back.",
      options: {
        tenant: { value: "slug", meaning: "a tenant that they belong to; left out: the root tenant" },
        email: { value: "address", meaning: "whose account; not needed for the only owner" },
      },
      run: (given) => ownerResetCommand(shell, given as OwnerResetOptions),
    },
    rewrap: {
      description: "Bring everything that the former master key wraps under the new one, while servers run.",
      run: () => rewrapCommand(shell),
    },
    "audit verify": {
      description: "Say whether every entry of the audit log is as it was written, and name those that are not.",
      options: {
        checkpoints: {
          value: "file",
          meaning: "what `audit checkpoint` printed, or a server's log: shows also what was cut off or sealed anew",
        },
      },
      run: (given) => auditVerifyCommand(shell, given as AuditVerifyOptions),
    },
    "audit checkpoint": {
      description: "Print how far each workspace's audit log has come, signed. Keep it outside the database.",
      run: () => auditCheckpointCommand(shell),
    },
    import: {
      description:
        "Make the clients of a CSV or NDJSON file, and save their secrets. Run again, it goes on where it was. Exits 4 when lines were refused.",
      options: {
        credentials: { value: "file", meaning: "what `bootstrap --json` printed, or a client's in the same shape" },
        workspace: { value: "slug", meaning: "where the clients are made" },
        file: { value: "file", meaning: "the clients, as the import page of the console describes them" },
        secrets: { value: "file", meaning: "where to save the secrets; it must not be there yet" },
      },
      run: (given) => importCommand(shell, given as ImportOptions),
    },
    seed: {
      description: "Make a demo world through the GraphQL API of the running server.",
      options: { json: { meaning: "print one line of JSON" } },
      run: (given) => seedCommand(shell, given as SeedOptions),
    },
  },
};

const asked = readArguments(program, process.argv.slice(2));
if (asked.kind === "help") shell.print(asked.text);
else if (asked.kind === "mistake") {
  shell.complain(`${asked.problem}\n\n${asked.text}`);
  process.exit(1);
} else {
  try {
    await asked.command.run(asked.given);
    process.exit(0);
  } catch (error) {
    const { lines, exitCode } = explainFailure(error);
    for (const line of lines) shell.complain(line);
    process.exit(exitCode);
  }
}
