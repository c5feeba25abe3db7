import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { type Round, scenarios } from "./scenarios.ts";

const folder = join(import.meta.dirname, "rounds");
const readme = join(import.meta.dirname, "README.md");
const MARKS = ["<!-- table -->", "<!-- /table -->"] as const;

/** What was measured, raw. */
interface Kept {
  readonly date: string;
  readonly machine: string;
  readonly rounds: readonly Round[];
}

/** Keeps a scenario's rounds in place of the former ones. */
export function keepRounds(name: string, rounds: readonly Round[]): void {
  mkdirSync(folder, { recursive: true });
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`;
  const kept: Kept = { date: new Date().toISOString().slice(0, 10), machine, rounds };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 1)}\n`);
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? 0;
const digits = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2));
const spread = (values: readonly number[]): string => {
  const [low = 0] = sorted(values);
  return `${digits(median(values))} (${digits(low)}-${digits(sorted(values).at(-1) ?? 0)})`;
};

/** Ours by theirs, round by round: what disturbed a round disturbed both. */
function ratios(rounds: readonly Round[], peer: string, of: (round: Round) => number): readonly number[] {
  return rounds
    .filter(({ subject }) => subject === "Mintmark")
    .flatMap((ours) => {
      const theirs = rounds.find(({ subject, round }) => subject === peer && round === ours.round);
      return theirs ? [of(ours) / of(theirs)] : [];
    });
}

interface Row {
  readonly name: string;
  readonly scenario: string;
  readonly peer: string;
  readonly of: (round: Round) => number;
  readonly bounds: readonly [floor: string, goal: string, moonshot: string];
}

const perCpu = (round: Round) => round.perCpuSecond;
const rows: readonly Row[] = [
  {
    name: "requests per processor second ÷ oidc-provider",
    scenario: "token",
    peer: "oidc-provider",
    of: perCpu,
    bounds: ["2.5", "3.5", "5"],
  },
  {
    name: "requests per processor second ÷ @node-oauth/oauth2-server",
    scenario: "token",
    peer: "@node-oauth/oauth2-server",
    of: perCpu,
    bounds: ["2.5", "3.5", "5"],
  },
  {
    name: "the same with each twentieth secret wrong ÷ oidc-provider",
    scenario: "refusals",
    peer: "oidc-provider",
    of: perCpu,
    bounds: ["2.5", "3.5", "5"],
  },
  {
    name: "the same with 128 connections ÷ oidc-provider",
    scenario: "wide",
    peer: "oidc-provider",
    of: perCpu,
    bounds: ["2.5", "3.5", "5"],
  },
  {
    name: "both cores, requests a second of the clock ÷ oidc-provider in a cluster of two",
    scenario: "cores",
    peer: "oidc-provider",
    of: ({ perSecond }) => perSecond,
    bounds: ["1.8", "2.5", "3.5"],
  },
  {
    name: "p99 at 32 connections ÷ oidc-provider",
    scenario: "token",
    peer: "oidc-provider",
    of: ({ p99 }) => p99,
    bounds: ["0.5", "0.25", "0.1"],
  },
  {
    name: "p50 with one connection, fsync included ÷ oidc-provider without",
    scenario: "unloaded",
    peer: "oidc-provider",
    of: ({ p50 }) => p50,
    bounds: ["3", "1.5", "1"],
  },
  {
    name: "memory of the process ÷ oidc-provider",
    scenario: "token",
    peer: "oidc-provider",
    of: ({ memoryMiB }) => memoryMiB,
    bounds: ["1.3", "1", "0.8"],
  },
  {
    name: "first token after start, database included ÷ oidc-provider",
    scenario: "token",
    peer: "oidc-provider",
    of: ({ firstToken }) => firstToken,
    bounds: ["1.5", "1", "0.5"],
  },
];

/** Writes the tables between the marks of the README, from all rounds that are kept. */
export function writeTable(): void {
  const kept = new Map(
    (existsSync(folder) ? readdirSync(folder) : []).map((file) => [
      file.replace(/\.json$/, ""),
      JSON.parse(readFileSync(join(folder, file), "utf8")) as Kept,
    ]),
  );
  const lines = [
    "| ratio, median of rounds (least-most) | measured | floor | goal | moonshot |",
    "|---|---|---|---|---|",
  ];
  for (const { name, scenario, peer, of, bounds } of rows) {
    const values = ratios(kept.get(scenario)?.rounds ?? [], peer, of);
    lines.push(`| ${name} | ${values.length === 0 ? "not measured" : spread(values)} | ${bounds.join(" | ")} |`);
  }
  const cost = (name: string) =>
    (kept.get(name)?.rounds ?? []).filter(({ subject }) => subject === "Mintmark").map(perCpu);
  const growth =
    cost("many").length > 0
      ? `${((median(cost("token")) / median(cost("many")) - 1) * 100).toFixed(1)} %`
      : "not measured";
  lines.push(`| cost of a token, 1,000 → 100,000 clients | ${growth} | +20 % | +10 % | flat |`, "");
  for (const [name, { date, machine, rounds }] of kept) {
    lines.push(`**${name}**: ${scenarios[name]?.about ?? ""}. ${date}, ${machine}, Node ${rounds[0]?.node ?? ""}.`, "");
    lines.push(
      "| server | per processor second | a second | p50, ms | p99, ms | database, processor µs a request | memory, MiB | first token, ms |",
      "|---|---|---|---|---|---|---|---|",
    );
    for (const subject of new Set(rounds.map((round) => round.subject))) {
      const own = rounds.filter((round) => round.subject === subject);
      const of = (pick: (round: Round) => number) => spread(own.map(pick));
      lines.push(
        `| ${subject} | ${of(perCpu)} | ${of((round) => round.perSecond)} | ${of((round) => round.p50 / 1000)} | ${of((round) => round.p99 / 1000)} | ${digits(median(own.map((round) => (round.databaseSeconds / round.requests) * 1e6)))} | ${digits(median(own.map((round) => round.memoryMiB)))} | ${digits(median(own.map((round) => round.firstToken)))} |`,
      );
    }
    lines.push("");
  }
  const text = readFileSync(readme, "utf8");
  const [head = ""] = text.split(MARKS[0]);
  const [, tail = ""] = text.split(MARKS[1]);
  writeFileSync(readme, `${head}${MARKS[0]}\n\n${lines.join("\n").trim()}\n\n${MARKS[1]}${tail}`);
}
