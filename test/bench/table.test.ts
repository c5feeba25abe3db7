import { expect, test } from "vitest";
import type { Round } from "./scenarios.ts";
import { type Kept, tables } from "./table.ts";

const round = (subject: string, nth: number, perCpuSecond: number): Round => ({
  round: nth,
  subject,
  about: "",
  node: "v24.0.0",
  requests: 1000,
  perCpuSecond,
  perSecond: 900,
  p50: 2000,
  p95: 3000,
  p99: 4000,
  databaseSeconds: 0.05,
  memoryMiB: 120,
  firstToken: 400,
});
const keptOf = (...rounds: Round[]): Kept => ({ date: "2026-01-02", machine: "2 × Processor", rounds });
const rowOf = (kept: Readonly<Record<string, Kept>>, start: string): string | undefined =>
  tables(new Map(Object.entries(kept))).find((line) => line.startsWith(`| ${start}`));

const token = keptOf(
  ...[6000, 9000, 1000].map((perCpu, at) => round("Mintmark", at + 1, perCpu)),
  ...[2000, 2000, 500].map((perCpu, at) => round("oidc-provider", at + 1, perCpu)),
);

test("a ratio → formed round by round, the median with the least and the most, beside its bounds", () => {
  expect(rowOf({ token }, "requests per processor second ÷ oidc-provider")).toBe(
    "| requests per processor second ÷ oidc-provider | 3.00 (2.00-4.50) | 2.5 | 3.5 | 5 |",
  );
});

test("a round that only one of the two finished → left out of the ratio", () => {
  const alone = keptOf(...token.rounds, round("Mintmark", 4, 90_000));
  expect(rowOf({ token: alone }, "requests per processor second ÷ oidc-provider")).toContain("3.00 (2.00-4.50)");
});

test("a peer or a scenario that was not measured → said so, never a figure", () => {
  for (const start of ["requests per processor second ÷ glewlwyd", "both cores", "processor time of a token"])
    expect(rowOf({ token }, start)).toContain("not measured");
});

test("a hundred thousand clients → the processor time of a token beside that with a thousand", () => {
  const many = keptOf(round("Mintmark", 1, 5000), round("Mintmark, 1,000 clients", 1, 6000));
  expect(rowOf({ many }, "processor time of a token")).toContain("| 1.20 (1.20-1.20) | 1.2 | 1.1 | 1 |");
});

test("a figure without a peer → ours alone", () => {
  const list = keptOf(round("Mintmark", 1, 100), round("Mintmark", 2, 100));
  expect(rowOf({ list }, "a page of 10,000 clients")).toContain("| 3.00 (3.00-3.00) | 50 |");
});

test("each scenario → a row for each server, with the database's processor time for each request", () => {
  expect(rowOf({ token }, "Mintmark")).toBe(
    "| Mintmark | 6,000 (1,000-9,000) | 900 (900-900) | 2.00 (2.00-2.00) | 4.00 (4.00-4.00) | 50.00 | 120 | 400 |",
  );
});
