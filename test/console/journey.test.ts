import type { Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { refuseLeaks } from "../support/canaries.ts";
import { freshPassword } from "../support/person.ts";
import { startUnowned, type UnownedServer } from "../support/server.ts";
import { handsOn } from "./hands.ts";
import {
  clipboard,
  copied,
  copyAll,
  createApi,
  createClient,
  createWorkspace,
  openCreate,
  setUp,
  sheet,
  testIt,
} from "./journey.ts";
import { openProtectedApi } from "./protected-api.ts";
import { setUpCode } from "./set-up-code.ts";
import { claimsOf, languages, tokenOf } from "./snippets.ts";

let server: UnownedServer;
beforeEach(async () => {
  server = await startUnowned();
});
afterEach(async () => {
  const log = server.log();
  await server.destroy();
  refuseLeaks(log);
});
// After the server's hooks, so that its tabs are closed before the server goes.
const browser = useBrowser();

const audience = "https://invoices.example.com/";
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** What stands in the sheet after the test of the token. */
function expectTested(shown: string, issuer: string): void {
  expect(shown).toContain("Signature valid, checked here against the issuer's keys");
  expect(shown).toContain("Audience is Invoices");
  expect(shown).toContain("Has every scope that was asked for");
  expect(shown).toContain("Issuer's verify says 200: this token opens the API");
  expect(shown).toContain(issuer);
  expect(shown).toContain("invoices:read invoices:render");
}

/** Counts what a person presses from now on. */
async function countKeys(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(`
    window.pressed = 0;
    document.addEventListener("keydown", (event) => {
      if (!["Control", "Shift", "Alt", "Meta"].includes(event.key)) window.pressed += 1;
    }, true)`);
  return () => page.evaluate<number>("window.pressed");
}

describe.each(["pointer", "keyboard"] as const)("a newcomer with a %s alone", (device) => {
  test("[A11] [S3] [S4] [S6] [S7] [S14] set-up code → owner → workspace → API → client → secret → token, decoded and checked → the snippets run → their tokens open an API → next steps", async () => {
    const visit = await browser.open(server.origin);
    const { page } = visit;
    visit.allow(/status of 401 .*\/console\/auth\/account/);
    const hands = handsOn(page, device);
    const began = performance.now();
    await setUp(page, hands, setUpCode(server), freshPassword());
    await createWorkspace(page, hands, "payments-prod");
    await createApi(page, hands);
    await openCreate(page, hands);
    await createClient(page, hands, "invoice-renderer");
    const { clientId, secret, tokenUrl } = await copyAll(page, hands);
    const issuer = `${server.origin}/acme/payments-prod`;
    expect(tokenUrl).toBe(`${issuer}/oauth2/token`);
    expect(clientId).toMatch(/^cli_[0-9A-Za-z]{14}$/);
    expectTested(await testIt(page, hands), issuer);
    process.stdout.write(`From the set-up code to a token, by ${device}: ${seconds(began)} (a machine's hands)\n`);

    const api = await openProtectedApi({ issuer, audience, scope: "invoices:render" });
    const code = sheet(page).locator(".code").first();
    for (const language of languages) {
      await hands.tab(sheet(page), language);
      expect(await code.textContent()).not.toContain(secret);
      const snippet = await copied(page, hands, `${language} How to ask for a token`);
      expect(snippet).toContain(secret);
      if (language === "curl") expect(snippet.split("\n")[0]).toMatch(/^ CLIENT_SECRET=/);
      const token = await tokenOf(language, snippet);
      const claims = await claimsOf(token, issuer, audience);
      expect(claims).toMatchObject({ client_id: clientId, scope: "invoices:read invoices:render" });
      expect(await api.call(token)).toEqual([200, clientId]);
    }
    expect(await api.call(undefined)).toEqual([401, ""]);
    await api.close();
    await hands.tab(sheet(page), ".env");
    const env = await copied(page, hands, ".env How to ask for a token");
    expect(env.split("\n")).toEqual(
      expect.arrayContaining([`CLIENT_ID=${clientId}`, `CLIENT_SECRET=${secret}`, `TOKEN_URL=${tokenUrl}`]),
    );

    const next = sheet(page).getByRole("region", { name: "What next" });
    const links = await next.getByRole("link").all();
    const addresses = await Promise.all(links.map((link) => link.getAttribute("href")));
    const own = `/console/t/acme/w/payments-prod/clients/${clientId}`;
    expect(addresses.sort()).toEqual([`${own}/access`, `${own}/credentials`, `${own}/settings`]);
    await hands.press(next, "button", "Protect an API");
    await expect.poll(() => next.textContent()).toContain("oauth2/verify");
    await hands.press(next, "link", "Client settings");
    await page.waitForURL(`**/clients/${clientId}/settings`);
    for (const address of addresses) {
      await page.goto(String(address));
      await page.getByRole("heading", { level: 1, name: "invoice-renderer" }).waitFor();
      const tab = page.getByRole("navigation", { name: "Client" }).locator("[aria-current=page]");
      expect(await tab.getAttribute("href")).toBe(address);
    }
  });
});

test("[S4] with a template of hosts → the console shows each tenant's own address, and tests a client from where it is", async () => {
  await server.stop();
  await server.restart({ ORIGIN_TEMPLATE: "http://{tenant}.eu.localhost" });
  const visit = await browser.open(server.origin);
  const { page } = visit;
  visit.allow(/status of 401 .*\/console\/auth\/account/);
  const hands = handsOn(page, "pointer");
  await setUp(page, hands, setUpCode(server), freshPassword(), "http://acme.eu.localhost/acme/");
  await createWorkspace(page, hands, "payments-prod", "http://acme.eu.localhost/acme/payments-prod");
  await createApi(page, hands);
  await openCreate(page, hands);
  await createClient(page, hands, "invoice-renderer");
  const { tokenUrl } = await copyAll(page, hands);
  const issuer = "http://acme.eu.localhost/acme/payments-prod";
  expect(tokenUrl).toBe(`${issuer}/oauth2/token`);
  expectTested(await testIt(page, hands), issuer);
  await page.goto("/console/t/acme/w/payments-prod/settings");
  await page.getByText(issuer, { exact: true }).first().waitFor();
  await page.goto("/console/t/acme/tenants?new=tenant");
  await sheet(page).getByLabel("Name", { exact: true }).fill("Globex");
  await expect
    .poll(() => sheet(page).locator(".issuer-preview").textContent())
    .toContain("http://globex.eu.localhost/globex/");
});

test("[S3] from the Clients page to a decoded token: one field, four keys after the name", async () => {
  const visit = await browser.open(server.origin);
  const { page } = visit;
  visit.allow(/status of 401 .*\/console\/auth\/account/);
  const hands = handsOn(page, "keyboard");
  await setUp(page, hands, setUpCode(server), freshPassword());
  await createWorkspace(page, hands, "payments-prod");
  await createApi(page, hands);
  await page.goto("/console/t/acme/w/payments-prod/clients");
  await page.getByRole("heading", { level: 1, name: "Clients" }).waitFor();
  await page.evaluate("navigator.clipboard.writeText('')");

  const began = performance.now();
  await page.keyboard.press("c");
  const name = sheet(page).getByLabel("Name", { exact: true });
  await name.and(page.locator(":focus")).waitFor();
  await page.keyboard.type("invoice-renderer");
  const keys = await countKeys(page);
  await page.keyboard.press("Control+Enter");
  await sheet(page).getByRole("button", { name: "Copy client secret" }).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(() => clipboard(page)).toMatch(/^mms_/);
  await page.keyboard.press("t");
  const panel = sheet(page).getByRole("region", { name: "Test it now" });
  await panel.getByText("Token issued").waitFor();
  expectTested(String(await panel.textContent()), `${server.origin}/acme/payments-prod`);
  const took = seconds(began);
  await page.keyboard.press("Control+Enter");
  await page.waitForURL("**/clients/cli_*");
  expect(await keys()).toBeLessThanOrEqual(4);
  process.stdout.write(
    `From the Clients page to a decoded token: 1 field, ${await keys()} keys after the name, ${took}\n`,
  );
});
