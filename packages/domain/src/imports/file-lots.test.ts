import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { beginsAlike, lotsInTurns, lotsOf } from "./file-lots.ts";

const line = (at: number, more = {}) => `${JSON.stringify({ name: `Sensor ${at}`, ...more })}\n`;
const file = (count: number, more = {}) =>
  Buffer.from(Array.from({ length: count }, (_, at) => line(at, more)).join(""));
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

test("a file in lots → each line once, in order, and each mark is the digest of what stands before it", () => {
  const bytes = file(1_203);
  const lots = [...lotsOf(bytes, "ndjson", 0)];
  expect(lots.map(({ rows }) => rows.length)).toEqual([500, 500, 203]);
  expect(lots.flatMap(({ rows }) => rows.map(({ name }) => name))).toEqual(
    Array.from({ length: 1_203 }, (_, at) => `Sensor ${at}`),
  );
  expect(lots.map(({ isLast }) => isLast)).toEqual([false, false, true]);
  let before = 0;
  for (const { from, to } of lots) {
    expect(from).toBe(before);
    expect(to.digest.equals(sha256(bytes.subarray(0, to.bytes)))).toBe(true);
    before = to.bytes;
  }
  expect(before).toBe(bytes.length);
});

test("[A9] from a mark on → what is left, and nothing before it, whichever mark it is", () => {
  const bytes = file(1_203);
  const all = [...lotsOf(bytes, "ndjson", 0)];
  for (const [at, { to }] of all.entries()) {
    const left = [...lotsOf(bytes, "ndjson", to.bytes)];
    expect(left.flatMap(({ rows }) => rows)).toEqual(all.slice(at + 1).flatMap(({ rows }) => rows));
    expect(left.at(-1)?.to.digest.equals(sha256(bytes))).toBe(true);
  }
});

test("a late mark → others have their turn while the lines before it are read, and the lots are the same", async () => {
  const bytes = file(20_000);
  const mark = 19_990 * (bytes.length / 20_000);
  const done = [...lotsOf(bytes, "ndjson", 0)].find(({ to }) => to.bytes >= mark - bytes.length / 20)?.to.bytes ?? 0;
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    while (!isOver) await new Promise((resolve) => setImmediate(resolve, turns++));
  })();
  const lots = [];
  for await (const lot of lotsInTurns(bytes, "ndjson", done)) lots.push(lot);
  isOver = true;
  await others;
  expect(turns).toBeGreaterThanOrEqual(9);
  expect(lots).toEqual([...lotsOf(bytes, "ndjson", done)]);
});

test("a client of before the mark that comes again behind it → refused by its line", () => {
  const bytes = Buffer.from(line(1) + line(2) + line(1));
  const [lot] = [...lotsOf(bytes, "ndjson", line(1).length)];
  expect(lot?.rows.map(({ problem }) => problem?.problem)).toEqual([
    undefined,
    "Line 1 of this file is this client already.",
  ]);
});

test("[A9] a quote left open before the mark, and closed behind it in another file → refused whole: its line was reported", () => {
  const begun = `name\na\n"b\n`;
  const refused = [...lotsOf(Buffer.from(begun), "csv", 0)].flatMap(({ rows }) => rows).at(-1);
  expect(refused).toMatchObject({
    line: 3,
    end: begun.length,
    problem: { problem: expect.stringContaining("closed") },
  });
  const other = Buffer.from(`${begun}c"\nd\n`);
  expect(() => [...lotsOf(other, "csv", begun.length)]).toThrow("line 3 was done, and is longer here");
});

test("clients with much access → fewer in a lot, and at least one", () => {
  const scopes = Array.from({ length: 100 }, (_, at) => `scope:${at}`);
  const grants = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ resource: `https://${at}.example`, scopes }));
  expect([...lotsOf(file(60, { grants: grants(1) }), "ndjson", 0)].map(({ rows }) => rows.length)).toEqual([49, 11]);
  expect([...lotsOf(file(2, { grants: grants(40) }), "ndjson", 0)].map(({ rows }) => rows.length)).toEqual([1, 1]);
});

test("another file, or a shorter one, does not begin alike", () => {
  const done = { bytes: 5, digest: sha256(Buffer.from("12345")) };
  expect(beginsAlike(Buffer.from("12345678"), done)).toBe(true);
  expect(beginsAlike(Buffer.from("12355678"), done)).toBe(false);
  expect(beginsAlike(Buffer.from("1234"), done)).toBe(false);
  expect(beginsAlike(Buffer.from("x"), { bytes: 0, digest: null })).toBe(true);
});
