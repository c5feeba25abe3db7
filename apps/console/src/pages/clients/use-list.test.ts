import { expect, test } from "vitest";
import { withPart } from "./use-list.ts";

type Next = Parameters<typeof withPart>[2]["next"];
const part = (name: string, endCursor: string): Next => ({
  nodes: [{ id: name } as Next["nodes"][number]],
  pageInfo: { endCursor, hasNextPage: true },
});
const idsOf = (rest: ReturnType<typeof withPart>) => rest?.rows.map(({ id }) => id);

test("part after part follows the first one, each once though it was answered twice", () => {
  const one = withPart(undefined, "list", { of: "list", first: "50", after: "50", next: part("a", "100") });
  const twice = withPart(one, "list", { of: "list", first: "50", after: "50", next: part("a", "100") });
  const two = withPart(twice, "list", { of: "list", first: "50", after: "100", next: part("b", "150") });
  expect([idsOf(one), idsOf(twice), idsOf(two)]).toEqual([["a"], ["a"], ["a", "b"]]);
});

test("another list begins anew", () => {
  const old = withPart(undefined, "list", { of: "list", first: "50", after: "50", next: part("a", "100") });
  expect(idsOf(withPart(old, "other", { of: "other", first: "20", after: "20", next: part("c", "40") }))).toEqual([
    "c",
  ]);
});

test("a part of the former list comes late → the rows of this one stay", () => {
  const own = withPart(undefined, "list", { of: "list", first: "50", after: "50", next: part("a", "100") });
  const late = { of: "former", first: "20", after: "20", next: part("c", "40") };
  expect(withPart(own, "list", late)).toBe(own);
});
