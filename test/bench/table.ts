import { perCpu, type Row, rows } from "./promises.ts";
import { type Round, scenarios } from "./scenarios.ts";

/** What was measured, raw. */
export interface Kept {
  readonly date: string;
  readonly machine: string;
  readonly rounds: readonly Round[];
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? 0;
const digits = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2));
const spread = (values: readonly number[]): string => {
  const [low = 0] = sorted(values);
  return `${digits(median(values))} (${digits(low)}-${digits(sorted(values).at(-1) ?? 0)})`;
};

/** Ours by theirs, round by round: what disturbed a round disturbed both. Ours alone where there is no peer. */
function figures(rounds: readonly Round[], { peer, of }: Row): readonly number[] {
  return rounds
    .filter(({ subject }) => subject === "Mintmark")
    .flatMap((ours) => {
      if (peer === undefined) return [of(ours)];
      const theirs = rounds.find(({ subject, round }) => subject === peer && round === ours.round);
      return theirs ? [of(ours) / of(theirs)] : [];
    });
}

/** The tables of the README: what is promised beside what was measured, then each scenario. `kept` has the rounds by scenario. */
export const tables = (kept: ReadonlyMap<string, Kept>): readonly string[] => [
  ...promised(kept),
  ...[...kept].flatMap(([name, one]) => ["", ...measured(name, one)]),
];

function promised(kept: ReadonlyMap<string, Kept>): readonly string[] {
  const of = (name: string) => kept.get(name)?.rounds ?? [];
  return [
    "| ratio, median of rounds (least-most) | measured | floor | goal | moonshot |",
    "|---|---|---|---|---|",
    ...rows.map((row) => {
      const { name, scenario, bounds } = row;
      const values = figures(of(scenario), row);
      return `| ${name} | ${values.length === 0 ? "not measured" : spread(values)} | ${bounds.join(" | ")} |`;
    }),
  ];
}

function measured(name: string, { date, machine, rounds }: Kept): readonly string[] {
  const row = (subject: string) => {
    const own = rounds.filter((round) => round.subject === subject);
    const of = (pick: (round: Round) => number) => spread(own.map(pick));
    const middle = (pick: (round: Round) => number) => digits(median(own.map(pick)));
    const cells = [
      subject,
      of(perCpu),
      of((round) => round.perSecond),
      of((round) => round.p50 / 1000),
      of((round) => round.p99 / 1000),
      middle((round) => (round.databaseSeconds / round.requests) * 1e6),
      middle((round) => round.memoryMiB),
      middle((round) => round.firstToken),
    ];
    return `| ${cells.join(" | ")} |`;
  };
  return [
    `**${name}**: ${scenarios[name]?.about ?? ""}. ${date}, ${machine}, Node ${rounds[0]?.node ?? ""}.`,
    "",
    "| server | per processor second | a second | p50, ms | p99, ms | database, processor µs a request | memory, MiB | first token, ms |",
    "|---|---|---|---|---|---|---|---|",
    ...[...new Set(rounds.map(({ subject }) => subject))].map(row),
  ];
}
