import { expect, test } from "vitest";
import { ImportEnded, type Progress, runToEnd, sentOf } from "./import-run.ts";

const at = (state: Progress["state"], read = 0, problem: string | null = null): Progress => ({
  state,
  size: 100,
  read,
  made: read,
  refused: 0,
  problem,
});

/**
 * Runs against a server that says those things in turn; the last one again and again. A second passes at each pause, and
 * `sending` seconds while the file is sent.
 */
async function run(looks: readonly (Progress | Error | undefined)[], sendings: readonly number[], sending = 0) {
  const told: string[] = [];
  let [seconds, looked, sent] = [0, 0, 0];
  const nth = <T>(all: readonly T[], place: number) => all[Math.min(place, all.length - 1)] as T;
  const result = await runToEnd({
    async look() {
      const found = nth(looks, looked++);
      if (found instanceof Error) throw found;
      return found;
    },
    async send() {
      seconds += sending;
      const status = nth(sendings, sent++);
      return sentOf(status, `status ${status}`);
    },
    pause: async () => void seconds++,
    now: () => seconds * 1000,
    onProgress: () => {},
    onProblem: (problem) => told.push(problem),
  }).catch((error: Error) => error);
  return { result, told, sent, seconds };
}

test.each([401, 408, 429, 500, 502, 503, 504])(
  "the file is answered with %d, which passes → it is sent again, to the end",
  async (status) => {
    const { result, sent } = await run([at("WAITING"), at("WAITING"), at("DONE", 100)], [status, 202]);
    expect([result, sent]).toEqual([at("DONE", 100), 2]);
  },
);

test("a server that says 503 on and on → another run may end it", async () => {
  const { result } = await run([at("WAITING")], [503]);
  expect(result).not.toBeInstanceOf(ImportEnded);
  expect(result).toMatchObject({ message: expect.stringMatching(/two minutes \(status 503\)\. Run the same command/) });
});

test("the file is answered with 409 → looked at again: done is done, and else it was refused", async () => {
  expect((await run([at("INTERRUPTED", 50), at("DONE", 100)], [409])).result).toEqual(at("DONE", 100));
  const { result, sent } = await run([at("INTERRUPTED", 50)], [409]);
  expect([result, sent]).toEqual([expect.any(ImportEnded), 1]);
});

test.each([
  ["nothing was made", at("WAITING"), true],
  ["some were made", at("INTERRUPTED", 50), false],
])("the file is refused, and %s → whether the key may go", async (_, progress, isUntouched) => {
  expect((await run([progress], [400])).result).toMatchObject({ isUntouched });
});

test("an import that is not seen any more → its key may not go", async () => {
  expect((await run([undefined], [202])).result).toMatchObject({ isUntouched: false });
});

test("the server breaks off for the same reason twice, and nothing moved → told once, and ended", async () => {
  const broken = at("INTERRUPTED", 0, "No more clients.");
  const { result, told, sent } = await run([at("WAITING"), broken, at("RUNNING"), broken], [202]);
  expect(result).toMatchObject({ message: "It was broken off twice. No more clients." });
  expect([told, sent]).toEqual([["No more clients."], 2]);
});

test("the server breaks off for the same reason, but further on → it goes on", async () => {
  const looks = [at("INTERRUPTED", 10, "Stopped."), at("INTERRUPTED", 20, "Stopped."), at("DONE", 100)];
  expect((await run(looks, [202])).result).toEqual(at("DONE", 100));
});

test("a server that is away for a minute → it goes on", async () => {
  const away = Array.from({ length: 60 }, () => new Error("away"));
  expect((await run([...away, at("WAITING"), at("DONE", 100)], [202])).result).toEqual(at("DONE", 100));
});

test("a file that takes five minutes to be sent → nobody calls that standing still", async () => {
  expect((await run([at("WAITING"), at("RUNNING"), at("DONE", 100)], [202], 300)).result).toEqual(at("DONE", 100));
});

test("a server that takes the file again and again, and never says why it breaks off → ended after two minutes", async () => {
  expect((await run([at("INTERRUPTED")], [202])).result).toMatchObject({
    message: expect.stringContaining("two minutes"),
  });
});
