import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Request } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser, type Visit } from "../support/browser.ts";
import { settled } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const KB = 1000;
const dist = join(import.meta.dirname, "../../apps/console/dist");
const assets = join(dist, "assets");
const packed = (path: string) => gzipSync(readFileSync(path), { level: 9 }).length;
const nameOf = (request: Request) => new URL(request.url()).pathname.split("/").at(-1) ?? "";
const say = (words: string) => process.stdout.write(`${words}\n`);
const kb = (bytes: number) => `${(bytes / KB).toFixed(1)} KB`;

/** What opens on a key is fetched when the page is idle: held back here, so that the first view is counted alone. */
const neverIdle = "window.requestIdleCallback = () => 0;";

/** Opens the clients with an empty cache; the requests up to the first rows. */
async function coldClients(): Promise<{ visit: Visit; before: readonly Request[] }> {
  const visit = await browser.open(stage().origin, stage().owner);
  await visit.page.addInitScript(neverIdle);
  const asked = visit.page.waitForRequest("**/graphql?tenant=*");
  await visit.page.goto(`/console${stage().at}/clients`);
  const first = await asked;
  const before = visit.requests.slice(0, visit.requests.indexOf(first) + 1);
  await settled(visit.page);
  return { visit, before };
}

test("first view of the clients: JavaScript ≤ 190 KB gz, fonts ≤ 48 KB, at most 12 requests before the first rows", async () => {
  const { visit, before } = await coldClients();
  const scripts = before.filter((request) => request.resourceType() === "script").map(nameOf);
  const bytes = scripts.map((name) => packed(join(name === "theme.js" ? dist : assets, name)));
  const sum = bytes.reduce((total, size) => total + size, 0);
  say(`First view: ${kb(sum)} of JavaScript in ${scripts.length} files, ${before.length} requests before content`);
  expect(scripts.length).toBeGreaterThan(1);
  expect(before.length).toBeLessThanOrEqual(12);
  expect(sum).toBeLessThanOrEqual(190 * KB);
  const fonts = visit.requests.filter((request) => request.resourceType() === "font").map(nameOf);
  expect(fonts.filter((name) => name.startsWith("inter"))).toHaveLength(1);
  for (const name of fonts) expect(readFileSync(join(assets, name)).length).toBeLessThanOrEqual(49 * KB);
});

test("everything else: each route's JavaScript ≤ 40 KB gz, all CSS ≤ 14 KB gz", async () => {
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

test("files whose name says their content are kept for a year, the page itself never; nothing is fetched twice", async () => {
  const { visit } = await coldClients();
  const page = await visit.page.request.get(`/console${stage().at}/clients`);
  expect(page.headers()["cache-control"]).toContain("no-store");
  const asset = visit.requests.find((request) => request.url().includes("/assets/"));
  const answer = await asset?.response();
  expect(answer?.headers()["cache-control"]).toContain("immutable");
  const names = visit.requests.filter((request) => request.method() === "GET").map((request) => request.url());
  expect(names.length).toBe(new Set(names).size);
});
