import type { Database } from "@mintmark/db";
import { describe, expect, test } from "vitest";
import { feedReader } from "./feed-numbers.ts";

/** A database whose answers are given by hand, one a query. */
function databaseByHand() {
  const answers: ((rows: { number: number; mark: string }[] | Error) => void)[] = [];
  const sql = () =>
    new Promise((resolve, reject) => {
      answers.push((rows) => (rows instanceof Error ? reject(rows) : resolve(rows)));
    });
  return { database: { sql } as unknown as Database, answers };
}

const row = (number: number, mark: string) => [{ number, mark }];

describe("reading how far the feed is", () => {
  test("calls during a query share the next one, which began after them", async () => {
    const { database, answers } = databaseByHand();
    const feed = feedReader(database);
    const first = feed.read();
    const second = feed.read();
    const third = feed.read();
    expect(answers).toHaveLength(1);
    answers[0]?.(row(1, "a"));
    expect((await first).numbers).toEqual([1]);
    await new Promise(setImmediate);
    expect(answers).toHaveLength(2);
    answers[1]?.(row(2, "b"));
    expect((await second).numbers).toEqual([2]);
    expect(await third).toBe(await second);
  });

  test("the same object comes back while nothing changed", async () => {
    const { database, answers } = databaseByHand();
    const feed = feedReader(database);
    const first = feed.read();
    answers[0]?.(row(1, "a"));
    const again = first.then(() => feed.read());
    await first;
    await new Promise(setImmediate);
    answers[1]?.(row(1, "a"));
    expect(await again).toBe(await first);
    expect(feed.latest()).toBe(await first);
  });

  test("a failed query fails its own callers only", async () => {
    const { database, answers } = databaseByHand();
    const feed = feedReader(database);
    const first = feed.read();
    const second = feed.read();
    answers[0]?.(new Error("away"));
    await expect(first).rejects.toThrow("away");
    await new Promise(setImmediate);
    answers[1]?.(row(3, "c"));
    expect((await second).numbers).toEqual([3]);
  });
});
