import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inDatabase } from "../support/member.ts";
import { startUnowned, type UnownedServer } from "../support/server.ts";
import { sideways, violationsOn } from "./axe.ts";
import { pages, settled, viewerOf, visitPage } from "./pages.ts";
import { useStage } from "./stage.ts";
import { states } from "./states.ts";

const browser = useBrowser();
const stage = useStage();
const pictures = process.env["MINTMARK_PICTURES"] ?? mkdtempSync(join(tmpdir(), "mintmark-pictures-"));
mkdirSync(pictures, { recursive: true });
afterAll(() => {
  process.stdout.write(`Pictures of every page: ${relative(tmpdir(), pictures)} in the temporary folder\n`);
});

// What was made a moment ago draws no past.
beforeAll(async () => {
  const { world, prover } = stage();
  await inDatabase(world.server, async (sql) => {
    for (const [table, age] of [
      ["client_secrets", "83 days"],
      ["client_keys", "150 days"],
      ["client_certificates", "79 days"],
      ["federated_credentials", "40 days"],
    ] as const)
      await sql`update ${sql(table)} set created_at = now() - ${age}::interval, not_before = now() - ${age}::interval
        where client_id = ${prover.id} and name is distinct from 'autumn'`;
  });
});

const looks = (["light", "dark"] as const).flatMap((theme) =>
  ([1440, 375] as const).map((width) => ({ theme, width })),
);
const heights = { 1440: 900, 375: 812 } as const;

async function judge(page: Page, name: string): Promise<void> {
  // The whole page, however long it is; of a sheet, what is in sight.
  const fullPage = (await page.locator("dialog[open]").count()) === 0;
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
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
    await act(page, `picture-${theme}-${width}`);
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
