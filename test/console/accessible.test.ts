import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { sideways, violationsOn } from "./axe.ts";
import { pages, viewerOf, visitPage } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

// Each page once; the seed says in which look, so that runs differ. `pnpm prove console` takes them all.
const seed = Number(process.env["MINTMARK_TEST_SEED"] ?? 1);
const lookOf = (at: number) => {
  const turn = (seed + at * 7) % 4;
  return { theme: turn < 2 ? "light" : "dark", width: turn % 2 === 0 ? 1440 : 375 } as const;
};

test.each(pages.map((one, at) => ({ ...one, ...lookOf(at) })))(
  "$name, $theme, $width px: axe finds nothing, nothing runs out at the side",
  async ({ theme, width, ...one }) => {
    const { page } = await browser.open(stage().origin, viewerOf(one, stage()), { theme, width });
    await visitPage(page, one, stage());
    expect(await violationsOn(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
  },
);
