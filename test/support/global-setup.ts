import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import {
  addressOf,
  administer,
  applicationRole,
  bootstrappedTemplateName,
  ownerRole,
  templateName,
} from "./postgres.ts";
import { startPostgres } from "./postgres-server.ts";

const server = join(import.meta.dirname, "../../apps/server");

const main = join(server, "dist/main.js");

/** Builds the server when its sources changed, starts one PostgreSQL for the run and makes the template databases. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [join(server, "launch.mjs"), "--build-only"], { stdio: "inherit" });
  const running = await startPostgres();
  const { url, version, stop } = running;
  try {
    await administer(
      url,
      "create extension pg_stat_statements",
      `create role ${ownerRole} login`,
      `create role ${applicationRole} login`,
      `create database ${templateName} owner ${ownerRole}`,
    );
    execFileSync(process.execPath, [main, "migrate"], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        DATABASE_URL: addressOf(url, applicationRole, templateName),
        MIGRATE_DATABASE_URL: addressOf(url, ownerRole, templateName),
        LOG_LEVEL: "warn",
      },
    });
    await administer(url, `create database ${bootstrappedTemplateName} template ${templateName} owner ${ownerRole}`);
    project.provide("bootstrappedTemplate", bootstrap(addressOf(url, applicationRole, bootstrappedTemplateName)));
  } catch (error) {
    await stop();
    throw error;
  }
  process.stderr.write(`The tests run on PostgreSQL ${version}.\n`);
  project.provide("postgresUrl", url);
  return stop;
}

function bootstrap(databaseUrl: string): ProvidedContext["bootstrappedTemplate"] {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-test-"));
  const masterKey = randomBytes(32).toString("base64");
  const env = {
    PORT: "3000",
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl,
    MINTMARK_MASTER_KEY: masterKey,
    LOG_LEVEL: "warn",
  };
  try {
    const printed = execFileSync(process.execPath, [main, "bootstrap", "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
      env,
      encoding: "utf8",
    });
    return { printed, origin: "http://localhost:3000", masterKey };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
