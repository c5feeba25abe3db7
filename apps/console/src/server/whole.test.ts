import { expect, test } from "vitest";
import { restOf } from "./whole.ts";

/** A list of that many parts; the part numbered `broken` cannot be had. */
const listOf = (parts: number, broken = -1) => {
  const asked: string[] = [];
  const load = async (after: string) => {
    asked.push(after);
    const at = Number(after);
    return at === broken ? null : { nodes: [at], pageInfo: { hasNextPage: at + 1 < parts, endCursor: String(at + 1) } };
  };
  return { asked, load };
};

test("the rest of a list: every part up to its end", async () => {
  const { asked, load } = listOf(4);
  const rest = await restOf("1", load);
  expect(rest.nodes).toEqual([1, 2, 3]);
  expect(rest.pageInfo.hasNextPage).toBe(false);
  expect(asked).toEqual(["1", "2", "3"]);
});

test("a list without an end, or with a part that cannot be had → what came, and that there is more", async () => {
  const endless = await restOf("0", listOf(1000).load);
  expect([endless.nodes.length, endless.pageInfo.hasNextPage]).toEqual([20, true]);
  const broken = await restOf("1", listOf(9, 3).load);
  expect([broken.nodes, broken.pageInfo.hasNextPage]).toEqual([[1, 2], true]);
});
