import { expect, test } from "vitest";
import { oneAfterAnother } from "./one-after-another.ts";

function stage(pauseMs = 0) {
  const runs: { end: () => void; fail: (error: Error) => void; at: number }[] = [];
  const work = () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    runs.push({ end: resolve, fail: reject, at: performance.now() });
    return promise;
  };
  return { runs, ask: oneAfterAnother(work, pauseMs) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("callers of the same moment share a run", async () => {
  const { runs, ask } = stage();
  const both = Promise.all([ask(), ask()]);
  await turn();
  expect(runs.length).toBe(1);
  runs[0]?.end();
  await both;
});

test("whoever comes while one runs gets the next one, which all of them share", async () => {
  const { runs, ask } = stage();
  const first = ask();
  await turn();
  let isSecondDone = false;
  const later = Promise.all([ask(), ask()]).then(() => {
    isSecondDone = true;
  });
  runs[0]?.end();
  await first;
  await turn();
  expect([runs.length, isSecondDone]).toEqual([2, false]);
  runs[1]?.end();
  await later;
});

test("a run that fails fails its callers, and the next one runs", async () => {
  const { runs, ask } = stage();
  const first = ask();
  await turn();
  const second = ask();
  runs[0]?.fail(new Error("away"));
  await expect(first).rejects.toThrow("away");
  await turn();
  runs[1]?.end();
  await second;
});

test("two runs begin at least the pause apart", async () => {
  const { runs, ask } = stage(30);
  for (const run of [0, 1]) {
    const asked = ask();
    while (!runs[run]) await turn();
    runs[run]?.end();
    await asked;
  }
  // Timers know whole milliseconds only.
  expect((runs[1]?.at ?? 0) - (runs[0]?.at ?? 0)).toBeGreaterThanOrEqual(28);
});
