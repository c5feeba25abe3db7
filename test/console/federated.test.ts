import { generateKeyPairSync } from "node:crypto";
import { exportJWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

describe("[B3] by the keyboard", () => {
  test("a platform is trusted from a preset; a pasted token says which rule fails, and by how much", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k" }] });
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, "keyboard");
    await page.goto(`/console${stage().at}/clients/${stage().client.id}/credentials`);
    await settled(page);
    await hands.press(page, "button", "Trust a platform");
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel("Kubernetes", { exact: true }).check();
    await hands.fill(sheet, "Issuer", "http://cluster.example");
    await hands.fill(sheet, "Namespace", "shop");
    await hands.fill(sheet, "Service account", "billing");
    await sheet.getByLabel(/^Keys/).fill(jwks);
    await sheet.getByRole("textbox", { name: "Name optional" }).fill("cluster");
    await page.keyboard.press("Control+Enter");
    // Wrong input loses nothing that was typed.
    await sheet.getByText(/An issuer is an https address/).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await sheet.getByLabel("Issuer", { exact: true }).fill("https://cluster.example");
    await page.keyboard.press("Control+Enter");
    await told(page, "The platform is trusted");
    await hands.press(page, "button", "Test a token");
    const sign = (sub: string) =>
      new SignJWT({ iss: "https://cluster.example", aud: stage().workspace.issuer, sub })
        .setProtectedHeader({ alg: "ES256", kid: "k" })
        .setExpirationTime("5m")
        .sign(privateKey);
    await page.getByLabel("Token", { exact: true }).fill(await sign("system:serviceaccount:shop:Billing"));
    await page.keyboard.press("Control+Enter");
    await page.getByText("One rule fails.").waitFor();
    await page.getByText(/only upper and lower case differ \(by 1 character\)/).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.getByLabel("Token", { exact: true }).fill(await sign("system:serviceaccount:shop:billing"));
    await page.keyboard.press("Control+Enter");
    await page.getByText(/gets access tokens with it/).waitFor();
  });
});
