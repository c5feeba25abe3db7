import type { Request } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inThisRun } from "../support/sample.ts";
import { sideways, violationsOn } from "./axe.ts";
import { pages, viewerOf, visitPage } from "./pages.ts";
import { useStage } from "./stage.ts";
import { openState } from "./state.ts";
import { states } from "./states.ts";

const browser = useBrowser();
const stage = useStage();

// One page in six, one state in eight; the seed says which, in which look, and whether axe looks too, so that runs differ.
// `pnpm prove console` takes them all.
const seed = Number(process.env["MINTMARK_TEST_SEED"] ?? 1);
const lookOf = (at: number) => {
  // Which are looked at follows from the seed by itself, so how they are does not.
  const turn = (Math.floor(seed / 24) + at * 7) % 4;
  const look = { theme: turn < 2 ? "light" : "dark", width: turn % 2 === 0 ? 1440 : 375 } as const;
  // Other runs of the seed pair other looks with axe.
  const isAxed = (Math.floor(seed / 96) + at) % 4 === 0;
  return { ...look, axe: isAxed ? "axe finds nothing" : "without axe" };
};

const isStream = (request: Request) => (request.postData() ?? "").includes("subscription ");
const isGraphQL = (request: Request) => new URL(request.url()).pathname === "/graphql" && !isStream(request);
const named = (request: Request) => /(?:query|mutation) (\w+)/.exec(request.postData() ?? "")?.[1];

test.each(inThisRun(pages, 6).map((one, at) => ({ ...one, ...lookOf(at) })))(
  "$name, $theme, $width px: one GraphQL request; nothing runs out at the side; $axe",
  async ({ theme, width, axe, ...one }) => {
    const visit = await browser.open(stage().origin, viewerOf(one, stage()), { theme, width });
    await visitPage(visit.page, one, stage());
    if (axe === "axe finds nothing") expect(await violationsOn(visit.page)).toEqual([]);
    expect(await sideways(visit.page)).toBe(0);
    const asked = visit.requests.filter(isGraphQL);
    // Pages outside a tenant live from the session's own door.
    expect(asked.map(named)).toHaveLength(one.isDoor || one.isOwn ? 0 : 1);
    expect(visit.requests.filter(isStream)).toHaveLength(one.name === "overview" ? 1 : 0);
    const answer = (await (await asked[0]?.response())?.json()) as { errors?: unknown } | undefined;
    expect(answer?.errors).toBeUndefined();
  },
);

test.each(inThisRun(states, 8).map((one, at) => ({ ...one, ...lookOf(at) })))(
  "$name, $theme, $width px: nothing runs out at the side; $axe",
  async ({ theme, width, axe, ...one }) => {
    const { page } = await openState(browser, stage(), one, { theme, width, mark: "picture" });
    if (axe === "axe finds nothing") expect(await violationsOn(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
  },
);
