import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inDatabase, type SignedInPerson, signInMember } from "../support/member.ts";
import { sideways, violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { createClient, openCreate } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const somebody = () => {
  const { world, owner, tenant } = stage();
  return signInMember(world.server, owner, tenant.slug, [{ name: "owner" }]);
};

const endSessions = ({ email }: SignedInPerson) =>
  inDatabase(
    stage().world.server,
    (sql) => sql`delete from sessions s using users u where u.id = s.user_id and u.email = ${email}`,
  );

test.each([
  { device: "pointer", theme: "light", width: 1440 },
  { device: "keyboard", theme: "dark", width: 375 },
] as const)(
  "the session ends while somebody types → signing in over the page keeps it, and the act goes on by itself ($device, $theme, $width px)",
  async ({ device, theme, width }) => {
    const person = await somebody();
    const visit = await browser.open(stage().origin, person, { theme, width });
    visit.allow(/status of 401 /);
    const { page } = visit;
    const hands = handsOn(page, device);
    await page.goto(`/console${stage().at}/clients/${stage().client.id}/settings`);
    await settled(page);
    await page.getByLabel(/^Description/).fill(`Typed before, ${device}`);
    await endSessions(person);
    if (device === "keyboard") await page.keyboard.press("Control+Enter");
    else await hands.press(page, "button", /^Save changes/);
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("heading", { name: "Your session has ended" }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    expect(await dialog.getByLabel("E-mail", { exact: true }).inputValue()).toBe(person.email);
    await dialog.getByLabel("Password", { exact: true }).fill("a wrong password");
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").waitFor();
    await page.keyboard.press("Escape");
    await hands.fill(dialog, "Password", person.password);
    await page.keyboard.press("Enter");
    await told(page, "Saved: description");
    const query = "query ($id: ID!) { node(id: $id) { ... on Client { description } } }";
    const { node } = (await stage().workspace.admin.run(query, { id: stage().client.id })) as { node: object };
    expect(node).toEqual({ description: `Typed before, ${device}` });
  },
);

test("the session ends and somebody would rather leave → the sign-in page, and back here afterwards", async () => {
  const person = await somebody();
  const visit = await browser.open(stage().origin, person);
  visit.allow(/status of 401 /);
  const { page } = visit;
  await page.goto(`/console${stage().at}/clients`);
  await settled(page);
  await endSessions(person);
  await page.getByRole("link", { name: /^APIs & scopes/ }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Go to the sign-in page instead" }).click();
  await page.waitForURL(/sign-in\?next=.*apis/);
});

test("somebody else signs in over the page → nothing of the former person's page stays", async () => {
  const person = await somebody();
  const other = await somebody();
  const visit = await browser.open(stage().origin, person);
  visit.allow(/status of 401 /);
  const { page } = visit;
  await page.goto(`/console${stage().at}/clients/${stage().client.id}/settings`);
  await settled(page);
  await page.getByLabel(/^Description/).fill("Only mine");
  await endSessions(person);
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Password", { exact: true }).waitFor();
  // In another tab of the same browser the other one signs in; then somebody confirms here by a passkey of theirs.
  const [, pairs] = other.cookie();
  const cookies = pairs.split("; ").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return { name, value: value.join("="), domain: "localhost", path: "/", secure: true, httpOnly: true };
  });
  await page.route("**/console/auth/sign-in", async (route) => {
    await page.context().addCookies(cookies);
    await route.fulfill({ status: 200, contentType: "application/json", body: JSON.stringify({ done: true }) });
  });
  page.on("dialog", (question) => void question.accept());
  await dialog.getByLabel("Password", { exact: true }).fill(other.password);
  await page.keyboard.press("Enter");
  await expect.poll(() => page.getByLabel(/^Description/).inputValue()).not.toBe("Only mine");
  await dialog.waitFor({ state: "detached" });
});

test.each([
  ["light", 1440],
  ["dark", 375],
] as const)(
  "nothing answers → a bar says since when, the page stays, and it is fresh again by itself (%s, %i px)",
  async (theme, width) => {
    const visit = await browser.open(stage().origin, stage().owner, { theme, width });
    visit.allow(/net::ERR_/);
    const { page } = visit;
    await page.goto(`/console${stage().at}/clients/${stage().client.id}/settings`);
    await settled(page);
    await page.getByLabel(/^Description/).fill(`Typed while nothing answers, ${theme}`);
    await page.context().setOffline(true);
    await page.keyboard.press("Control+Enter");
    const bar = page.getByText(/^Not connected. What you see is from \d\d:\d\d/);
    await bar.waitFor();
    expect(await violationsOn(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    expect(await page.getByLabel(/^Description/).inputValue()).toBe(`Typed while nothing answers, ${theme}`);
    await page.context().setOffline(false);
    const asked = page.waitForRequest("**/graphql**");
    await bar.waitFor({ state: "detached" });
    await asked;
    await page.keyboard.press("Control+Enter");
    await told(page, "Saved: description");
  },
);

test("at an address that is no secure origin the browser has no randomUUID → a client is made all the same", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.addInitScript("delete Crypto.prototype.randomUUID");
  await page.goto(`/console${stage().at}/clients`);
  await settled(page);
  expect(await page.evaluate<string>("typeof crypto.randomUUID")).toBe("undefined");
  const hands = handsOn(page, "keyboard");
  await openCreate(page, hands);
  await createClient(page, hands, "plain-http");
});

test("somebody asks whether to leave a form → its key sends nothing behind the question, and again once they stay", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.postData()?.includes("mutation CreateClient")) sent.push(request.url());
  });
  await page.goto(`/console${stage().at}/clients`);
  await settled(page);
  const hands = handsOn(page, "keyboard");
  await openCreate(page, hands);
  await hands.fill(page.getByRole("dialog"), "Name", "left-behind");
  await page.keyboard.press("Escape");
  const question = page.getByRole("alertdialog");
  await question.waitFor();
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  expect(sent).toEqual([]);
  await page.keyboard.press("Control+Enter");
  await expect.poll(() => sent).toHaveLength(1);
});

test("what a row's Undo asks for fails, and what a question asks for → both say so, the question at its button", async () => {
  const { workspace, at } = stage();
  await workspace.addClient({ name: "not-undone", grants: {} });
  const visit = await browser.open(stage().origin, stage().owner);
  visit.allow(/net::ERR_/);
  const { page } = visit;
  await page.goto(`/console${at}/clients?q=not-undone`);
  await settled(page);
  await handsOn(page, "pointer").pick(page, "Actions for not-undone", "Disable");
  await told(page, "Disabled not-undone");
  await page.route("**/graphql**", (route) => route.abort());
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByText(/^Could not undo\. /).waitFor();
  await handsOn(page, "pointer").pick(page, "Actions for not-undone", "Delete");
  const question = page.getByRole("alertdialog");
  await question.getByRole("textbox").fill("not-undone");
  const act = question.getByRole("button", { name: "Delete not-undone" });
  await act.click();
  await question.getByRole("alert").waitFor();
  const described = await act.getAttribute("aria-describedby");
  expect(await page.locator(`[id="${described}"]`).textContent()).toBe(await question.getByRole("alert").textContent());
});

test("somebody else changes the access meanwhile → saving says what changed and keeps the choice; leaving while it is saved asks first", async () => {
  const { workspace, at, origin, owner } = stage();
  const shared = await workspace.addClient({ name: "shared-access", grants: { ledger: ["ledger:read"] } });
  const { page } = await browser.open(origin, owner);
  await page.goto(`/console${at}/clients/${shared.id}/access`);
  await settled(page);
  const box = (scope: string) => page.getByRole("checkbox", { name: new RegExp(`^${scope},`) });
  await box("ledger:write").check();
  const { id: resourceId } = workspace.resource("ledger");
  const theirs = { clientId: shared.id, resourceId, scopes: [] };
  await workspace.admin.must("setClientGrant", theirs, "__typename");
  await page.keyboard.press("Control+Enter");
  await page
    .getByRole("alert")
    .getByText(/ledger:read went from it\. .*what you chose is kept/)
    .waitFor();
  await expect.poll(() => box("ledger:read").isChecked()).toBe(false);
  expect(await box("ledger:write").isChecked()).toBe(true);

  const held = Promise.withResolvers<void>();
  await page.route("**/graphql**", async (route) => {
    if (route.request().postData()?.includes("mutation SetClientGrant")) await held.promise;
    await route.continue();
  });
  await page.keyboard.press("Control+Enter");
  await page.getByRole("link", { name: /^Credentials/ }).click();
  await page.getByRole("alertdialog").getByText("The access is not saved").waitFor();
  held.resolve();
  await page.waitForURL(/\/credentials$/);
  const query = "query ($id: ID!) { node(id: $id) { ... on Client { grants { scopes } } } }";
  const { node } = (await workspace.admin.run(query, { id: shared.id })) as { node: object };
  expect(node).toEqual({ grants: [{ scopes: ["ledger:write"] }] });
});

test("what is entered for a workspace is asked about before it is lost; the answer is lost → pressing again finds the one that was made", async () => {
  const visit = await browser.open(stage().origin, stage().owner);
  visit.allow(/net::ERR_/);
  const { page } = visit;
  await page.goto(`/console${stage().home}?new=workspace`);
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Name", { exact: true }).fill("Made once");
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").getByText("Leave without a workspace?").waitFor();
  await page.keyboard.press("Escape");
  let isLost = false;
  await page.route(
    (address) => address.pathname === "/graphql",
    async (route) => {
      if (isLost || !route.request().postData()?.includes("mutation CreateWorkspace")) return route.continue();
      isLost = true;
      await route.fetch();
      await route.abort();
    },
  );
  await page.keyboard.press("Control+Enter");
  await sheet.getByText(/did not answer/).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.waitForURL("**/w/made-once");
});

test("what was chosen for a new secret is asked about before it is lost", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`/console${stage().at}/clients/${stage().client.id}/credentials?new=secret`);
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel(/^Name ?optional/).fill("second");
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").getByRole("button", { name: "Leave without it" }).click();
  await sheet.waitFor({ state: "detached" });
});
