import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser, type Visit } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { eventually } from "../support/http.ts";
import { handsOn } from "./hands.ts";
import { copied, createClient, escapeTo, openCreate, sheet, testIt } from "./journey.ts";
import { settled } from "./pages.ts";
import { allSinks, plant, sinksWith } from "./sinks.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

/** What tells one secret from all others. */
const randomPart = (secret: string): string => secret.slice(4, 47);

let count = 0;
/** Makes a client, and stands before its secret. */
async function beforeSecret(path = "/clients"): Promise<Visit> {
  const visit = await browser.open(stage().origin, stage().owner);
  const { page } = visit;
  await page.goto(`/console${stage().at}${path}`);
  await settled(page);
  const hands = handsOn(page, "pointer");
  await openCreate(page, hands);
  await hands.press(sheet(page), "checkbox", /^ledger:read/);
  await createClient(page, hands, `shown-once-${++count}`);
  return visit;
}

const question = (page: Page) => page.getByRole("alertdialog", { name: "The secret has not been copied" });

/** The secret as the sheet shows it, read by eye: the console believes that nobody copied it. */
async function readByEye(page: Page): Promise<string> {
  const shown = await sheet(page).locator("dl.kv").textContent();
  return remember(/mms_[0-9A-Za-z]{49}/.exec(shown ?? "")?.[0] ?? "");
}

test("[T5] what is planted in a sink is found there, in each of them", async () => {
  const canary = `canary${randomBytes(16).toString("hex")}`;
  const visit = await browser.open(stage().origin, stage().owner);
  visit.allow(/status of 40\d .*\/canary\//);
  await visit.page.goto("/console/sign-in");
  await settled(visit.page);
  expect(await sinksWith(canary, visit, stage().world.server.log)).toEqual([]);
  await plant(canary, visit);
  const found = await sinksWith(canary, visit, stage().world.server.log);
  expect(found.sort()).toEqual(allSinks);
});

test("[T5] the secret was used and the sheet closed → it is nowhere: page, storage, cache, address, history, log, heap", async () => {
  const visit = await beforeSecret();
  const { page } = visit;
  const hands = handsOn(page, "pointer");
  const secret = remember(await copied(page, hands, "client secret"));
  for (const tab of ["Node.js", ".env"]) {
    await hands.tab(sheet(page), tab);
    expect(await copied(page, hands, `${tab} How to ask for a token`)).toContain(secret);
  }
  await testIt(page, hands);
  const open = await sinksWith(randomPart(secret), visit, stage().world.server.log);
  expect(open).toContain("heap");
  expect(open.filter((sink) => !["heap", "document"].includes(sink))).toEqual([]);
  await hands.press(sheet(page), "button", /^Done/);
  await page.waitForURL("**/clients/cli_*");
  await settled(page);
  await page.evaluate("navigator.clipboard.writeText('')");
  // What React holds of the page before goes with the next changes of this one.
  await eventually(
    () => sinksWith(randomPart(secret), visit, stage().world.server.log),
    (found) => found.length === 0,
    20,
  );
  await page.goBack();
  await settled(page);
  expect(await page.content()).not.toContain(randomPart(secret));
  await page.reload();
  await settled(page);
  expect(await sinksWith(randomPart(secret), visit, stage().world.server.log)).toEqual([]);
});

test("[T5] Esc, outside, the cross, back → each asks before the secret is lost; staying keeps it", async () => {
  const { page } = await beforeSecret();
  const secret = await readByEye(page);
  const ways = {
    escape: () => page.keyboard.press("Escape"),
    outside: () => page.mouse.click(40, 450),
    cross: () => sheet(page).getByRole("button", { name: "Close", exact: true }).click(),
    // Held back by the console, so the browser has nothing to wait for.
    back: () => page.evaluate("history.back()"),
  };
  for (const leave of Object.values(ways)) {
    await leave();
    await question(page).waitFor();
    await question(page).getByRole("button", { name: "Stay" }).click();
    await question(page).waitFor({ state: "hidden" });
    expect(await sheet(page).locator("dl.kv").textContent()).toContain(secret);
  }
  for (let presses = 0; presses < 5; presses++) await page.keyboard.press("Escape");
  expect(await sheet(page).locator("dl.kv").textContent()).toContain(secret);
  const done = sheet(page).getByRole("button", { name: /^Done/ });
  expect(await done.getAttribute("aria-disabled")).toBe("true");
});

test("[T5] closing the tab and loading anew ask; leaving for good loses it, and no address brings it back", async () => {
  const visit = await beforeSecret();
  const { page } = visit;
  const secret = await readByEye(page);
  const asked: string[] = [];
  page.on("dialog", async (dialog) => {
    asked.push(dialog.type());
    await dialog.dismiss();
  });
  await page.evaluate("void setTimeout(() => location.reload())");
  await expect.poll(() => asked.length).toBe(1);
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(["beforeunload", "beforeunload"]);
  expect(await sheet(page).locator("dl.kv").textContent()).toContain(secret);
  await escapeTo(page, question(page));
  await question(page).getByRole("button", { name: "Leave without it" }).click();
  await sheet(page).waitFor({ state: "hidden" });
  await settled(page);
  await page.evaluate("navigator.clipboard.writeText('')");
  await eventually(
    () => sinksWith(randomPart(secret), visit, stage().world.server.log),
    (found) => found.length === 0,
    20,
  );
  await page.goForward().catch(() => undefined);
  expect(await page.content()).not.toContain(randomPart(secret));
});
