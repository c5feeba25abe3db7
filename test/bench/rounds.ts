import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { Round } from "./scenarios.ts";
import { type Kept, tables } from "./table.ts";

const folder = join(import.meta.dirname, "rounds");
const readme = join(import.meta.dirname, "README.md");
const MARKS = ["<!-- table -->", "<!-- /table -->"] as const;

/** Keeps a scenario's rounds in place of the former ones. */
export function keepRounds(name: string, rounds: readonly Round[]): void {
  mkdirSync(folder, { recursive: true });
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`;
  const kept: Kept = { date: new Date().toISOString().slice(0, 10), machine, rounds };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(kept, null, 1)}\n`);
}

/** Writes the tables between the marks of the README, from all rounds that are kept. */
export function writeTable(): void {
  const files = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const kept = new Map(
    files.map((file) => [file.replace(/\.json$/, ""), JSON.parse(readFileSync(join(folder, file), "utf8")) as Kept]),
  );
  const text = readFileSync(readme, "utf8");
  const [head = ""] = text.split(MARKS[0]);
  const [, tail = ""] = text.split(MARKS[1]);
  writeFileSync(readme, `${head}${MARKS[0]}\n\n${tables(kept).join("\n")}\n\n${MARKS[1]}${tail}`);
}
