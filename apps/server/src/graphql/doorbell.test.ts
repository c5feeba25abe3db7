import { expect, test, vi } from "vitest";
import { Doorbell } from "./doorbell.ts";

const counting = () => {
  let made = 0;
  const onEnd = vi.fn();
  return { bell: new Doorbell<number | string>(() => ++made, onEnd), onEnd };
};

test("a ring gives a value, made when it is fetched; several that nobody fetched are one", async () => {
  const { bell } = counting();
  bell.ring();
  bell.ring();
  expect(await bell.next()).toEqual({ done: false, value: 1 });
  const waiting = bell.next();
  bell.ring();
  expect(await waiting).toEqual({ done: false, value: 2 });
});

test("an end with something to say says it, instead of what was rung, and then is over", async () => {
  const { bell, onEnd } = counting();
  bell.ring();
  bell.end("gone");
  bell.end("again");
  bell.ring();
  expect(await bell.next()).toEqual({ done: false, value: "gone" });
  expect(await bell.next()).toEqual({ done: true, value: undefined });
  expect(onEnd).toHaveBeenCalledTimes(1);
});

test("whoever waits hears at once that it is over", async () => {
  const { bell } = counting();
  const waiting = bell.next();
  bell.end();
  expect(await waiting).toEqual({ done: true, value: undefined });
});

test("a listener that leaves while it waits ends it", async () => {
  const { bell, onEnd } = counting();
  const waiting = bell.next();
  await bell.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(onEnd).toHaveBeenCalledTimes(1);
});
