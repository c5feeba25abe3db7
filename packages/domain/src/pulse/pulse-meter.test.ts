import { describe, expect, test } from "vitest";
import { type Minute, PulseMeter } from "./pulse-meter.ts";
import { figuresOf } from "./tally.ts";

const place = { tenantId: "ten_1", workspaceId: "wsp_1" };
const minute = 1_800_000_000_000 - (1_800_000_000_000 % 60_000);

const flushed = async (meter: PulseMeter, now: number): Promise<readonly Minute[]> => {
  const all: Minute[] = [];
  await meter.flush(async (minutes) => void all.push(...minutes), now);
  return all;
};
const told = (minutes: readonly Minute[]) =>
  minutes.map((one) => [(one.minute - minute) / 60_000, figuresOf(one).issued, one.refused]);

describe("minutes", () => {
  test("are written whole each time they changed, so that to write one twice changes nothing", async () => {
    const meter = new PulseMeter();
    meter.issued(place, 3, minute + 1000);
    expect(told(await flushed(meter, minute + 2000))).toEqual([[0, 1, 0]]);
    expect(await flushed(meter, minute + 3000)).toEqual([]);
    meter.issued(place, 5, minute + 4000);
    meter.refused(place, minute + 59_999);
    expect(told(await flushed(meter, minute + 60_000))).toEqual([[0, 2, 1]]);
    meter.issued(place, 5, minute + 61_000);
    expect(told(await flushed(meter, minute + 62_000))).toEqual([[1, 1, 0]]);
  });

  test("that ended since the last time are written beside the new one", async () => {
    const meter = new PulseMeter();
    meter.issued(place, 3, minute);
    meter.issued(place, 3, minute + 60_000);
    expect(told(await flushed(meter, minute + 60_500))).toEqual([
      [0, 1, 0],
      [1, 1, 0],
    ]);
  });

  test("that could not be written come again, with what was counted meanwhile", async () => {
    const meter = new PulseMeter();
    meter.issued(place, 3, minute);
    const failing = meter.flush(async () => {
      meter.issued(place, 3, minute + 100);
      throw new Error("away");
    }, minute + 50);
    await expect(failing).rejects.toThrow("away");
    meter.issued(place, 3, minute + 60_000);
    expect(told(await flushed(meter, minute + 60_500))).toEqual([
      [0, 2, 0],
      [1, 1, 0],
    ]);
  });

  test("a clock that is set back counts on where it was", async () => {
    const meter = new PulseMeter();
    meter.issued(place, 3, minute + 60_000);
    meter.issued(place, 3, minute + 59_000);
    expect(told(await flushed(meter, minute + 61_000))).toEqual([[1, 2, 0]]);
  });
});

describe("seconds", () => {
  test("are kept where somebody watches, and nowhere else", () => {
    const meter = new PulseMeter();
    meter.issued(place, 3, minute);
    meter.watch(new Set(["wsp_1", "wsp_3"]));
    for (const workspaceId of ["wsp_1", "wsp_2", "wsp_3"]) meter.issued({ ...place, workspaceId }, 3, minute + 100);
    meter.refused(place, minute + 1100);
    expect(meter.recent(minute + 1500).map(({ workspaceId, seconds }) => [workspaceId, seconds.length])).toEqual([
      ["wsp_1", 2],
      ["wsp_3", 1],
    ]);
    meter.watch(new Set());
    expect(meter.recent(minute + 1500)).toEqual([]);
  });

  test("are told with their counts, and forgotten after a while", () => {
    const meter = new PulseMeter();
    meter.watch(new Set(["wsp_1"]));
    meter.issued(place, 0.1, minute);
    meter.issued(place, 0.3, minute + 999);
    meter.refused(place, minute + 1000);
    expect(meter.recent(minute + 1500)).toEqual([
      {
        workspaceId: "wsp_1",
        seconds: [
          { second: minute / 1000, counts: [1, 1], refused: 0 },
          { second: minute / 1000 + 1, counts: [], refused: 1 },
        ],
      },
    ]);
    expect(meter.recent(minute + 60_000)).toEqual([]);
    for (let second = 0; second < 100; second++) meter.issued(place, 1, minute + second * 1000);
    expect(meter.recent(minute + 99_500)[0]?.seconds.length).toBeLessThanOrEqual(12);
  });
});
