import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { askToken } from "../support/token.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
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

test("[C4] a workspace is suspended, resumed and deleted in its settings: each says what stops, and the next token says so too", async () => {
  const { world, tenant, owner, origin, home } = stage();
  const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const { slug } = client.workspace;
  expect((await askToken(client)).status).toBe(200);
  const { page } = await browser.open(origin, owner);
  const hands = handsOn(page, "keyboard");
  await page.goto(`/console${home}/w/${slug}/settings`);
  await settled(page);
  const question = page.getByRole("alertdialog");
  await hands.press(page, "button", "Suspend");
  const said = String(await question.textContent());
  expect(said).toMatch(/Its clients get no tokens.*1 client got 1 token\./);
  expect(await violationsOn(page)).toEqual([]);
  const name = /^Suspend (.+)\?/.exec(said)?.[1] ?? "";
  await hands.press(question, "button", `Suspend ${name}`);
  await told(page, `${name} is suspended`);
  expect((await askToken(client)).body).not.toContain("access_token");
  await hands.press(page, "button", "Resume");
  await told(page, `${name} goes on`);
  expect((await askToken(client)).status).toBe(200);

  await hands.press(page, "button", "Delete workspace");
  const confirm = question.getByRole("button", { name: `Delete ${name}` });
  expect(await confirm.getAttribute("aria-disabled")).toBe("true");
  const gone = `1 client and 1 API go with it.Nobody can undo this, and the name ${slug} is never given again`;
  await expect.poll(() => question.textContent()).toContain(gone);
  await hands.fill(question, `Type ${slug} to confirm`, slug);
  await hands.press(question, "button", `Delete ${name}`);
  await told(page, `Deleted ${name}`);
  await page.waitForURL(`**/console${home}`);
  await settled(page);
  const left = page.getByRole("table", { name: "Your workspaces" }).getByText(name, { exact: true });
  await expect.poll(() => left.count()).toBe(0);
  expect((await askToken(client)).body).not.toContain("access_token");
});
