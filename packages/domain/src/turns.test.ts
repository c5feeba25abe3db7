import { expect, test } from "vitest";
import { roomFor, takingTurns } from "./turns.ts";

/** Work that begins when it is let in and ends when told to. */
function job(log: string[], name: string) {
  let end: (outcome: "done" | "failed") => void = () => undefined;
  const ended = new Promise<"done" | "failed">((resolve) => {
    end = resolve;
  });
  const run = async () => {
    log.push(name);
    if ((await ended) === "failed") throw new Error(name);
    return name;
  };
  return { run, end };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("so many at once, the others in their order, and a failure makes room too", async () => {
  const log: string[] = [];
  const jobs = ["a", "b", "c", "d"].map((name) => job(log, name));
  const room = roomFor(2);
  const results = jobs.map(({ run }) => room(run).catch(() => "failed"));
  await settle();
  expect(log).toEqual(["a", "b"]);
  jobs[1]?.end("failed");
  await settle();
  expect(log).toEqual(["a", "b", "c"]);
  for (const { end } of jobs) end("done");
  expect(await Promise.all(results)).toEqual(["a", "failed", "c", "d"]);
  expect(await room(async () => "again")).toBe("again");
});

test("a tenant with much to do leaves room for the others", async () => {
  const log: string[] = [];
  const turn = takingTurns(3, 2);
  const names = ["noisy 1", "noisy 2", "noisy 3", "noisy 4", "quiet 1", "other 1"];
  const jobs = names.map((name) => job(log, name));
  const results = jobs.map(({ run }, at) => turn(names[at]?.split(" ")[0] ?? "", run));
  await settle();
  expect(log).toEqual(["noisy 1", "noisy 2", "quiet 1"]);
  jobs[0]?.end("done");
  await settle();
  expect(log.slice(3)).toEqual(["other 1"]);
  for (const { end } of jobs) end("done");
  expect(await Promise.all(results)).toEqual(names);
});
