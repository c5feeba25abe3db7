import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { handsOn } from "./hands.ts";
import { sheet } from "./journey.ts";
import { settled } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const kinds = [
  { kind: "Admin workspace", slug: "admin", band: /^Admin workspace: credentials here can change tenant / },
  { kind: "System workspace", slug: "system", band: /^System workspace: credentials here reach across/ },
] as const;

test.each(kinds)(
  "[S1] creating starts with the workspace: $kind says what it reaches, asks, and offers Mintmark's own API",
  async ({ kind, slug, band }) => {
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, "pointer");
    await page.goto(`/console${stage().home}`);
    const which = page.getByRole("region", { name: "Which one do I want?" });
    const choice = which.getByRole("listitem").filter({ hasText: kind });
    await choice.getByRole("button", { name: /^Open / }).click();
    const question = page.getByRole("alertdialog");
    await expect.poll(() => question.textContent()).toContain("use a workspace of your own");
    await question.getByRole("button", { name: /^Open / }).click();
    await page.waitForURL(`**/w/${slug}`);
    await page.getByText(band).first().waitFor();
    await page.goto(`/console${stage().home}/w/${slug}/clients/new`);
    await settled(page);
    await hands.fill(sheet(page), "Name", "automation");
    const boxes = sheet(page).getByRole("checkbox");
    expect(await boxes.count()).toBeGreaterThan(2);
    await expect
      .poll(() =>
        sheet(page)
          .getByRole("checkbox", { name: /^(workspace|tenant):/ })
          .count(),
      )
      .toBeGreaterThan(0);
  },
);

test("[S1] a workspace of one's own comes first, and its APIs are the ones offered there", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`/console${stage().home}`);
  const which = page.getByRole("region", { name: "Which one do I want?" });
  expect(await which.getByRole("listitem").first().textContent()).toContain("A workspace of your own");
  await page.getByRole("table", { name: "Your workspaces" }).getByText("payments-prod", { exact: true }).click();
  await page.waitForURL(`**${stage().at}`);
  await page.goto(`/console${stage().at}/clients/new`);
  await settled(page);
  const boxes = await sheet(page)
    .getByRole("checkbox", { name: /^(invoices|ledger):/ })
    .count();
  expect(boxes).toBe(4);
});
