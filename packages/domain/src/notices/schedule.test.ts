import { describe, expect, test } from "vitest";
import { DAY_MS, dueStep, noticeSchedule, noticeSteps } from "./schedule.ts";

const endsAt = new Date("2026-07-01T12:00:00.000Z");
/** An instant by its distance from the end: days, and milliseconds on top. */
const at = (daysBefore: number, ms = 0) => new Date(endsAt.getTime() - daysBefore * DAY_MS + ms);
const longAgo = at(400);

describe("the schedule of notices", () => {
  test.each(noticeSteps)("%i days before the end → at that millisecond and not one before, once", (step) => {
    const life = { createdAt: longAgo, endsAt };
    expect(dueStep(life, at(step, -60_000), at(step, -1))).toBe(undefined);
    expect(dueStep(life, at(step, -1), at(step))).toBe(step);
    expect(dueStep(life, at(step), at(step, 60_000))).toBe(undefined);
  });

  test("made with less than a step's time ahead, or exactly with it → that step is skipped", () => {
    expect(dueStep({ createdAt: at(7), endsAt }, longAgo, at(7))).toBe(undefined);
    expect(dueStep({ createdAt: at(5), endsAt }, longAgo, at(4))).toBe(undefined);
    expect(dueStep({ createdAt: at(5), endsAt }, longAgo, at(3))).toBe(3);
    expect(dueStep({ createdAt: at(7, -1), endsAt }, longAgo, at(7))).toBe(7);
  });

  test("several steps passed while no server ran → the nearest alone", () => {
    expect(dueStep({ createdAt: longAgo, endsAt }, at(40), at(2))).toBe(3);
    expect(dueStep({ createdAt: longAgo, endsAt }, at(40), at(-5))).toBe(0);
    expect(dueStep({ createdAt: longAgo, endsAt }, at(-1), at(-5))).toBe(undefined);
  });

  test("the published sentence names each step", () => {
    for (const step of noticeSteps) if (step > 0) expect(noticeSchedule).toContain(String(step));
  });
});
