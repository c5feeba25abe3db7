import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { remember } from "../support/canaries.ts";
import type { Hands } from "./hands.ts";

/** What a person sees of a client that was just created. */
export interface Shown {
  readonly clientId: string;
  readonly secret: string;
  readonly tokenUrl: string;
}

/** The sheet or dialog on top. */
export const sheet = (page: Page): Locator => page.locator("dialog.sheet[open]").last();

export const clipboard = (page: Page): Promise<string> => page.evaluate<string>("navigator.clipboard.readText()");

/** Presses a copy button, and reads what it put on the clipboard. */
export async function copied(page: Page, hands: Hands, what: string): Promise<string> {
  await page.evaluate("navigator.clipboard.writeText('nothing was copied')");
  await hands.press(sheet(page), "button", `Copy ${what}`);
  await expect.poll(() => clipboard(page)).not.toBe("nothing was copied");
  return clipboard(page);
}

/** Presses Escape until it asks: a tooltip that stands is closed first. */
export async function escapeTo(page: Page, question: Locator): Promise<void> {
  await expect
    .poll(async () => {
      if (await question.isVisible()) return true;
      await page.keyboard.press("Escape");
      return false;
    })
    .toBe(true);
}

/** The issuer as it is shown while names are typed. */
const foreseen = (place: Page | Locator, issuer: string) =>
  place.locator(".issuer-preview").filter({ hasText: issuer }).waitFor();

/**
 * From the set-up code to the tenant's owner.
 *
 * @param issuer what is to be shown of the issuer, before it is made
 */
export async function setUp(page: Page, hands: Hands, code: string, password: string, issuer?: string): Promise<void> {
  await page.goto("/");
  await page.waitForURL("**/console/setup");
  await hands.fill(page, "Set-up code", code);
  await hands.fill(page, "Tenant name", "Acme");
  if (issuer) await foreseen(page, issuer);
  await hands.fill(page, "Your name", "Ada Owner");
  await hands.fill(page, "E-mail", "ada@example.com");
  await hands.fill(page, "Password", password);
  await hands.press(page, "button", "Create and open the console");
  await page.waitForURL("**/console/t/acme**");
}

export async function createWorkspace(page: Page, hands: Hands, name: string, issuer?: string): Promise<void> {
  await hands.fill(sheet(page), "Name", name);
  if (issuer) await foreseen(sheet(page), issuer);
  await hands.press(sheet(page), "button", /^Create workspace/);
  await page.waitForURL(`**/w/${name}`);
}

/** From the workspace's checklist to an API with two scopes. */
export async function createApi(page: Page, hands: Hands): Promise<void> {
  await hands.press(page, "link", "Create API");
  await hands.fill(sheet(page), "Name", "Invoices");
  await hands.fill(sheet(page), "Identifier", "https://invoices.example.com/");
  await hands.fill(sheet(page), "Scope 1", "invoices:read");
  await hands.press(sheet(page), "button", "Add scope");
  await hands.fill(sheet(page), "Scope 2", "invoices:render");
  await hands.press(sheet(page), "button", /^Create API/);
  await page.waitForURL("**/apis/res_*");
  await page.getByRole("heading", { level: 1, name: "Invoices" }).waitFor();
}

/** Opens the sheet of a new client: through the navigation, or by the key that does it from anywhere. */
export async function openCreate(page: Page, hands: Hands): Promise<void> {
  if (hands.device === "keyboard") await page.keyboard.press("c");
  else {
    await hands.press(page.getByRole("navigation", { name: "Workspace" }), "link", /^Clients/);
    await page.getByRole("heading", { level: 1, name: "Clients" }).waitFor();
    // At the head of the page; an empty list offers the same once more.
    await page
      .getByRole("link", { name: /^Create client/ })
      .first()
      .click();
  }
  await sheet(page).getByLabel("Name", { exact: true }).and(page.locator(":focus")).waitFor();
}

/** Names the client and makes it. */
export async function createClient(page: Page, hands: Hands, name: string): Promise<void> {
  await hands.fill(sheet(page), "Name", name);
  // Row S3: a client is of the type Service, and says so.
  await sheet(page)
    .getByText(/^Service: a program/)
    .waitFor();
  await hands.send(sheet(page), "Create client");
  await sheet(page)
    .getByRole("heading", { name: `${name}: keep its secret` })
    .waitFor();
}

/** Copies the three values that a service needs. */
export async function copyAll(page: Page, hands: Hands): Promise<Shown> {
  const secret = remember(await copied(page, hands, "client secret"));
  const clientId = await copied(page, hands, "client ID");
  const tokenUrl = await copied(page, hands, "token URL");
  expect(secret).toMatch(/^mms_[0-9A-Za-z]{49}$/);
  return { secret, clientId, tokenUrl };
}

/** Test it now: the token as the sheet shows it. */
export async function testIt(page: Page, hands: Hands): Promise<string> {
  if (hands.device === "keyboard") await page.keyboard.press("t");
  else await hands.press(sheet(page), "button", /^Test it now/);
  const panel = sheet(page).getByRole("region", { name: "Test it now" });
  await panel.getByText("Token issued").waitFor();
  return String(await panel.textContent());
}
