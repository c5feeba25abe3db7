import { describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { manage, register, registeredIn } from "../support/registration.ts";
import { inThisRun } from "../support/sample.ts";
import { askToken } from "../support/token.ts";
import { handsOn } from "./hands.ts";
import { copied, sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

describe.each(inThisRun(["pointer", "keyboard"] as const))("with the %s", (device) => {
  test("a token made and copied registers a client, which says so; revoked, it registers none, and the client stays", async () => {
    const { workspace, at, origin, owner } = stage();
    const { page } = await browser.open(origin, owner);
    const hands = handsOn(page, device);
    const name = `gateway-${device}`;
    await page.goto(`/console${at}/registration`);
    await settled(page);
    await hands.press(page, "button", "New token");
    await hands.fill(sheet(page), "Name", name);
    await hands.fill(sheet(page), "Clients", "2");
    await hands.press(sheet(page), "checkbox", /^ledger:read/);
    await hands.send(sheet(page), "Create token");
    await page.getByRole("heading", { name: `${name} is ready` }).waitFor();
    const done = sheet(page).getByRole("button", { name: /^Done/ });
    expect(await done.getAttribute("aria-disabled")).toBe("true");
    const token = remember(await copied(page, hands, "initial access token"));
    expect(token).toMatch(/^mmr_[0-9A-Za-z]{79}$/);
    await hands.press(sheet(page), "button", /^Done/);
    expect(await page.content()).not.toContain(token);

    const registered = registeredIn(await register(workspace, token, { client_name: `device-${device}` }));
    expect(registered).toMatchObject({ scope: "ledger:read" });
    await page.reload();
    await settled(page);
    const row = page.getByRole("table", { name: "Initial access tokens" }).getByRole("row").filter({ hasText: name });
    expect(await row.textContent()).toMatch(/Active.*1 of 2.*1 scope at ledger/);

    await hands.pick(page, `Actions for ${name}`, "Revoke");
    const question = page.getByRole("alertdialog");
    expect(await question.textContent()).toContain("The client that it registered stays");
    await hands.press(question, "button", "Revoke token");
    await told(page, `Revoked ${name}`);
    expect((await register(workspace, token)).status).toBe(401);
    const { client_id: clientId, client_secret: clientSecret = "" } = registered;
    const tokenEndpoint = `${workspace.issuer}/oauth2/token`;
    expect((await askToken({ tokenEndpoint, clientId, clientSecret })).status).toBe(200);

    await page.goto(`/console${at}/clients/${clientId}`);
    await settled(page);
    expect(await page.getByRole("main").textContent()).toContain(`By itself, with ${name}`);
    expect((await manage("GET", registered)).status).toBe(200);
    await hands.pick(page, "Actions for this client", "Revoke registration");
    await hands.press(page.getByRole("alertdialog"), "button", "Revoke registration");
    await told(page, `device-${device} can change its registration no more`);
    expect((await manage("GET", registered)).status).toBe(401);
    expect((await manage("DELETE", registered)).status).toBe(401);
  });
});

test("the token neither copied nor ticked off → the sheet asks before it closes", async () => {
  const { at, origin, owner } = stage();
  const { page } = await browser.open(origin, owner);
  await page.goto(`/console${at}/registration?new=token`);
  await settled(page);
  await sheet(page).getByLabel("Name", { exact: true }).fill("unseen");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "unseen is ready" }).waitFor();
  remember(/mmr_[0-9A-Za-z]{79}/.exec((await sheet(page).textContent()) ?? "")?.[0] ?? "");
  await sheet(page).getByRole("button", { name: "Close" }).click();
  await page.getByRole("alertdialog").waitFor();
});
