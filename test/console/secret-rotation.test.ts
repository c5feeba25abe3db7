import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { eventually } from "../support/http.ts";
import { askToken, basic, post } from "../support/token.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { copied } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

test("[B2] a secret is rotated, its hold-out named, retired before it is quiet by typing its end, and works again when undone", async () => {
  const { world, tenant, owner } = stage();
  const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const { page } = await browser.open(stage().origin, owner);
  const hands = handsOn(page, "pointer");
  await page.goto(`/console${stage().home}/w/${client.workspace.slug}/clients/${client.id}/credentials`);
  await settled(page);
  const mark = `…${client.clientSecret.slice(0, -6).slice(-4)}`;
  await page.getByRole("button", { name: `Actions for ${mark}` }).click();
  await page.getByRole("menuitem", { name: "Rotate" }).click();
  const sheet = page.getByRole("dialog");
  expect(await sheet.textContent()).toContain("Both secrets work for 2 days.");
  await page.keyboard.press("Control+Enter");
  await copied(page, hands, "client secret");
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("heading", { name: `Rotating ${mark}` }).waitFor();
  const asked = { grant_type: "client_credentials" };
  const agent: [string, string] = ["User-Agent", "batch-7/2.1"];
  expect((await post(client.tokenEndpoint, asked, [basic(client), agent])).status).toBe(200);
  await eventually(
    async () => {
      await page.reload();
      await settled(page);
      return page.getByText("batch-7/2.1").count();
    },
    (count) => count === 1,
    20,
  );
  expect(await violationsOn(page)).toEqual([]);
  for (const [width, scheme] of [
    [1440, "light"],
    [375, "dark"],
  ] as const) {
    if (!process.env["MINTMARK_PICTURES"]) break;
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 1000 });
    await page.screenshot({ path: `${process.env["MINTMARK_PICTURES"]}/rotation-${scheme}-${width}.png` });
  }
  await page.setViewportSize({ width: 1440, height: 1000 });
  await hands.press(page, "button", "Retire now");
  const question = page.getByRole("alertdialog");
  expect(await question.textContent()).toContain("It is not known to be quiet.");
  await hands.fill(question, `Type ${mark} to confirm`, mark);
  await hands.press(question, "button", "Retire it");
  await told(page, "The old secret is retired");
  expect((await askToken(client)).status).toBe(401);
  await hands.press(page, "button", "Let it work again for 24 hours");
  await told(page, "The old secret works again");
  expect((await askToken(client)).status).toBe(200);
});
