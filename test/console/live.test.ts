import { setTimeout as pause } from "node:timers/promises";
import type { Page, Request } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser, type Visit } from "../support/browser.ts";
import { inDatabase } from "../support/member.ts";
import { askToken, fetchToken } from "../support/token.ts";
import { violationsOn } from "./axe.ts";
import { settled } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const LIVE = /^Live, /;
const isStream = (request: Request) => (request.postData() ?? "").includes("subscription TokenPulse");
const streams = ({ requests }: Visit) => requests.filter(isStream);

/** The overview of the busy workspace, live. */
async function openLive(look: { still?: boolean; width?: number } = {}): Promise<Visit> {
  const visit = await browser.open(stage().origin, stage().owner, { still: false, ...look });
  await visit.page.goto(`/console${stage().at}`);
  await settled(visit.page);
  await visit.page.getByText(LIVE).waitFor();
  return visit;
}

const rate = async (page: Page) => Number(((await page.locator(".live").textContent()) ?? "").replace(/[^\d.]/g, ""));
/** The rate after one more token: a single one may be forgotten again before the page is asked. */
async function rateUnderLoad(page: Page) {
  await fetchToken(stage().client);
  return rate(page);
}
const drawn = (page: Page) => page.locator("svg.pulse .rate").getAttribute("d");
/** Lets the tab look hidden, or not, as switching to another one does. */
const hide = (page: Page, isHidden: boolean) =>
  page.evaluate(`Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"))`);

test("tokens that are issued → the rate and the line move by themselves, and come to rest again; axe finds nothing", async () => {
  const { page } = await openLive();
  await expect.poll(() => rate(page), { timeout: 30_000 }).toBe(0);
  const before = await drawn(page);
  for (let count = 0; count < 20; count++) await fetchToken(stage().client);
  for (let count = 0; count < 3; count++) await askToken({ ...stage().client, clientSecret: "mms_wrong" });
  await expect.poll(() => rate(page), { timeout: 30_000 }).toBeGreaterThan(0);
  expect(await drawn(page)).not.toBe(before);
  await expect.poll(() => page.locator("svg.pulse .refusals").getAttribute("d")).toMatch(/^M/);
  expect(await violationsOn(page)).toEqual([]);
  await expect.poll(() => rate(page), { timeout: 30_000 }).toBe(0);
  // The same in words and numbers.
  await page.getByRole("button", { name: "Show as table" }).click();
  const table = page.getByRole("table").first();
  const issued = async () =>
    (await table.locator("tbody td:nth-child(2)").allInnerTexts()).reduce((sum, text) => sum + Number(text), 0);
  await expect.poll(issued, { timeout: 30_000 }).toBeGreaterThanOrEqual(20);
  expect(await violationsOn(page)).toEqual([]);
});

test("a change that somebody makes elsewhere → marked on the chart; the mark says who and what, and leads to it", async () => {
  const { page } = await openLive();
  const { workspace, client } = stage();
  await workspace.admin.must("disableClient", { id: client.id }, "__typename");
  await workspace.admin.must("enableClient", { id: client.id }, "__typename");
  const mark = page.getByRole("link", { name: /Client invoice-renderer enabled, by Automation/ });
  await mark.waitFor({ timeout: 10_000 });
  const tooltip = page.getByRole("tooltip");
  await page.mouse.move(500, 500);
  await mark.hover();
  await tooltip.waitFor();
  await page.mouse.move(10, 400);
  await tooltip.waitFor({ state: "detached" });
  // Without a pointer, too.
  await page.getByRole("slider").focus();
  await page.keyboard.press("Tab");
  expect(await mark.and(page.locator(":focus")).count()).toBe(1);
  await tooltip.waitFor();
  expect(await tooltip.textContent()).toMatch(/^\d\d:\d\d Client invoice-renderer enabled, by Automation\n/);
  await page.keyboard.press("Enter");
  const sheet = page.locator("dialog[open]");
  await sheet.waitFor();
  expect(await sheet.textContent()).toContain("invoice-renderer");
  expect(page.url()).toMatch(/\/audit\?event=/);
});

test("the server gone → it says so; the server back → live again, without anybody doing anything", async () => {
  const visit = await openLive();
  visit.allow(/Failed to load resource|net::|ERR_/);
  const { page } = visit;
  const { server } = stage().world;
  await server.stop("SIGTERM");
  try {
    await page.locator(".live.away", { hasText: "Not live" }).waitFor();
    // Said aloud, once.
    expect(await page.locator("[role=status]", { hasText: "Not live" }).count()).toBe(1);
  } finally {
    await server.restart();
  }
  await page.getByText(LIVE).waitFor({ timeout: 40_000 });
  await expect.poll(() => rateUnderLoad(page), { timeout: 30_000 }).toBeGreaterThan(0);
});

test("a hidden tab hears nothing, nor one that was paused; both go on afterwards", async () => {
  const visit = await openLive();
  const { page } = visit;
  const left = page.waitForEvent("requestfailed", isStream);
  await hide(page, true);
  await left;
  await pause(2500);
  expect(streams(visit)).toHaveLength(1);
  await hide(page, false);
  await expect.poll(() => streams(visit).length).toBe(2);
  await page.getByText(LIVE).waitFor();
  const paused = page.waitForEvent("requestfailed", isStream);
  await page.keyboard.press("p");
  await paused;
  await page.getByText("Paused").waitFor();
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText(LIVE).waitFor();
  expect(streams(visit)).toHaveLength(3);
});

test("less movement asked for → nothing moves from one second to the next", async () => {
  const { page } = await openLive({ still: true });
  // The first pulse is shown; the next one ten seconds later.
  const before = await page.locator("svg.pulse").innerHTML();
  for (let count = 0; count < 10; count++) await fetchToken(stage().client);
  await pause(3000);
  expect(await page.locator("svg.pulse").innerHTML()).toBe(before);
  await expect.poll(() => rateUnderLoad(page), { timeout: 30_000 }).toBeGreaterThan(0);
});

test("the last day by the hour is one key away, and the arrow keys read the minutes", async () => {
  const { page } = await openLive({ width: 375 });
  await page.getByRole("slider").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  expect(await page.getByRole("slider").getAttribute("aria-valuetext")).toMatch(/^\d\d:\d\d to \d\d:\d\d: \d+ issued/);
  await page.keyboard.press("2");
  await page.getByRole("heading", { name: "Tokens per hour" }).waitFor();
  await page.keyboard.press("1");
  await page.getByText(LIVE).waitFor();
});

test("changes a minute and a half apart on a narrow screen → marks that a finger can tell apart; axe finds nothing", async () => {
  await inDatabase(
    stage().world.server,
    (sql) => sql`update audit_events set at = now() - sequence * interval '97 seconds'`,
  );
  const { page } = await openLive({ width: 375, still: true });
  expect(await page.locator(".change-mark").count()).toBeGreaterThan(3);
  expect(await violationsOn(page)).toEqual([]);
});
