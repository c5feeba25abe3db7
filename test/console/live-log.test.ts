import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inThisRun } from "../support/sample.ts";
import { askToken, fetchToken } from "../support/token.ts";
import type { StoryClient } from "../support/world.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { settled } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const rows = (page: Page) => page.getByRole("table").locator(".row[data-index]");
const waiting = (page: Page) => page.getByRole("button", { name: / new$/ });

/** A new client, and the log of its workspace. */
async function opened(path: string) {
  const { world, tenant, owner } = stage();
  const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const visit = await browser.open(stage().origin, owner);
  await visit.page.goto(`/console${stage().home}/w/${client.workspace.slug}/audit${path}`);
  await settled(visit.page);
  return { client, visit, page: visit.page };
}
const isLive = (page: Page) => page.locator(".live-switch .live:not(.waiting, .away)").waitFor();
const manyTokens = async (client: StoryClient, count: number) => {
  for (let one = 0; one < count; one++) await fetchToken(client);
};

test.each(inThisRun(["keyboard", "pointer"] as const))(
  "[A10] with the %s the token log is followed → what is decided stands at the top by itself, as the filter wants it; turned off nothing comes",
  async (device) => {
    const { client, page } = await opened("?log=tokens&outcome=REFUSED");
    const hands = handsOn(page, device);
    if (device === "keyboard") await page.keyboard.press("l");
    else await hands.press(page, "button", /^Live/);
    await page.waitForURL("**live=on*");
    await isLive(page);
    await fetchToken(client);
    await askToken(client, { scope: "none" });
    await expect.poll(() => rows(page).count()).toBe(1);
    await askToken({ ...client, clientSecret: "mms_wrong" });
    await expect.poll(() => rows(page).first().textContent()).toContain("Wrong secret");
    await expect.poll(() => rows(page).count()).toBe(2);
    expect(await violationsOn(page)).toEqual([]);
    // Whoever is given the address follows it too.
    await page.reload();
    await settled(page);
    await isLive(page);
    await askToken(client, { scope: "none" });
    await expect.poll(() => rows(page).count()).toBe(3);
    // The list was read once more when it became live.
    await expect.poll(() => page.locator(".progress-line").count()).toBe(0);
    await page.keyboard.press("l");
    await page.getByRole("button", { name: /^Live/, pressed: false }).waitFor();
    await askToken(client, { scope: "none" });
    await pause(2500);
    expect(await rows(page).count()).toBe(3);
    // And then what was missed comes, once.
    await page.keyboard.press("l");
    await expect.poll(() => rows(page).count()).toBe(4);
  },
);

test("[A10] who reads further down, or has a row under the finger → new rows wait above, and a press shows them", async () => {
  const { client, page } = await opened("?log=tokens&live=on");
  await isLive(page);
  await manyTokens(client, 30);
  await expect.poll(() => rows(page).count()).toBeGreaterThan(25);
  await page.mouse.wheel(0, 500);
  await expect.poll(() => page.evaluate("scrollY")).toBeGreaterThan(200);
  const before = await rows(page).nth(20).textContent();
  await manyTokens(client, 3);
  await waiting(page).filter({ hasText: "3 new" }).waitFor();
  expect(await rows(page).nth(20).textContent()).toBe(before);
  await waiting(page).click();
  await waiting(page).waitFor({ state: "detached" });
  expect(await page.evaluate("scrollY")).toBe(0);
  expect(await page.getByRole("button", { name: /^Live/ }).and(page.locator(":focus")).count()).toBe(1);
  // Held under a finger, and let go.
  const box = await rows(page).nth(2).boundingBox();
  await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 10);
  await page.mouse.down();
  await manyTokens(client, 2);
  await waiting(page).filter({ hasText: "2 new" }).waitFor();
  await page.mouse.move(10, 700);
  await page.mouse.up();
});

test("[A10] acts while the server is restarted → the audit log's tail comes back and shows each once", async () => {
  const { client, visit, page } = await opened("?live=on");
  visit.allow(/Failed to load resource|net::|ERR_/);
  await isLive(page);
  const rename = (name: string) => client.workspace.admin.must("updateClient", { id: client.id, name }, "__typename");
  await rename("before");
  const updates = () =>
    rows(page)
      .filter({ hasText: /updated/ })
      .count();
  await expect.poll(updates).toBe(1);
  const { server } = stage().world;
  await server.stop("SIGTERM");
  await page.locator(".live-switch .away").waitFor();
  await server.restart();
  await rename("after");
  await expect.poll(updates, { timeout: 40_000 }).toBe(2);
  await isLive(page);
});
