import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inDatabase, signInAgain } from "../support/member.ts";
import { startUnowned, type UnownedServer } from "../support/server.ts";
import { sideways, violationsOn } from "./axe.ts";
import { pages, settled, viewerOf, visitPage } from "./pages.ts";
import { type Stage, useStage } from "./stage.ts";
import { openState } from "./state.ts";
import { states } from "./states.ts";

/** Where the pictures are kept. */
export const pictures = process.env["MINTMARK_PICTURES"] ?? mkdtempSync(join(tmpdir(), "mintmark-pictures-"));
mkdirSync(pictures, { recursive: true });
const widths = [1440, 375] as const;
const heights = { 1440: 900, 375: 812 } as const;

/** What was made a moment ago draws no past: it was made a while ago. */
export async function giveAPast({ world, prover }: Stage): Promise<void> {
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
}

async function judge(page: Page, name: string): Promise<void> {
  // The whole page, however long it is; of a sheet, what is in sight.
  const fullPage = (await page.locator("dialog[open]").count()) === 0;
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
  expect(await violationsOn(page)).toEqual([]);
  expect(await sideways(page)).toBe(0);
}

/** Milliseconds after which a dangerous act would ask the owner to sign in again, and some to spare. */
const RECENT = 10 * 60_000;

/** The stage with an owner who signed in a short while ago, however long the pictures take. */
function useRecentOwner(stage: () => Stage): () => Promise<Stage> {
  let since = 0;
  let recent: Stage["owner"] | undefined;
  return async () => {
    const { world, owner } = stage();
    if (!recent || Date.now() - since > RECENT) {
      since = Date.now();
      recent = { ...owner, ...(await signInAgain(world.server, owner)) };
    }
    return { ...stage(), owner: recent };
  };
}

/** Judges every page and every opened state in one theme, wide and narrow, and keeps a picture of each. */
export function judgeLooks(theme: "light" | "dark"): void {
  const browser = useBrowser();
  const stage = useStage();
  const recently = useRecentOwner(stage);
  afterAll(() => {
    process.stdout.write(`Pictures of every page: ${relative(tmpdir(), pictures)} in the temporary folder\n`);
  });

  beforeAll(() => giveAPast(stage()));

  describe.each(widths)(`${theme}, %i px`, (width) => {
    const look = { theme, width, height: heights[width] };

    test.each(pages)("$name: axe finds nothing", async (one) => {
      const scene = await recently();
      const { page } = await browser.open(scene.origin, viewerOf(one, scene), look);
      await visitPage(page, one, scene);
      await judge(page, `${one.name}-${theme}-${width}`);
    });

    test.each(states)("$name: axe finds nothing", async (one) => {
      const { page } = await openState(browser, await recently(), one, { ...look, mark: `picture-${theme}-${width}` });
      await judge(page, `${one.name}-${theme}-${width}`);
    });
  });

  describe("a server that nobody owns", () => {
    let server: UnownedServer | undefined;
    afterAll(() => server?.destroy());
    test.each(widths)(`set-up, ${theme}, %i px: axe finds nothing`, async (width) => {
      server ??= await startUnowned();
      const { page } = await browser.open(server.origin, undefined, { theme, width, height: heights[width] });
      await page.goto("/console/setup");
      await settled(page);
      await judge(page, `set-up-${theme}-${width}`);
    });
  });
}
