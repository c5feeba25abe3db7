import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { startUnowned, type UnownedServer } from "../support/server.ts";
import { sideways, violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { copied, createClient, openCreate, sheet, testIt } from "./journey.ts";
import { type ConsolePage, pages, settled, viewerOf, visitPage } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();
const pictures = process.env["MINTMARK_PICTURES"] ?? mkdtempSync(join(tmpdir(), "mintmark-pictures-"));
mkdirSync(pictures, { recursive: true });
afterAll(() => {
  process.stdout.write(`Pictures of every page: ${relative(tmpdir(), pictures)} in the temporary folder\n`);
});

/** What opens over a page, or takes its place, by an act. */
interface State extends ConsolePage {
  readonly act: (page: Page, mark: string) => Promise<void>;
}

const clients = pages.find(({ name }) => name === "clients") ?? pages[0];
const client = pages.find(({ name }) => name === "client") ?? pages[0];
const over = (name: string, page: ConsolePage | undefined, act: State["act"]): State => {
  if (!page) throw new Error(`no page for ${name}`);
  return { ...page, name, act };
};

async function reveal(page: Page, mark: string): Promise<void> {
  const hands = handsOn(page, "keyboard");
  await openCreate(page, hands);
  await sheet(page)
    .getByRole("checkbox", { name: /^ledger:read/ })
    .check();
  await createClient(page, hands, `picture-${mark}`);
}

const states: readonly State[] = [
  over("reveal", clients, reveal),
  over("reveal-tested", clients, async (page, mark) => {
    await reveal(page, mark);
    const hands = handsOn(page, "pointer");
    await copied(page, hands, "client secret");
    await testIt(page, hands);
  }),
  over("reveal-leave", clients, async (page, mark) => {
    await reveal(page, mark);
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").waitFor();
  }),
  over("palette", clients, async (page) => {
    await page.keyboard.press("Control+k");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.type("c");
  }),
  over("switcher", clients, async (page) => {
    await page.keyboard.press("Control+Shift+o");
    await page.locator("dialog[open]").waitFor();
  }),
  over("shortcuts", clients, async (page) => {
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
  }),
  over("client-menu", client, async (page) => {
    await page
      .getByRole("main")
      .getByRole("button", { name: /^More|actions/i })
      .first()
      .click();
    await page.getByRole("menu").waitFor();
  }),
];

const looks = (["light", "dark"] as const).flatMap((theme) =>
  ([1440, 375] as const).map((width) => ({ theme, width })),
);
const heights = { 1440: 900, 375: 812 } as const;

async function judge(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  expect(await violationsOn(page)).toEqual([]);
  expect(await sideways(page)).toBe(0);
}

describe.each(looks)("$theme, $width px", ({ theme, width }) => {
  const look = { theme, width, height: heights[width] };

  test.each(pages)("$name: axe finds nothing", async (one) => {
    const { page } = await browser.open(stage().origin, viewerOf(one, stage()), look);
    await visitPage(page, one, stage());
    await judge(page, `${one.name}-${theme}-${width}`);
  });

  test.each(states)("$name: axe finds nothing", async ({ act, ...one }) => {
    const { page } = await browser.open(stage().origin, stage().owner, look);
    await visitPage(page, one, stage());
    await act(page, `${theme}-${width}`);
    await judge(page, `${one.name}-${theme}-${width}`);
  });
});

describe("a server that nobody owns", () => {
  let server: UnownedServer | undefined;
  afterAll(() => server?.destroy());
  test.each(looks)("set-up, $theme, $width px: axe finds nothing", async ({ theme, width }) => {
    server ??= await startUnowned();
    const { page } = await browser.open(server.origin, undefined, { theme, width, height: heights[width] });
    await page.goto("/console/setup");
    await settled(page);
    await judge(page, `set-up-${theme}-${width}`);
  });
});

// Small enough for the README.
const small = { width: 1200, height: 760 } as const;

test("the README's three pictures", async () => {
  const [overview] = pages.filter(({ name }) => name === "overview");
  const tested = states.find(({ name }) => name === "reveal-tested");
  if (!overview || !client || !tested) throw new Error("no page for a picture");
  for (const { theme, ...one } of [
    // The last hour of a server that was started just now is empty.
    { ...overview, theme: "light", act: (page: Page) => page.getByText("24 h", { exact: true }).click() },
    { ...tested, theme: "light", act: tested.act },
    { ...client, theme: "dark", act: async () => undefined },
  ] as const) {
    const { page } = await browser.open(stage().origin, stage().owner, { ...small, theme });
    await visitPage(page, one, stage());
    await one.act(page, "statements");
    await page.screenshot({ path: join(pictures, `readme-${one.name}.png`) });
  }
});

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
