import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { eventually } from "../support/http.ts";
import { inDatabase, signInMember } from "../support/member.ts";
import { askToken, basic, decodeJwt, fetchToken, post } from "../support/token.ts";
import type { StoryWorkspace } from "../support/world.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { copied, createClient, openCreate, testIt } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();
const devices = ["pointer", "keyboard"] as const;

/** A setting of a workspace as the API tells it. */
async function settingOf({ id, admin }: StoryWorkspace, name: string): Promise<unknown> {
  const query = `query ($id: ID!) { node(id: $id) { ... on Workspace { settings { ${name} { value level own } } } } }`;
  const { node } = (await admin.run(query, { id })) as { node: { settings: Record<string, unknown> } };
  return node.settings[name];
}

const group = (page: Page, name: string) => page.getByRole("group", { name, exact: true });

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`/console${path}`);
  await settled(page);
}

describe.each(devices)("with the %s", (device) => {
  test("a setting is said here, counts for the clients, and goes back to what is inherited", async () => {
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, device);
    await open(page, `${stage().at}/settings`);
    await hands.choose(page, "Token lifetime", "Set here");
    await hands.fill(page, "Token lifetime, in seconds", "300");
    await group(page, "Token lifetime").waitFor();
    await page.getByText("5 min. The shortest of all levels wins.").waitFor();
    await hands.send(page, "Save changes");
    await told(page, "Saved: token lifetime");
    expect(await settingOf(stage().workspace, "accessTokenLifetime")).toEqual({
      value: 300,
      level: "WORKSPACE",
      own: 300,
    });
    // What a client inherits says where it comes from.
    await open(page, `${stage().at}/clients/${stage().client.id}/settings`);
    await group(page, "Token lifetime").getByText("Inherited: 5 min").waitFor();
    await group(page, "Token lifetime").getByText("Set by the workspace.").waitFor();
    await open(page, `${stage().at}/settings`);
    await hands.choose(page, "Token lifetime", "Default: 15 min");
    await hands.send(page, "Save changes");
    await told(page, "Saved: token lifetime");
    expect(await settingOf(stage().workspace, "accessTokenLifetime")).toEqual({
      value: 900,
      level: "DEFAULT",
      own: null,
    });
  });

  test("what happens while the database is away is one choice; the name of the workspace is another mutation, saved at once", async () => {
    const { empty } = stage();
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, device);
    await open(page, `${stage().home}/w/${empty.slug}/settings`);
    const name = `payments ${device}`;
    await hands.fill(page, "Name", name);
    await hands.choose(page, "While the database is away", "Stop");
    await hands.send(page, "Save changes");
    await told(page, "Saved: name and while the database is away");
    expect(await settingOf(empty, "whenDatabaseAway")).toEqual({ value: "STOP", level: "WORKSPACE", own: "STOP" });
    await page.getByRole("button", { name }).waitFor();
    await hands.choose(page, "While the database is away", "Default: Continue");
    await hands.fill(page, "Name", empty.slug);
    await hands.send(page, "Save changes");
    await expect.poll(() => settingOf(empty, "whenDatabaseAway")).toMatchObject({ own: null });
  });

  test("issuing stops after the name was typed, says who felt it, and goes on with one press", async () => {
    const { client } = stage();
    const status = async () => (await askToken(client)).status;
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, device);
    await open(page, `${stage().at}/settings`);
    await hands.press(page, "button", "Stop issuing");
    const question = page.getByRole("alertdialog");
    const said = String(await question.textContent());
    expect(said).toContain("every client of this workspace that asks for a token gets 503");
    expect(said).toMatch(/In the last 24 hours \d+ clients got \d+ tokens\./);
    const stop = question.getByRole("button", { name: "Stop issuing for payments-prod" });
    expect(await stop.getAttribute("aria-disabled")).toBe("true");
    expect(await violationsOn(page)).toEqual([]);
    await hands.fill(question, "Type payments-prod to confirm", "payments-prod");
    await hands.press(question, "button", "Stop issuing for payments-prod");
    await page.getByText("Stopped, set by the workspace").waitFor();
    await eventually(status, (seen) => seen === 503, 5);
    await hands.press(page, "button", "Issue again");
    await told(page, "Issuing again");
    await eventually(status, (seen) => seen === 200, 5);
  });

  test("all tokens are revoked after the name was typed and what follows was read; new ones are given", async () => {
    const { client } = stage();
    const token = await fetchToken(client);
    const isActive = async (one: string) => {
      const url = client.tokenEndpoint.replace(/token$/, "introspect");
      return (await post(url, { token: one }, [basic(client)])).json()["active"];
    };
    expect(await isActive(token)).toBe(true);
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, device);
    await open(page, `${stage().at}/settings`);
    await hands.press(page, "button", "Revoke all tokens");
    const question = page.getByRole("alertdialog");
    const said = String(await question.textContent());
    expect(said).toContain("Every token that this workspace has issued is dead");
    expect(said).toMatch(/In the last 24 hours \d+ clients got \d+ tokens\./);
    const act = question.getByRole("button", { name: "Revoke all tokens of payments-prod" });
    expect(await act.getAttribute("aria-disabled")).toBe("true");
    expect(await violationsOn(page)).toEqual([]);
    await hands.fill(question, "Type payments-prod to confirm", "payments-prod");
    await hands.press(question, "button", "Revoke all tokens of payments-prod");
    await told(page, "All tokens are revoked");
    await page.getByText("Last done: all tokens from before").waitFor();
    expect(await isActive(token)).toBe(false);
    expect(await isActive(await fetchToken(client))).toBe(true);
  });
});

test("[S8] claims and format are said for a workspace; a lower ceiling names whom it would lock out before it is saved", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "keyboard");
  await open(page, `${stage().at}/settings`);
  await hands.choose(page, "Custom claims", "Set here");
  await hands.fill(page, "Claims, one a line", 'region = eu\nsub = "x"');
  await hands.send(page, "Save changes");
  await page.getByText(/This claim has a meaning of its own in tokens/).waitFor();
  expect(await page.getByLabel("Claims, one a line").inputValue()).toContain('sub = "x"');
  await hands.fill(page, "Claims, one a line", "region = eu\nlevel = 3");
  await hands.choose(page, "Token format", "Opaque");
  await hands.choose(page, "Allowed methods", "Set here");
  for (const method of ["client_secret_basic", "client_secret_post"])
    await page.getByRole("checkbox", { name: method }).uncheck();
  await page.getByText(/clients? would be locked out/).waitFor();
  await page.getByRole("link", { name: "fraud-scorer" }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await hands.choose(page, "Allowed methods", /^Default/);
  await hands.send(page, "Save changes");
  await told(page, "Saved: token format and custom claims");
  expect(await settingOf(stage().workspace, "accessTokenFormat")).toEqual({
    value: "OPAQUE",
    level: "WORKSPACE",
    own: "OPAQUE",
  });
  await open(page, `${stage().at}/clients/${stage().client.id}/settings`);
  await group(page, "Token format").getByText("Inherited: Opaque").waitFor();
  await group(page, "Custom claims").getByText("Inherited: level, region").waitFor();
  await stage().workspace.admin.must(
    "updateWorkspaceSettings",
    { workspaceId: stage().workspace.id, accessTokenFormat: null, customClaims: null },
    "__typename",
  );
});

test("[S8] a client's algorithm: said before it is saved, then from when it signs and what signs until then; it goes back", async () => {
  const { world, tenant, origin, owner, home } = stage();
  const client = await world.tenant(tenant).workspace().resource("orders", ["orders:read"]).client();
  const { page } = await browser.open(origin, owner);
  const hands = handsOn(page, "keyboard");
  await open(page, `${home}/w/${client.workspace.slug}/clients/${client.id}/settings`);
  await group(page, "Signing algorithm").getByText("Inherited: ES256").waitFor();
  await hands.choose(page, "Signing algorithm", "RS256");
  await page.getByText("Where no key of RS256 is published yet, ES256 signs for 10 min more after you save.").waitFor();
  await hands.send(page, "Save changes");
  await told(page, "Saved: signing algorithm");
  await page.getByText(/^RS256 signs from .* ES256 signs until then\.$/).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  expect(decodeJwt(await fetchToken(client)).header["alg"]).toBe("ES256");
  await hands.choose(page, "Signing algorithm", "Inherited: ES256");
  await hands.send(page, "Save changes");
  await page.getByText(/RS256 signs from/).waitFor({ state: "detached" });
});

test("[S7] [S8] Test it now tells what an opaque token holds, custom claims too, and that only the issuer opens it", async () => {
  const { world, tenant, origin, owner, home } = stage();
  const workspace = await world.tenant(tenant).workspace().resource("orders", ["orders:read"]).ready();
  const customClaims = [{ name: "region", value: '"eu-west"' }];
  const input = { workspaceId: workspace.id, accessTokenFormat: "OPAQUE", customClaims };
  await workspace.admin.must("updateWorkspaceSettings", input, "__typename");
  const { page } = await browser.open(origin, owner);
  const hands = handsOn(page, "pointer");
  await open(page, `${home}/w/${workspace.slug}/clients`);
  await openCreate(page, hands);
  await createClient(page, hands, "sealed");
  remember(await copied(page, hands, "client secret"));
  const said = await testIt(page, hands);
  expect(said).toContain("Opaque: only the issuer opens it");
  expect(said).toContain("this token opens the API");
  expect(said).toContain("regioneu-west");
  expect(said).toContain("A256GCM");
  expect(await violationsOn(page)).toEqual([]);
});

test("a number that is none is told at its field before anything is sent; leaving with it unsaved asks", async () => {
  const visit = await browser.open(stage().origin, stage().owner);
  const { page } = visit;
  const hands = handsOn(page, "pointer");
  await open(page, `${stage().at}/settings`);
  await hands.choose(page, "Token requests of one client", "Set here");
  const field = page.getByLabel("Token requests of one client, in requests a minute", { exact: true });
  await field.fill("many");
  const sent = visit.requests.length;
  await hands.send(page, "Save changes");
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  expect(visit.requests.length).toBe(sent);
  // What the server refuses is told at the same place.
  await field.fill("0");
  await hands.send(page, "Save changes");
  await page.getByText("This is a whole number of requests a minute, 1 to 1000000.").waitFor();
  await page.getByRole("link", { name: "Clients" }).first().click();
  const question = page.getByRole("alertdialog");
  await question.getByRole("button", { name: "Stay" }).click();
  expect(await field.inputValue()).toBe("0");
  await page.getByRole("button", { name: "Discard" }).click();
  await field.waitFor({ state: "detached" });
});

test("a stricter value above is named, and that a weaker one here changes nothing", async () => {
  const { world, workspace } = stage();
  await world.operator.must("updateTenantSettings", { accessTokenLifetime: 120 }, "tenant { id }");
  try {
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, "pointer");
    await open(page, `${stage().at}/settings`);
    await group(page, "Token lifetime").getByText("Set by the tenant.").waitFor();
    await hands.choose(page, "Token lifetime", "Set here");
    await hands.fill(page, "Token lifetime, in seconds", "3600");
    await page
      .getByText("1 h. Weaker than what is set above changes nothing: 2 min, set by the tenant counts.")
      .waitFor();
    await hands.send(page, "Save changes");
    await told(page, "Saved: token lifetime");
    expect(await settingOf(workspace, "accessTokenLifetime")).toEqual({ value: 120, level: "TENANT", own: 3600 });
    await page.reload();
    await settled(page);
    expect(await page.getByLabel("Token lifetime, in seconds", { exact: true }).inputValue()).toBe("3600");
  } finally {
    await world.operator.must("updateTenantSettings", { accessTokenLifetime: null }, "tenant { id }");
    const cleared = { workspaceId: workspace.id, accessTokenLifetime: null };
    await workspace.admin.must("updateWorkspaceSettings", cleared, "workspace { id }");
  }
});

test("the tenant's and the installation's settings: an operator changes them; nobody else sees them", async () => {
  const { world, owner, tenant, workspace } = stage();
  const { page } = await browser.open(stage().origin, owner);
  const hands = handsOn(page, "keyboard");
  await open(page, stage().home);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("heading", { level: 1, name: "Tenant settings" }).waitFor();
  await hands.choose(page, "Token log is kept for", "Set here");
  await hands.fill(page, "Token log is kept for, in days", "14");
  await page.keyboard.press("Control+Enter");
  await told(page, "Saved: token log is kept for");
  expect(await settingOf(workspace, "tokenLogRetention")).toEqual({ value: 14, level: "TENANT", own: null });
  await hands.press(page.getByRole("navigation", { name: "Workspace" }), "link", "Installation");
  await page.getByRole("heading", { level: 1, name: "Installation settings" }).waitFor();
  await hands.choose(page, "Token log is kept for", "Set here");
  await hands.fill(page, "Token log is kept for, in days", "7");
  await page.keyboard.press("Control+Enter");
  // The words of the tenant's page may still stand.
  await expect
    .poll(() => settingOf(workspace, "tokenLogRetention"))
    .toEqual({ value: 7, level: "INSTALLATION", own: null });
  await world.operator.must("updateInstallationSettings", { tokenLogRetention: null }, "settings { __typename }");
  await world.operator.must("updateTenantSettings", { tokenLogRetention: null }, "tenant { id }");

  const admin = await signInMember(world.server, owner, tenant.slug, [{ name: "admin" }]);
  const other = await browser.open(stage().origin, admin);
  await open(other.page, stage().home);
  expect(await other.page.getByRole("link", { name: /settings|Installation/ }).count()).toBe(0);
  for (const [path, what] of [
    ["settings", "tenant"],
    ["installation", "installation"],
  ]) {
    await open(other.page, `${stage().home}/${path}`);
    await other.page.getByText(`You may not see the settings of the ${what}.`).waitFor();
  }
});

test("saved, while the page's own answer is slow to come → what was saved stands there, and not what was before", async () => {
  const { empty } = stage();
  const { page } = await browser.open(stage().origin, stage().owner);
  await open(page, `${stage().home}/w/${empty.slug}/settings`);
  await page.route("**/graphql**", async (route) => {
    if ((route.request().postData() ?? "").includes("query WorkspaceSettingsPage")) await pause(2000);
    await route.fallback();
  });
  const hands = handsOn(page, "pointer");
  const choice = page.getByRole("group", { name: "While the database is away" });
  await hands.choose(page, "While the database is away", "Stop");
  await hands.send(page, "Save changes");
  await told(page, "Saved: while the database is away");
  expect(await choice.getByRole("radio", { name: "Stop", exact: true }).isChecked()).toBe(true);
  await hands.choose(page, "While the database is away", "Default: Continue");
  await hands.send(page, "Save changes");
  await expect.poll(() => settingOf(empty, "whenDatabaseAway")).toMatchObject({ own: null });
});

test("stopping a long while after signing in asks who is there, and then goes on by itself", async () => {
  const { world, owner, tenant, empty } = stage();
  const person = await signInMember(world.server, owner, tenant.slug, [{ name: "owner" }]);
  await inDatabase(
    world.server,
    (sql) => sql`update sessions s set authenticated_at = now() - interval '1 hour'
      from users u where u.id = s.user_id and u.email = ${person.email}`,
  );
  const { page } = await browser.open(stage().origin, person);
  const hands = handsOn(page, "keyboard");
  await open(page, `${stage().home}/w/${empty.slug}/settings`);
  await hands.press(page, "button", "Stop issuing");
  const question = page.getByRole("alertdialog");
  await hands.fill(question, "Type payments-test to confirm", "payments-test");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
  expect(await settingOf(empty, "issuance")).toMatchObject({ value: "ACTIVE" });
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await page.getByText("Stopped, set by the workspace").waitFor();
  expect(await settingOf(empty, "issuance")).toEqual({ value: "STOPPED", level: "WORKSPACE", own: "STOPPED" });
  await empty.admin.must("updateWorkspaceSettings", { workspaceId: empty.id, issuance: null }, "workspace { id }");
});

test("the admin and the system workspace cannot be stopped, and say why", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  for (const slug of ["admin", "system"]) {
    await open(page, `${stage().home}/w/${slug}/settings`);
    await page.getByText("otherwise nobody could start the others again").waitFor();
    expect(await page.getByRole("button", { name: "Stop issuing" }).count()).toBe(0);
  }
});
