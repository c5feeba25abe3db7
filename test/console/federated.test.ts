import { generateKeyPairSync } from "node:crypto";
import { exportJWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { inThisRun } from "../support/sample.ts";
import type { StoryClient } from "../support/world.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { sheet } from "./journey.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

/** What the server holds of a client's federated credentials. */
async function trustOf({ id, workspace }: StoryClient): Promise<unknown> {
  const query = `query ($id: ID!) { node(id: $id) { ... on Client { credentials(first: 100) { nodes {
    ... on FederatedCredential { name issuer audience hasOwnKeys claims { name value } } } } } } }`;
  const { node } = (await workspace.admin.run(query, { id })) as {
    node: { credentials: { nodes: readonly { readonly issuer?: string }[] } };
  };
  return node.credentials.nodes.filter(({ issuer }) => issuer !== undefined);
}

describe.each(inThisRun(["pointer", "keyboard"] as const))("[B3] with the %s", (device) => {
  async function opened(name: string) {
    const client = await stage().workspace.addClient({ name: `${name} by ${device}`, grants: {} });
    const { page } = await browser.open(stage().origin, stage().owner);
    await page.goto(`/console${stage().at}/clients/${client.id}/credentials`);
    await settled(page);
    const hands = handsOn(page, device);
    await hands.press(page, "button", "Trust a platform");
    return { client, page, hands };
  }

  test("GitHub Actions: what is missing is said where it is missing; then a repository's branch is trusted, and nothing else", async () => {
    const { client, page, hands } = await opened("released");
    const asked = sheet(page);
    await hands.send(sheet(page), "Trust it");
    await asked.getByLabel("Repository", { exact: true }).and(page.locator("[aria-invalid=true]:focus")).waitFor();
    expect(await asked.locator(".problem").count()).toBe(2);
    expect(await violationsOn(page)).toEqual([]);
    await hands.fill(asked, "Repository", "acme/shop");
    await asked.getByText("repo:acme/shop:…").waitFor();
    await hands.fill(asked, "Runs for", "ref:refs/heads/main");
    await hands.fill(asked, /^Name ?optional/, "release");
    await hands.send(sheet(page), "Trust it");
    await told(page, "The platform is trusted");
    await page.getByText("GitHub Actions", { exact: true }).waitFor();
    expect(await trustOf(client)).toEqual([
      {
        name: "release",
        issuer: "https://token.actions.githubusercontent.com",
        audience: stage().workspace.issuer,
        hasOwnKeys: false,
        claims: [{ name: "sub", value: "repo:acme/shop:ref:refs/heads/main" }],
      },
    ]);
  });

  test("Kubernetes: a wrong issuer loses nothing that was typed; a pasted token says which rule fails, and by how much", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k" }] });
    const { page, hands } = await opened("clustered");
    const asked = sheet(page);
    await hands.choose(asked, "Platform", "Kubernetes");
    await hands.fill(asked, "Issuer", "http://cluster.example");
    await hands.fill(asked, "Namespace", "shop");
    await hands.fill(asked, "Service account", "billing");
    await hands.fill(asked, /^Keys/, jwks);
    await hands.fill(asked, /^Name ?optional/, "cluster");
    await hands.send(sheet(page), "Trust it");
    await asked.getByText(/An issuer is an https address/).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await hands.fill(asked, "Issuer", "https://cluster.example");
    await hands.send(sheet(page), "Trust it");
    await told(page, "The platform is trusted");
    await hands.press(page, "button", "Test a token");
    const sign = (sub: string) =>
      new SignJWT({ iss: "https://cluster.example", aud: stage().workspace.issuer, sub })
        .setProtectedHeader({ alg: "ES256", kid: "k" })
        .setExpirationTime("5m")
        .sign(privateKey);
    await hands.fill(sheet(page), "Token", await sign("system:serviceaccount:shop:Billing"));
    await hands.send(sheet(page), "Test");
    await page.getByText("One rule fails.").waitFor();
    await page.getByText(/only upper and lower case differ \(by 1 character\)/).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await hands.fill(sheet(page), "Token", await sign("system:serviceaccount:shop:billing"));
    await hands.send(sheet(page), "Test");
    await page.getByText(/gets access tokens with it/).waitFor();
  });
});
