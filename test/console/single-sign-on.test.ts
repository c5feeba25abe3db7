import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inDatabase, type SignedInPerson, signInOwner } from "../support/member.ts";
import { type OpenIdProvider, startOpenIdProvider } from "../support/open-id-provider.ts";
import { startServer } from "../support/server.ts";
import { useWorldOn } from "../support/world.ts";

let provider: OpenIdProvider;
const browser = useBrowser();
const world = useWorldOn(async () => {
  provider = await startOpenIdProvider();
  return startServer({ EGRESS_ALLOW: `localhost:${provider.port}`, EGRESS_CA_FILE: provider.authorityFile });
});
afterAll(() => provider.close());
let owner: SignedInPerson;
beforeAll(async () => {
  owner = await signInOwner(world.server);
});

const sheet = (page: Page) => page.locator("dialog[open]");
const look = () => ({ elsewhere: provider.issuer });
/** The provider's own pages wish for letters from elsewhere. */
const letters = /fonts\.googleapis\.com/;

/** Logs in at the provider's own pages, and consents. */
async function logIn(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(login);
  await page.getByPlaceholder("and password").fill("whatever");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("an owner adds a provider in one sheet → the address that it needs is shown, and the list has it", async () => {
  const { page } = await browser.open(world.origin, owner);
  await page.goto("/console/t/root/members/sign-in");
  await page.getByRole("button", { name: "Add provider" }).click();
  const field = (label: string) => sheet(page).getByLabel(label, { exact: true });
  await field("Name").fill("Acme ID");
  await field("Issuer").fill(provider.issuer);
  await field("Client ID").fill(provider.clientId);
  await field("Client secret").fill(provider.clientSecret);
  await sheet(page).getByText("By signing in").click();
  await sheet(page)
    .getByRole("button", { name: /^Add provider/ })
    .click();
  await sheet(page).getByText("Choose a role, and where it counts.").first().waitFor();
  await field("Role").selectOption({ label: "admin" });
  await field("Counts in").selectOption({ label: "Everywhere in this tenant" });
  await sheet(page)
    .getByRole("button", { name: /^Add provider/ })
    .click();
  await sheet(page).getByRole("heading", { name: "Acme ID is added" }).waitFor();
  const shown = await sheet(page)
    .getByText(/\/console\/sso\/sso_/)
    .first()
    .textContent();
  expect(shown).toMatch(new RegExp(`^${world.origin}/console/sso/sso_[0-9A-Za-z]{14}`));
  provider.allow(String(shown?.match(/^\S+/)?.[0]));
  await sheet(page).getByRole("button", { name: "Done" }).click();
  await page.getByRole("row", { name: /Acme ID.*By signing in: admin everywhere/ }).waitFor();
});

test("from the sign-in page over the provider's own login to the tenant; a dangerous act asks there once more, and goes on", async () => {
  provider.people.set("ada", { email: "ada@acme.example", email_verified: true, name: "Ada Lovelace" });
  const visit = await browser.open(world.origin, undefined, look());
  const { page } = visit;
  visit.allow(/status of 401/);
  // The provider's own page has no picture for its tab.
  visit.allow(/status of 404 .*favicon/);
  visit.allow(letters);
  // A page of the tenant leads to the sign-in page, which knows the tenant's providers.
  await page.goto("/console/t/root/members");
  await page.waitForURL("**/console/sign-in?next=**");
  await page.getByRole("button", { name: "Continue with Acme ID" }).click();
  await logIn(page, "ada");
  await page.waitForURL("**/console/t/root/members");
  await page.getByRole("row", { name: /Ada Lovelace/ }).waitFor();

  await page.getByRole("button", { name: "Invite" }).click();
  await sheet(page).getByLabel("Role", { exact: true }).selectOption({ label: "auditor" });
  await sheet(page).getByLabel("Counts in", { exact: true }).selectOption({ label: "Everywhere in this tenant" });
  await sheet(page)
    .getByLabel(/^E-mail/)
    .fill("grace@example.com");
  await sheet(page)
    .getByRole("button", { name: /^Make the link/ })
    .click();
  const opened = page.waitForEvent("popup");
  await page.getByRole("button", { name: "Confirm at Acme ID" }).click();
  const other = await opened;
  await other.getByPlaceholder("Enter any login").fill("ada");
  await other.getByPlaceholder("and password").fill("whatever");
  await other.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("heading", { name: "The invitation is ready" }).waitFor();

  // The session ends under the page: the same person comes back in a window beside it, and what was asked for goes on.
  await sheet(page).getByRole("checkbox").check();
  await sheet(page).getByRole("button", { name: "Done" }).click();
  await inDatabase(world.server, (sql) => sql`delete from sessions where tenant_id is not null`);
  await page.getByRole("link", { name: "Roles", exact: true }).click();
  const regained = page.waitForEvent("popup");
  await sheet(page).getByRole("button", { name: "Continue with Acme ID" }).click();
  const beside = await regained;
  await expect.poll(() => beside.isClosed()).toBe(true);
  await page
    .getByRole("row", { name: /auditor/ })
    .first()
    .waitFor();
  expect(page.url()).toMatch(/\/t\/root\/members\/roles$/);

  const account = await visit.page.context().newPage();
  await account.goto("/console/account");
  await account.getByText("You sign in with Acme ID.").waitFor();
  expect(await account.getByRole("heading", { name: "Passkeys" }).count()).toBe(0);
  expect(await account.getByLabel("Current password").count()).toBe(0);
});

test("somebody names their tenant; turned off, its people are signed out, and a late answer says why nothing opens", async () => {
  const visit = await browser.open(world.origin, undefined, look());
  const { page } = visit;
  visit.allow(/status of (401|404)/);
  visit.allow(letters);
  await page.goto("/console/sign-in");
  await page.getByRole("button", { name: "Use single sign-on" }).click();
  const tenant = page.getByLabel("Your tenant's name in addresses");
  await tenant.fill("nobody");
  await page.getByRole("button", { name: "Find its single sign-on" }).click();
  await page.getByText("There is no single sign-on for a tenant of this name.").waitFor();
  await tenant.fill("root");
  await page.getByRole("button", { name: "Find its single sign-on" }).click();
  await page.getByRole("button", { name: "Continue with Acme ID" }).click();
  await page.getByPlaceholder("Enter any login").waitFor();

  const { page: settings } = await browser.open(world.origin, owner);
  await settings.goto("/console/t/root/members/sign-in");
  await settings.getByRole("button", { name: "Actions for Acme ID" }).click();
  await settings.getByRole("menuitem", { name: "Turn off" }).click();
  await sheet(settings).getByRole("button", { name: "Turn off" }).click();
  await settings.getByRole("row", { name: /Acme ID.*Off/ }).waitFor();

  await logIn(page, "late");
  await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
  await page.getByText("There is no such single sign-on, or it was turned off.").waitFor();
  expect(page.url()).toMatch(/\/console\/sso\/sso_\w+$/);
});
