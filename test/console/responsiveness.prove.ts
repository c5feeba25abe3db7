import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser, type Visit } from "../support/browser.ts";
import { fetchToken } from "../support/token.ts";
import { frameCost } from "./frame-cost.ts";
import { settled } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();
const say = (words: string) => process.stdout.write(`${words}\n`);
const atRank = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

async function openOverview(): Promise<Visit> {
  const visit = await browser.open(stage().origin, stage().owner, { still: false });
  await visit.page.goto(`/console${stage().at}`);
  await settled(visit.page);
  return visit;
}

/** Milliseconds from a click on a link of the navigation until the page that it leads to has been painted, its data included. */
const clicked = (name: string, title: string) => `(async () => {
  const link = [...document.querySelectorAll("nav a")].find((one) => one.textContent.trim().startsWith(${JSON.stringify(name)}));
  const began = performance.now();
  link.click();
  const isThere = () => document.querySelector("h1")?.textContent === ${JSON.stringify(title)}
    && !document.querySelector("main .skeleton");
  while (!isThere()) await new Promise(requestAnimationFrame);
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
})()`;

const routes = [
  ["Clients", "Clients"],
  ["APIs & scopes", "APIs & scopes"],
  ["Signing keys", "Signing keys"],
  ["Audit log", "Audit log"],
  ["Settings", "Settings"],
] as const;

test("from a click to the painted route, its script at hand: 100 ms", async () => {
  const { page } = await openOverview();
  // Once around: every script has come.
  for (const [name, title] of routes) await page.evaluate(clicked(name, title));
  const times: number[] = [];
  for (let round = 0; round < 8; round++)
    for (const [name, title] of routes) times.push(await page.evaluate<number>(clicked(name, title)));
  say(
    `Click to painted route, ${times.length} times: median ${atRank(times, 0.5).toFixed(0)} ms, p95 ${atRank(times, 0.95).toFixed(0)} ms (bound 100)`,
  );
  expect(atRank(times, 0.5)).toBeLessThanOrEqual(100);
  expect(atRank(times, 0.95)).toBeLessThanOrEqual(150);
});

/** Notes every interaction that takes longer than a frame (Event Timing). */
const watchInteractions = `
  window.interactions = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) window.interactions.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });`;

/** A walk over what people touch most: list, search, menu, sheet, palette, tabs, filters. */
async function walk(page: Page): Promise<number> {
  let touches = 0;
  const key = async (name: string) => {
    await page.keyboard.press(name);
    touches++;
    await pause(60);
  };
  const click = async (name: string, role: "link" | "button" | "tab" = "link") => {
    await page.getByRole(role, { name }).first().click();
    touches++;
    await settled(page);
  };
  await click("Clients");
  for (const letter of "invoice") await key(letter === "i" ? "/" : letter);
  await key("Escape");
  await click("Clients");
  for (const name of ["j", "j", "k", "Enter"]) await key(name);
  await settled(page);
  for (const tab of ["Access", "Credentials", "Settings"]) await click(tab);
  await key("Control+k");
  for (const letter of "audit") await key(letter);
  await key("Enter");
  await settled(page);
  for (const name of ["j", "j", " ", "Escape"]) await key(name);
  await click("APIs & scopes");
  await key("c");
  for (const letter of "Ledger") await key(letter);
  await key("Escape");
  await page.getByRole("button", { name: /Leave/ }).click();
  return touches + 1;
}

test("a walk through the console: 98 of 100 touches are answered within 100 ms", async () => {
  const { page } = await openOverview();
  await page.evaluate(watchInteractions);
  let touches = 0;
  for (let round = 0; round < 3; round++) touches += await walk(page);
  const slow = await page.evaluate<number[]>("window.interactions");
  // What is not reported took less than a frame.
  const all = [...slow, ...Array.from({ length: Math.max(0, touches - slow.length) }, () => 16)];
  say(`Interactions: ${touches} touches, p98 ${atRank(all, 0.98)} ms, worst ${Math.max(...all)} ms (bound 100)`);
  expect(touches).toBeGreaterThan(100);
  expect(atRank(all, 0.98)).toBeLessThanOrEqual(100);
});

/** Asks for tokens all the time, until it is told to end. */
function load() {
  const { client } = stage();
  let isOn = true;
  const asked = (async () => {
    while (isOn) {
      await fetchToken(client);
      await pause(20);
    }
  })();
  return async () => {
    isOn = false;
    await asked;
  };
}

test("the live overview under load: what a second of it costs the page's thread", async () => {
  const { page } = await openOverview();
  const end = load();
  await pause(3000);
  const seconds = 20;
  const { frames, script, layout, paint } = await frameCost(page, () => pause(seconds * 1000));
  await end();
  const each = script + layout + paint;
  say(
    `Live overview: ${frames} frames in ${seconds} s, ${each.toFixed(2)} ms a frame (script ${script.toFixed(2)}, layout ${layout.toFixed(2)}, recording ${paint.toFixed(2)}; stated 2)`,
  );
  expect(frames).toBeGreaterThanOrEqual(seconds / 2);
  // More than is stated, and told so: under a hundredth of the thread.
  expect((each * frames) / seconds).toBeLessThanOrEqual(10);
});

const MINUTES = 3;

test(`the live overview for ${MINUTES} minutes under load: at most 80 MB, and no growth`, async () => {
  const { page } = await openOverview();
  const end = load();
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  const heaps: number[] = [];
  for (let minute = 0; minute <= MINUTES; minute++) {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    heaps.push(usedSize / 1e6);
    if (minute < MINUTES) await pause(60_000);
  }
  await end();
  say(`Heap of the live overview, minute by minute: ${heaps.map((heap) => heap.toFixed(1)).join(", ")} MB`);
  expect(Math.max(...heaps)).toBeLessThanOrEqual(80);
  // The first minute fills the chart.
  expect((heaps.at(-1) ?? 0) - (heaps[1] ?? 0)).toBeLessThanOrEqual(1);
}, 600_000);
