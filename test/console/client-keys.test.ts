import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, importPKCS8, type JWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { freshCertificate } from "../support/certificates.ts";
import { eventually } from "../support/http.ts";
import { inThisRun } from "../support/sample.ts";
import { post } from "../support/token.ts";
import type { StoryClient } from "../support/world.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { copied, sheet, testIt } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { claimsOf, tokenOf } from "./snippets.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

/** Asks for a token with an assertion that this key signed. */
async function statusBy(pem: string): Promise<number> {
  const { clientId, tokenEndpoint } = stage().client;
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(stage().workspace.issuer)
    .setExpirationTime("1m")
    .setJti(randomUUID())
    .sign(await importPKCS8(pem, "ES256"));
  const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  const form = { grant_type: "client_credentials", client_assertion_type: type, client_assertion: assertion };
  return (await post(tokenEndpoint, form)).status;
}

/** A key as the list names it: the start of its RFC 7638 thumbprint. */
const shortKid = async (key: KeyObject): Promise<string> =>
  `${(await calculateJwkThumbprint(key.export({ format: "jwk" }) as JWK)).slice(0, 16)}…`;

/** What the server knows of a client's certificates, the newest first. */
async function certificatesOf({ id, workspace }: StoryClient): Promise<readonly unknown[]> {
  const query = `query ($id: ID!) { node(id: $id) { ... on Client { credentials(first: 100) { nodes {
    ... on ClientCertificate { name subjectType subject revokedAt } } } } } }`;
  const { node } = (await workspace.admin.run(query, { id })) as {
    node: { credentials: { nodes: readonly { readonly subjectType?: string; readonly revokedAt?: string | null }[] } };
  };
  return node.credentials.nodes.filter(({ subjectType, revokedAt }) => subjectType !== undefined && !revokedAt);
}

describe.each(inThisRun(["pointer", "keyboard"] as const))("with the %s", (device) => {
  test("[S9] a certificate is registered by its subject and by itself, after a wrong one was refused at its field", async () => {
    const known = await stage().workspace.addClient({ name: `certified by ${device}`, grants: {} });
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, device);
    await page.goto(`/console${stage().at}/clients/${known.id}/credentials`);
    await settled(page);
    await hands.press(page, "button", "Register certificate");
    await hands.fill(sheet(page), "Subject", "reports");
    await hands.send(sheet(page), "Register certificate");
    const subject = sheet(page).getByLabel("Subject", { exact: true });
    await subject.and(page.locator("[aria-invalid=true]:focus")).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await hands.fill(sheet(page), "Subject", "CN=reports,O=Acme");
    await hands.fill(sheet(page), /^Name ?optional/, "pod");
    await hands.send(sheet(page), "Register certificate");
    await told(page, "Registered cn=reports,o=Acme");

    await hands.press(page, "button", "Register certificate");
    await hands.select(sheet(page), "Known by", "Itself: it is self-signed");
    await hands.fill(sheet(page), "Certificate", freshCertificate({ subject: "/CN=reports" }).trim());
    await hands.send(sheet(page), "Register certificate");
    await page.getByText("Self-signed", { exact: true }).waitFor();
    expect(await certificatesOf(known)).toEqual([
      expect.objectContaining({ name: "", subjectType: "THUMBPRINT" }),
      expect.objectContaining({ name: "pod", subjectType: "DN", subject: "cn=reports,o=Acme" }),
    ]);
    await hands.pick(page, "Actions for cn=reports,o=Acme", "Revoke");
    await hands.press(page.getByRole("alertdialog"), "button", "Revoke cn=reports,o=Acme");
    await told(page, "Revoked cn=reports,o=Acme");
    expect(await certificatesOf(known)).toHaveLength(1);
  });

  test("a private key is not sent, its public half registered; the client gets tokens by it until it is revoked", async () => {
    const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const privatePem = pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const { page } = await browser.open(stage().origin, stage().owner);
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.postData() ?? ""));
    const hands = handsOn(page, device);
    await page.goto(`/console${stage().at}/clients/${stage().client.id}/credentials`);
    await settled(page);
    await hands.press(page, "button", "Register key");
    const sheet = page.getByRole("dialog");
    const [name, kid] = [`build ${device}`, await shortKid(pair.publicKey)];
    await hands.fill(sheet, "Public key", privatePem);
    await page.keyboard.press("Control+Enter");
    await sheet.getByText(/holds a private key. It was not sent/).waitFor();
    await hands.fill(sheet, "Public key", pair.publicKey.export({ format: "pem", type: "spki" }).toString());
    await hands.fill(sheet, /^Name ?optional/, name);
    expect(await violationsOn(page)).toEqual([]);
    await page.keyboard.press("Control+Enter");
    await told(page, `Registered ${kid}`);
    expect(sent.filter((body) => body.includes("createClientKey"))).toEqual([
      expect.not.stringContaining("PRIVATE KEY"),
    ]);
    expect(await statusBy(privatePem)).toBe(200);
    await page.reload();
    await settled(page);
    await page.getByText(name).first().waitFor();
    await hands.pick(page, `Actions for ${kid}`, "Revoke");
    await hands.press(page.getByRole("alertdialog"), "button", `Revoke ${kid}`);
    await told(page, `Revoked ${kid}`);
    await eventually(
      () => statusBy(privatePem),
      (status) => status === 401,
    );
  });
});

test("tokens bound to a key are made compulsory → a new secret's test proves a key of the browser, and its snippet one of Node's", async () => {
  const { workspace, origin, owner, at } = stage();
  const { id } = await workspace.addClient({ name: "vault-keeper", grants: { ledger: ["ledger:read"] } });
  const visit = await browser.open(origin, owner);
  // The answer that gives the nonce.
  visit.allow(/status of 400 .*\/oauth2\/token/);
  const { page } = visit;
  const hands = handsOn(page, "keyboard");
  await page.goto(`/console${at}/clients/${id}/settings`);
  await settled(page);
  await hands.choose(page, "Tokens bound to a key (DPoP)", "Required");
  await hands.press(page, "button", /^Save changes/);
  await told(page, "Saved: tokens bound to a key (DPoP)");

  await page.goto(`/console${at}/clients/${id}/credentials`);
  await settled(page);
  await hands.press(page, "button", "Add secret");
  await sheet(page).getByLabel("Name").waitFor();
  await page.keyboard.press("Control+Enter");
  await sheet(page).getByText("Tokens of this client are bound to a key").waitFor();
  const tested = await testIt(page, hands);
  for (const said of ["Bound to a key that this browser made and proved", "this token opens the API", '"jkt"'])
    expect(tested).toContain(said);
  expect(await violationsOn(page)).toEqual([]);
  expect(await sheet(page).getByRole("tab").allTextContents()).toEqual(["Node.js", ".env"]);
  const token = await tokenOf("Node.js", await copied(page, hands, "Node.js How to ask for a token"));
  const claims = await claimsOf(token, workspace.issuer, workspace.resource("ledger").identifier);
  expect(claims).toMatchObject({ cnf: { jkt: expect.any(String) } });
});
