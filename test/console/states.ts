import type { Page } from "playwright-core";
import { fetchToken } from "../support/token.ts";
import { handsOn } from "./hands.ts";
import { copied, createClient, openCreate, sheet, testIt } from "./journey.ts";
import { personStates } from "./person-states.ts";
import { dialog, over, pressing, type State } from "./state.ts";
import { troubleStates } from "./trouble-states.ts";

async function reveal(page: Page, mark: string): Promise<void> {
  const hands = handsOn(page, "keyboard");
  await openCreate(page, hands);
  await sheet(page)
    .getByRole("checkbox", { name: /^ledger:read/ })
    .check();
  await createClient(page, hands, mark);
}

async function newTenant(page: Page, mark: string): Promise<void> {
  await sheet(page).getByLabel("Name", { exact: true }).fill(`tenant ${mark}`);
  // A slug is there once, whatever made it before.
  await sheet(page)
    .getByLabel("Name in addresses", { exact: true })
    .fill(`tenant-${Date.now().toString(36)}`);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: `tenant ${mark} is ready` }).waitFor();
}

/** Makes a tenant, and opens it. */
async function openedTenant(page: Page, mark: string): Promise<void> {
  await newTenant(page, mark);
  await page.getByRole("checkbox", { name: "I stored what I need of these" }).check();
  await page.keyboard.press("Control+Enter");
  await page
    .getByRole("main")
    .getByRole("button", { name: `Actions for tenant ${mark}`, exact: true })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Open" }).click();
  await page.getByRole("button", { name: "Suspend", exact: true }).waitFor();
}

/** Opens the menu of the first row of a table. */
const firstMenu = (page: Page) =>
  page
    .getByRole("main")
    .getByRole("button", { name: /^Actions for …/ })
    .first()
    .click();

/** Picks what may be done to the first webhook. */
async function ofWebhook(page: Page, act: string): Promise<void> {
  await page
    .getByRole("table", { name: "Webhooks" })
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: act }).click();
}

/** Turns a log live. */
async function followed(page: Page): Promise<void> {
  await page.keyboard.press("l");
  await page.locator(".live-switch .live:not(.waiting, .away)").waitFor();
}

export const states: readonly State[] = [
  over("reveal", "clients", reveal),
  over("reveal-tested", "clients", async (page, mark) => {
    await reveal(page, mark);
    const hands = handsOn(page, "pointer");
    await copied(page, hands, "client secret");
    await testIt(page, hands);
  }),
  over("reveal-leave", "clients", async (page, mark) => {
    await reveal(page, mark);
    await page.keyboard.press("Escape");
    await page.getByRole("alertdialog").waitFor();
  }),
  over("palette", "clients", async (page) => {
    await page.keyboard.press("Control+k");
    await dialog(page);
    await page.keyboard.type("c");
  }),
  over("switcher", "clients", async (page) => {
    await page.keyboard.press("Control+Shift+o");
    await dialog(page);
  }),
  over("shortcuts", "clients", async (page) => {
    await page.keyboard.press("?");
    await dialog(page);
  }),
  over("clients-chosen", "clients", async (page) => {
    // A narrow screen has no boxes.
    const boxes = page.getByRole("checkbox", { name: /^Select (ledger|fraud)/ });
    for (const box of await boxes.all()) await box.check();
  }),
  over("clients-delete", "clients", async (page) => {
    const boxes = page.getByRole("checkbox", { name: /^Select (ledger|fraud)/ });
    if ((await boxes.count()) === 0) return;
    for (const box of await boxes.all()) await box.check();
    const bar = page.getByRole("region", { name: "Actions for the selected rows" });
    await bar.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("alertdialog").waitFor();
  }),
  over("imports-refused", "imports", async (page) => {
    await page.getByRole("button", { name: "Import clients", exact: true }).click();
    await page.locator(".problem").first().waitFor();
  }),
  over("client-menu", "client", async (page) => {
    await page
      .getByRole("main")
      .getByRole("button", { name: /^More|actions/i })
      .first()
      .click();
    await page.getByRole("menu").waitFor();
  }),
  over("client-key-address", "client-key", (page) => page.getByText("Its address (jwks_uri)").click()),
  over("client-certificate-itself", "client-certificate", async (page) => {
    await page.getByLabel("Known by").selectOption("THUMBPRINT");
  }),
  over("client-trust-kubernetes", "client-trust", (page) => page.getByText("Kubernetes", { exact: true }).click()),
  over("client-trust-refused", "client-trust", async (page) => {
    await page.keyboard.press("Control+Enter");
    await page.locator(".problem").first().waitFor();
  }),
  over("client-import-hash", "client-import", (page) => page.getByText("Its SHA-256").click()),
  over("client-secret-menu", "client-credentials-all", async (page) => {
    await firstMenu(page);
    await page.getByRole("menu").waitFor();
  }),
  over("client-rotate", "client-credentials", async (page) => {
    await firstMenu(page);
    await page.getByRole("menuitem", { name: "Rotate" }).click();
    await dialog(page);
  }),
  over("client-rotate-now", "client-credentials", async (page) => {
    await firstMenu(page);
    await page.getByRole("menuitem", { name: "Rotate" }).click();
    await dialog(page);
    await page.getByText("No overlap", { exact: true }).click();
  }),
  over("client-retire", "client-credentials-all", pressing("Retire now")),
  over("client-rotation-cancel", "client-credentials-all", pressing("Cancel rotation")),
  over("client-api-token-narrowed", "client-api-token", async (page) => {
    await page.getByText("Which credential do I need?").click();
    await page.getByText("Only some of it").click();
    await page.getByRole("dialog").getByText("Never", { exact: true }).click();
  }),
  over("client-api-token-refused", "client-api-token", async (page) => {
    await page.keyboard.press("Control+Enter");
    await page.locator(".problem").first().waitFor();
  }),
  over("api-token-peek", "api-tokens", async (page) => {
    await page.getByRole("row").filter({ hasText: "Till in Lyon" }).click();
    await dialog(page);
  }),
  over("api-token-edit", "api-tokens", async (page) => {
    await page.getByRole("button", { name: "Actions for Till in Lyon" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByLabel("Name", { exact: true }).waitFor();
  }),
  over("api-token-revoke", "client-credentials", async (page) => {
    await page.getByRole("button", { name: "Actions for Till in Lyon" }).click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await dialog(page);
  }),
  over("api-token-reveal", "api-token-choose", async (page, mark) => {
    const form = page.locator("dialog[open]");
    await form.getByRole("button", { name: /^fraud-scorer/ }).click();
    await form.getByLabel("Name", { exact: true }).fill(`connector-${mark}`);
    await form.getByRole("button", { name: /^Create API token/ }).click();
    await form.getByText(/mmt_/).first().waitFor();
    await page.getByRole("heading", { name: `connector-${mark} is ready` }).waitFor();
  }),
  over("authority-add", "workspace-settings", pressing("Trust an authority")),
  over("workspace-suspend", "workspace-settings", pressing("Suspend")),
  over("workspace-delete", "workspace-settings", pressing("Delete workspace")),
  over("notices-refused", "notices-webhook", async (page) => {
    await page.keyboard.press("Control+Enter");
    await page.locator(".problem").first().waitFor();
  }),
  over("notices-reveal", "notices", async (page) => {
    await ofWebhook(page, "New secret");
    const form = page.locator("dialog[open]");
    await form.getByRole("button", { name: "Make new secret" }).click();
    await form
      .getByText(/whsec_/)
      .first()
      .waitFor();
  }),
  over("notices-delete", "notices", async (page) => {
    await ofWebhook(page, "Delete");
    await dialog(page);
  }),
  over("registration-reveal", "registration-token", async (page, mark) => {
    const form = page.locator("dialog[open]");
    await form.getByLabel("Name", { exact: true }).fill(`pipeline-${mark}`);
    await form.getByRole("checkbox", { name: /^ledger:read/ }).check();
    await form.getByRole("button", { name: "Create token" }).click();
    await form.getByText(/mmr_/).first().waitFor();
  }),
  over("registration-refused", "registration-token", async (page) => {
    await page.getByText("Only these", { exact: true }).click();
    await page.keyboard.press("Control+Enter");
    await page.locator(".problem").first().waitFor();
  }),
  over("registration-revoke", "registration", async (page) => {
    await page
      .getByRole("main")
      .getByRole("button", { name: /^Actions for / })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await dialog(page);
  }),
  over("client-grant-end", "client-access", pressing("No end: When the access to invoices ends")),
  over("member-give-role", "member", pressing("Give role")),
  over("member-remove", "member", async (page) => {
    await page.getByRole("button", { name: "Remove member", exact: true }).click();
    await page.getByRole("alertdialog").waitFor();
  }),
  over("member-invite-refused", "member-invite", async (page) => {
    await page.keyboard.press("Control+Enter");
    await page.locator(".problem").first().waitFor();
  }),
  over("member-invited", "member-invite", async (page) => {
    const form = page.locator("dialog[open]");
    await form.getByLabel("Role", { exact: true }).selectOption({ label: "auditor" });
    await form.getByLabel("Counts in", { exact: true }).selectOption({ label: "Everywhere in this tenant" });
    await form.getByRole("button", { name: "Make the link" }).click();
    await form.getByText(/\/console\/invite\//).waitFor();
  }),
  over("member-erase", "member-former", async (page) => {
    await page.getByRole("button", { name: /^Actions for/ }).click();
    await page.getByRole("menuitem", { name: "Erase" }).click();
    await page.getByRole("alertdialog").waitFor();
  }),
  over("member-role", "member-roles", async (page) => {
    await page.getByRole("row").filter({ hasText: "developer" }).click();
    await dialog(page);
  }),
  over("member-role-create", "member-roles", pressing("Create role")),
  over("audit-export", "audit", pressing("Export")),
  over("audit-live", "audit", followed),
  over("token-log-live", "token-log", async (page, _, { stage }) => {
    await followed(page);
    // Who is in a row keeps it under the cursor.
    await page.keyboard.press("j");
    await fetchToken(stage.client);
    await page.getByRole("button", { name: / new$/ }).waitFor();
  }),
  over("token-peek", "token-log", async (page) => {
    // The newest refusals may stand first.
    await page.getByRole("table").getByText("Issued", { exact: true }).first().click();
    await dialog(page);
    await page.getByRole("button", { name: "Revoke token" }).waitFor();
  }),
  over("tenant-reveal", "tenant-create", newTenant),
  over("tenant", "tenant-create", openedTenant),
  over("tenant-owner-link", "tenant-create", async (page, mark) => {
    await openedTenant(page, mark);
    await page.getByRole("button", { name: "New owner link", exact: true }).click();
    await page.getByRole("heading", { name: `New link for the owner of tenant ${mark}` }).waitFor();
  }),
  over("signing-keys-rotate", "signing-keys", pressing("Rotate now")),
  ...personStates,
  ...troubleStates,
];
