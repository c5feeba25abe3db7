import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { eventually } from "../support/http.ts";
import { inThisRun } from "../support/sample.ts";
import { askToken, basic, fetchToken, post } from "../support/token.ts";
import type { StoryClient } from "../support/world.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { copied } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

/** Days until the secret that is being replaced ends. */
async function daysLeft({ id, workspace }: StoryClient): Promise<number> {
  const query = "query ($id: ID!) { node(id: $id) { ... on Client { secretRotations { endsAt } } } }";
  const { node } = (await workspace.admin.run(query, { id })) as { node: { secretRotations: { endsAt: string }[] } };
  return (Date.parse(node.secretRotations[0]?.endsAt ?? "") - Date.now()) / 86_400_000;
}

test.each(inThisRun(["pointer", "keyboard"] as const))(
  "[B2] with the %s a secret is rotated, its hold-out named, retired before it is quiet by typing its end, and works again when undone",
  async (device) => {
    const { world, tenant, owner } = stage();
    const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    const { page } = await browser.open(stage().origin, owner);
    const hands = handsOn(page, device);
    await page.goto(`/console${stage().home}/w/${client.workspace.slug}/clients/${client.id}/credentials`);
    await settled(page);
    const mark = `…${client.clientSecret.slice(0, -6).slice(-4)}`;
    await hands.press(page, "button", /^Rotate secret/);
    const sheet = page.getByRole("dialog");
    expect(await sheet.textContent()).toContain("Both secrets work for 2 days.");
    await hands.choose(sheet, "Both work for", "7 days");
    expect(await sheet.textContent()).toContain("Both secrets work for 7 days.");
    await hands.send(sheet, "Rotate secret");
    await copied(page, hands, "client secret");
    await hands.send(sheet, "Done");
    await page.getByRole("heading", { name: `Rotating ${mark}` }).waitFor();
    // Loading the page again asks for nothing, and the secret that goes says that it does.
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("table", { name: "Client secrets" }).getByText("Retiring", { exact: true }).waitFor();
    expect(await daysLeft(client)).toBeCloseTo(7, 1);
    const asked = { grant_type: "client_credentials" };
    const agent: [string, string] = ["User-Agent", "batch-7/2.1"];
    expect((await post(client.tokenEndpoint, asked, [basic(client), agent])).status).toBe(200);
    await eventually(
      async () => {
        await page.reload();
        await settled(page);
        return page.getByText("batch-7/2.1").count();
      },
      (count) => count === 1,
      20,
    );
    expect(await violationsOn(page)).toEqual([]);
    await hands.press(page, "button", "Retire now");
    const question = page.getByRole("alertdialog");
    expect(await question.textContent()).toContain("It is not known to be quiet.");
    await hands.fill(question, `Type ${mark.slice(1)} to confirm`, mark.slice(1));
    await hands.press(question, "button", "Retire it");
    await told(page, "The old secret is retired");
    expect((await askToken(client)).status).toBe(401);
    await hands.press(page, "button", "Let it work again for 24 hours");
    await told(page, "The old secret works again");
    expect((await askToken(client)).status).toBe(200);
  },
);

test("an emergency: rotated without an overlap, with its tokens → the old secret gets none, and the tokens it got are inactive", async () => {
  const { world, tenant, owner } = stage();
  const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const token = await fetchToken(client);
  const { page } = await browser.open(stage().origin, owner);
  const hands = handsOn(page, "pointer");
  await page.goto(`/console${stage().home}/w/${client.workspace.slug}/clients/${client.id}/credentials`);
  await settled(page);
  await hands.press(page, "button", /^Rotate secret/);
  const sheet = page.getByRole("dialog");
  await hands.choose(sheet, "Both work for", "No overlap");
  expect(await sheet.textContent()).toContain("whoever still uses it gets no token");
  await sheet.getByText("Also take back the tokens that this client has").click();
  await hands.send(sheet, "Rotate secret");
  const clientSecret = await copied(page, hands, "client secret");
  await hands.send(sheet, "Done");
  expect((await askToken(client)).status).toBe(401);
  const successor = { ...client, clientSecret };
  expect((await askToken(successor)).status).toBe(200);
  const { body } = await post(`${client.workspace.issuer}/oauth2/introspect`, { token }, [basic(successor)]);
  expect(JSON.parse(body)).toEqual({ active: false });
});
