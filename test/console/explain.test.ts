import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { askToken } from "../support/token.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

test("the error_uri of a refusal, opened as it was answered → sign-in, then what the request met and what its caller read", async () => {
  const { origin, client, owner } = stage();
  const answer = (await askToken(client, { scope: "ledger:read" })).json();
  expect(answer["error"]).toBe("invalid_scope");
  const visit = await browser.open(origin);
  visit.allow(/status of 401/);
  const { page } = visit;
  await page.goto(String(answer["error_uri"]));
  await page.getByLabel("E-mail", { exact: true }).fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Why a request was refused" }).waitFor();
  const said = await page.getByRole("main").textContent();
  expect(said).toContain(String(answer["error_description"]));
  expect(said).toContain(String(answer["correlation_id"]));
  expect(said).toContain("ledger:read");
  await page
    .getByRole("link", { name: client.clientId })
    .or(page.getByRole("link", { name: "invoice-renderer" }))
    .click();
  await page.getByRole("heading", { name: "invoice-renderer" }).waitFor();
});
