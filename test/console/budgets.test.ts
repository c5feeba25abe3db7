import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import type { Request } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser, type Visit } from "../support/browser.ts";
import { inThisRun } from "../support/sample.ts";
import { pages, settled, viewerOf, visitPage } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const KB = 1000;
const assets = join(import.meta.dirname, "../../apps/console/dist/assets");
const packed = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length;
const nameOf = (request: Request) => new URL(request.url()).pathname.split("/").at(-1) ?? "";
const say = (words: string) => process.stdout.write(`${words}\n`);
const kb = (bytes: number) => `${(bytes / KB).toFixed(1)} KB`;

/** What opens on a key is fetched when the page is idle: held back here, so that the first view is counted alone. */
const neverIdle = "window.requestIdleCallback = () => 0;";

/** Notes when the head of a page, and the first row of its list, stand in the document. */
const watch = `new MutationObserver((_, watcher) => {
  if (document.querySelector("h1") && performance.getEntriesByName("head").length === 0) performance.mark("head");
  if (!document.querySelector(".table-body .row[data-index]")) return;
  watcher.disconnect();
  performance.mark("rows");
}).observe(document, { childList: true, subtree: true });`;

/** Whether the data was asked for before there was anything to see. */
const askedAhead = `performance.getEntriesByType("resource").find((entry) => entry.name.includes("/graphql")).startTime
  < performance.getEntriesByName("head")[0].startTime`;

/** Names of what was asked for before the first row stood, without the page itself. */
const askedBefore = `(() => {
  const rows = performance.getEntriesByName("rows")[0].startTime;
  const asked = performance.getEntriesByType("resource").filter((entry) => entry.startTime <= rows);
  return asked.map((entry) => entry.name);
})()`;

/** Opens the clients with an empty cache; the requests up to the first rows, the page itself included. */
async function coldClients(): Promise<{ visit: Visit; before: readonly Request[] }> {
  const visit = await browser.open(stage().origin, stage().owner);
  await visit.page.addInitScript(`${neverIdle}${watch}`);
  await visit.page.goto(`/console${stage().at}/clients`);
  await settled(visit.page);
  const names = new Set(await visit.page.evaluate<string[]>(askedBefore));
  const before = visit.requests.filter((request) => request.isNavigationRequest() || names.has(request.url()));
  return { visit, before };
}

test("first view of the clients: JavaScript ≤ 190 KB gz in one file, fonts ≤ 48 KB, at most 5 requests before the first rows", async () => {
  const { visit, before } = await coldClients();
  const scripts = before.filter((request) => request.resourceType() === "script").map(nameOf);
  const bytes = scripts.map((name) => packed(join(assets, name)));
  const sum = bytes.reduce((total, size) => total + size, 0);
  say(`First view: ${kb(sum)} of JavaScript in ${scripts.length} files, ${before.length} requests before content`);
  const kinds = before.map((request) => request.resourceType()).toSorted();
  expect(kinds).toEqual(["document", "fetch", "font", "script", "stylesheet"]);
  expect(await visit.page.evaluate(askedAhead)).toBe(true);
  expect(sum).toBeGreaterThan(50 * KB);
  expect(sum).toBeLessThanOrEqual(190 * KB);
  const fonts = visit.requests.filter((request) => request.resourceType() === "font").map(nameOf);
  expect(fonts.filter((name) => name.startsWith("inter"))).toHaveLength(1);
  for (const name of fonts) expect(readFileSync(join(assets, name)).length).toBeLessThanOrEqual(49 * KB);
});

test("a list of clients: at most 25 elements a row, and no tooltip, menu or dialog stands in the document beside them", async () => {
  const { page } = (await coldClients()).visit;
  const rows = page.locator(".table-body .row[data-index]");
  expect(await rows.count()).toBeGreaterThan(5);
  const elements = await rows.evaluateAll((all) => all.map((row) => row.querySelectorAll("*").length));
  expect(Math.max(...elements)).toBeLessThanOrEqual(25);
  expect(await page.locator("[role=tooltip]").count()).toBe(1);
  expect(await page.locator("[role=menu], [role=menuitem]").count()).toBe(0);
});

test("each other file of JavaScript ≤ 40 KB gz, all CSS ≤ 14 KB gz", async () => {
  const { before } = await coldClients();
  const first = new Set(before.map(nameOf));
  const files = readdirSync(assets);
  const scripts = files.filter((name) => name.endsWith(".js"));
  expect(scripts.length).toBeGreaterThan(10);
  const sizes = scripts.filter((name) => !first.has(name)).map((name) => ({ name, size: packed(join(assets, name)) }));
  expect(sizes.filter(({ size }) => size > 40 * KB)).toEqual([]);
  const css = files.filter((name) => name.endsWith(".css")).reduce((sum, name) => sum + packed(join(assets, name)), 0);
  const [largest] = sizes.toSorted((a, b) => b.size - a.size);
  say(`Largest other chunk ${largest?.name}: ${kb(largest?.size ?? 0)}; CSS ${kb(css)}`);
  expect(css).toBeGreaterThan(1 * KB);
  expect(css).toBeLessThanOrEqual(14 * KB);
});

const others = pages.filter((one) => !one.isDoor && !one.isSheet && one.name !== "clients" && one.name !== "parts");

test.each(inThisRun(others, 8))(
  "$name: what it loads beside the first view is ≤ 40 KB gz of JavaScript",
  async (one) => {
    const first = new Set((await coldClients()).before.map(nameOf));
    const { page, requests } = await browser.open(stage().origin, viewerOf(one, stage()));
    await page.addInitScript(neverIdle);
    await visitPage(page, one, stage());
    const own = requests.filter((request) => request.resourceType() === "script").map(nameOf);
    const sum = own.filter((name) => !first.has(name)).reduce((total, name) => total + packed(join(assets, name)), 0);
    say(`${one.name}: ${kb(sum)} in ${own.length - 1} files of its own`);
    expect(own.length).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(40 * KB);
  },
);

test("the packed copies of scripts and styles hold what they stand for", () => {
  const texts = readdirSync(assets).filter((name) => /\.(?:js|css)$/.test(name));
  expect(texts.length).toBeGreaterThan(10);
  for (const name of texts) {
    const plain = readFileSync(join(assets, name));
    expect([name, brotliDecompressSync(readFileSync(join(assets, `${name}.br`))).equals(plain)]).toEqual([name, true]);
    expect([name, gunzipSync(readFileSync(join(assets, `${name}.gz`))).equals(plain)]).toEqual([name, true]);
  }
});

test("files whose name says their content are kept for a year, the page itself never; nothing is fetched twice", async () => {
  const { visit } = await coldClients();
  const page = await visit.page.request.get(`/console${stage().at}/clients`);
  expect(page.headers()["cache-control"]).toContain("no-store");
  const asset = visit.requests.find((request) => request.url().includes("/assets/"));
  const answer = await asset?.response();
  expect(answer?.headers()["cache-control"]).toContain("immutable");
  const texts = visit.requests.filter((request) => ["script", "stylesheet"].includes(request.resourceType()));
  const codings = await Promise.all(
    texts.map(async (request) => (await request.response())?.headers()["content-encoding"]),
  );
  expect(new Set(codings)).toEqual(new Set(["br"]));
  const names = visit.requests.filter((request) => request.method() === "GET").map((request) => request.url());
  expect(names.length).toBe(new Set(names).size);
});
