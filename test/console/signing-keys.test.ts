import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { eventually, send } from "../support/http.ts";
import { inDatabase, signInMember } from "../support/member.ts";
import { inThisRun } from "../support/sample.ts";
import { withShortLivedKeySets } from "../support/short-lived-key-sets.ts";
import { basic, decodeJwt, fetchToken, post } from "../support/token.ts";
import type { StoryWorkspace } from "../support/world.ts";
import { violationsOn } from "./axe.ts";
import { handsOn } from "./hands.ts";
import { settled, told } from "./pages.ts";
import { useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
  readonly activateAt: string;
}

async function keysOf({ id, admin }: StoryWorkspace): Promise<readonly Key[]> {
  const query = "query ($id: ID!) { node(id: $id) { ... on Workspace { signingKeys { kid alg state activateAt } } } }";
  return ((await admin.run(query, { id })) as { node: { signingKeys: readonly Key[] } }).node.signingKeys;
}
interface Listed {
  readonly jwksFetches: readonly { readonly isCurrent: boolean }[];
}

const inState = (keys: readonly Key[], state: string): string => keys.find((key) => key.state === state)?.kid ?? "";

async function publishedIn({ issuer }: StoryWorkspace): Promise<readonly string[]> {
  const { keys } = (await send(`${issuer}/.well-known/jwks.json`)).json() as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
}

const short = (kid: string) => `${kid.slice(0, 8)}…`;

async function open(page: Page, workspace: StoryWorkspace): Promise<void> {
  await page.goto(`/console${stage().home}/w/${workspace.slug}/signing-keys`);
  await settled(page);
}

/** A workspace with a client, whose next key is ready as soon as two seconds have passed. */
async function ready() {
  const { world, tenant } = stage();
  const client = await withShortLivedKeySets(world, () =>
    world.tenant(tenant).workspace().resource("orders", ["read"]).client(),
  );
  await pause(2100);
  return { client, workspace: client.workspace };
}

describe.each(inThisRun(["pointer", "keyboard"] as const))("with the %s", (device) => {
  test("Rotate now says when the next key signs; then it does, and the former one stays for its tokens; revoked, they are dead", async () => {
    const { client, workspace } = await ready();
    const before = await keysOf(workspace);
    const [first, next] = [inState(before, "ACTIVE"), inState(before, "NEXT")];
    const token = await fetchToken(client);
    expect(decodeJwt(token).header["kid"]).toBe(first);
    const { page } = await browser.open(stage().origin, stage().owner);
    const hands = handsOn(page, device);
    await open(page, workspace);
    const rows = page.getByRole("table", { name: "Signing keys" }).getByRole("row");
    expect(await rows.nth(1).textContent()).toContain("Active");
    expect(await rows.nth(1).textContent()).toMatch(/Signs until \d+ \w+ 20\d\d, /);
    await hands.press(page, "button", "Rotate now");
    const question = page.getByRole("alertdialog");
    expect(await question.textContent()).toContain(`The next key, ${short(next)}, signs at once.`);
    await hands.press(question, "button", "Rotate now");
    await told(page, `${short(next)} signs now`);
    const after = await keysOf(workspace);
    expect([inState(after, "ACTIVE"), inState(after, "RETIRING")]).toEqual([next, first]);
    await eventually(
      async () => decodeJwt(await fetchToken(client)).header["kid"],
      (kid) => kid === next,
      5,
    );
    expect(await publishedIn(workspace)).toEqual(expect.arrayContaining([first, next]));

    await hands.pick(page, `Actions for ${short(first)}`, "Revoke");
    const said = String(await question.textContent());
    expect(said).toContain("Every token that it signed and that has not ended is dead");
    expect(said).toMatch(/A verifier may keep the key set for 1 s/);
    expect(await violationsOn(page)).toEqual([]);
    const sure = `Revoke ${short(first)}`;
    expect(await question.getByRole("button", { name: sure }).getAttribute("aria-disabled")).toBe("true");
    await hands.fill(question, `Type ${first.slice(0, 8)} to confirm`, first.slice(0, 8));
    await hands.press(question, "button", sure);
    await told(page, `Revoked ${short(first)}`);
    await eventually(
      () => publishedIn(workspace),
      (kids) => !kids.includes(first),
      5,
    );
    const introspected = await post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(client)]);
    expect(introspected.json()).toEqual({ active: false });
  });
});

test("[S8] where a client has an algorithm of its own, Rotate now asks whose key, and rotates that one alone", async () => {
  const { client, workspace } = await ready();
  await workspace.admin.must("updateClientSettings", { clientId: client.id, signingAlgorithm: "EdDSA" }, "__typename");
  const kid = async () => decodeJwt(await fetchToken(client)).header;
  const { kid: first } = await eventually(kid, ({ alg }) => alg === "EdDSA", 30);
  const { page } = await browser.open(stage().origin, stage().owner);
  const hands = handsOn(page, "keyboard");
  await open(page, workspace);
  const before = await keysOf(workspace);
  await hands.press(page, "button", "Rotate now");
  const question = page.getByRole("alertdialog");
  await hands.choose(question, "Algorithm", "EdDSA");
  expect(await violationsOn(page)).toEqual([]);
  await hands.press(question, "button", "Rotate now");
  await eventually(kid, (seen) => seen["kid"] !== first, 30);
  const changed = (await keysOf(workspace)).filter(
    (key) => before.find(({ kid }) => kid === key.kid)?.state !== key.state,
  );
  expect(new Set(changed.map(({ alg }) => alg))).toEqual(new Set(["EdDSA"]));
});

test("a key that was published a moment ago signs only when every cached set has it, and the page says from when", async () => {
  const { world, tenant, owner } = stage();
  const { workspace } = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const { page } = await browser.open(stage().origin, owner);
  const hands = handsOn(page, "pointer");
  await open(page, workspace);
  const before = await keysOf(workspace);
  const next = inState(before, "NEXT");
  await hands.press(page, "button", "Rotate now");
  const question = page.getByRole("alertdialog");
  expect(await question.textContent()).toMatch(/signs from .*: only then does every cached key set have it/);
  await hands.press(question, "button", "Rotate now");
  await page
    .getByText(`${short(next)} signs from`)
    .first()
    .waitFor();
  const after = (await keysOf(workspace)).find(({ kid }) => kid === next);
  expect(after?.state).toBe("NEXT");
  const wait = Date.parse(after?.activateAt ?? "") - Date.now();
  expect(wait).toBeGreaterThan(500_000);
  expect(wait).toBeLessThanOrEqual(600_000);
});

test("who fetched the key set is listed, and rotating names who has not seen the next key", async () => {
  const { world, tenant, owner } = stage();
  const { workspace } = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const uri = `${workspace.issuer}/.well-known/jwks.json`;
  await send(uri, { headers: [["User-Agent", "ledger-verifier/2.1"]] });
  const listed = "query ($id: ID!) { node(id: $id) { ... on Workspace { jwksFetches { isCurrent } } } }";
  const seen = (count: number) =>
    eventually(
      async () => ((await workspace.admin.run(listed, { id: workspace.id })) as { node: Listed }).node.jwksFetches,
      (fetches) => fetches.length === count,
      20,
    );
  await seen(1);
  // Another next key comes: only who fetches again has it.
  const next = inState(await keysOf(workspace), "NEXT");
  await workspace.admin.must("revokeSigningKey", { workspaceId: workspace.id, kid: next }, "workspace { id }");
  await send(uri, { headers: [["User-Agent", "orders-verifier/1.0"]] });
  await seen(2);
  const { page } = await browser.open(stage().origin, owner);
  await open(page, workspace);
  const rows = page.getByRole("table", { name: "Verifiers" }).getByRole("row");
  expect(await rows.nth(1).textContent()).toMatch(/ledger-verifier\/2\.1.*127\.0\.0\.1.*Old set/);
  expect(await rows.nth(2).textContent()).toMatch(/orders-verifier\/1\.0.*Current set/);
  expect(await page.getByText("One holds an old set").count()).toBe(1);
  await handsOn(page, "pointer").press(page, "button", "Rotate now");
  const said = await page.getByRole("alertdialog").textContent();
  expect(said).toContain("Not fetched since the next key came: ledger-verifier/2.1 (127.0.0.1).");
  expect(await violationsOn(page)).toEqual([]);
});

test("revoking a long while after signing in asks who is there first", async () => {
  const { world, owner, tenant } = stage();
  const { workspace } = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  const person = await signInMember(world.server, owner, tenant.slug, [{ name: "owner" }]);
  await inDatabase(
    world.server,
    (sql) => sql`update sessions s set authenticated_at = now() - interval '1 hour'
      from users u where u.id = s.user_id and u.email = ${person.email}`,
  );
  const { page } = await browser.open(stage().origin, person);
  const hands = handsOn(page, "pointer");
  await open(page, workspace);
  const active = inState(await keysOf(workspace), "ACTIVE");
  await hands.pick(page, `Actions for ${short(active)}`, "Revoke");
  const question = page.getByRole("alertdialog");
  await hands.fill(question, `Type ${active.slice(0, 8)} to confirm`, active.slice(0, 8));
  await hands.press(question, "button", `Revoke ${short(active)}`);
  await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
  expect(inState(await keysOf(workspace), "ACTIVE")).toBe(active);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await told(page, `Revoked ${short(active)}`);
  // The next key signs at once: nobody waits for it.
  expect(inState(await keysOf(workspace), "ACTIVE")).not.toBe(active);
});
