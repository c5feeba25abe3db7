// `pnpm bench [scenario …]`: measures, and writes the table of `README.md`. `pnpm bench smoke [scenario …]` checks that what is measured is right.
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { keepRounds, writeTable } from "./rounds.ts";
import { compare, type Round, scenarios } from "./scenarios.ts";

const isSmoke = process.argv[2] === "smoke";
const names = process.argv.slice(isSmoke ? 3 : 2);
const wanted = names.length === 0 ? Object.keys(scenarios) : names;
const unknown = wanted.filter((name) => !Object.hasOwn(scenarios, name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no scenario ${unknown.join(", ")}. Choose from ${Object.keys(scenarios).join(", ")}.\n`,
  );
  process.exit(1);
}
if (spawnSync("wrk", ["--version"]).error) {
  process.stderr.write("wrk makes the load and is missing: run `apt-get install wrk` as root, then again.\n");
  process.exit(1);
}
const launcher = join(import.meta.dirname, "../../apps/server/launch.mjs");
if (spawnSync(process.execPath, [launcher, "--build-only"], { stdio: "inherit" }).status !== 0) process.exit(1);
if (cpus().length < 2) process.stderr.write("One processor only: the load takes from what it measures.\n");

const say = (line: string) => process.stdout.write(`${line}\n`);
for (const name of wanted) {
  const scenario = scenarios[name];
  if (!scenario) continue;
  say(`\n== ${name}: ${scenario.about}`);
  const rounds: Round[] = [];
  for await (const round of compare(
    name,
    scenario,
    isSmoke
      ? { rounds: 1, seconds: 1, warmUp: 1, isSmoke }
      : { isSmoke, rounds: Number(process.env["BENCH_ROUNDS"] ?? 5), seconds: 6, warmUp: 3 },
  )) {
    rounds.push(round);
    say(
      `${round.round}. ${round.subject}: ${Math.round(round.perCpuSecond)} per processor second, ${Math.round(round.perSecond)} a second, ` +
        `p50 ${(round.p50 / 1000).toFixed(2)} ms, p99 ${(round.p99 / 1000).toFixed(2)} ms, database ${round.databaseSeconds.toFixed(2)} s`,
    );
  }
  if (isSmoke) continue;
  keepRounds(name, rounds);
  writeTable();
}
say(isSmoke ? "\nEverything that is measured is right." : "\nWrote test/bench/README.md.");
