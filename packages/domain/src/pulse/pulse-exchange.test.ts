import { describe, expect, test, vi } from "vitest";
import { PulseExchange } from "./pulse-exchange.ts";
import { PulseMeter } from "./pulse-meter.ts";

const place = { tenantId: "ten_1", workspaceId: "wsp_1" };
const start = 1_800_000_000_000;
const at = (seconds: number) => start + seconds * 1000;

/** Two servers, and a heartbeat of each. */
function servers() {
  const [a, b] = [new PulseMeter(), new PulseMeter()];
  const [here, there] = [new PulseExchange(a), new PulseExchange(b)];
  const beat = (now: number) => {
    const [fromHere, fromThere] = [here.load(now), there.load(now)];
    here.unload({ watched: fromThere.watched, pulses: [fromThere.pulse], fresh: 2 });
    there.unload({ watched: fromHere.watched, pulses: [fromHere.pulse], fresh: 2 });
  };
  return { a, b, here, there, beat };
}

const issuedIn = (exchange: PulseExchange, now: number) =>
  exchange.pulse("wsp_1", now).seconds.map((second) => [(second.at.getTime() - start) / 1000, second.issued]);

describe("one server", () => {
  test("tells each second that is over, from the first whole one that was watched", () => {
    const meter = new PulseMeter();
    const exchange = new PulseExchange(meter);
    exchange.watch("wsp_1", at(0.5));
    meter.issued(place, 2, at(0.6));
    meter.issued(place, 2, at(1.1));
    meter.issued(place, 2, at(1.9));
    meter.issued(place, 2, at(2.1));
    expect(issuedIn(exchange, at(2.5))).toEqual([[1, 2]]);
    expect(issuedIn(exchange, at(3.1))).toEqual([
      [1, 2],
      [2, 1],
    ]);
    const later = exchange.pulse("wsp_1", at(60)).seconds;
    expect(later).toHaveLength(10);
    expect(exchange.pulse("wsp_1", at(3.1)).p50).toBeGreaterThan(1);
    expect(exchange.pulse("wsp_1", at(60)).p50).toBeNull();
  });

  test("sends nothing while nobody watches", () => {
    const meter = new PulseMeter();
    const exchange = new PulseExchange(meter);
    meter.issued(place, 2, at(0));
    expect(exchange.load(at(1))).toEqual({ watched: [], pulse: [] });
    const [stop, stopSecond] = [exchange.watch("wsp_1", at(1)), exchange.watch("wsp_1", at(1))];
    meter.issued(place, 2, at(1));
    stop();
    stop();
    expect(exchange.load(at(2))).toMatchObject({ watched: ["wsp_1"], pulse: [{ workspaceId: "wsp_1" }] });
    stopSecond();
    expect(exchange.load(at(2))).toEqual({ watched: [], pulse: [] });
  });

  test("rings after each heartbeat, until nobody listens", () => {
    const exchange = new PulseExchange(new PulseMeter());
    const heard = vi.fn();
    const stop = exchange.onBeat(heard);
    exchange.unload({ watched: [], pulses: [], fresh: 1 });
    stop();
    exchange.unload({ watched: [], pulses: [], fresh: 1 });
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe("two servers", () => {
  test("what one counts the other tells, once it was heard; no second twice", () => {
    const { a, b, here, beat } = servers();
    here.watch("wsp_1", at(0.1));
    beat(at(0.5));
    beat(at(1.5));
    a.issued(place, 2, at(4));
    b.issued(place, 2, at(4));
    b.refused(place, at(4));
    for (const now of [4.5, 5.5, 6.5, 7.5]) beat(at(now));
    const second = here.pulse("wsp_1", at(7.6)).seconds.find((one) => one.at.getTime() === at(4));
    expect(second).toEqual({ at: new Date(at(4)), issued: 2, refused: 1 });
  });

  test("a second is told only when every server has had the time to say what it did in it", () => {
    const { here, beat } = servers();
    here.watch("wsp_1", at(0.1));
    beat(at(0.5));
    const seconds = issuedIn(here, at(10)).map(([second]) => second);
    expect([seconds.at(0), seconds.at(-1)]).toEqual([3, 7]);
  });

  test("the one that nobody asks keeps seconds only while somebody watches at the other", () => {
    const { b, here, there, beat } = servers();
    const stop = here.watch("wsp_1", at(0));
    beat(at(0.5));
    b.issued(place, 2, at(1));
    expect(there.load(at(1.5)).pulse).toHaveLength(1);
    stop();
    beat(at(2));
    b.issued(place, 2, at(2.5));
    expect(there.load(at(3)).pulse).toEqual([]);
  });
});
