import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { apiKey, tokenHeader } from "../support/api-token.ts";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { mutationDocument, postGraphQL } from "../support/graphql.ts";
import { signInMember } from "../support/member.ts";
import { askToken, bearer, fetchToken, type Pairs } from "../support/token.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { copied, sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const PATH = "/console/account/personal-tokens";

/** Says it where it counts: at the admin workspace. */
async function set(settings: object): Promise<void> {
  const { admin } = stage().tenant;
  const { workspace } = (await admin.run('{ workspace(slug: "admin") { id } }')) as { workspace: { id: string } };
  await admin.must("updateWorkspaceSettings", { workspaceId: workspace.id, ...settings }, "__typename");
}

const whoIs = (headers: Pairs) =>
  postGraphQL(`${stage().origin}/graphql`, { query: "{ viewer { memberId permissions } }" }, headers);

/** The ends that a sheet offers. */
const endsIn = (page: Page) => sheet(page).getByRole("group", { name: "Expires" }).locator("label").allTextContents();
const ENDS = ["Never", "1 day", "7 days", "30 days", "90 days", "365 days", "Other date"];

const row = (page: Page, name: string) => page.getByRole("table").getByRole("row").filter({ hasText: name });

test("[F3] [F4] [F5] personal tokens turned off are hidden and said so; on, one is made with the rules shown, acts as its member, is narrowed, and revoked", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "keyboard");
  await page.goto(PATH);
  await settled(page);
  await page.getByText(/^Personal tokens are turned off in this tenant\./).waitFor();
  expect(await page.getByRole("button", { name: "Add personal token" }).count()).toBe(0);

  await set({ personalTokens: "ON", personalTokenLimit: 3, staticTokenLifetime: 30 });
  await page.reload();
  await settled(page);
  await page.getByText("Up to 3 at once. Each ends within 30 days.").waitFor();
  await hands.press(page, "button", "Add personal token");
  const ends = sheet(page).getByRole("group", { name: "Expires" });
  expect(await ends.getByRole("radio", { name: "Never" }).isDisabled()).toBe(true);
  expect(await ends.getByRole("radio", { name: "30 days" }).isChecked()).toBe(true);
  expect(await endsIn(page)).toEqual(ENDS);
  await hands.fill(sheet(page), "Name", "laptop");
  expect(await violationsOn(page)).toEqual([]);
  await hands.send(sheet(page), "Create personal token");
  await page.getByRole("heading", { name: "laptop is ready" }).waitFor();
  const value = remember(await copied(page, hands, "personal token"));
  expect(value).toMatch(/^mmp_[0-9A-Za-z]+$/);
  expect(await violationsOn(page)).toEqual([]);
  await hands.press(sheet(page), "button", /^Done/);
  await sheet(page).waitFor({ state: "hidden" });
  expect(await page.content()).not.toContain(value);
  expect(await row(page, "laptop").textContent()).toMatch(/Everything that you may.*30 days/);
  for (const header of [tokenHeader, apiKey])
    expect((await whoIs([header(value)])).json()).toMatchObject({
      data: { viewer: { memberId: stage().owner.memberId } },
    });

  await hands.pick(page, "Actions for laptop", "Edit");
  await hands.fill(sheet(page), "Name", "reader");
  await hands.choose(sheet(page), "Permissions", /^Only some of it/);
  await hands.press(sheet(page), "checkbox", /^workspace:read/);
  await hands.send(sheet(page), "Save changes");
  await told(page, "Saved reader");
  expect(await row(page, "reader").textContent()).toContain("1 permission");
  expect((await whoIs([tokenHeader(value)])).json()).toMatchObject({
    data: { viewer: { permissions: ["workspace:read"] } },
  });

  await hands.pick(page, "Actions for reader", "Revoke");
  await hands.press(page.getByRole("alertdialog"), "button", "Revoke reader");
  await told(page, "Revoked reader");
  await expect.poll(async () => (await whoIs([tokenHeader(value)])).status).toBe(401);
  await set({ personalTokens: null, personalTokenLimit: null, staticTokenLifetime: null });
  await page.reload();
  await settled(page);
  await page.getByText(/^Personal tokens are turned off in this tenant\./).waitFor();
  expect(await page.getByRole("table").count()).toBe(0);
});

test("[F2] [F4] [F8] a tenant chooses client credentials: members are offered those alone, with the same six ends, get an ID and a secret once, a token that acts within their power, and revoke them", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "pointer");
  await set({ personalTokens: "ON" });
  await page.goto(`/console${stage().home}/settings`);
  await settled(page);
  await hands.choose(page, "Types that members may generate", "Set here");
  await hands.press(page, "checkbox", /^Static tokens/);
  await hands.press(page, "checkbox", /^Client credentials/);
  await hands.send(page, "Save changes");
  await told(page, "Saved: types that members may generate");

  await page.goto(PATH);
  await settled(page);
  await page.getByRole("button", { name: "Generate client credentials" }).waitFor();
  expect(await page.getByRole("button", { name: "Add personal token" }).count()).toBe(0);
  await hands.press(page, "button", "Generate client credentials");
  expect(await endsIn(page)).toEqual(ENDS);
  await hands.fill(sheet(page), "Name", "deploy script");
  await hands.choose(sheet(page), "Expires", "30 days");
  expect(await violationsOn(page)).toEqual([]);
  await hands.send(sheet(page), "Generate");
  await page.getByRole("heading", { name: "deploy script is ready" }).waitFor();
  const clientSecret = remember(await copied(page, hands, "client secret"));
  const clientId = await copied(page, hands, "client ID");
  const tokenEndpoint = await copied(page, hands, "token URL");
  expect(await violationsOn(page)).toEqual([]);
  await hands.press(sheet(page), "button", /^Done/);
  await sheet(page).waitFor({ state: "hidden" });
  expect(await page.content()).not.toContain(clientSecret);
  expect(await row(page, "deploy script").textContent()).toMatch(/credentials.*Everything that you may.*30 days/);
  const token = await fetchToken({ clientId, clientSecret, tokenEndpoint });
  expect((await whoIs([bearer(token)])).json()).toMatchObject({
    data: { viewer: { memberId: null, permissions: expect.arrayContaining(["workspace:create"]) } },
  });

  await hands.pick(page, "Actions for deploy script", "Revoke");
  await hands.press(page.getByRole("alertdialog"), "button", "Revoke deploy script");
  await told(page, "Revoked deploy script");
  await expect.poll(async () => (await whoIs([bearer(token)])).status).toBe(401);
  await row(page, "deploy script").getByText("Revoked", { exact: true }).waitFor();
  await stage().world.operator.must("updateTenantSettings", { generatedTypes: null }, "__typename");
  await set({ personalTokens: null });
});

test("[F8] removing a member offers who takes over their client credentials, which the successor finds and gives a new secret", async () => {
  const { world, owner, tenant, home, origin } = stage();
  await set({ personalTokens: "ON", generatedTypes: ["CLIENT_CREDENTIALS"] });
  const leaving = await signInMember(world.server, owner, tenant.slug, [{ name: "admin" }]);
  const document = mutationDocument("createPersonalClient", "personalClient { id tokenEndpoint } secret");
  const made = await leaving.graphql(tenant.slug, document, {
    input: { name: "backup job", permissions: { all: true } },
  });
  const { data } = made.json() as {
    data: { createPersonalClient: { personalClient: { id: string; tokenEndpoint: string }; secret: string } };
  };
  const { personalClient, secret } = data.createPersonalClient;
  const former = { ...personalClient, clientId: personalClient.id, clientSecret: remember(secret) };
  expect((await askToken(former)).status).toBe(200);

  const { page } = await browser.open(origin, owner);
  const hands = handsOn(page, "pointer");
  await page.goto(`/console${home}/members?member=${leaving.memberId}`);
  await settled(page);
  await hands.press(page, "button", "Remove member");
  const question = page.getByRole("alertdialog");
  await question.getByText("1 client that acts for them is disabled.").waitFor();
  await hands.select(question, "Who takes these clients over?", "Ada Owner");
  expect(await violationsOn(page)).toEqual([]);
  const title = String(await question.getByRole("heading").textContent());
  const name = /^Remove (.+)\?$/.exec(title)?.[1] ?? "";
  await question.getByRole("textbox").fill(name);
  await hands.press(question, "button", `Remove ${name}`);
  await told(page, `Removed ${name}`);
  expect((await askToken(former)).status).toBe(401);

  await page.goto(PATH);
  await settled(page);
  await row(page, "backup job").getByText("Revoked", { exact: true }).waitFor();
  await hands.pick(page, "Actions for backup job", "Make a new secret");
  await hands.send(sheet(page), "Generate");
  await page.getByRole("heading", { name: "backup job is ready" }).waitFor();
  const clientSecret = remember(await copied(page, hands, "client secret"));
  expect(await copied(page, hands, "client ID")).toBe(former.clientId);
  expect((await askToken({ ...former, clientSecret })).status).toBe(200);
  expect((await askToken(former)).status).toBe(401);
  await set({ personalTokens: null, generatedTypes: null });
});
