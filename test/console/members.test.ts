import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { joinAs } from "../support/joining.ts";
import { inDatabase, type SignedInPerson } from "../support/member.ts";
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

async function adminWorkspace(): Promise<string> {
  const { workspace } = (await stage().tenant.admin.run('query { workspace(slug: "admin") { id } }')) as {
    workspace: { id: string };
  };
  return workspace.id;
}

/** The ids of those scopes of the Admin API. */
async function scopeIds(...names: string[]): Promise<string[]> {
  const document = 'query { workspace(slug: "admin") { resources(first: 20) { nodes { scopes { id name } } } } }';
  const { workspace } = (await stage().tenant.admin.run(document)) as {
    workspace: { resources: { nodes: { scopes: { id: string; name: string }[] }[] } };
  };
  const all = workspace.resources.nodes.flatMap(({ scopes }) => scopes);
  return all.filter(({ name }) => names.includes(name)).map(({ id }) => id);
}

/** That many people who never come. */
const addPeople = (many: number) =>
  inDatabase(stage().world.server, async (sql) => {
    await sql`insert into users (id, name, email)
      select 'usr_many' || n, 'Many ' || n, 'many-' || n || '@example.com' from generate_series(1, ${many}::int) n`;
    await sql`insert into members (tenant_id, id, user_id, display_name)
      select ${stage().tenant.id}, 'mem_many' || n, 'usr_many' || n, 'Many ' || n from generate_series(1, ${many}::int) n`;
  });

/** Invites a developer of one workspace; answers the link as the sheet shows it. */
async function inviteOnScreen(page: Page, hands: Hands): Promise<string> {
  await page.goto(members());
  await settled(page);
  await hands.press(page, "button", "Invite");
  await hands.select(sheet(page), "Role", "developer");
  await hands.select(sheet(page), "Counts in", "payments-prod");
  await hands.choose(sheet(page), "Roles end", "30 days");
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
    await theirs.page.getByText("What you may do there ends").waitFor();
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

  test("[C5] an admin neither deletes nor changes a role that somebody has, and is told why; a copy leaves out what they may not give", async () => {
    const { admin, slug } = stage().tenant;
    const role = { workspaceId: await adminWorkspace(), name: "Held role", scopeIds: [] as string[] };
    role.scopeIds = await scopeIds("role:read");
    const made = await admin.must("createRole", role, "role { id }");
    await joinAs(admin, [{ roleId: (made["role"] as { id: string }).id, everywhere: true }], slug);
    const person = await joinAs(admin, [{ roleId: await roleId("admin"), everywhere: true }], slug);
    const { page } = await browser.open(stage().origin, person);
    const hands = handsOn(page, "pointer");
    await page.goto(`${members()}/roles`);
    await settled(page);
    await page.getByRole("button", { name: "Actions for Held role" }).click();
    const entry = page.getByRole("menuitem", { name: /^Delete/ });
    await expect.poll(() => entry.getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.press("Escape");
    await hands.pick(page, "Actions for Held role", "Edit");
    await sheet(page)
      .getByText(/client-grant:write in the admin workspace/)
      .waitFor();
    expect(await sheet(page).getByLabel("Name", { exact: true }).isDisabled()).toBe(true);
    expect(
      await sheet(page)
        .getByRole("checkbox", { name: /^role:write/ })
        .isDisabled(),
    ).toBe(true);
    await sheet(page).getByLabel("Description", { exact: true }).fill("For those who look.");
    await hands.send(sheet(page), "Save role");
    await told(page, "Saved Held role");

    await hands.pick(page, "Actions for owner", "Make a copy");
    await sheet(page)
      .getByText(/^Not in the copy, as you do not hold it everywhere: .*member:reset/)
      .waitFor();
    await hands.send(sheet(page), "Create role");
    await told(page, "Created Copy of owner");
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

test("a search does not close what the palette opens", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(members());
  await settled(page);
  await page.getByRole("textbox", { name: "Search members" }).pressSequentially("ad");
  await page.waitForURL(/q=ad/);
  await page.keyboard.press("Control+k");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.type("invite");
  await page.getByRole("option", { name: /^Invite/ }).waitFor();
  await page.keyboard.press("Enter");
  await sheet(page).getByLabel("Role", { exact: true }).waitFor();
  await page.waitForTimeout(400);
  expect(await sheet(page).count()).toBe(1);
});

test("[C5] taking a role from oneself asks first", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`${members()}?member=${stage().owner.memberId}`);
  await settled(page);
  await handsOn(page, "pointer").pick(page, "Actions for owner", "Take back");
  const question = page.getByRole("alertdialog");
  await expect.poll(() => question.textContent()).toContain("Take owner back from yourself?");
  await question.getByRole("button", { name: "Cancel" }).click();
  await sheet(page).getByRole("row").filter({ hasText: "owner" }).waitFor();
});

test("[C5] of many people the oldest is opened by address, given a role and removed; who is not there is said not to be", async () => {
  const roles = [{ roleId: await roleId("auditor"), everywhere: true }];
  const { memberId } = await joinAs(stage().tenant.admin, roles, stage().tenant.slug);
  await addPeople(60);
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "pointer");
  await page.goto(`${members()}?member=mem_nobody`);
  await page.getByText("This member does not exist any more, or you may not see them.").waitFor();
  await page.goto(`${members()}?member=${memberId}`);
  await hands.press(sheet(page), "button", "Give role");
  await hands.select(sheet(page), "Role", "developer");
  await hands.select(sheet(page), "Counts in", "payments-test");
  await hands.send(sheet(page), "Give role");
  await sheet(page).getByRole("row").filter({ hasText: "payments-test" }).waitFor();
  const name = String(await sheet(page).getByRole("heading").first().textContent());
  await hands.press(sheet(page), "button", "Remove member");
  const question = page.getByRole("alertdialog");
  await hands.fill(question, `Type ${name} to confirm`, name);
  await hands.press(question, "button", `Remove ${name}`);
  await told(page, `Removed ${name}`);
  await sheet(page).waitFor({ state: "detached" });
});

test("[A10] a former member is erased: what goes and what stays is said first, and their name is gone from the list", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "keyboard");
  await page.goto(`${members()}/former`);
  await settled(page);
  await hands.pick(page, "Actions for Jo Fernandes", "Erase");
  const question = page.getByRole("alertdialog");
  await expect.poll(() => question.textContent()).toMatch(/What goes.*What stays.*Nobody can undo this/);
  await hands.fill(question, "Type Jo Fernandes to confirm", "Jo Fernandes");
  await hands.press(question, "button", "Erase this person");
  await told(page, "Erased what named this person");
  await page.getByText(/^Erased person [0-9a-f]{4}$/).waitFor();
  expect(await page.getByText("Jo Fernandes").count()).toBe(0);
});

test("[C5] of a hundred and more roles the built-in ones can be given, and the list says no wrong number", async () => {
  const workspaceId = await adminWorkspace();
  for (let at = 1; at <= 101; at++) {
    const role = { workspaceId, name: `Many roles ${at}`, scopeIds: [] };
    await stage().tenant.admin.must("createRole", role, "role { id }");
  }
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`${members()}?new=invitation`);
  const choice = sheet(page).getByLabel("Role", { exact: true });
  await expect.poll(() => choice.locator("option", { hasText: /^developer$/ }).count()).toBe(1);
  await page.goto(`${members()}/roles`);
  const table = page.getByRole("table", { name: "Roles", exact: true });
  // The rows that are still to come stand as such.
  await table.waitFor();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4000);
      await page.keyboard.press("End");
      return table.getByText("auditor", { exact: true }).count();
    })
    .toBe(1);
});
