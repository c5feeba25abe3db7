import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { handsOn } from "./hands.ts";
import { copied, openCreate, sheet, testIt } from "./journey.ts";
import { settled } from "./pages.ts";
import { claimsOf, tokenOf } from "./snippets.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();
const DAY = 86_400_000;

/** The uses that the brief names, and what is fitting for each: how long its secret lasts and what it may do at first. */
const uses = [
  { use: "Application backend", days: 90, minutes: 15, proposed: ["orders:read", "orders:write"] },
  { use: "CLI tool", days: 30, minutes: 15, proposed: ["orders:read"] },
  { use: "Scheduled job or daemon", days: 90, minutes: 15, proposed: ["orders:read", "orders:write"] },
  { use: "IoT device", days: 365, minutes: 5, proposed: ["orders:write"] },
  { use: "Microservice", days: 90, minutes: 5, proposed: ["orders:read", "orders:write"] },
  { use: "Reporting pull", days: 90, minutes: 15, proposed: ["orders:read"] },
  { use: "Webhook processor", days: 90, minutes: 5, proposed: ["orders:read", "orders:write"] },
] as const;

test("[A13] each use of the brief is offered, and no other", async () => {
  const { page } = await browser.open(stage().origin, stage().owner);
  await page.goto(`/console${stage().at}/clients/new`);
  await settled(page);
  const group = sheet(page).getByRole("group", { name: "What is it?" });
  await group.getByRole("radio").first().waitFor();
  const offered = await group.getByRole("radio").all();
  const names = await Promise.all(
    offered.map(async (radio) => (await radio.locator("xpath=..").textContent())?.trim()),
  );
  expect(names.sort()).toEqual(uses.map(({ use }) => use).sort());
});

test.each(uses)("[A13] $use: fitting defaults, and a snippet that runs", async ({ use, days, minutes, proposed }) => {
  const slug = `use-${uses.findIndex((one) => one.use === use)}`;
  const { world, tenant, owner, home, origin } = stage();
  const story = world
    .tenant(tenant)
    .workspace({ slug, name: slug })
    .resource("orders", ["orders:read", "orders:write"]);
  const workspace = await story.ready();
  const { page } = await browser.open(origin, owner);
  const hands = handsOn(page, "pointer");
  await page.goto(`/console${home}/w/${slug}/clients`);
  await settled(page);
  await openCreate(page, hands);
  await sheet(page).getByText(use, { exact: true }).click();
  await hands.fill(sheet(page), "Name", slug);
  await hands.press(sheet(page), "button", /^Create client/);
  await sheet(page)
    .getByRole("heading", { name: `${slug}: keep its secret` })
    .waitFor();
  remember(await copied(page, hands, "client secret"));
  expect(await testIt(page, hands)).toContain("this token opens the API");
  const token = await tokenOf("curl", await copied(page, hands, "curl How to ask for a token"));
  const claims = await claimsOf(token, workspace.issuer, "https://orders.example.com/");
  expect(String(claims["scope"]).split(" ").sort()).toEqual([...proposed]);
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(minutes * 60);
  expect(Math.round(await daysLeft(slug))).toBe(days);
});

/** How long the secret of the workspace's only client lasts, as a script would ask. */
async function daysLeft(slug: string): Promise<number> {
  const document =
    "query ($slug: Slug!) { workspace(slug: $slug) { clients(first: 2) { nodes { credentials { nodes { expiresAt } } } } } }";
  const { workspace } = (await stage().tenant.admin.run(document, { slug })) as {
    workspace: { clients: { nodes: { credentials: { nodes: { expiresAt: string }[] } }[] } };
  };
  const [client, second] = workspace.clients.nodes;
  expect(second).toBeUndefined();
  const [secret] = client?.credentials.nodes ?? [];
  return (Date.parse(secret?.expiresAt ?? "") - Date.now()) / DAY;
}
