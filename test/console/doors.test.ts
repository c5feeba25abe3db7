import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { type MailServer, startMailServer } from "../support/mail-server.ts";
import { confirmAddress } from "../support/member.ts";
import { freshPassword } from "../support/person.ts";
import { startServer, startUnowned, type TestServer, type UnownedServer } from "../support/server.ts";
import { setUpCode } from "./set-up-code.ts";

const browser = useBrowser();
const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

describe("a server that nobody owns", () => {
  let server: UnownedServer;
  beforeAll(async () => {
    server = await startUnowned();
  });
  afterAll(() => server.destroy());

  test("every way in leads to set-up; wrong input is said at its field, which has the focus; then set-up is closed", async () => {
    const visit = await browser.open(server.origin);
    const { page } = visit;
    visit.allow(/status of 401 .*\/console\/auth\/account/);
    visit.allow(/status of 400 .*\/console\/auth\/set-up/);
    await page.goto("/");
    await page.waitForURL("**/console/setup");
    const field = (label: string) => page.getByLabel(label, { exact: true });
    const submit = () => page.getByRole("button", { name: "Create and open the console" }).click();
    await field("Set-up code").fill("0000-0000-0000-0000-0000-0000-0000");
    await field("Tenant name").fill("Acme");
    await field("Your name").fill("Ada");
    await field("E-mail").fill("ada@example.com");
    await field("Password").fill("short");
    await submit();
    await expect.poll(() => field("Password").getAttribute("aria-invalid")).toBe("true");
    await expect.poll(() => field("Password").and(page.locator(":focus")).count()).toBe(1);
    await field("Password").fill(freshPassword());
    await submit();
    await expect.poll(() => field("Set-up code").getAttribute("aria-invalid")).toBe("true");
    await field("Set-up code").fill(setUpCode(server));
    await expect.poll(() => page.locator(".issuer-preview").textContent()).toContain(`${server.origin}/acme/`);
    await submit();
    await page.waitForURL("**/console/t/acme**");

    const second = await browser.open(server.origin);
    await second.page.goto("/console/setup");
    await heading(second.page, "This server has an owner").waitFor();
  });
});

describe("a server with an owner", () => {
  let server: TestServer;
  const password = freshPassword();
  let mail: MailServer;
  beforeAll(async () => {
    mail = await startMailServer();
    server = await startServer({ SMTP_URL: `smtp://localhost:${mail.port}`, MAIL_FROM: "mintmark@example.com" });
  });
  afterAll(() => Promise.all([server.destroy(), mail.close()]));

  test("an invitation makes its user the owner, works once, and its code leaves the address", async () => {
    const visit = await browser.open(server.origin);
    const { page } = visit;
    visit.allow(/status of 401 .*\/console\/auth\/account/);
    visit.allow(/status of 400 .*\/console\/auth\/invitation/);
    const link = server.bootstrapped.ownerInvite;
    await page.goto(link);
    await page.getByLabel("Your name", { exact: true }).fill("Ada Owner");
    await page.getByLabel("E-mail", { exact: true }).fill("owner@example.com");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: /^Join / }).click();
    await page.waitForURL(`**/console/t/${server.bootstrapped.tenant}`);
    await page.goto(link);
    await heading(page, "This link does not work").waitFor();
  });

  test("no session → sign-in, one text for a wrong e-mail and a wrong password; then on to where one was going", async () => {
    const visit = await browser.open(server.origin);
    const { page } = visit;
    visit.allow(/status of 401 /);
    const wanted = `/console/t/${server.bootstrapped.tenant}`;
    await page.goto(wanted);
    await page.waitForURL("**/console/sign-in?next=**");
    await heading(page, "Sign in").waitFor();
    const signIn = async (email: string, word: string) => {
      await page.getByLabel("E-mail", { exact: true }).fill(email);
      await page.getByLabel("Password", { exact: true }).fill(word);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
    };
    const said: string[] = [];
    for (const [email, word] of [
      ["owner@example.com", freshPassword()],
      ["nobody@example.com", password],
    ] as const) {
      const answered = page.waitForResponse("**/console/auth/sign-in");
      await signIn(email, word);
      await (await answered).finished();
      said.push(String(await page.getByRole("alert").textContent()));
    }
    expect(new Set(said).size).toBe(1);
    await signIn("owner@example.com", password);
    await page.waitForURL(`**${wanted}`);
    expect(await page.evaluate<string>("document.cookie")).toBe("");
    expect(await page.evaluate<string>("JSON.stringify({ ...localStorage, ...sessionStorage })")).not.toContain(
      "owner@",
    );
  });

  test("an address of another origin is never where one goes after sign-in", async () => {
    const { page } = await browser.open(server.origin);
    await page.goto(`/console/sign-in?next=${encodeURIComponent("//evil.example.com/")}`);
    await page.getByLabel("E-mail", { exact: true }).fill("owner@example.com");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(`**/console/t/${server.bootstrapped.tenant}`);
  });

  test("an invitation with an address → goes there by mail, and need not be copied", async () => {
    const { page } = await browser.open(server.origin);
    await page.goto(`/console/sign-in?next=/t/${server.bootstrapped.tenant}/members%3Fnew%3Dinvitation`);
    await page.getByLabel("E-mail", { exact: true }).fill("owner@example.com");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const sheet = page.locator("dialog[open]");
    await sheet.getByLabel("Role", { exact: true }).selectOption({ label: "auditor" });
    await sheet.getByLabel("Counts in", { exact: true }).selectOption({ label: "Everywhere in this tenant" });
    const byMail = sheet.getByRole("checkbox", { name: "Send the link there by mail" });
    expect(await byMail.isDisabled()).toBe(true);
    await sheet.getByLabel(/^E-mail/).fill("grace@example.com");
    expect(await byMail.isChecked()).toBe(true);
    await sheet.getByRole("button", { name: "Make the link" }).click();
    await sheet.getByText(/on its way by mail/).waitFor();
    expect((await mail.to("grace@example.com")).text).toContain(`${server.origin}/console/invite/`);
    await sheet.getByRole("button", { name: "Done" }).click();
    await expect.poll(() => sheet.count()).toBe(0);
  });

  test("a forgotten password → a link by mail, a new password, and signed in; then the link is dead", async () => {
    const { page, allow } = await browser.open(server.origin);
    allow(/status of 400 .*\/console\/auth\/new-password/);
    await confirmAddress(server, { email: "owner@example.com" });
    await page.goto("/console/sign-in");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await heading(page, "Forgot your password?").waitFor();
    await page.getByLabel("E-mail", { exact: true }).fill("owner@example.com");
    await page.getByRole("button", { name: "Send the link" }).click();
    await heading(page, "Look into your mail").waitFor();
    const link = /^http\S+$/m.exec((await mail.to("owner@example.com")).text)?.[0] ?? "";
    await page.goto(link);
    await page.getByLabel("New password", { exact: true }).fill(freshPassword());
    await page.getByRole("button", { name: "Set it and sign in" }).click();
    await page.waitForURL(`**/console/t/${server.bootstrapped.tenant}`);
    await page.goto(link);
    await heading(page, "This link does not work").waitFor();
    await page.getByRole("link", { name: "Ask for another link" }).click();
    await heading(page, "Forgot your password?").waitFor();
  });

  test("the console's policy stands in the answer's head: nothing inline, nothing from elsewhere", async () => {
    const { page } = await browser.open(server.origin);
    const answer = await page.goto("/console/sign-in");
    const policy = answer?.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });
});
