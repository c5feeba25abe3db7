// `pnpm test`: sets itself up, runs every test, the black-box ones on PostgreSQL 18 and again on 15, those in a browser on
// 18 alone, and says the sum.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import {
  ensureChromium,
  ensureDebian,
  ensureHaproxy,
  ensureNginx,
  ensureOpenssl,
  ensureOtherClients,
  ensureWrk,
} from "./support/debian.mjs";

const root = join(import.meta.dirname, "..");
const postgres15 = "/usr/lib/postgresql/15/bin";
const reports = mkdtempSync(join(tmpdir(), "mintmark-reports-"));

const say = (line) => process.stdout.write(`${line}\n`);

function run(command, args, env = {}, folder = root) {
  return spawnSync(command, args, {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
}

/** Without the cluster and the service that Debian would set up. */
function refuseCluster() {
  const conf = "/etc/postgresql-common/createcluster.conf";
  if (existsSync(conf)) return;
  mkdirSync("/etc/postgresql-common", { recursive: true });
  writeFileSync(conf, "create_main_cluster = false\n");
}

/** What a report of vitest's JSON reporter adds up to. A skipped test and a file that does not load have failed. */
function count(path, exitCode) {
  if (!existsSync(path)) return { passed: 0, failed: 1, names: ["no report was written"] };
  const report = JSON.parse(readFileSync(path, "utf8"));
  const passed = report.numPassedTests;
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = report.numTotalTests - passed + unloaded.length;
  // An error outside every test, or no test at all.
  const unnoticed = failed === 0 && (exitCode !== 0 || passed === 0);
  const notPassed = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== "passed")
      .map(
        ({ fullName, failureMessages = [] }) => `${relative(root, name)}: ${fullName}\n${failureMessages.join("\n")}`,
      ),
  );
  const outside = unnoticed ? ["an error outside every test"] : [];
  const names = [
    ...notPassed,
    ...unloaded.map(({ name, message }) => `${relative(root, name)}: ${message}`),
    ...outside,
  ];
  return { passed, failed: unnoticed ? 1 : failed, names };
}

function vitest(title, args, env = {}) {
  say(`\n== ${title}`);
  const report = join(reports, `${title.replaceAll(/\W+/g, "-")}.json`);
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const reporting = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const started = Date.now();
  const { status } = run(process.execPath, [program, "run", ...args, ...reporting], env);
  return { title, seconds: Math.round((Date.now() - started) / 1000), ...count(report, status) };
}

const consoleRoot = join(root, "apps/console");
const codegen = join(consoleRoot, "node_modules/@graphql-codegen/cli/cjs/bin.js");

/** What `pnpm check` runs, each counted as one test. */
const checks = {
  "Format and lint": ["biome", "check", "."],
  Types: ["tsc", "-p", "."],
  "Types of the console": ["tsc", "-p", "apps/console"],
  "Dead code": ["knip", "--no-progress"],
  "Generated files are fresh": ["node", "apps/server/generate.ts", "--check"],
  "Generated documents are fresh": ["node", codegen, "--config", "codegen.ts", "--check"],
};

function check(title) {
  say(`\n== ${title}`);
  const [program, ...args] = checks[title];
  const command = program === "node" ? process.execPath : join(root, "node_modules", ".bin", program);
  const isPassed = run(command, args, {}, program === "node" && args[0] === codegen ? consoleRoot : root).status === 0;
  return { title, passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1, names: [] };
}

ensureDebian({
  title: "PostgreSQL 15",
  path: join(postgres15, "initdb"),
  name: "postgresql-15",
  before: refuseCluster,
});
ensureChromium();
ensureOpenssl();
ensureWrk();
ensureOtherClients();
ensureNginx();
ensureHaproxy();
const build = run(process.execPath, [join(root, "apps/server/launch.mjs"), "--build-only"]);
if (build.status !== 0) process.exit(1);

// Sampled tests take their cases from this number; give it to see the same ones again.
const seed = process.env.MINTMARK_TEST_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
if (!/^\d{1,10}$/.test(seed)) {
  say(`MINTMARK_TEST_SEED is a whole number, and not "${seed}".`);
  process.exit(1);
}
say(`Seed: ${seed} (MINTMARK_TEST_SEED)`);
if (process.env.MINTMARK_TEST_WHOLE !== "1")
  say("Of long tables some cases are tried, and long files take turns, by the seed: MINTMARK_TEST_WHOLE=1 tries all.");
const env = { MINTMARK_TEST_SEED: seed };

const began = Date.now();
const results = [
  ...Object.keys(checks).map(check),
  vitest("Unit tests", ["--project", "unit", "--project", "unit, apart"], env),
  vitest("Black-box tests on PostgreSQL 18", ["--project", "http"], env),
  vitest("The console in a browser", ["--project", "console"], env),
  vitest("Black-box tests on PostgreSQL 15", ["--project", "http"], { ...env, PG_BIN: postgres15 }),
];
rmSync(reports, { recursive: true, force: true });

for (const { title, seconds, failed, names } of results) {
  if (seconds !== undefined) say(`${title}: ${seconds} s`);
  if (failed === 0) continue;
  say(`\n${title} failed.`);
  for (const name of names) say(`  ${name}`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
say(`\nAll of it took ${Math.round((Date.now() - began) / 1000)} s.`);
say(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
