import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// The table names tests: what it names must be there, or it promises what nobody looks at.
const readme = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
const pathOf = (link: string) => join(import.meta.dirname, link);

/** Files by what the table calls them: a letter, or `unit` for what its section says. */
const letters = new Map(
  [...readme.matchAll(/(?:^|[ ·\n])([A-Z]) (?:is )?\[`[^`]+`\]\(([^)]+\.test\.ts)\)/g)].map(
    ([, letter = "", link = ""]) => [letter, pathOf(link)],
  ),
);

interface Named {
  readonly file: string;
  readonly name: string;
}

/** Reads a cell from left to right: a file, then the names of its tests. */
function namedIn(cell: string, unit: string | undefined): Named[] {
  const named: Named[] = [];
  let file: string | undefined;
  for (const [, letter, link, one, other] of cell.matchAll(
    /(?<![\w`])([A-Z]|unit)(?=[ ,;:]|$)|\]\(([^)]+\.test\.ts)\)|(?<![\w\\])_((?:[^_]|(?<=\w)_(?=\w))+)_(?!\w)|\*([^*]+)\*/g,
  )) {
    if (letter !== undefined) file = letter === "unit" ? unit : letters.get(letter);
    else if (link !== undefined) file = pathOf(link);
    else if (file !== undefined) named.push({ file, name: (one ?? other ?? "").replaceAll("\\", "") });
  }
  return named;
}

const all = readme.split(/^## /m).flatMap((section) => {
  const [, link] = /`unit`\s+is\s+\[`[^`]+`\]\(([^)]+)\)/.exec(section) ?? [];
  const unit = link === undefined ? undefined : pathOf(link);
  return section
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .flatMap((line) => namedIn(line.split(/(?<!\\)\|/).at(-2) ?? "", unit));
});

/** Whether a line of the file has all that stands between the dots of omission, in that order. */
function isThere({ file, name }: Named): boolean {
  const pieces = name.split("…").map((piece) => piece.trim());
  const lines = readFileSync(file, "utf8").replaceAll("\\", "").split("\n");
  return lines.some((line) => pieces.reduce((at, piece) => (at < 0 ? at : line.indexOf(piece, at)), 0) >= 0);
}

test("every test that the table names is in the file that it names", () => {
  expect(letters.size).toBeGreaterThan(15);
  expect(all.length).toBeGreaterThan(80);
  const missing = all.filter((one) => !existsSync(one.file) || !isThere(one));
  expect(missing.map(({ file, name }) => `${file.slice(import.meta.dirname.length - 11)}: ${name}`)).toEqual([]);
});
