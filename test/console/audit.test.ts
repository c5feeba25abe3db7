import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inThisRun } from "../support/sample.ts";
import type { StoryWorkspace } from "../support/world.ts";
import { type Hands, handsOn } from "./hands.ts";
import { sheet } from "./journey.ts";
import { settled } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

let workspace: StoryWorkspace;

/** Two clients of the automation's, one of a person's; one of them is described, and described anew. */
beforeAll(async () => {
  const { world, tenant, owner } = stage();
  workspace = await world.tenant(tenant).workspace().resource("orders", ["read"]).ready();
  const { id } = await workspace.addClient({ name: "ledger-export", grants: {} });
  await workspace.addClient({ name: "till-in-lyon", grants: {} });
  for (const description of ["Sends the books on", "Sends the books on, each night"])
    await workspace.admin.must("updateClient", { id, description }, "__typename");
  const make = "mutation ($input: CreateClientInput!) { createClient(input: $input) { client { id } } }";
  await owner.graphql(tenant.slug, make, { input: { workspaceId: workspace.id, name: "made-by-hand" } });
});

const log = (page: Page) => page.getByRole("table", { name: "Audit entries" });
const rows = (page: Page) => log(page).locator(".row[data-index]");
/** What each row says, the newest first. */
const told = async (page: Page) =>
  (await rows(page).locator(".audit-what").allTextContents()).map((words) => words.trim());

async function opened(path: string, device: Hands["device"] = "pointer") {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`/console${stage().home}/w/${workspace.slug}/audit${path}`);
  await settled(page);
  return { page, hands: handsOn(page, device) };
}

/** What the page shows is what it shows again to whoever is given its address. */
async function showsTheSameAgain(page: Page): Promise<void> {
  const before = await told(page);
  await page.reload();
  await settled(page);
  await expect.poll(() => told(page)).toEqual(before);
}

describe.each(inThisRun(["pointer", "keyboard"] as const))("[A10] with the %s", (device) => {
  test("the audit log is searched by a name, by a type and by an actor → those entries and no others, and the address keeps it", async () => {
    const { page, hands } = await opened("", device);
    await hands.fill(page, "Search the audit log", "ledger-export");
    await expect.poll(() => told(page)).not.toContain("Client till-in-lyon created");
    const about = await told(page);
    expect(about).toContain("Client ledger-export created");
    expect(about.every((words) => words.includes("ledger-export"))).toBe(true);
    await page.waitForURL("**/audit?q=ledger-export");
    await showsTheSameAgain(page);

    await hands.select(page, "Type", "Client updated");
    await expect.poll(() => told(page)).toEqual(Array(2).fill("Client ledger-export updated"));
    await page.waitForURL("**/audit?q=ledger-export&type=client.updated");
    await showsTheSameAgain(page);

    await hands.press(page, "button", "Clear filters");
    await expect.poll(() => told(page)).toContain("Client made-by-hand created");
    await rows(page).filter({ hasText: "Client made-by-hand created" }).locator(".audit-what").click();
    await hands.press(sheet(page), "button", "Everything by this actor");
    await page.waitForURL(`**/audit?actor=${stage().owner.memberId}`);
    await page.getByRole("region", { name: "Filter" }).getByText("Ada Owner").waitFor();
    await expect.poll(() => told(page)).toEqual(["Client made-by-hand created"]);
    await showsTheSameAgain(page);
    await hands.press(page, "button", "Show everybody's acts");
    await expect.poll(() => told(page)).toContain("Client till-in-lyon created");
  });
});

test("[A10] an entry of the audit log is opened → who did it, and what the thing was before and after; its address opens it again", async () => {
  const { page } = await opened("?type=client.updated");
  await rows(page).first().click();
  const changes = () => sheet(page).getByRole("region", { name: "Client changed" });
  const shown = async () => ({
    before: await changes().locator("div").filter({ hasText: "description" }).locator("del").textContent(),
    after: await changes().locator("div").filter({ hasText: "description" }).locator("ins").textContent(),
  });
  const expected = {
    before: expect.stringContaining("Sends the books on"),
    after: expect.stringContaining("Sends the books on, each night"),
  };
  await changes().waitFor();
  expect(await shown()).toEqual(expected);
  await page.waitForURL(/[?&]event=evt_/);
  await page.reload();
  await changes().waitFor();
  expect(await shown()).toEqual(expected);
  await sheet(page).getByText("ledger-export").first().waitFor();
});

test("[A10] J, K, Enter and Space in the audit log → the entry under the keyboard beside it; Esc leads back to its row", async () => {
  const { page } = await opened("?type=client.created");
  const name = (at: number) => rows(page).nth(at).locator(".said").first().textContent();
  const [first, second] = [await name(0), await name(1)];
  const focused = () => page.locator(".row[data-index]:focus").getAttribute("data-index");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  expect(await focused()).toBe("1");
  for (const [key, open, says] of [
    ["Enter", "1", second],
    ["Space", "1", second],
    ["k", "0", first],
  ] as const) {
    await page.keyboard.press(key === "k" ? "k" : key);
    if (key === "k") await page.keyboard.press("Enter");
    await sheet(page).locator(".entry-sentence").getByText(String(says)).waitFor();
    await page.keyboard.press("Escape");
    await sheet(page).waitFor({ state: "detached" });
    await expect.poll(focused).toBe(open);
  }
});

test("[A10] the admin workspace's log tells what concerns the whole tenant → who signed in stands there", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`/console${stage().home}/w/admin/audit?type=member.signed-in`);
  await settled(page);
  await page.getByText(/what concerns the tenant as a whole/).waitFor();
  expect(await told(page)).toContain("Signed in with a password");
});

test("incident 18: names and descriptions that are markup → every page shows them as letters, and nothing of them runs", async () => {
  const markup = `<img src=x onerror="window.ran=1"><script>window.ran=1</script>`;
  const { world, tenant, owner, home, origin } = stage();
  const workspace = await world.tenant(tenant).workspace().ready();
  const { admin, id: workspaceId } = workspace;
  const named = { workspaceId, name: markup, description: markup };
  const { client } = await admin.must("createClient", named, "client { id }");
  const api = {
    ...named,
    identifier: "https://markup.example.com/",
    scopes: [{ name: "a:read", description: markup }],
  };
  const { resource } = await admin.must("createResource", api, "resource { id }");
  await admin.must("updateWorkspace", { id: workspaceId, name: markup }, "__typename");
  const at = `/console${home}/w/${workspace.slug}`;
  const { page } = await browser.open(origin, owner);
  const paths = ["/clients", `/clients/${idOf(client)}`, `/clients/${idOf(client)}/settings`, "/apis"];
  for (const path of [...paths, `/apis/${idOf(resource)}`, "/audit", "/settings"]) {
    await page.goto(`${at}${path}`);
    await settled(page);
    const seen = await page.evaluate<readonly [unknown, number, boolean]>(`[window.ran,
      document.querySelectorAll("img[src=x]").length,
      [document.body.innerText, ...[...document.querySelectorAll("input, textarea")].map((field) => field.value)]
        .some((text) => text.includes("<img src=x"))]`);
    expect([path, ...seen]).toEqual([path, undefined, 0, true]);
  }
});

const idOf = (thing: unknown): string => (thing as { id: string }).id;
