import { afterEach, expect, test, vi } from "vitest";
import type { Reader } from "../change/handle.ts";
import { onceForEachState } from "./once-for-each-state.ts";

afterEach(() => vi.useRealTimers());

/** Readers of one installation that knows so many changes, and what was asked. */
function asking() {
  let number = 1;
  let asked = 0;
  const installation = { database: {}, feedNumber: () => number };
  return {
    changed: () => number++,
    ask: (tenantId = "ten_1", name = "counts wsp_1") =>
      onceForEachState({ installation, tenantId } as unknown as Reader, name, async () => ++asked),
  };
}

test("the same asked again → the same answer; after a change of the tenant → asked anew", async () => {
  const { ask, changed } = asking();
  expect([await ask(), await ask()]).toEqual([1, 1]);
  changed();
  expect([await ask(), await ask()]).toEqual([2, 2]);
});

test("[S12] another workspace, or another tenant → its own answer", async () => {
  const { ask } = asking();
  expect([await ask(), await ask("ten_1", "counts wsp_2"), await ask("ten_2")]).toEqual([1, 2, 3]);
});

test("two seconds later → asked anew: use and time change it too", async () => {
  vi.useFakeTimers();
  const { ask } = asking();
  await ask();
  vi.advanceTimersByTime(1_999);
  expect(await ask()).toBe(1);
  vi.advanceTimersByTime(2);
  expect(await ask()).toBe(2);
});

test("a failure → is not kept", async () => {
  const reader = { installation: { database: {}, feedNumber: () => 1 }, tenantId: "ten_1" } as unknown as Reader;
  await expect(onceForEachState(reader, "x", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await onceForEachState(reader, "x", async () => "there")).toBe("there");
});
