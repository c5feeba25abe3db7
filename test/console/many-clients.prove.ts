import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { useBrowser, type Visit } from "../support/browser.ts";
import { inDatabase } from "../support/member.ts";
import { frameCost } from "./frame-cost.ts";
import { settled } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();
const MANY = 10_000;
const say = (words: string) => process.stdout.write(`${words}\n`);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

beforeAll(async () => {
  const { world, client } = stage();
  await inDatabase(world.server, async (sql) => {
    await sql`insert into clients select (jsonb_populate_record(null::clients, to_jsonb(c) || jsonb_build_object(
        'id', 'cli_' || lpad(n::text, 14, '0'), 'client_id', 'cli_' || lpad(n::text, 14, '0'),
        'name', 'service-' || lpad(n::text, 5, '0'), 'created_at', now() - n * interval '1 minute'))).*
      from clients c, generate_series(1, ${MANY}) n where c.id = ${client.id}`;
    await sql`insert into client_secrets select (jsonb_populate_record(null::client_secrets, to_jsonb(s) || jsonb_build_object(
        'id', 'sec_' || lpad(n::text, 14, '0'), 'client_id', 'cli_' || lpad(n::text, 14, '0'),
        'digest', '\\x' || encode(sha256(n::text::bytea), 'hex'),
        'expires_at', now() + n % 400 * interval '1 day' + interval '1 hour', 'last_used_at', now() - n * interval '1 minute'))).*
      from client_secrets s, generate_series(1, ${MANY}) n where s.id = ${client.secretId}`;
    await sql`analyze clients`;
    await sql`analyze client_secrets`;
  });
});

async function openClients(): Promise<Visit> {
  const visit = await browser.open(stage().origin, stage().owner, { still: false });
  await visit.page.goto(`/console${stage().at}/clients`);
  await settled(visit.page);
  await visit.page.getByText("service-00001").first().waitFor();
  return visit;
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1e6;
}

interface Fling {
  readonly rows: number;
  readonly gaps: readonly number[];
  readonly frames: number;
}

/** Scrolls a screen a frame until no more comes, or for so many milliseconds; the gaps between frames in milliseconds. */
const fling = (longest = 90_000) => `(async () => {
  const gaps = [];
  let rows = 0;
  let stuck = 0;
  let last = performance.now();
  const end = last + ${longest};
  while (stuck < 120 && last < end) {
    const before = scrollY;
    scrollBy(0, 700);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    rows = Math.max(rows, document.querySelectorAll(".table-body .row").length);
    stuck = scrollY === before ? stuck + 1 : 0;
  }
  return { rows, gaps, frames: gaps.length };
})()`;

test("10,000 clients flung to the end: at most 60 rows in the page, the heap grows by at most 40 MB", async () => {
  const { page } = await openClients();
  const before = await heapOf(page);
  const began = performance.now();
  const { rows, gaps, frames } = await page.evaluate<Fling>(fling());
  const took = (performance.now() - began) / 1000;
  const grown = (await heapOf(page)) - before;
  const long = gaps.filter((gap) => gap > 50);
  const sorted = gaps.toSorted((a, b) => a - b);
  say(
    `Fling through ${MANY} clients: ${took.toFixed(1)} s, ${frames} frames, ${rows} rows at most, heap +${grown.toFixed(1)} MB, ` +
      `frame gap p50 ${median(gaps).toFixed(1)} ms, p99 ${sorted[Math.floor(sorted.length * 0.99)]?.toFixed(1)} ms, ` +
      `worst ${sorted.at(-1)?.toFixed(1)} ms, ${long.length} over 50 ms`,
  );
  await page.getByText(`service-${MANY}`).first().waitFor();
  // What flew by as names stands whole once it stands still.
  await expect.poll(() => page.locator(".row.passing").count()).toBe(0);
  expect(rows).toBeGreaterThan(10);
  expect(rows).toBeLessThanOrEqual(60);
  expect(grown).toBeLessThanOrEqual(40);
  // A processor draws here, no graphics card, beside the server and its database: for a machine that does nothing else.
  expect(long).toEqual([]);
});

test("10,000 clients flung: what a frame costs, by what it goes to", async () => {
  const { page } = await openClients();
  const { frames, script, layout, paint, raster } = await frameCost(page, () => page.evaluate(fling(6_000)));
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  say(
    `A frame of ${frames}: script ${ms(script)}, style and layout ${ms(layout)}, recording ${ms(paint)}; ` +
      `drawn by the processor on other threads ${ms(raster)}`,
  );
  expect(frames).toBeGreaterThan(100);
  expect(script + layout + paint).toBeLessThanOrEqual(16.7);
  expect(script).toBeLessThanOrEqual(6);
});

test("the first 50 of 10,000 clients as the page asks for them: 95 of 100 within 50 ms", async () => {
  const { requests } = await openClients();
  const asked = requests.find((request) => request.url().includes("/graphql"))?.postDataJSON() as {
    query: string;
    variables: object;
  };
  const times: number[] = [];
  for (let turn = 0; turn < 120; turn++) {
    const began = performance.now();
    const answer = await stage().owner.graphql(stage().tenant.slug, asked.query, asked.variables);
    if (turn >= 20) times.push(performance.now() - began);
    expect(answer.body).toContain("service-00001");
  }
  const sorted = times.toSorted((a, b) => a - b);
  say(`First page of ${MANY}: ${median(times).toFixed(0)} ms, p95 ${sorted[94]?.toFixed(0)} ms (bound 50)`);
  expect(sorted[94]).toBeLessThanOrEqual(50);
});

test("10,000 clients searched: each key is painted and the answer stands soon after the last", async () => {
  const { page } = await openClients();
  const field = page.getByRole("searchbox", { name: "Search clients" }).or(page.getByLabel("Search clients"));
  await field.first().click();
  const paints: number[] = [];
  const answers: number[] = [];
  for (const wanted of ["service-09876", "service-00042", "service-05555"]) {
    await page.keyboard.press("Control+A");
    for (const key of wanted) {
      const began = performance.now();
      await page.keyboard.press(key);
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
      paints.push(performance.now() - began);
    }
    const typed = performance.now();
    await page
      .getByRole("row", { name: new RegExp(wanted) })
      .first()
      .waitFor();
    await expect.poll(() => page.locator(".table-body .row").count(), { interval: 5 }).toBe(1);
    answers.push(performance.now() - typed);
  }
  say(
    `Search: key to paint ${median(paints).toFixed(0)} ms (bound 50), answer ${median(answers).toFixed(0)} ms (bound 250 + 120)`,
  );
  expect(median(paints)).toBeLessThanOrEqual(50);
  expect(median(answers)).toBeLessThanOrEqual(370);
});

/** Notes when the first row stands in the document, and when the frame after it has been painted. */
const watchRows = `new MutationObserver((_, watcher) => {
  if (!document.querySelector(".table-body .row[data-index]")) return;
  watcher.disconnect();
  requestAnimationFrame(() => setTimeout(() => performance.mark("rows")));
}).observe(document, { childList: true, subtree: true });`;

/** Largest contentful paint of a cold tab, and when its rows were painted, in milliseconds. */
const paints = `new Promise((done) => new PerformanceObserver((list) => done({
  largest: list.getEntries().at(-1).startTime,
  rows: performance.getEntriesByName("rows")[0].startTime,
})).observe({ type: "largest-contentful-paint", buffered: true }))`;

test("the clients list in a cold tab: largest paint and rows, and with a processor four times slower", async () => {
  for (const [rate, bound] of [
    [1, 600],
    [4, 1500],
  ] as const) {
    const times: { largest: number; rows: number }[] = [];
    for (let tries = 0; tries < 5; tries++) {
      const visit = await browser.open(stage().origin, stage().owner);
      await visit.page.addInitScript(watchRows);
      const session = await visit.page.context().newCDPSession(visit.page);
      await session.send("Emulation.setCPUThrottlingRate", { rate });
      await visit.page.goto(`/console${stage().at}/clients`);
      await settled(visit.page);
      await expect.poll(() => visit.page.evaluate<number>("performance.getEntriesByName('rows').length")).toBe(1);
      times.push(await visit.page.evaluate(paints));
      await visit.close();
    }
    const largest = median(times.map((one) => one.largest));
    const rows = median(times.map((one) => one.rows));
    say(
      `The clients list, processor 1/${rate}: largest paint ${largest.toFixed(0)} ms (bound ${bound}), rows ${rows.toFixed(0)} ms`,
    );
    // For a machine that does nothing else. When the rows stand is said, not judged: no figure is stated for it.
    expect(largest).toBeLessThanOrEqual(bound);
  }
});
