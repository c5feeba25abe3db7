import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser, type Visit } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { inDatabase, type SignedInPerson, signInAgain, signInMember } from "../support/member.ts";
import { totpCode } from "../support/person.ts";
import { violationsOn } from "./axe.ts";
import { type Hands, handsOn } from "./hands.ts";
import { copied, sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const somebody = () => {
  const { world, owner, tenant } = stage();
  return signInMember(world.server, owner, tenant.slug, [{ name: "owner" }]);
};

async function openAccount(person: SignedInPerson): Promise<Visit> {
  const visit = await browser.open(stage().origin, person);
  await visit.page.goto("/console/account");
  await settled(visit.page);
  return visit;
}

async function signOut(page: Page, hands: Hands, { email }: SignedInPerson): Promise<void> {
  await page.goto("/console/account");
  await settled(page);
  await hands.pick(page, /, Your account$/, `Sign out ${email}`);
  await page.waitForURL("**/console/sign-in");
  await settled(page);
}

/** As far as the password leads. */
async function givePassword(page: Page, hands: Hands, { email, password }: SignedInPerson): Promise<void> {
  await hands.fill(page, "E-mail", email);
  await hands.fill(page, "Password", password);
  await page.keyboard.press("Enter");
}

const isIn = (page: Page) => page.waitForURL(`**/console${stage().home}`);

/** A passkey that the browser keeps and that its holder unlocks, without a dialog (WebDriver's virtual authenticator). */
async function plugIn(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

const proveLongAgo = ({ memberId }: SignedInPerson) =>
  inDatabase(
    stage().world.server,
    (sql) => sql`update sessions s set authenticated_at = now() - interval '1 hour'
      from members m where m.user_id = s.user_id and m.id = ${memberId}`,
  );

test("a passkey is added on the account page → it alone signs in, and answers who is there before a dangerous act", async () => {
  const person = await somebody();
  const { page } = await openAccount(person);
  await plugIn(page);
  const hands = handsOn(page, "pointer");
  await hands.press(page, "button", "Add a passkey");
  await hands.fill(sheet(page), /^Name ?optional/, "Work laptop");
  expect(await violationsOn(page)).toEqual([]);
  await hands.send(sheet(page), "Add a passkey");
  await told(page, "Passkey added");
  await page.getByRole("button", { name: "Work laptop" }).waitFor();

  await signOut(page, hands, person);
  await hands.press(page, "button", "Sign in with a passkey");
  await isIn(page);

  await proveLongAgo(person);
  await page.goto(`/console${stage().home}/members?new=invitation`);
  await hands.select(sheet(page), "Role", "auditor");
  await hands.select(sheet(page), "Counts in", "Everywhere in this tenant");
  await hands.send(sheet(page), "Make the link");
  await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
  await hands.press(page, "button", "Use a passkey");
  const link = sheet(page).getByText(/\/console\/invite\//);
  await link.waitFor();
  remember(String(await link.textContent()).trim());
});

test("with the keyboard alone an authenticator app is set up → password and code sign in; a backup code does once", async () => {
  const person = await somebody();
  const visit = await openAccount(person);
  visit.allow(/status of 400 .*\/console\/auth\/sign-in\/backup-code/);
  const { page } = visit;
  const hands = handsOn(page, "keyboard");
  await hands.press(page, "button", "Set up an authenticator app");
  await hands.fill(page, "Your password", person.password);
  await page.keyboard.press("Enter");
  await sheet(page).getByRole("img", { name: "QR code with the key" }).waitFor();
  const key = remember(await copied(page, hands, "key"));
  const code = (steps: number) => totpCode(`otpauth://totp/?secret=${key}`, steps);
  await hands.fill(sheet(page), "Code", code(0));
  await page.keyboard.press("Enter");
  await told(page, "Authenticator app is on");
  // Each code is shown once: no way out is taken unasked.
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").getByText("The backup codes have not been copied").waitFor();
  await page.keyboard.press("Escape");
  const [backup = ""] = (await copied(page, hands, "backup codes")).split("\n").map(remember);
  await hands.press(sheet(page), "button", "Done");

  await signOut(page, hands, person);
  await givePassword(page, hands, person);
  // A code is good once, and this one was used a moment ago.
  await hands.fill(page, "Code", code(1));
  await page.keyboard.press("Enter");
  await isIn(page);

  const byBackupCode = async () => {
    await signOut(page, hands, person);
    await givePassword(page, hands, person);
    await hands.press(page, "button", "Use a backup code");
    await hands.fill(page, "Backup code", backup);
    await page.keyboard.press("Enter");
  };
  await byBackupCode();
  await isIn(page);
  await byBackupCode();
  await page.getByLabel("Backup code", { exact: true }).and(page.locator("[aria-invalid=true]:focus")).waitFor();
});

test("the session of another browser is ended from the list → that one is asked to sign in at its next act", async () => {
  const person = await somebody();
  const other = await browser.open(stage().origin, await signInAgain(stage().world, person));
  other.allow(/status of 401 /);
  await other.page.goto(`/console${stage().at}/clients`);
  await settled(other.page);

  const { page } = await browser.open(stage().origin, person);
  const hands = handsOn(page, "pointer");
  await page.goto("/console/account/sessions");
  await settled(page);
  const rows = page.getByRole("table", { name: "Your sessions" }).locator(".row[data-index]");
  expect(await rows.count()).toBe(2);
  await rows
    .filter({ hasNotText: "This one" })
    .getByRole("button", { name: /^Actions for / })
    .click();
  await hands.press(page, "menuitem", "End session");
  await told(page, "Session ended");
  await expect.poll(() => rows.count()).toBe(1);
  await rows.getByText("This one", { exact: true }).waitFor();

  await handsOn(other.page, "pointer").press(other.page, "link", /^APIs & scopes/);
  await other.page.getByRole("alertdialog").getByRole("heading", { name: "Your session has ended" }).waitFor();
});
