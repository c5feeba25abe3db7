import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { boundSource, documentLimits, isTooDeep } from "./limits.ts";

const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

describe("boundSource", () => {
  it("lets an ordinary document pass", () => {
    expect(() => boundSource('{ a(b: {c: ["{{{{"]}) { d } }')).not.toThrow();
  });
  it.each(["{a".repeat(1_000), `{a(b:${"[".repeat(10_000)}`, `{ ${"a ".repeat(5_000)} }`])("refuses a bomb", (text) => {
    expect(() => boundSource(text)).toThrow(/at most/);
  });
});

describe("isTooDeep", () => {
  it("tells 64 levels from more", () => {
    expect(isTooDeep(nested(50))).toBe(false);
    expect(isTooDeep(nested(20_000))).toBe(true);
  });
});

describe("documentLimits", () => {
  const schema = buildSchema("type Query { a: Query b: Int c: Thing } type Thing { d: Int }");
  const problems = (text: string) => validate(schema, parse(text), [documentLimits]).map(({ message }) => message);
  it.each([
    ["aliases", `{ a { ${Array.from({ length: 70 }, (_, i) => `x${i}: b`).join(" ")} } }`],
    ["directives", `{ b ${"@skip(if: false) ".repeat(40)} }`],
    ["fragment spreads", `{ a { ${"...F ".repeat(30)} } } fragment F on Query { b }`],
    ["top-level fields", `{ ${"b ".repeat(40)} }`],
    ["top-level fields", `{ ...F } fragment F on Query { ${"b ".repeat(40)} }`],
    ["operations", Array.from({ length: 12 }, (_, i) => `query Q${i} { b }`).join(" ")],
  ])("counts %s", (what, text) => {
    expect(problems(text)).toEqual([expect.stringContaining(what)]);
  });
  it("counts no field of a thing as a top-level one", () => {
    expect(problems(`{ c { ...F } } fragment F on Thing { ${"d ".repeat(40)} }`)).toEqual([]);
  });
});
