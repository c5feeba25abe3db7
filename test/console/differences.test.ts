import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pages } from "./pages.ts";
import { states } from "./states.ts";

const report = new URL("../prove/reports/console-differences.md", import.meta.url);

test("every page and every state → one row of the report that lays it beside its reference", () => {
  const rows = [...readFileSync(report, "utf8").matchAll(/^\| ([a-z][a-z-]+) \|/gm)].map(([, name]) => name);
  const names = [...pages, ...states].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(rows.filter((name, at) => rows.indexOf(name) !== at)).toEqual([]);
  expect(names.filter((name) => !rows.includes(name))).toEqual([]);
});
