import { describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { inThisRun } from "../support/sample.ts";
import { handsOn } from "./hands.ts";
import { copied, sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

describe.each(inThisRun(["pointer", "keyboard"] as const))("with the %s", (device) => {
  test("a webhook made, tested, given a new secret, turned off and deleted: each secret seen once, and why the test did not arrive", async () => {
    const { at, origin, owner } = stage();
    const { page } = await browser.open(origin, owner);
    const hands = handsOn(page, device);
    const name = `chat-${device}`;
    await page.goto(`/console${at}/notices`);
    await settled(page);
    await hands.press(page, "button", "New webhook");
    await hands.fill(sheet(page), "Name", name);
    await hands.fill(sheet(page), "Address", "https://127.0.0.1:1/in");
    await hands.send(sheet(page), "Create webhook");
    await page.getByRole("heading", { name: `The secret of ${name}` }).waitFor();
    const first = remember(await copied(page, hands, "signing secret"));
    expect(first).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await hands.press(sheet(page), "button", /^Done/);

    await hands.pick(page, `Actions for ${name}`, "Send a test notice");
    await told(page, `A test is on its way to ${name}`);
    const warning = page.getByText(`${name}: The address is not on the public internet`);
    await warning.waitFor();

    await hands.pick(page, `Actions for ${name}`, "New secret");
    await hands.send(sheet(page), "Make new secret");
    await page.getByRole("heading", { name: `The secret of ${name}` }).waitFor();
    const second = remember(await copied(page, hands, "signing secret"));
    expect(second).not.toBe(first);
    await hands.press(sheet(page), "button", /^Done/);
    for (const secret of [first, second]) expect(await page.content()).not.toContain(secret);

    await hands.pick(page, `Actions for ${name}`, "Turn off");
    await told(page, `${name} is off`);
    await warning.waitFor({ state: "detached" });
    await hands.pick(page, `Actions for ${name}`, "Delete");
    await hands.press(page.getByRole("alertdialog"), "button", "Delete webhook");
    await told(page, `Deleted ${name}`);
    await page.getByRole("button", { name: `Actions for ${name}` }).waitFor({ state: "detached" });
  });
});
