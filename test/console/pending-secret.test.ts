import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { signInMember } from "../support/member.ts";
import { freshSlug, type StoryClient } from "../support/world.ts";
import { handsOn } from "./hands.ts";
import { escapeTo, sheet } from "./journey.ts";
import { settled } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const secretPattern = /mms_[0-9A-Za-z]{49}/;

async function at(path: string) {
  const visit = await browser.open(stage().origin, stage().owner);
  await visit.page.goto(`/console${stage().at}${path}`);
  await settled(visit.page);
  // A sheet's script comes when it is asked for.
  if (path.includes("new")) await sheet(visit.page).waitFor();
  return visit;
}

/** Gets every call of this mutation in its order, after the others went on. */
const onMutation = (page: Page, name: string, handle: (route: Route, count: number) => Promise<void>) => {
  let count = 0;
  return page.route("**/graphql**", (route) =>
    route.request().postData()?.includes(`mutation ${name}(`) ? handle(route, ++count) : route.fallback(),
  );
};

/** Lets the server answer, and holds the answer back until it is let go. */
async function hold(page: Page, name: string) {
  const gate = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  await onMutation(page, name, async (route) => {
    const response = await route.fetch();
    reached.resolve();
    await gate.promise;
    await route.fulfill({ response });
  });
  return { reached: reached.promise, letGo: () => gate.resolve() };
}

/** The server acts, but its first answers never arrive. */
const lose = (page: Page, name: string, answers: number) =>
  onMutation(page, name, async (route, count) => {
    if (count > answers) return route.fallback();
    await route.fetch();
    await route.abort();
  });

const question = (page: Page, name: string) => page.getByRole("alertdialog", { name });

async function secretOnScreen(page: Page): Promise<string> {
  const values = sheet(page).locator("dl.kv");
  await values.waitFor();
  return remember(secretPattern.exec((await values.textContent()) ?? "")?.[0] ?? "");
}

const newClient = (): Promise<StoryClient> =>
  stage().workspace.addClient({ name: freshSlug("pending"), grants: { ledger: ["ledger:read"] } });

/** The ids of a client's secrets that work. */
async function living(clientId: string): Promise<string[]> {
  const document =
    "query ($id: ID!) { node(id: $id) { ... on Client { credentials(isRevoked: false) { nodes { id } } } } }";
  const answer = await stage().owner.graphql(stage().tenant.slug, document, { id: clientId });
  const { data } = answer.json() as { data: { node: { credentials: { nodes: { id: string }[] } } } };
  return data.node.credentials.nodes.map(({ id }) => id);
}

const addSecret = (page: Page) => sheet(page).getByRole("button", { name: /^Create secret/ });

test("Add secret: Esc, the cross and back while the answer is on its way → asked, and the secret is shown", async () => {
  const client = await newClient();
  const { page } = await at(`/clients/${client.id}/credentials`);
  await page.getByRole("button", { name: "Add secret" }).first().click();
  await addSecret(page).waitFor();
  const held = await hold(page, "CreateClientSecret");
  await page.keyboard.press("Control+Enter");
  await held.reached;
  const asked = question(page, "The secret is being made");
  for (const leave of [
    () => page.keyboard.press("Escape"),
    () => sheet(page).getByRole("button", { name: "Close", exact: true }).click(),
    () => page.evaluate("history.back()"),
  ]) {
    await leave();
    await asked.getByRole("button", { name: "Stay" }).click();
    await asked.waitFor({ state: "hidden" });
  }
  // The answer comes while the question stands: the secret is seen, not the question.
  await page.keyboard.press("Escape");
  await asked.waitFor();
  held.letGo();
  expect(await secretOnScreen(page)).toMatch(secretPattern);
  expect(await page.getByRole("alertdialog").count()).toBe(0);
  await escapeTo(page, question(page, "The secret has not been copied"));
});

test("Add secret: left while it is being made → no empty form comes back, and it is said", async () => {
  const client = await newClient();
  const { page } = await at(`/clients/${client.id}/credentials?new=secret`);
  const held = await hold(page, "CreateClientSecret");
  await page.keyboard.press("Control+Enter");
  await held.reached;
  await page.keyboard.press("Escape");
  await question(page, "The secret is being made").getByRole("button", { name: "Leave without it" }).click();
  await sheet(page).waitFor({ state: "hidden" });
  held.letGo();
  await page.getByRole("status").getByText("was made, but nobody saw it").waitFor();
  expect(await sheet(page).count()).toBe(0);
});

test("Create client: Esc and Cancel while the answer is on its way → asked, and the secret is shown", async () => {
  const { page } = await at("/clients/new");
  const held = await hold(page, "CreateClient");
  await handsOn(page, "pointer").fill(sheet(page), "Name", freshSlug("slow"));
  await page.keyboard.press("Control+Enter");
  await held.reached;
  const asked = question(page, "The client is being created");
  for (const leave of [
    () => page.keyboard.press("Escape"),
    () => sheet(page).getByRole("button", { name: "Cancel" }).click(),
  ]) {
    await leave();
    await asked.getByRole("button", { name: "Stay" }).click();
    await asked.waitFor({ state: "hidden" });
  }
  await sheet(page).getByRole("button", { name: "Cancel" }).click();
  await asked.waitFor();
  held.letGo();
  expect(await secretOnScreen(page)).toMatch(secretPattern);
  expect(await page.getByRole("alertdialog").count()).toBe(0);
});

test("Add secret: two answers lost → one more secret works, and it is the one on the screen", async () => {
  const client = await newClient();
  const [first] = await living(client.id);
  const { page, allow } = await at(`/clients/${client.id}/credentials?new=secret`);
  allow(/net::ERR_FAILED/);
  await lose(page, "CreateClientSecret", 2);
  await addSecret(page).click();
  const again = sheet(page).getByRole("button", { name: /^Try again/ });
  await again.click();
  await again.click();
  await sheet(page)
    .getByRole("button", { name: /^Make another secret/ })
    .click();
  expect(await secretOnScreen(page)).toMatch(secretPattern);
  const now = await living(client.id);
  expect(now).toContain(first);
  expect(now).toHaveLength(2);
});

test("the lost secret cannot be revoked → that is said, and no other is made until it is", async () => {
  const client = await newClient();
  const { page, allow } = await at(`/clients/${client.id}/credentials?new=secret`);
  allow(/net::ERR_FAILED/);
  let isAway = true;
  await page.route("**/graphql**", async (route) => {
    const body = route.request().postData() ?? "";
    if (body.includes("mutation RevokeLostSecret(") && isAway) await route.abort();
    else await route.fallback();
  });
  await lose(page, "CreateClientSecret", 1);
  await addSecret(page).click();
  await sheet(page)
    .getByRole("button", { name: /^Try again/ })
    .click();
  const another = sheet(page).getByRole("button", { name: /^Make another secret/ });
  await another.click();
  await sheet(page).getByRole("alert").getByText("The server did not answer.").waitFor();
  expect(await living(client.id)).toHaveLength(2);
  isAway = false;
  await another.click();
  expect(await secretOnScreen(page)).toMatch(secretPattern);
  expect(await living(client.id)).toHaveLength(2);
});

test("Create client: answers of the client and of its new secret are lost → one client, one secret that works", async () => {
  const { page, allow } = await at("/clients/new");
  allow(/net::ERR_FAILED/);
  await lose(page, "CreateClient", 1);
  await lose(page, "CreateClientSecret", 1);
  await handsOn(page, "pointer").fill(sheet(page), "Name", freshSlug("twice"));
  for (const name of [/^Create client/, /^Try again/, /^Make another secret/, /^Make another secret/])
    await sheet(page).getByRole("button", { name }).click();
  // The second one was made, too, and its answer lost: the server says so, and that one is replaced.
  await sheet(page)
    .getByRole("button", { name: /^Make another secret/ })
    .click();
  expect(await secretOnScreen(page)).toMatch(secretPattern);
  await sheet(page).getByRole("checkbox").last().check();
  await sheet(page).getByRole("button", { name: /^Done/ }).click();
  await page.waitForURL("**/clients/cli_*");
  expect(await living(/cli_\w+/.exec(page.url())?.[0] ?? "")).toHaveLength(1);
});

test("a sign-out that does not reach the server → the page stays and says so", async () => {
  const { page, allow } = await at("/clients");
  allow(/net::ERR_FAILED/);
  await page.route("**/console/auth/sign-out", (route) => route.abort());
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Sign out");
  await page
    .getByRole("option", { name: /Sign out/ })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("You are still signed in.").waitFor();
  expect(page.url()).toMatch(/\/clients$/);
});

test("an auditor at the address of a new client → the button is off, with the reason", async () => {
  const { world, owner, tenant, at: base } = stage();
  const auditor = await signInMember(world.server, owner, tenant.slug, [{ name: "auditor" }]);
  const { page, requests } = await browser.open(stage().origin, auditor);
  await page.goto(`/console${base}/clients/new`);
  await settled(page);
  const create = sheet(page).getByRole("button", { name: /^Create client/ });
  expect(await create.getAttribute("aria-disabled")).toBe("true");
  await sheet(page).getByText("You may not create clients here.").first().waitFor();
  await sheet(page).getByLabel("Name", { exact: true }).fill("not-mine");
  await page.keyboard.press("Control+Enter");
  expect(requests.filter((request) => request.postData()?.includes("mutation CreateClient("))).toEqual([]);
});
