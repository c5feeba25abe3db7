import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { eventually } from "../support/http.ts";
import { inThisRun } from "../support/sample.ts";
import { askToken, basic, fetchToken, post } from "../support/token.ts";
import { addResourceServer } from "../support/world.ts";
import { handsOn } from "./hands.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

test.each(inThisRun(["pointer", "keyboard"] as const))(
  "[A8] with the %s one token is revoked from the token log → it is inactive, and the client's other one lives on",
  async (device) => {
    const { world, tenant, owner } = stage();
    const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    const [other, token] = [await fetchToken(client), await fetchToken(client)];
    const isActive = async (one: string) => {
      const answer = await post(`${client.workspace.issuer}/oauth2/introspect`, { token: one }, [basic(client)]);
      return (JSON.parse(answer.body) as { active: boolean }).active;
    };
    const { page } = await browser.open(stage().origin, owner);
    const hands = handsOn(page, device);
    await page.goto(`/console${stage().home}/w/${client.workspace.slug}/audit?log=tokens`);
    await settled(page);
    // The newest stands first.
    await page.getByRole("table", { name: "Token requests" }).locator(".row[data-index='0']").click();
    const sheet = page.getByRole("dialog");
    await sheet.getByText("Token ID (jti)").waitFor();
    await hands.press(sheet, "button", "Revoke token");
    const question = page.getByRole("alertdialog");
    expect(await question.textContent()).toContain("accepts it until it expires");
    await hands.press(question, "button", "Revoke token");
    await told(page, "Token revoked");
    expect(await isActive(token)).toBe(false);
    expect(await isActive(other)).toBe(true);
  },
);

test("[A10] the token log is searched by an ID, an outcome and a reason → those requests and no others, and the address keeps it", async () => {
  const { world, tenant, owner } = stage();
  const workspace = await world.tenant(tenant).workspace().resource("orders", ["read"]).ready();
  const [one, other] = [await workspace.addClient({ name: "till" }), await workspace.addClient({ name: "ledger" })];
  for (const client of [one, other]) {
    await fetchToken(client);
    await askToken(client, { scope: "orders:none" });
    await askToken({ ...client, clientSecret: "mms_wrong" });
  }
  const { page } = await browser.open(stage().origin, owner);
  const hands = handsOn(page, "keyboard");
  await page.goto(`/console${stage().home}/w/${workspace.slug}/audit?log=tokens`);
  await settled(page);
  const rows = page.getByRole("table", { name: "Token requests" }).locator(".row[data-index]");
  const told = async () => {
    const all = await rows.locator(".cell").allTextContents();
    return all.filter((words) => ["till", "ledger", "Issued", "Unknown scope", "Wrong secret"].includes(words.trim()));
  };
  await expect.poll(async () => (await told()).length).toBe(12);
  await hands.fill(page, "Search the token log", one.id);
  await expect.poll(told).toEqual(["till", "Wrong secret", "till", "Unknown scope", "till", "Issued"]);
  await hands.select(page, "Outcome", "Refused");
  await expect.poll(told).toEqual(["till", "Wrong secret", "till", "Unknown scope"]);
  await hands.select(page, "Reason", "Unknown scope");
  await expect.poll(told).toEqual(["till", "Unknown scope"]);
  await page.reload();
  await settled(page);
  await expect.poll(told).toEqual(["till", "Unknown scope"]);
  await hands.press(page, "button", "Clear filters");
  await expect.poll(async () => (await told()).length).toBe(12);
  await rows.first().click();
  await hands.press(page.getByRole("dialog"), "button", "All of this client");
  await page.waitForURL(`**q=${other.id}*`);
  await expect.poll(told).toEqual(["ledger", "Wrong secret", "ledger", "Unknown scope", "ledger", "Issued"]);
});

test("[A10] the audit log is exported as the filter shows it → a file with those entries and no others", async () => {
  const { world, tenant, owner } = stage();
  const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const { page } = await browser.open(stage().origin, owner);
  const hands = handsOn(page, "keyboard");
  await page.goto(`/console${stage().home}/w/${client.workspace.slug}/audit?type=client.created`);
  await settled(page);
  await hands.press(page, "button", "Export");
  const sheet = page.getByRole("dialog");
  await hands.choose(sheet, "Format", /^NDJSON/);
  const [file] = await Promise.all([page.waitForEvent("download"), hands.send(sheet, "Export")]);
  expect(file.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.ndjson$/);
  const entries = readFileSync(await file.path(), "utf8")
    .trimEnd()
    .split("\n");
  expect(entries.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(["client.created"]);
  await told(page, "Log exported");
});

test("[A16] an API asks about a client's token, another one never → its page tells when and from where the first was used, and of the other that it is not reported", async () => {
  const { world, tenant, owner, home } = stage();
  const story = world
    .tenant(tenant)
    .workspace()
    .resource("asking", ["asking:read"])
    .resource("silent", ["silent:read"]);
  const client = await story.client();
  const { workspace } = client;
  const api = await workspace.addClient({ grants: {} });
  await addResourceServer(workspace, "asking", api.id);
  const token = await fetchToken(client, { resource: workspace.resource("asking").identifier });
  await post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(api)]);
  const document = "query ($id: ID!) { node(id: $id) { ... on Client { tokenUses { uses } } } }";
  await eventually(
    async () => JSON.stringify(await workspace.admin.run(document, { id: client.id })),
    (said) => said.includes('"uses":1'),
  );
  const { page } = await browser.open(stage().origin, owner);
  await page.goto(`/console${home}/w/${workspace.slug}/clients/${client.id}`);
  await settled(page);
  const of = (name: string) => {
    const { identifier } = workspace.resource(name);
    return page
      .getByRole("listitem")
      .filter({ hasText: identifier })
      .filter({ hasText: /Accepted|Not reported/ });
  };
  await of("asking")
    .getByText(/^The API asked from (127\.0\.0\.1|::1), once$/)
    .waitFor();
  expect(await of("asking").textContent()).toMatch(/Accepted.*asking:read/);
  await of("silent")
    .getByText(/^Not reported\./)
    .waitFor();
});

test("a link to a token request that the list has not loaded → it opens all the same", async () => {
  const { world, tenant, owner } = stage();
  const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  for (let part = 0; part < 6; part++) await Promise.all(Array.from({ length: 10 }, () => fetchToken(client)));
  const query = `query ($slug: Slug!) { workspace(slug: $slug) { tokenLog(first: 100) { nodes { id } } } }`;
  const { slug } = client.workspace;
  const idsOf = async () => {
    const { workspace } = (await client.workspace.admin.run(query, { slug })) as {
      workspace: { tokenLog: { nodes: readonly { readonly id: string }[] } };
    };
    return workspace.tokenLog.nodes.map(({ id }) => id);
  };
  const oldest = (await eventually(idsOf, (ids) => ids.length === 60)).at(-1);
  const { page } = await browser.open(stage().origin, owner);
  await page.goto(`/console${stage().home}/w/${slug}/audit?log=tokens&event=${oldest}`);
  await settled(page);
  await page.getByRole("dialog").getByText("Token ID (jti)").waitFor();
});
