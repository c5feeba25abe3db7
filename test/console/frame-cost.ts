import type { Page } from "playwright-core";

/** What frames cost, in milliseconds of processor time for one frame. */
export interface FrameCost {
  readonly frames: number;
  /** On the page's own thread. */
  readonly script: number;
  /** Style and layout. */
  readonly layout: number;
  /** Recording what to draw, and handing it over. */
  readonly paint: number;
  /** Drawing it, on other threads: a graphics card's work, done here by the processor. */
  readonly raster: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Microseconds by the clock, and of the processor. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

type Kind = "script" | "layout" | "paint" | "raster";

const kinds: Readonly<Record<string, Kind>> = {
  FunctionCall: "script",
  EvaluateScript: "script",
  FireAnimationFrame: "script",
  RunMicrotasks: "script",
  EventDispatch: "script",
  TimerFire: "script",
  MinorGC: "script",
  MajorGC: "script",
  UpdateLayoutTree: "layout",
  Layout: "layout",
  PrePaint: "paint",
  Paint: "paint",
  Layerize: "paint",
  Commit: "paint",
  RasterTask: "raster",
  "Display::DrawAndSwap": "raster",
};

const categories = ["devtools.timeline", "disabled-by-default-devtools.timeline", "cc", "viz", "toplevel"];

/** Adds up what each kind took by itself: what began inside another belongs to that other no more. */
function sumsOf(events: readonly TraceEvent[]): Readonly<Record<Kind, number>> {
  const sums = { script: 0, layout: 0, paint: 0, raster: 0 };
  const open: { readonly end: number; readonly kind: Kind }[] = [];
  for (const { name, ts, dur = 0, tdur = dur } of events.toSorted(
    (a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0),
  )) {
    const kind = kinds[name];
    if (!kind) continue;
    while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= ts) open.pop();
    const around = open.at(-1);
    if (around) sums[around.kind] -= tdur;
    sums[kind] += tdur;
    open.push({ end: ts + dur, kind });
  }
  return sums;
}

/** Runs `act` in the page and says what its frames cost. Tracing costs something too. */
export async function frameCost(page: Page, act: () => Promise<unknown>): Promise<FrameCost> {
  const browser = page.context().browser();
  if (!browser) throw new Error("the page has no browser");
  await browser.startTracing(page, { categories });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const done = traceEvents.filter(({ ph }) => ph === "X");
  const byThread = Map.groupBy(done, ({ pid, tid }) => `${pid} ${tid}`);
  const frames = done.filter(({ name }) => name === "Commit").length;
  const sums = [...byThread.values()].map(sumsOf);
  const perFrame = (kind: Kind) => sums.reduce((all, one) => all + one[kind], 0) / 1000 / Math.max(1, frames);
  return {
    frames,
    script: perFrame("script"),
    layout: perFrame("layout"),
    paint: perFrame("paint"),
    raster: perFrame("raster"),
  };
}
