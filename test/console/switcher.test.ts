import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { signInMember } from "../support/member.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

test("of a hundred and more workspaces the switcher and the palette find the oldest, and the tenant's home lists them all", async () => {
  const { world, tenant } = stage();
  const made = 101;
  for (let at = 1; at <= made; at++)
    await tenant.admin.must("createWorkspace", { slug: `many-${at}`, name: `Many ${at}` }, "workspace { id }");
  const { page } = await browser.open(world.origin, stage().owner);
  await page.goto(`/console${stage().home}/w/many-101/clients`);
  await settled(page);
  await page.keyboard.press("Control+Shift+o");
  const dialog = page.locator("dialog[open]");
  await dialog.waitFor();
  await page.keyboard.type("payments-pro");
  await dialog.getByRole("option", { name: /payments-prod/ }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await page.keyboard.press("Enter");
  // The same page of the other workspace.
  await page.waitForURL(`**${stage().at}/clients`);

  await page.goto(`/console${stage().home}/w/many-101`);
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("payments-test");
  await page.getByRole("option", { name: /payments-test/ }).click();
  await page.waitForURL("**/w/payments-test");

  await page.goto(`/console${stage().home}`);
  await settled(page);
  // The special ones are the oldest of all.
  const which = page.getByRole("region", { name: "Which one do I want?" });
  expect(await which.getByRole("button", { name: /^Open / }).count()).toBe(2);
  const table = page.getByRole("table", { name: "Your workspaces" });
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4000);
      await page.keyboard.press("End");
      return table.getByText("payments-prod", { exact: true }).count();
    })
    .toBe(1);
});

test("letters typed while the palette is on its way → stand in it, open nothing else, and Enter takes what they find", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  const gate = Promise.withResolvers<void>();
  await page.route("**/command-palette-*.js", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto(`/console${stage().at}/clients`);
  await settled(page);
  await page.keyboard.press("Control+k");
  // G and A would lead to the APIs.
  await page.keyboard.type("gaudix");
  await page.keyboard.press("Backspace");
  expect(await page.locator("dialog[open]").count()).toBe(0);
  gate.resolve();
  const box = page.locator("dialog[open] input");
  await expect.poll(() => box.inputValue()).toBe("gaudi");
  expect(page.url()).toMatch(/\/clients$/);
  await box.fill("");
  // As fast as it goes: nothing is marked yet when Enter comes.
  await page.keyboard.type("audit l");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/audit");
});

test("letters and Enter typed while the palette is on its way → it opens what they find", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  const gate = Promise.withResolvers<void>();
  await page.route("**/command-palette-*.js", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto(`/console${stage().at}/clients`);
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("audit l");
  await page.keyboard.press("Enter");
  gate.resolve();
  await page.waitForURL("**/audit");
});

test("C pressed before the list is there → the sheet of a new client opens as soon as it may", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  const gate = Promise.withResolvers<void>();
  await page.route("**/graphql**", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto(`/console${stage().at}/clients`);
  await page.getByRole("heading", { level: 1, name: "Clients" }).waitFor();
  await page.keyboard.press("c");
  expect(await page.locator("dialog[open]").count()).toBe(0);
  gate.resolve();
  await page.locator("dialog[open]").getByLabel("Name", { exact: true }).and(page.locator(":focus")).waitFor();
});

test.each(["pointer", "keyboard"] as const)(
  "a person changes their name with the %s; the page and the log say the new one",
  async (device) => {
    const { world, owner, tenant } = stage();
    const person = await signInMember(world.server, owner, tenant.slug, [{ name: "owner" }]);
    const { page } = await browser.open(stage().origin, person);
    const hands = handsOn(page, device);
    await page.goto("/console/account");
    await settled(page);
    await hands.fill(page, "Your name", `Grace ${device}`);
    if (device === "keyboard") await page.keyboard.press("Enter");
    else await hands.press(page, "button", "Change name");
    await told(page, "Name changed");
    await page.goto(`/console${stage().home}/w/admin/audit`);
    await settled(page);
    await page.getByText(`Grace ${device}`).first().waitFor();
    await page.getByText("Own name changed").first().waitFor();
  },
);

test("a secret that was just made for 90 days says 90; the page offers Add secret once, also on a narrow screen", async () => {
  const { client, workspace, owner } = stage();
  const expiresAt = new Date(Date.now() + 90 * 86_400_000).toISOString();
  await workspace.admin.must(
    "createClientSecret",
    { clientId: client.id, name: "fresh", expiresAt },
    "clientSecret { id }",
  );
  for (const width of [1440, 375]) {
    const { page } = await browser.open(stage().origin, owner, { width });
    await page.goto(`/console${stage().at}/clients/${client.id}/credentials`);
    await settled(page);
    await page.getByRole("table").getByText("90 days left").first().waitFor();
    expect(await page.getByRole("button", { name: "Add secret" }).count()).toBe(1);
  }
});
