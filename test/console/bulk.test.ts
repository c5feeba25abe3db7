import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inThisRun } from "../support/sample.ts";
import { askToken, fetchToken } from "../support/token.ts";
import { handsOn } from "./hands.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

test.each(inThisRun(["pointer", "keyboard"] as const))(
  "[A9] with the %s clients are chosen in the list and disabled, enabled, deleted at once → those and no others",
  async (device) => {
    const { world, tenant, owner } = stage();
    const workspace = await world.tenant(tenant).workspace().resource("orders", ["read"]).ready();
    const [busy, idle, other] = [
      await workspace.addClient({ name: "busy" }),
      await workspace.addClient({ name: "idle" }),
      await workspace.addClient({ name: "other" }),
    ];
    await fetchToken(busy);
    const { page } = await browser.open(stage().origin, owner);
    const hands = handsOn(page, device);
    await page.goto(`/console${stage().home}/w/${workspace.slug}/clients`);
    await settled(page);
    const choose = async () => {
      for (const name of ["busy", "idle"]) {
        if (device === "pointer") await page.getByRole("checkbox", { name: `Select ${name}` }).check();
        else {
          await page.getByRole("row").filter({ hasText: name }).first().focus();
          await page.keyboard.press("x");
        }
      }
      await told(page, "2 selected");
    };
    const bar = page.getByRole("region", { name: "Actions for the selected rows" });
    const answers = async () => Promise.all([busy, idle, other].map(async (one) => (await askToken(one)).status));

    await choose();
    await hands.press(bar, "button", "Disable");
    const question = page.getByRole("alertdialog");
    await question.getByRole("heading", { name: "Disable 2 clients?" }).waitFor();
    await hands.press(question, "button", "Disable 2 clients");
    await told(page, "Disabled 2 clients");
    expect(await answers()).toEqual([401, 401, 200]);

    await choose();
    await hands.press(bar, "button", "Enable");
    await told(page, "Enabled 2 clients");
    expect(await answers()).toEqual([200, 200, 200]);

    await choose();
    await hands.press(bar, "button", "Delete");
    await question.getByLabel("Type 2 clients to confirm").fill("2 clients");
    await hands.press(question, "button", "Delete 2 clients");
    await told(page, "Deleted 2 clients");
    await page.getByRole("row").filter({ hasText: "busy" }).waitFor({ state: "detached" });
    expect(await answers()).toEqual([401, 401, 200]);
  },
);

test("[A9] one of the chosen was deleted by somebody else → the question names it, and none is changed", async () => {
  const { world, tenant, owner } = stage();
  const workspace = await world.tenant(tenant).workspace().ready();
  const [gone, here] = [await workspace.addClient({ name: "gone" }), await workspace.addClient({ name: "here" })];
  const { page } = await browser.open(stage().origin, owner);
  await page.goto(`/console${stage().home}/w/${workspace.slug}/clients`);
  await settled(page);
  await page.getByRole("checkbox", { name: "Select all" }).check();
  await workspace.admin.must("deleteClient", { id: gone.id }, "__typename");
  await page
    .getByRole("region", { name: "Actions for the selected rows" })
    .getByRole("button", { name: "Disable" })
    .click();
  const question = page.getByRole("alertdialog");
  await question.getByRole("button", { name: "Disable 2 clients" }).click();
  await question.getByText("Nothing was changed. gone: There is no client with this id").waitFor();
  const document = `{ node(id: "${here.id}") { ... on Client { status } } }`;
  expect(await workspace.admin.run(document)).toEqual({ node: { status: "ACTIVE" } });
});
