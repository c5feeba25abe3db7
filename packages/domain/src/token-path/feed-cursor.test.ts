import { expect, test } from "vitest";
import { type FeedCursor, type FeedRow, followFeed, type ShardHead } from "./feed-cursor.ts";

const head = (shard: number, number: number, mark = `m${number}`): ShardHead => ({ shard, number, mark });
const row = (shard: number, number: number, mark = `m${number}`): FeedRow => ({
  ...head(shard, number, mark),
  tenantId: "ten_a",
  touched: [{ kind: "client", id: `cli_${number}` }],
});
const at = (...heads: ShardHead[]): FeedCursor => new Map(heads.map((one) => [one.shard, one]));

test("rows that follow the cursor without a gap move it to the head, the others stay", () => {
  const followed = followFeed(at(head(0, 5), head(1, 9)), [head(0, 7)], [row(0, 5), row(0, 6), row(0, 7)]);
  expect(followed).toEqual({ cursor: at(head(0, 7), head(1, 9)), rows: [row(0, 6), row(0, 7)] });
});

test("a counter's very first change needs no row before it", () => {
  const followed = followFeed(at(head(0, 0, "")), [head(0, 1)], [row(0, 1)]);
  expect(followed).toEqual({ cursor: at(head(0, 1)), rows: [row(0, 1)] });
});

test("nothing moved: nothing changes", () => {
  expect(followFeed(at(head(0, 5)), [], [])).toEqual({ cursor: at(head(0, 5)), rows: [] });
});

test.each<[string, ShardHead, FeedRow[]]>([
  ["the cursor's row has another mark", head(0, 6), [row(0, 5, "other"), row(0, 6)]],
  ["the cursor's row is gone", head(0, 6), [row(0, 6)]],
  ["the counter went back", head(0, 4), []],
  ["the counter went back and forth again under another mark", head(0, 5, "other"), [row(0, 5, "other")]],
  ["a row is missing in between", head(0, 8), [row(0, 5), row(0, 6), row(0, 8)]],
  ["the last row is not the head's", head(0, 7), [row(0, 5), row(0, 6)]],
  ["the head has another mark than its row", head(0, 6, "other"), [row(0, 5), row(0, 6)]],
  ["a counter that was never seen", head(3, 1), [row(3, 1)]],
])("%s → lost", (_, moved, rows) => {
  expect(followFeed(at(head(0, 5)), [moved], rows)).toBe("lost");
});
