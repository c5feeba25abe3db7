import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inThisRun } from "../support/sample.ts";
import { basic, fetchToken, post } from "../support/token.ts";
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
