import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { joinAs } from "../support/joining.ts";
import type { SignedInPerson } from "../support/member.ts";
import { freshPassword } from "../support/person.ts";
import { type Hands, handsOn } from "./hands.ts";
import { sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const members = () => `/console${stage().home}/members`;
const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

async function roleId(name: string): Promise<string> {
  const document = 'query { workspace(slug: "admin") { roles(first: 100) { nodes { id name } } } }';
  const { workspace } = (await stage().tenant.admin.run(document)) as {
    workspace: { roles: { nodes: { id: string; name: string }[] } };
  };
  return workspace.roles.nodes.find((role) => role.name === name)?.id ?? "";
}

/** Invites a developer of one workspace; answers the link as the sheet shows it. */
async function inviteOnScreen(page: Page, hands: Hands): Promise<string> {
  await page.goto(members());
  await settled(page);
  await hands.press(page, "button", "Invite");
  await hands.select(sheet(page), "Role", "developer");
  await hands.select(sheet(page), "Counts in", "payments-prod");
  await hands.fill(sheet(page), /^E-mail/, "grace@example.com");
  await hands.send(sheet(page), "Make the link");
  const shown = sheet(page).getByText(/\/console\/invite\//);
  await shown.waitFor();
  const link = remember(String(await shown.textContent()).trim());
  // Not copied yet: no way out is taken unasked.
  if (hands.device === "pointer") await hands.press(sheet(page), "button", "Close");
  else await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor();
  await page.getByRole("button", { name: "Stay" }).click();
  await hands.press(sheet(page), "button", "Copy link");
  await hands.press(sheet(page), "button", /^Done/);
  await sheet(page).waitFor({ state: "detached" });
  return link;
}

describe.each(["pointer", "keyboard"] as const)("with the %s", (device) => {
  test("[C5] invited, joined, given a role for one workspace, removed: each sees at once what it is", async () => {
    const mine = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(mine.page, device);
    const link = await inviteOnScreen(mine.page, hands);
    expect(await mine.page.evaluate<string>("document.documentElement.outerHTML")).not.toContain(link.slice(-28));

    const name = `Grace ${device}`;
    const theirs = await browser.open(stage().origin);
    theirs.allow(/status of 401 .*\/console\/auth\/account/);
    theirs.allow(/status of 403 .*\/graphql/);
    await theirs.page.goto(link);
    await theirs.page.getByLabel("Your name", { exact: true }).fill(name);
    await theirs.page.getByLabel("E-mail", { exact: true }).fill(`grace-${device}@example.com`);
    await theirs.page.getByLabel("Password", { exact: true }).fill(freshPassword());
    await theirs.page.getByRole("button", { name: /^Join / }).click();
    await theirs.page.waitForURL(`**${stage().home}`);
    await settled(theirs.page);
    // A developer of one workspace: that one is there, no other, and neither the people.
    const table = theirs.page.getByRole("table", { name: "Your workspaces" });
    await table.getByText("payments-prod", { exact: true }).waitFor();
    expect(await table.getByRole("row").count()).toBe(2);
    expect(await theirs.page.getByRole("navigation").getByText("Members & roles").count()).toBe(0);
    await theirs.page.goto(members());
    await theirs.page.getByText("You may not see the members of this tenant.").waitFor();

    // One more role, until tomorrow.
    await mine.page.goto(`${members()}?q=${encodeURIComponent(name)}`);
    await settled(mine.page);
    if (device === "pointer") await row(mine.page, name).getByText(name, { exact: true }).click();
    else {
      await row(mine.page, name).focus();
      await mine.page.keyboard.press("Enter");
    }
    await hands.press(sheet(mine.page), "button", "Give role");
    await hands.select(sheet(mine.page), "Role", "auditor");
    await hands.select(sheet(mine.page), "Counts in", "Everywhere in this tenant");
    await hands.choose(sheet(mine.page), "Ends", "1 day");
    await hands.send(sheet(mine.page), "Give role");
    await told(mine.page, `Gave auditor to ${name}`);
    await sheet(mine.page).getByRole("row").filter({ hasText: "auditor" }).waitFor();
    await theirs.page.goto(members());
    await row(theirs.page, name).waitFor();
    await expect
      .poll(() => theirs.page.getByRole("button", { name: "Invite" }).getAttribute("aria-disabled"))
      .toBe("true");

    // Gone: with the name typed, and the effect said.
    await hands.press(sheet(mine.page), "button", "Remove member");
    const question = mine.page.getByRole("alertdialog");
    await expect.poll(() => question.textContent()).toContain("2 roles end.");
    await hands.fill(question, `Type ${name} to confirm`, name);
    await hands.press(question, "button", `Remove ${name}`);
    await told(mine.page, `Removed ${name}`);
    await theirs.page.getByRole("link", { name: "Roles", exact: true }).click();
    await theirs.page.getByText("This page does not exist, or you may not see it.").waitFor();
  });
});

describe("roles of one's own", () => {
  test("[C5] made with chosen permissions, changed, given away, deleted with who loses it", async () => {
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, "pointer");
    await page.goto(`${members()}/roles`);
    await settled(page);
    await hands.press(page, "button", "Create role");
    await hands.fill(sheet(page), "Name", "Key keeper");
    await hands.press(sheet(page), "checkbox", /^signing-key:rotate/);
    await hands.send(sheet(page), "Create role");
    await told(page, "Created Key keeper");
    await expect.poll(() => row(page, "Key keeper").textContent()).toContain("1 permission");
    await hands.pick(page, "Actions for Key keeper", "Edit");
    await hands.press(sheet(page), "checkbox", /^workspace:read/);
    await hands.send(sheet(page), "Save role");
    await told(page, "Saved Key keeper");
    await expect.poll(() => row(page, "Key keeper").textContent()).toContain("2 permissions");
    const roles = [{ roleId: await roleId("Key keeper"), everywhere: true }];
    await joinAs(stage().tenant.admin, roles, stage().tenant.slug);
    await page.reload();
    await settled(page);
    await hands.pick(page, "Actions for Key keeper", "Delete");
    const question = page.getByRole("alertdialog");
    await expect.poll(() => question.textContent()).toContain("One member or client has it, and loses it at once.");
    await hands.press(question, "button", "Delete role");
    await told(page, "Deleted Key keeper");
    await expect.poll(() => row(page, "Key keeper").count()).toBe(0);
  });

  test("[C5] built-in roles are copied and not changed", async () => {
    const { page } = await browser.open(stage().origin, stage().owner);
    await page.goto(`${members()}/roles`);
    await settled(page);
    await page.getByRole("button", { name: "Actions for auditor" }).click();
    await page.getByRole("menu").waitFor();
    expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Make a copy"]);
  });
});

describe("[S2] a closed workspace", () => {
  let admin: SignedInPerson;
  beforeAll(async () => {
    const roles = [{ roleId: await roleId("admin"), everywhere: true }];
    admin = await joinAs(stage().tenant.admin, roles, stage().tenant.slug);
  });

  test("says on each of its pages whom to ask, by name, to who may not see what is in it", async () => {
    const { page } = await browser.open(stage().origin, admin);
    for (const path of ["", "/clients", "/signing-keys"]) {
      await page.goto(`/console${stage().home}/w/admin${path}`);
      await settled(page);
      await page.getByText(/is closed to you: .* Ask Ada Owner/).waitFor();
    }
    const owners = await browser.open(stage().origin, stage().owner);
    await owners.page.goto(`/console${stage().home}/w/admin/clients`);
    await settled(owners.page);
    expect(await owners.page.getByText(/is closed to you/).count()).toBe(0);
  });
});

test("the command palette leads there", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`/console${stage().at}/clients`);
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.type("members");
  await page.getByRole("option", { name: /^Members & roles/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/members");
});
