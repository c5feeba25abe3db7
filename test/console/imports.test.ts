import { readFileSync } from "node:fs";
import type { Download, Page } from "playwright-core";
import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { remember } from "../support/canaries.ts";
import { newImport, sealingPair } from "../support/imports.ts";
import { fetchToken } from "../support/token.ts";
import { handsOn } from "./hands.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

const freshWorkspace = async () => {
  const { world, tenant } = stage();
  return world.tenant(tenant).workspace().resource("orders", ["orders:read"]).ready();
};
const fileOf = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
const contentOf = async (download: Download) => readFileSync(await download.path(), "utf8");
const saving = async (page: Page, act: () => Promise<unknown>): Promise<Download> => {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  return file;
};

test("[A9] the answer to a file is lost → its page is opened, and shows that it was taken", async () => {
  const workspace = await freshWorkspace();
  const { page, allow } = await browser.open(stage().origin, stage().owner);
  allow(/Failed to load resource/);
  await page.goto(`/console${stage().home}/w/${workspace.slug}/clients/import`);
  await settled(page);
  await page.route(
    (address) => address.pathname.startsWith("/imports/"),
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  await page.getByLabel("File with the clients").setInputFiles(fileOf("one.csv", "name\nonly\n"));
  await handsOn(page, "pointer").press(page, "button", "Import clients");
  await page.waitForURL(/clients\/import\/imp_/);
  await page.getByText("1 client made.").waitFor();
});

test("[A9] a file is chosen, imported, and its secrets are saved → each client gets tokens; the refused line says why", async () => {
  const workspace = await freshWorkspace();
  const { identifier } = workspace.resource("orders");
  const { page, requests } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "keyboard");
  await page.goto(`/console${stage().home}/w/${workspace.slug}/clients`);
  await settled(page);
  await page.getByRole("link", { name: "Import clients" }).click();
  await page.getByRole("heading", { name: "Import clients", level: 1 }).waitFor();
  // An example is a file that can be imported as it is.
  const example = await contentOf(
    await saving(page, () => page.getByRole("button", { name: "CSV", exact: true }).click()),
  );
  expect(example).toContain(`"sensor-0001","${identifier}","orders:read"`);
  const file = `${example}broken,https://nobody.example,x,\n`;
  await page.getByLabel("File with the clients").setInputFiles(fileOf("fleet.csv", file));
  const key = await saving(page, () => hands.press(page, "button", "Import clients"));
  await page.waitForURL(/clients\/import\/imp_/);
  const [, id = ""] = /import\/(imp_\w+)$/.exec(page.url()) ?? [];
  expect(key.suggestedFilename()).toBe(`import-${id}.key.json`);
  await page.getByText("2 clients made. 1 line refused").waitFor();
  await page.getByText("There is no API https://nobody.example in this workspace that you may see.").first().waitFor();
  // The private half stays here.
  const { d } = JSON.parse(await contentOf(key)) as { d: string };
  for (const request of requests) expect(request.postData() ?? "").not.toContain(d);

  const secrets = await contentOf(await saving(page, () => page.getByRole("button", { name: "Save secrets" }).click()));
  const [head, ...lines] = secrets.trimEnd().split("\r\n");
  expect(head).toBe("name,client_id,client_secret");
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    const [, clientId = "", clientSecret = ""] = line.split(",").map((cell) => cell.slice(1, -1));
    const client = {
      clientId,
      clientSecret: remember(clientSecret),
      tokenEndpoint: `${workspace.issuer}/oauth2/token`,
    };
    expect(await fetchToken(client, { scope: "orders:read" })).toMatch(/^eyJ/);
  }
  const report = await saving(page, () => page.getByRole("button", { name: "Save report" }).click());
  expect(await contentOf(report)).toContain('"4","refused","broken"');
  await page.getByRole("link", { name: /^Made/ }).click();
  await page.getByRole("link", { name: "sensor-0002" }).click();
  await page.getByRole("heading", { name: "sensor-0002", level: 1 }).waitFor();

  // In another tab the key is not there any more: its file is asked for.
  const later = await browser.open(stage().origin, stage().owner);
  await later.page.goto(`/console${stage().home}/w/${workspace.slug}/clients/import/${id}`);
  await settled(later.page);
  await later.page.getByRole("button", { name: "Save secrets" }).click();
  const sheet = later.page.getByRole("dialog");
  const field = sheet.getByLabel("Key file of this import");
  const other = JSON.stringify(sealingPair().privateKey.export({ format: "jwk" }));
  for (const [text, said] of [
    ["{}", "There is no private key in this file."],
    [other, "This key opens none of these secrets. Each import has its own."],
  ] as const) {
    await field.setInputFiles(fileOf("other.json", text));
    await sheet.getByRole("button", { name: /^Open and save/ }).click();
    await sheet.getByText(said).waitFor();
  }
  await field.setInputFiles(await key.path());
  const again = await saving(later.page, () => sheet.getByRole("button", { name: /^Open and save/ }).click());
  expect(await contentOf(again)).toBe(secrets);
});

test("[A9] an import that nobody has sent a file to → goes on from its page, and lists what it made", async () => {
  const workspace = await freshWorkspace();
  const { bootstrapped } = stage().world.server;
  const token = await fetchToken(bootstrapped, { resource: bootstrapped.resource });
  const job = await newImport(
    { graphql: workspace.admin, token } as never,
    workspace.id,
    "CSV",
    sealingPair().publicJwk,
  );
  const { page, allow } = await browser.open(stage().origin, stage().owner);
  allow(/status of 400/);
  await page.goto(`/console${stage().home}/w/${workspace.slug}/clients/import`);
  await settled(page);
  await page.getByRole("table", { name: "Imports of the last week" }).getByRole("link").click();
  await told(page, "No file has been sent yet.");
  const field = page.getByLabel("File with the clients");
  await field.setInputFiles(fileOf("fleet.csv", "colour\nred\n"));
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText('there is no column "colour"').waitFor();
  await field.setInputFiles(fileOf("fleet.csv", "name\ngate-1\ngate-2\n"));
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("2 clients made. Every line became one.").waitFor();
  await page.getByRole("link", { name: /^Made/ }).click();
  await page.getByRole("link", { name: "gate-2" }).waitFor();
  expect(page.url()).toContain(job.id);
});

test("a file of another kind, or none → said before anything is sent", async () => {
  const { page, requests } = await browser.open(stage().origin, stage().owner);
  await page.goto(`/console${stage().at}/clients/import`);
  await settled(page);
  const asked = () => requests.filter((request) => request.resourceType() === "fetch").length;
  const before = asked();
  await page.getByRole("button", { name: "Import clients", exact: true }).click();
  await page.getByText("Choose a file first.").waitFor();
  await page.getByLabel("File with the clients").setInputFiles(fileOf("fleet.xlsx", "x"));
  await page.getByText("The file's name ends with .csv, .ndjson or .jsonl.").waitFor();
  await page.getByRole("button", { name: "Import clients", exact: true }).click();
  expect(asked()).toBe(before);
});
