import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { giveAPast, pictures } from "./looks.ts";
import { pages, visitPage } from "./pages.ts";
import { useStage } from "./stage.ts";
import { states } from "./states.ts";

const browser = useBrowser();
const stage = useStage();
beforeAll(() => giveAPast(stage()));

// Small enough for the README.
const small = { width: 1200, height: 760 } as const;

test("the README's three pictures", async () => {
  const [overview, credentials] = ["overview", "client-credentials-all"].map((name) =>
    pages.find((one) => one.name === name),
  );
  const tested = states.find(({ name }) => name === "reveal-tested");
  if (!overview || !credentials || !tested) throw new Error("no page for a picture");
  for (const { theme, ...one } of [
    // The last hour of a server that was started just now is empty.
    { ...overview, theme: "light", act: (page: Page) => page.getByText("24 h", { exact: true }).click() },
    { ...tested, theme: "light", act: tested.act },
    { ...credentials, theme: "dark", act: async () => undefined },
  ] as const) {
    const { page } = await browser.open(stage().origin, stage().owner, { ...small, theme });
    await visitPage(page, one, stage());
    await one.act(page, "statements", { stage: stage(), viewer: stage().owner });
    await page.screenshot({ path: join(pictures, `readme-${one.name}.png`) });
  }
});
