import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { addressOf, administer, applicationRole, ownerRole, templateName } from "./postgres.ts";
import { startPostgres } from "./postgres-server.ts";

const server = join(import.meta.dirname, "../../apps/server");

/** Builds the server when its sources changed, starts one PostgreSQL for the run and migrates the template database. */
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
    execFileSync(process.execPath, [join(server, "dist/main.js"), "migrate"], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        DATABASE_URL: addressOf(url, applicationRole, templateName),
        MIGRATE_DATABASE_URL: addressOf(url, ownerRole, templateName),
        LOG_LEVEL: "warn",
      },
    });
  } catch (error) {
    await stop();
    throw error;
  }
  process.stderr.write(`The tests run on PostgreSQL ${version}.\n`);
  project.provide("postgresUrl", url);
  return stop;
}
