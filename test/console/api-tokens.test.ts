import { createHash, randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { apiKey, newApiToken, turnOn } from "../support/api-token.ts";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { eventually } from "../support/http.ts";
import { inDatabase, signInMember } from "../support/member.ts";
import { inThisRun } from "../support/sample.ts";
import { basic, post } from "../support/token.ts";
import type { StoryClient, StoryWorkspace } from "../support/world.ts";
import { verifyStatus } from "./api-token-stage.ts";
import { type Hands, handsOn } from "./hands.ts";
import { copied, sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { inDays } from "./prover.ts";
import { sinksWith } from "./sinks.ts";
import { printed } from "./snippets.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

interface Place {
  readonly workspace: StoryWorkspace;
  readonly client: StoryClient;
  /** Below `/console`. */
  readonly at: string;
}

/** A workspace of its own with a client that may call an API. */
async function freshPlace(): Promise<Place> {
  const { world, tenant, home } = stage();
  const workspace = await world.tenant(tenant).workspace().resource("orders", ["orders:read", "orders:write"]).ready();
  const client = await workspace.addClient({ name: "till" });
  return { workspace, client, at: `${home}/w/${workspace.slug}` };
}

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`/console${path}`);
  await settled(page);
}

const navigation = (page: Page) => page.getByRole("navigation", { name: "Workspace" });
const section = (page: Page) => page.getByRole("heading", { level: 2, name: "API tokens", exact: true });
const row = (page: Page, name: string) =>
  page.getByRole("table", { name: "API tokens" }).getByRole("row").filter({ hasText: name });

/** Whether its own client learns that the token is good (RFC 7662). */
async function isActive({ client }: Place, token: string): Promise<unknown> {
  const url = client.tokenEndpoint.replace(/token$/, "introspect");
  return (await post(url, { token }, [basic(client)])).json()["active"];
}

/** Why the API makes no such token. */
const refusedBy = async ({ admin }: StoryWorkspace, input: object) =>
  (await admin.mutate("createApiToken", input, "__typename")).userErrors;

/** Turns the setting in the settings page. */
async function turn(page: Page, hands: Hands, { at }: Place, to: "On" | "Off"): Promise<void> {
  await open(page, `${at}/settings`);
  await hands.choose(page, "API tokens", to === "On" ? "On" : /^(?:Default|Inherited): Off/);
  await hands.send(page, "Save changes");
  await told(page, "Saved: API tokens");
}

/** The copied snippet, run against the issuer's question for proxies instead of an API that is not there. */
async function runSnippet(snippet: string, { workspace }: Place): Promise<string> {
  const { identifier } = workspace.resource("orders");
  const url = `${workspace.issuer}/oauth2/verify?resource=${encodeURIComponent(identifier)}`;
  expect(snippet).toContain(`'${identifier}'`);
  const pointed = snippet.replace(`'${identifier}'`, `'${url}'`).replace("curl -sS", "curl -sS -w '%{http_code}'");
  return printed(["bash"], pointed, "/tmp");
}

/** From the client's page to a token on the clipboard. */
async function createToken(page: Page, hands: Hands, name: string): Promise<string> {
  await hands.press(page, "button", "Add API token");
  await hands.fill(sheet(page), "Name", name);
  await hands.send(sheet(page), "Create API token");
  await page.getByRole("heading", { name: `${name} is ready` }).waitFor();
  const done = sheet(page).getByRole("button", { name: /^Done/ });
  expect(await done.getAttribute("aria-disabled")).toBe("true");
  const value = remember(await copied(page, hands, "API token"));
  expect(value).toMatch(/^mmt_[0-9A-Za-z]{79}$/);
  return value;
}

describe.each(inThisRun(["pointer", "keyboard"] as const))("with the %s", (device) => {
  test("[T2] [T3] [T5] [T6] [T9] [F5] [F6] turned on → a client's token is made, copied, works in both headers → changed → revoked, and no other → turned off: the section is gone, and a link to it says so", async () => {
    const place = await freshPlace();
    const { workspace, client, at } = place;
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, device);
    const credentials = `${at}/clients/${client.id}/credentials`;
    await open(page, credentials);
    expect(await section(page).count()).toBe(0);
    expect(
      await navigation(page)
        .getByRole("link", { name: /^API tokens/ })
        .count(),
    ).toBe(0);
    const early = { clientId: client.id, name: "early", permissions: { all: true } };
    expect(await refusedBy(workspace, early)).toMatchObject([{ code: "TURNED_OFF" }]);

    await turn(page, hands, place, "On");
    await navigation(page)
      .getByRole("link", { name: /^API tokens/ })
      .waitFor();
    await open(page, credentials);
    await section(page).waitFor();
    const value = await createToken(page, hands, "low-code");
    for (const [tab, header] of [
      ["Authorization", "Authorization: Token "],
      ["X-API-KEY", "X-API-KEY: "],
    ] as const) {
      await hands.tab(sheet(page), tab);
      expect(await sheet(page).locator(".code").textContent()).not.toContain(value);
      const snippet = await copied(page, hands, `${tab} How to send it`);
      expect(snippet.split("\n")[0]).toBe(` API_TOKEN='${value}'`);
      expect(snippet).toContain(header);
      expect(await runSnippet(snippet, place)).toBe("200");
    }
    expect(await sheet(page).textContent()).toContain("Do not send it by mail or chat");
    await hands.press(sheet(page), "button", /^Done/);
    await sheet(page).waitFor({ state: "hidden" });
    expect(await page.content()).not.toContain(value);
    expect(await isActive(place, value)).toBe(true);
    await page.reload();
    await settled(page);
    const said = String(await row(page, "low-code").textContent());
    expect(said).toContain(`mmt_…${value.slice(-10, -6)}`);
    expect(said).toMatch(/Provider: everything.*90 days/);

    const other = await newApiToken(client, { name: "other" });
    await hands.pick(page, "Actions for low-code", "Edit");
    await hands.fill(sheet(page), "Name", "webhook");
    await hands.choose(sheet(page), "Permissions", /^Only some of it/);
    await hands.press(sheet(page), "checkbox", /^orders:read/);
    await hands.choose(sheet(page), "Expires", "Another end");
    await hands.send(sheet(page), "Save changes");
    await told(page, "Saved webhook");
    expect(await page.content()).not.toContain(value);
    expect(await row(page, "webhook").textContent()).toContain("1 scope at orders");
    expect(await isActive(place, value)).toBe(true);

    await hands.pick(page, "Actions for webhook", "Revoke");
    const question = page.getByRole("alertdialog");
    expect(await question.textContent()).toMatch(/It was last used .* from/);
    await hands.press(question, "button", "Revoke webhook");
    await told(page, "Revoked webhook");
    await eventually(
      () => isActive(place, value),
      (active) => active === false,
      5,
    );
    expect(await verifyStatus(workspace, "orders", value)).toBe(401);
    expect(await verifyStatus(workspace, "orders", other.value)).toBe(200);

    await turn(page, hands, place, "Off");
    expect(await verifyStatus(workspace, "orders", other.value)).toBe(200);
    await open(page, credentials);
    await page.getByText("API tokens are turned off, set by default.").waitFor();
    expect(await page.getByRole("button", { name: "Add API token" }).count()).toBe(0);
    await workspace.admin.must("revokeApiToken", { id: other.id }, "__typename");
    await open(page, credentials);
    expect(await section(page).count()).toBe(0);
    expect(
      await navigation(page)
        .getByRole("link", { name: /^API tokens/ })
        .count(),
    ).toBe(0);
    const off = "API tokens are turned off in this workspace. Existing ones keep working; new ones cannot be made.";
    for (const path of [`${at}/api-tokens`, `${credentials}?new=token`]) {
      await open(page, path);
      await page.getByText(off, { exact: true }).waitFor();
      expect(await sheet(page).count()).toBe(0);
    }
  });
});

test("[T4] a third token → refused by the server, naming limit and setting, with a link to the settings; known to be full, the sheet says so at once", async () => {
  const place = await freshPlace();
  const { workspace, client, at } = place;
  await turnOn(workspace, { apiTokenLimit: null });
  await newApiToken(client, { name: "first" });
  const { page } = await browser.open(stage().origin, stage().owner);
  await open(page, `${at}/clients/${client.id}/credentials?new=token`);
  await sheet(page).getByLabel("Name", { exact: true }).fill("third");
  expect(await sheet(page).getByText("the most that the settings allow").count()).toBe(0);
  await newApiToken(client, { name: "second" });
  await page.keyboard.press("Control+Enter");
  const alert = sheet(page).getByRole("alert");
  await expect.poll(() => alert.textContent()).toMatch(/2.*apiTokenLimit/s);
  const link = sheet(page).getByRole("link", { name: "Open the settings" });
  expect(await link.getAttribute("href")).toBe(`/console${at}/settings`);
  await open(page, `${at}/clients/${client.id}/credentials?new=token`);
  await sheet(page)
    .getByText("It has 2 API tokens, the most that the settings allow (setting apiTokenLimit).")
    .waitFor();
});

test("[T5] the value was shown and the sheet closed → it is nowhere: page, storage, cache, address, history, log, heap", async () => {
  const { workspace, client, at } = await freshPlace();
  await turnOn(workspace);
  const visit = await browser.open(stage().origin, stage().owner);
  const { page } = visit;
  const hands = handsOn(page, "pointer");
  await open(page, `${at}/clients/${client.id}/credentials`);
  const value = await createToken(page, hands, "seen once");
  const random = value.slice(34, 77);
  const shown = await sinksWith(random, visit, stage().world.server.log);
  expect(shown).toContain("document");
  expect(shown.filter((sink) => !["heap", "document"].includes(sink))).toEqual([]);
  await hands.press(sheet(page), "button", /^Done/);
  await sheet(page).waitFor({ state: "hidden" });
  await page.evaluate("navigator.clipboard.writeText('')");
  await eventually(
    () => sinksWith(random, visit, stage().world.server.log),
    (found) => found.length === 0,
    20,
  );
});

test("[T5] the value neither copied nor ticked off → the sheet asks before it closes", async () => {
  const { workspace, client, at } = await freshPlace();
  await turnOn(workspace);
  const { page } = await browser.open(stage().origin, stage().owner);
  await open(page, `${at}/clients/${client.id}/credentials?new=token`);
  await sheet(page).getByLabel("Name", { exact: true }).fill("unseen");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "unseen is ready" }).waitFor();
  remember(/mmt_[0-9A-Za-z]{79}/.exec((await sheet(page).textContent()) ?? "")?.[0] ?? "");
  await sheet(page).getByRole("button", { name: "Close" }).click();
  await page.getByRole("alertdialog", { name: "The token has not been copied" }).waitFor();
});

test("[T3] [F4] [T11] [T13] the sheet offers everything that the application may do first, exactly six ends and another date, tells the instant with its zone, says what never means, explains a ceiling, compares the credentials and advises one per integration", async () => {
  const { workspace, client, at } = await freshPlace();
  await turnOn(workspace);
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "pointer");
  const sheetAt = `${at}/clients/${client.id}/credentials?new=token`;
  await open(page, sheetAt);
  const power = sheet(page).getByRole("group", { name: "Permissions" }).getByRole("radio");
  await expect.poll(() => power.count()).toBe(2);
  expect(await power.first().isChecked()).toBe(true);
  await sheet(page)
    .getByRole("radio", { name: /^Provider/ })
    .and(power.first())
    .waitFor({ state: "attached" });
  const ends = sheet(page).getByRole("group", { name: "Expires" });
  const offered = await ends.locator("label").allTextContents();
  expect(offered).toEqual(["Never", "1 day", "7 days", "30 days", "90 days", "365 days", "Other date"]);
  expect(await ends.getByRole("radio", { name: "90 days" }).isChecked()).toBe(true);
  expect(await ends.textContent()).toMatch(/It ends on \d+ \w+ \d{4}, \d\d:\d\d (?:UTC|GMT)/);
  await hands.choose(sheet(page), "Expires", "Never");
  await sheet(page).getByText("This token works until someone revokes it.").waitFor();
  await sheet(page)
    .getByText(/^Make one per integration/)
    .waitFor();
  await sheet(page).getByText("Which credential do I need?").click();
  await sheet(page).getByRole("columnheader", { name: "Client secret" }).waitFor();

  const settings = { workspaceId: workspace.id, staticTokenLifetime: 30 };
  await workspace.admin.must("updateWorkspaceSettings", settings, "__typename");
  await open(page, sheetAt);
  await sheet(page)
    .getByText(/At most 30 days here: set by the workspace\./)
    .waitFor();
  for (const name of ["Never", "90 days", "365 days"])
    expect(await ends.getByRole("radio", { name, exact: true }).isDisabled()).toBe(true);
  expect(await ends.getByRole("radio", { name: "30 days" }).isChecked()).toBe(true);
  const input = { clientId: client.id, name: "long", permissions: { all: true }, expiresAt: inDays(40) };
  expect(await refusedBy(workspace, input)).toMatchObject([{ code: "INVALID_INPUT", path: ["expiresAt"] }]);
});

test("[T10] a token that existed elsewhere is imported by its hash, works, and is listed as imported", async () => {
  const { workspace, client, at } = await freshPlace();
  await turnOn(workspace);
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "pointer");
  await open(page, `${at}/clients/${client.id}/credentials`);
  const values = {
    value: remember(randomBytes(30).toString("base64url")),
    sha256: remember(randomBytes(30).toString("base64url")),
  };
  for (const [by, value] of Object.entries(values)) {
    await hands.press(page, "button", "Import API token");
    if (by === "sha256") await hands.choose(sheet(page), "What do you have?", /^Its SHA-256/);
    const given = by === "value" ? value : createHash("sha256").update(value).digest("hex");
    await hands.fill(sheet(page), by === "value" ? "Token" : "SHA-256", given);
    await hands.fill(sheet(page), "Name", `by ${by}`);
    await hands.send(sheet(page), "Import API token");
    await told(page, `Imported by ${by}`);
    expect(await page.content()).not.toContain(value);
    await page.reload();
    await settled(page);
    expect(await row(page, `by ${by}`).textContent()).toContain("imported");
    expect(await verifyStatus(workspace, "orders", value)).toBe(200);
    expect(await verifyStatus(workspace, "orders", value, apiKey)).toBe(200);
  }
});

test("[T8] [F5] who may not create them does not see the act and is told whom to ask; the list says of each when it ends", async () => {
  const { workspace, client, at } = await freshPlace();
  await turnOn(workspace);
  await newApiToken(client, { name: "theirs" });
  await newApiToken(client, { name: "brief", expiresAt: inDays(6.5) });
  const over = await newApiToken(client, { name: "over", expiresAt: inDays(1) });
  const { world, owner, tenant } = stage();
  await inDatabase(
    world.server,
    (sql) => sql`update api_tokens set expires_at = now() - interval '1 hour' where id = ${over.id}`,
  );
  const developer = await signInMember(world.server, owner, tenant.slug, [{ name: "developer" }]);
  const { page } = await browser.open(stage().origin, developer);
  for (const path of [`${at}/clients/${client.id}/credentials`, `${at}/api-tokens`, `${at}/api-tokens?new=token`]) {
    await open(page, path);
    await page.getByText(/so you cannot create API tokens\. Ask an owner\./).waitFor();
    expect(await page.getByRole("button", { name: /API token/ }).count()).toBe(0);
    expect(await sheet(page).count()).toBe(0);
    await row(page, "theirs").waitFor();
    const heads = await page.getByRole("table", { name: "API tokens" }).getByRole("columnheader").allTextContents();
    const column = heads.findIndex((head) => head.startsWith("Expires in"));
    for (const [name, ends] of Object.entries({ theirs: /^Never$/, brief: /^6 days/, over: /^Expired/ }))
      expect([name, await row(page, name).locator("> *").nth(column).textContent()]).toEqual([
        name,
        expect.stringMatching(ends),
      ]);
  }
});

test("the workspace's page makes a token for the client that is chosen, looks at it, and shows them all part by part", async () => {
  const { workspace, client, at } = await freshPlace();
  await turnOn(workspace);
  const crowd = await workspace.addClient({ name: "crowd" });
  const names = Array.from({ length: 50 }, (_, at) => `part ${String(at).padStart(2, "0")}`);
  for (const name of names) await newApiToken(crowd, { name });
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "keyboard");
  await open(page, `${at}/api-tokens`);
  await hands.press(page, "button", "Add API token");
  await hands.press(sheet(page), "button", new RegExp(`^till ${client.clientId}`));
  await hands.fill(sheet(page), "Name", "chosen");
  await hands.send(sheet(page), "Create API token");
  await page.getByRole("heading", { name: "chosen is ready" }).waitFor();
  remember(await copied(page, hands, "API token"));
  await hands.press(sheet(page), "button", /^Done/);
  await row(page, "chosen").waitFor();
  expect(await row(page, "chosen").getByRole("link", { name: "till" }).getAttribute("href")).toBe(
    `/console${at}/clients/${client.id}/credentials`,
  );
  await row(page, "chosen").click();
  await page.getByRole("heading", { name: "chosen", exact: true }).waitFor();
  expect(page.url()).toMatch(/\?token=tok_/);
  await page.keyboard.press("Escape");
  await page.mouse.wheel(0, 20_000);
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 20_000);
      return row(page, "part 00").count();
    })
    .toBe(1);
});

test("all API tokens of a workspace are revoked after its name was typed; secrets stay", async () => {
  const { workspace, client, at } = await freshPlace();
  await turnOn(workspace);
  const token = await newApiToken(client, { name: "one" });
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "pointer");
  await open(page, `${at}/settings`);
  await hands.press(page, "button", "Revoke all API tokens");
  const question = page.getByRole("alertdialog");
  expect(await question.textContent()).toContain("1 API token works now.");
  await hands.fill(question, `Type ${workspace.slug} to confirm`, workspace.slug);
  await hands.press(question, "button", `Revoke all API tokens of ${workspace.slug}`);
  await told(page, "All API tokens are revoked");
  await eventually(
    () => verifyStatus(workspace, "orders", token.value),
    (status) => status === 401,
    5,
  );
  expect(
    (
      await post(
        client.tokenEndpoint,
        { grant_type: "client_credentials", resource: workspace.resource("orders").identifier },
        [basic(client)],
      )
    ).status,
  ).toBe(200);
});
