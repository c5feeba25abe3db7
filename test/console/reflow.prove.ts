import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { sideways } from "./axe.ts";
import { pages, viewerOf, visitPage } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const moving = `document.getAnimations().filter((one) => one.playState === "running").length`;

test.each(pages)("$name at 200 % zoom and at 320 px: nothing is lost at the side", async (one) => {
  // 1440 × 900 at 200 % is 720 × 450 CSS pixels; 320 is 1280 at 400 % (WCAG 2.2 1.4.10).
  for (const [width, height] of [
    [720, 450],
    [320, 256],
  ] as const) {
    const visit = await browser.open(stage().origin, viewerOf(one, stage()), { width, height, scale: 2 });
    await visitPage(visit.page, one, stage());
    expect([width, await sideways(visit.page)]).toEqual([width, 0]);
    await visit.page.close();
  }
});

test.each(pages)("$name for somebody who asked for less movement: nothing moves", async (one) => {
  const { page } = await browser.open(stage().origin, viewerOf(one, stage()), { still: true });
  await visitPage(page, one, stage());
  expect(await page.evaluate<number>(moving)).toBe(0);
});
