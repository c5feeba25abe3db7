import { createHash, randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { newAuthenticator } from "../support/authenticator.ts";
import { remember } from "../support/canaries.ts";
import { inviteAs } from "../support/joining.ts";
import { inDatabase, type MemberRole, type SignedInPerson, signInMember } from "../support/member.ts";
import { totpCode } from "../support/person.ts";
import type { StoryTenant } from "../support/world.ts";
import { settled } from "./pages.ts";
import type { Stage } from "./stage.ts";
import { dialog, pressing, type Scene, type State } from "./state.ts";

const OWNER = [{ name: "owner" }];

const memberOf = ({ world, owner }: Stage, tenant: Pick<StoryTenant, "slug">, roles: readonly MemberRole[] = OWNER) =>
  signInMember(world.server, owner, tenant.slug, roles);

const another = (stage: Stage) => memberOf(stage, stage.tenant);

const whoLooks = ({ viewer }: Scene): SignedInPerson => {
  if (!viewer) throw new Error("nobody looks at it");
  return viewer;
};

async function addTotp(person: SignedInPerson): Promise<void> {
  const { uri } = (await person.auth("/totp", { password: person.password })).json() as { uri: string };
  await person.auth("/totp/verify", { code: totpCode(uri) });
}

/** The password of somebody who has an authenticator app too. */
async function toSecondFactor(page: Page, _mark: string, { stage }: Scene): Promise<void> {
  const person = await another(stage);
  await addTotp(person);
  await page.getByLabel("E-mail", { exact: true }).fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Second factor" }).waitFor();
}

/** A link to join as an auditor. */
async function joining({ tenant: { admin } }: Stage): Promise<string> {
  const { workspace } = (await admin.run(
    '{ workspace(slug: "admin") { roles(first: 50) { nodes { id name } } } }',
  )) as {
    workspace: { roles: { nodes: readonly { readonly id: string; readonly name: string }[] } };
  };
  const roleId = workspace.roles.nodes.find(({ name }) => name === "auditor")?.id ?? "";
  return remember((await inviteAs(admin, [{ roleId, everywhere: true }])).link);
}

async function resetting(stage: Stage): Promise<string> {
  const { memberId } = await another(stage);
  return remember(
    String((await stage.tenant.admin.must("createMemberResetLink", { id: memberId }, "secret"))["secret"]),
  );
}

async function follow(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await settled(page);
  await page.getByText(/^The link ends/).waitFor();
}

async function beginTotp(page: Page, _mark: string, scene: Scene): Promise<void> {
  await pressing("Set up an authenticator app")(page);
  await page.getByLabel("Your password", { exact: true }).fill(whoLooks(scene).password);
  await page.keyboard.press("Enter");
  await page.getByRole("img", { name: "QR code with the key" }).waitFor();
}

async function showCodes(page: Page, mark: string, scene: Scene): Promise<void> {
  await beginTotp(page, mark, scene);
  const key = String(await page.locator("dialog[open] dd .mono").first().textContent()).replaceAll(/[^A-Z2-7]/g, "");
  await page.getByLabel("Code", { exact: true }).fill(totpCode(`otpauth://totp/?secret=${remember(key)}`));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Backup codes" }).waitFor();
}

async function withPasskey(stage: Stage): Promise<SignedInPerson> {
  const person = await another(stage);
  const options = (await person.auth("/passkey/registration", {})).json();
  const response = newAuthenticator().create(options, stage.origin);
  await person.auth("/passkey/add", { response, name: "Work laptop" });
  return person;
}

const ofPasskey = (entry: string) => async (page: Page) => {
  await page.getByRole("button", { name: "Work laptop", exact: true }).click();
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
  await dialog(page);
};

/** It is a while since they signed in. */
async function stepUp(page: Page, _mark: string, scene: Scene): Promise<void> {
  const { email } = whoLooks(scene);
  await inDatabase(
    scene.stage.world.server,
    (sql) => sql`update sessions s set authenticated_at = now() - interval '1 hour'
      from users u where u.id = s.user_id and u.email = ${email}`,
  );
  await page.goto(`/console${scene.stage.home}/members?new=invitation`);
  await settled(page);
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "auditor" });
  await page.getByLabel("Counts in", { exact: true }).selectOption({ label: "Everywhere in this tenant" });
  await page.getByRole("button", { name: "Make the link" }).click();
  await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
  await page.getByRole("button", { name: "Use a passkey" }).waitFor();
}

/** Of a second tenant too, and of one that is suspended. */
async function ofSeveral(stage: Stage): Promise<SignedInPerson> {
  const person = await another(stage);
  for (const name of ["Acme Europe", "Acme Labs"]) {
    const { id } = await stage.world.tenant().ready();
    await inDatabase(stage.world.server, async (sql) => {
      await sql`update tenants set name = ${name} where id = ${id}`;
      await sql`insert into members (tenant_id, id, user_id, display_name)
        select ${id}, 'mem_' || substr(md5(random()::text), 1, 14), id, name from users where email = ${person.email}`;
    });
    if (name === "Acme Labs") await stage.world.operator.must("suspendTenant", { id }, "__typename");
  }
  return person;
}

/** Of a tenant that was suspended while they worked in it. */
async function suspended(page: Page, _mark: string, { stage }: Scene): Promise<void> {
  const tenant = await stage.world.tenant().ready();
  const person = await memberOf(stage, tenant);
  await stage.world.operator.must("suspendTenant", { id: tenant.id }, "__typename");
  await page.getByLabel("E-mail", { exact: true }).fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/console/");
  await page.goto(`/console/t/${tenant.slug}`);
  await settled(page);
}

/** Of a tenant that lets its members generate both types. */
async function ofGenerousTenant(stage: Stage): Promise<SignedInPerson> {
  const tenant = await stage.world.tenant().ready();
  const { workspace } = (await tenant.admin.run('{ workspace(slug: "admin") { id } }')) as {
    workspace: { id: string };
  };
  const types = { personalTokens: "ON", generatedTypes: ["STATIC_TOKEN", "CLIENT_CREDENTIALS"] };
  const settings = { workspaceId: workspace.id, ...types, personalTokenLimit: 3, staticTokenLifetime: 30 };
  await tenant.admin.must("updateWorkspaceSettings", settings, "__typename");
  return memberOf(stage, tenant);
}

/** A link as it is mailed to the owner, made past the server, which has no mail server here. */
async function mailedLink({ world, origin, owner }: Stage): Promise<string> {
  const code = randomBytes(16).toString("hex").toUpperCase();
  const name = `new-password-${createHash("sha256").update(code).digest("base64url")}`;
  await inDatabase(
    world.server,
    (sql) => sql`insert into verifications (id, identifier, value, expires_at)
      select ${name}, ${name}, id, now() + interval '45 minutes' from users where email = ${owner.email}`,
  );
  return `${origin}/console/new-password/${code}`;
}

const door = { path: () => "/sign-in", isDoor: true } as const;
const account = { path: () => "/account", viewer: another } as const;
const generous = { path: () => "/account/personal-tokens", viewer: ofGenerousTenant } as const;

/** What a person meets on the way in, and on the pages about themselves. */
export const personStates: readonly State[] = [
  { ...door, name: "sign-in-second", act: toSecondFactor },
  {
    ...door,
    name: "sign-in-backup",
    act: async (page, mark, scene) => {
      await toSecondFactor(page, mark, scene);
      await page.getByRole("button", { name: "Use a backup code" }).click();
      await page.getByLabel("Backup code", { exact: true }).waitFor();
    },
  },
  {
    ...door,
    name: "forgotten-password-sent",
    path: () => "/forgotten-password",
    act: async (page) => {
      // The stage has no mail server: what its answer looks like is the journey's affair.
      await page.route("**/console/auth/forgotten-password", (route) => route.fulfill({ json: {} }));
      await page.getByLabel("E-mail", { exact: true }).fill("ada@example.com");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
    },
  },
  {
    ...account,
    name: "account-confirm",
    act: async (page) => {
      // The stage has no mail server: that a code arrives, and what it does, is proved where there is one.
      await page.route("**/console/auth/account", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ json: { ...((await answer.json()) as object), isConfirmed: false } });
      });
      await page.route("**/console/auth/mailbox", (route) => route.fulfill({ json: {} }));
      await page.reload();
      await page.getByRole("button", { name: "Mail me a code", exact: true }).click();
      await page.getByLabel("Code from the mail", { exact: true }).waitFor();
    },
  },
  { ...door, name: "new-password", act: async (page, _, { stage }) => follow(page, await mailedLink(stage)) },
  {
    ...door,
    name: "new-password-bad",
    complaint: /status of 400 .*\/console\/auth\/new-password/,
    act: async (page, _, { stage }) => {
      await page.goto(`${stage.origin}/console/new-password/0000`);
      await page.getByRole("heading", { name: "This link does not work" }).waitFor();
    },
  },
  {
    ...door,
    name: "sso-refused",
    complaint: /status of 4\d\d .*\/console\/auth\/sso\/finish/,
    act: async (page, _, { stage }) => {
      await page.goto(`/console/sso/${stage.provider}?state=nobody-asked&code=nothing`);
      await page.getByRole("heading", { name: "You are not signed in" }).waitFor();
    },
  },
  {
    ...door,
    name: "invitation",
    complaint: /status of 401 .*\/console\/auth\/account/,
    act: async (page, _, { stage }) => follow(page, await joining(stage)),
  },
  {
    ...door,
    name: "invitation-reset",
    complaint: /status of 401 .*\/console\/auth\/account/,
    act: async (page, _, { stage }) => follow(page, await resetting(stage)),
  },
  { ...account, name: "invitation-signed-in", act: async (page, _, { stage }) => follow(page, await joining(stage)) },
  { ...door, name: "tenant-suspended", complaint: /status of 403 .*\/graphql/, act: suspended },
  { name: "start-choose", path: () => "/?choose=tenant", viewer: ofSeveral, act: async () => undefined },
  { ...account, name: "totp-password", act: pressing("Set up an authenticator app") },
  { ...account, name: "totp-set-up", act: beginTotp },
  { ...account, name: "totp-codes", act: showCodes },
  { ...account, name: "passkey-add", act: pressing("Add a passkey") },
  { ...account, name: "passkey-rename", viewer: withPasskey, act: ofPasskey("Rename") },
  { ...account, name: "passkey-remove", viewer: withPasskey, act: ofPasskey("Remove") },
  { ...account, name: "step-up", viewer: withPasskey, act: stepUp },
  { ...generous, name: "personal-tokens-on", act: (page) => page.getByText(/^Up to 3 at once/).waitFor() },
  { ...generous, name: "personal-token-add", act: pressing("Add personal token") },
  { ...generous, name: "personal-client-add", act: pressing("Generate client credentials") },
  {
    ...generous,
    name: "personal-client-reveal",
    act: async (page, mark) => {
      await pressing("Generate client credentials")(page);
      await page.getByLabel("Name", { exact: true }).fill(`script ${mark}`);
      await page.keyboard.press("Control+Enter");
      await page.getByRole("heading", { name: `script ${mark} is ready` }).waitFor();
    },
  },
];
