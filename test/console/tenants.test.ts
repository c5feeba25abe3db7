import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { signInMember } from "../support/member.ts";
import { freshPassword } from "../support/person.ts";
import { inThisRun } from "../support/sample.ts";
import { freshSlug } from "../support/world.ts";
import { handsOn } from "./hands.ts";
import { copied, createWorkspace, sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });
const question = (page: Page) => page.getByRole("alertdialog");
const list = (page: Page) => page.getByRole("table", { name: "Tenants" });

/** The list, as the operator sees it. */
async function openList(look = {}): Promise<Page> {
  const { page } = await browser.open(stage().origin, stage().owner, look);
  await page.goto(`/console${stage().home}/tenants`);
  await settled(page);
  return page;
}

/** Made past the console. */
async function newTenant(): Promise<{ id: string; slug: string; name: string }> {
  const slug = freshSlug("made");
  const input = { slug, name: `Made ${slug}` };
  const made = await stage().world.operator.must("createTenant", input, "tenant { id slug name }");
  return made["tenant"] as { id: string; slug: string; name: string };
}

describe.each(inThisRun(["pointer", "keyboard"] as const))("with the %s", (device) => {
  test("[C4] an operator creates a tenant; its owner joins by the link and works there; suspended → the next click says so; resumed; deleted; restored", async () => {
    const page = await openList();
    const hands = handsOn(page, device);
    const [name, slug] = [`Globex ${device}`, `globex-${device}`];
    await hands.press(page, "button", /^Create tenant/);
    await hands.fill(sheet(page), "Name", name);
    await hands.send(sheet(page), "Create tenant");
    await page.getByRole("heading", { name: `${name} is ready` }).waitFor();
    const done = sheet(page).getByRole("button", { name: /^Done/ });
    expect(await done.getAttribute("aria-disabled")).toBe("true");
    remember((await sheet(page).textContent())?.match(/mms_[0-9A-Za-z]{49}/)?.[0] ?? "");
    const link = remember(await copied(page, hands, "link for the owner"));
    await hands.press(sheet(page), "button", /^Done/);
    expect(await page.content()).not.toContain(link);
    const row = list(page).getByRole("row").filter({ hasText: slug });
    await expect.poll(() => row.textContent()).toMatch(/Active/);

    const visit = await browser.open(stage().origin);
    visit.allow(/status of 40[13] /);
    const theirs = visit.page;
    const owner = handsOn(theirs, device);
    await theirs.goto(link);
    await owner.fill(theirs, "Your name", "Hank Owner");
    await owner.fill(theirs, "E-mail", `hank-${device}@example.com`);
    await owner.fill(theirs, "Password", freshPassword());
    await owner.press(theirs, "button", /^Join /);
    await theirs.waitForURL(`**/console/t/${slug}`);
    await owner.press(theirs, "button", /^Create workspace/);
    await createWorkspace(theirs, owner, "shop");

    await hands.pick(page, `Actions for ${name}`, "Open");
    await hands.press(sheet(page), "button", "Suspend");
    await expect.poll(() => question(page).textContent()).toMatch(/1 workspace and 1 client stop/);
    await hands.press(question(page), "button", `Suspend ${name}`);
    await told(page, `${name} is suspended`);
    await owner.press(theirs.getByRole("navigation", { name: "Workspace" }), "link", /^APIs/);
    await heading(theirs, "This tenant is suspended").waitFor();
    await theirs.goto("/console/");
    await heading(theirs, "Your tenant is suspended").waitFor();
    expect(await theirs.getByRole("main").textContent()).toContain(name);

    const works = async () => {
      await theirs.goto(`/console/t/${slug}`);
      await heading(theirs, "Workspaces").waitFor();
    };
    await hands.press(sheet(page), "button", "Resume");
    await told(page, `${name} goes on`);
    await works();

    await hands.press(sheet(page), "button", "Delete");
    await hands.fill(question(page), `Type ${slug} to confirm`, slug);
    await hands.press(question(page), "button", `Delete ${name}`);
    await told(page, `${name} is deleted`);
    await expect.poll(() => sheet(page).textContent()).toContain("It can be restored until");
    await theirs.reload();
    await heading(theirs, "This tenant is suspended").waitFor();
    await hands.press(sheet(page), "button", "Restore");
    await told(page, `${name} is restored`);
    await works();
  });

  test("renamed and limited → the list says both, and the limit holds", async () => {
    const { id, name } = await newTenant();
    const page = await openList();
    const hands = handsOn(page, device);
    await hands.pick(page, `Actions for ${name}`, "Open");
    await hands.fill(sheet(page), "Name", `${name} Ltd`);
    await hands.fill(sheet(page), /^Clients at most/, "one");
    await hands.send(sheet(page), "Save");
    const field = sheet(page).getByLabel(/^Clients at most/);
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
    await hands.fill(sheet(page), /^Clients at most/, "1");
    await hands.send(sheet(page), "Save");
    await told(page, `Saved ${name} Ltd`);
    const row = list(page)
      .getByRole("row")
      .filter({ hasText: `${name} Ltd` });
    await expect.poll(() => row.textContent()).toMatch(/1 of 1/);
    const { tenantById } = await stage().world.operator.run(`{ tenantById(id: "${id}") { name clientLimit } }`);
    expect(tenantById).toEqual({ name: `${name} Ltd`, clientLimit: 1 });
  });
});

test("a name in addresses that is taken → said at its field, and nothing is made", async () => {
  const { slug } = await newTenant();
  const page = await openList();
  await page.keyboard.press("c");
  await sheet(page).getByLabel("Name", { exact: true }).fill("Again");
  await sheet(page).getByLabel("Name in addresses", { exact: true }).fill(slug);
  await page.keyboard.press("Control+Enter");
  const field = sheet(page).getByLabel("Name in addresses", { exact: true });
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  await expect.poll(() => sheet(page).textContent()).toContain(`There is already a tenant ${slug}`);
});

test("the link neither copied nor ticked off → the sheet asks before it closes", async () => {
  const page = await openList();
  await page.goto(`/console${stage().home}/tenants?new=tenant`);
  await settled(page);
  await sheet(page).getByLabel("Name", { exact: true }).fill("Unseen");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "Unseen is ready" }).waitFor();
  const shown = (await sheet(page).textContent()) ?? "";
  remember(shown.match(/mms_[0-9A-Za-z]{49}/)?.[0] ?? "");
  await sheet(page).getByRole("button", { name: "Close" }).click();
  await question(page).waitFor();
});

test("an owner who never came → another link, made in the tenant's sheet and shown once, is the way in", async () => {
  const { id, name } = await newTenant();
  const page = await openList();
  await page.goto(`/console${stage().home}/tenants?open=${id}`);
  await settled(page);
  const hands = handsOn(page, "keyboard");
  await sheet(page).getByText("Has not come yet").waitFor();
  await hands.press(sheet(page), "button", "New owner link");
  await hands.send(sheet(page), "Make the link");
  await page.getByRole("heading", { name: `The link for the owner of ${name} is ready` }).waitFor();
  const link = remember(await copied(page, hands, "link for the owner"));
  await hands.press(sheet(page), "button", /^Done/);
  await sheet(page).getByRole("button", { name: "Suspend", exact: true }).waitFor();
  expect(await page.content()).not.toContain(link);
  const visit = await browser.open(stage().origin);
  visit.allow(/status of 401 /);
  await visit.page.goto(link);
  await heading(visit.page, `Join ${name}`).waitFor();
});

test("searched and narrowed → what matches, and the address holds it", async () => {
  const [one, other] = [await newTenant(), await newTenant()];
  const page = await openList();
  await page.keyboard.press("/");
  await page.keyboard.type(one.slug);
  await page.waitForURL(`**q=${one.slug}`);
  await expect.poll(() => list(page).getByText(other.slug, { exact: true }).count()).toBe(0);
  await list(page).getByText(one.slug, { exact: true }).waitFor();
  await page.getByRole("link", { name: "Deleted" }).click();
  await page.getByText("No tenant matches", { exact: false }).waitFor();
  await page.getByRole("link", { name: "Show all tenants" }).click();
  await list(page).getByText(other.slug, { exact: true }).waitFor();
});

test("reached from the navigation and the palette; on a narrow screen a row opens its sheet", async () => {
  const { name } = await newTenant();
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`/console${stage().home}`);
  await settled(page);
  await page.getByRole("navigation", { name: "Workspace" }).getByRole("link", { name: "Tenants" }).click();
  await heading(page, "Tenants").waitFor();
  await page.goto(`/console${stage().at}`);
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Create tenant");
  await page.keyboard.press("Enter");
  await sheet(page).getByRole("heading", { name: "Create tenant" }).waitFor();

  const narrow = await openList({ width: 375, height: 740 });
  await list(narrow).getByText(name, { exact: true }).click();
  await sheet(narrow).getByRole("heading", { name }).waitFor();
  expect(await sheet(narrow).getByRole("button", { name: "Suspend", exact: true }).count()).toBe(1);
  expect(await narrow.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(375);
});

test("the root tenant → no act that stops it; who operates nothing → no way here, and the page says so", async () => {
  const { world, owner, tenant, home, origin } = stage();
  const page = await openList();
  await page.goto(`/console${home}/tenants?open=${tenant.id}`);
  await settled(page);
  await expect.poll(() => sheet(page).textContent()).toContain("it cannot be suspended or deleted");
  expect(
    await sheet(page)
      .getByRole("button", { name: /^(Suspend|Delete)$/ })
      .count(),
  ).toBe(0);

  const admin = await signInMember(world.server, owner, tenant.slug, [{ name: "admin" }]);
  const visit = await browser.open(origin, admin);
  await visit.page.goto(`/console${home}/tenants`);
  await heading(visit.page, "The tenants of this server are seen by its operators only.").waitFor();
  const nav = visit.page.getByRole("navigation", { name: "Workspace" });
  expect(await nav.getByRole("link", { name: "Tenants" }).count()).toBe(0);
});
