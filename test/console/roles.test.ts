import { createHash, randomBytes } from "node:crypto";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { mayChange, read } from "../admin/policy.ts";
import { newApiToken } from "../support/api-token.ts";
import { useBrowser } from "../support/browser.ts";
import { mutationDocument, type UserError } from "../support/graphql.ts";
import { type SignedInPerson, signInMember } from "../support/member.ts";
import { newInitialAccessToken } from "../support/registration.ts";
import { freshSlug, type StoryClient } from "../support/world.ts";
import { settled } from "./pages.ts";
import { type Stage, useStage } from "./stage.ts";

const browser = useBrowser();
const stage = useStage();
const roles = ["owner", "admin", "developer", "auditor"] as const;
type Role = (typeof roles)[number];

const members = new Map<Role, SignedInPerson>();
beforeAll(async () => {
  const { world, owner, tenant, workspace } = stage();
  for (const name of roles) {
    const reach = name === "developer" ? { targetWorkspaceId: workspace.id } : {};
    members.set(name, await signInMember(world.server, owner, tenant.slug, [{ name, ...reach }]));
  }
});
const member = (role: Role): SignedInPerson => {
  const found = members.get(role);
  if (!found) throw new Error(`nobody is ${role}`);
  return found;
};

/** What is there to be changed, made anew for each role. */
interface Things {
  readonly client: StoryClient;
  readonly resourceId: string;
  /** The key that signs next: nothing rests on it. */
  readonly nextKid: string;
  /** A token that registers clients. */
  readonly tokenId: string;
  /** An API token of another client. */
  readonly apiTokenId: string;
}

interface Act {
  /** Below `/console`. */
  readonly page: (stage: Stage, things: Things) => string;
  /** What opens the control, where it is folded away. */
  readonly open?: (page: Page) => Promise<void>;
  readonly control: (page: Page, things: Things) => Locator;
  readonly mutation: string;
  readonly input: (stage: Stage, things: Things) => object;
}

const button = (name: RegExp) => (page: Page) => page.getByRole("main").getByRole("button", { name }).first();
const buttonOrLink = (name: RegExp) => (page: Page) => {
  const main = page.getByRole("main");
  return main.getByRole("button", { name }).or(main.getByRole("link", { name })).first();
};
const ofClient = (tab: string) => (at: Stage, things: Things) => `${at.at}/clients/${things.client.id}${tab}`;
const ofApi = (tab: string) => (at: Stage, things: Things) => `${at.at}/apis/${things.resourceId}${tab}`;
const idOfClient = (_: Stage, { client }: Things) => ({ id: client.id });

const freshSha256 = () => createHash("sha256").update(randomBytes(32)).digest("hex");

/** Opens the menu of the newest API token. */
async function firstTokenMenu(page: Page): Promise<void> {
  const rows = page.getByRole("table", { name: "API tokens" });
  await rows
    .getByRole("button", { name: /^Actions for/ })
    .first()
    .click();
  await page.getByRole("menu").waitFor();
}

/** The id of that role, which everybody may be given. */
let auditor = "";
beforeAll(async () => {
  const query = 'query { workspace(slug: "admin") { roles(first: 100) { nodes { id name } } } }';
  const { workspace } = (await stage().tenant.admin.run(query)) as {
    workspace: { roles: { nodes: { id: string; name: string }[] } };
  };
  auditor = workspace.roles.nodes.find(({ name }) => name === "auditor")?.id ?? "";
});

/** The acts of the pages, and the mutation behind each. The last ones end what they act on. */
const acts: readonly Act[] = [
  {
    page: (at) => at.home,
    control: button(/^Create workspace/),
    mutation: "createWorkspace",
    input: () => ({ slug: freshSlug("made"), name: "Made" }),
  },
  {
    page: (at) => `${at.home}/members`,
    control: button(/^Invite/),
    mutation: "createInvitation",
    input: ({ workspace }) => ({ roles: [{ roleId: auditor, targetWorkspaceId: workspace.id }] }),
  },
  {
    page: (at) => `${at.home}/members/roles`,
    control: button(/^Create role/),
    mutation: "createRole",
    input: ({ workspace }) => ({ workspaceId: workspace.id, name: freshSlug("role"), scopeIds: [] }),
  },
  {
    page: (at) => at.at,
    control: buttonOrLink(/^Create client/),
    mutation: "createClient",
    input: ({ workspace }) => ({ workspaceId: workspace.id, name: freshSlug("made") }),
  },
  {
    page: (at) => `${at.at}/clients`,
    control: buttonOrLink(/^Create client/),
    mutation: "createClient",
    input: ({ workspace }) => ({ workspaceId: workspace.id, name: freshSlug("made") }),
  },
  {
    page: (at) => `${at.at}/apis`,
    control: buttonOrLink(/^Create API/),
    mutation: "createResource",
    input: ({ workspace }) => {
      const name = freshSlug("made");
      return { workspaceId: workspace.id, name, identifier: `https://${name}.example.com/` };
    },
  },
  {
    page: ofApi(""),
    control: button(/^Add scope/),
    mutation: "createScope",
    input: (_, { resourceId }) => ({ resourceId, name: freshSlug("scope") }),
  },
  {
    page: ofApi("/settings"),
    control: button(/^Add client/),
    mutation: "addResourceServer",
    input: (_, { resourceId, client }) => ({ resourceId, clientId: client.id }),
  },
  {
    page: ofClient(""),
    control: button(/^Add secret/),
    mutation: "createClientSecret",
    input: (_, { client }) => ({ clientId: client.id }),
  },
  {
    page: ofClient("/access"),
    control: (page) => page.getByRole("main").getByRole("checkbox", { name: /^ledger:read/ }),
    mutation: "setClientGrant",
    input: ({ workspace }, { client }) => ({
      clientId: client.id,
      resourceId: workspace.resource("ledger").id,
      scopes: ["ledger:read"],
    }),
  },
  {
    page: ofClient("/credentials"),
    control: button(/^Add secret/),
    mutation: "createClientSecret",
    input: (_, { client }) => ({ clientId: client.id }),
  },
  {
    page: ofClient("/settings"),
    control: (page) => page.getByRole("main").getByLabel("Name", { exact: true }),
    mutation: "updateClient",
    input: (_, { client }) => ({ id: client.id, name: freshSlug("renamed") }),
  },
  {
    page: (at) => `${at.at}/settings`,
    control: (page) =>
      page.getByRole("group", { name: "Token log is kept for" }).getByRole("radio", { name: "Set here", exact: true }),
    mutation: "updateWorkspaceSettings",
    input: ({ workspace }) => ({ workspaceId: workspace.id, tokenLogRetention: null }),
  },
  {
    page: (at) => `${at.at}/settings`,
    control: (page) => page.getByRole("main").getByLabel("Name", { exact: true }),
    mutation: "updateWorkspace",
    input: ({ workspace }) => ({ id: workspace.id, name: "payments-prod" }),
  },
  {
    page: (at) => `${at.at}/signing-keys`,
    control: button(/^Rotate now/),
    mutation: "rotateSigningKey",
    input: ({ workspace }) => ({ workspaceId: workspace.id }),
  },
  {
    page: (at) => `${at.at}/signing-keys`,
    open: async (page) => {
      await page
        .getByRole("button", { name: /^Actions for/ })
        .first()
        .click();
      await page.getByRole("menu").waitFor();
    },
    control: (page) => page.getByRole("menuitem", { name: "Revoke" }),
    mutation: "revokeSigningKey",
    input: ({ workspace }, { nextKid }) => ({ workspaceId: workspace.id, kid: nextKid }),
  },
  {
    page: (at) => `${at.at}/registration`,
    control: button(/^New token/),
    mutation: "createInitialAccessToken",
    input: ({ workspace }) => ({ workspaceId: workspace.id, name: freshSlug("token"), uses: 1, ceiling: [] }),
  },
  {
    page: (at) => `${at.at}/registration`,
    open: async (page) => {
      await page
        .getByRole("button", { name: /^Actions for/ })
        .first()
        .click();
      await page.getByRole("menu").waitFor();
    },
    control: (page) => page.getByRole("menuitem", { name: "Revoke" }),
    mutation: "revokeInitialAccessToken",
    input: (_, { tokenId }) => ({ id: tokenId }),
  },
  {
    page: ofClient("/credentials"),
    control: button(/^Add API token/),
    mutation: "createApiToken",
    input: (_, { client }) => ({ clientId: client.id, name: "made", permissions: { all: true } }),
  },
  {
    page: ofClient("/credentials"),
    control: button(/^Import API token/),
    mutation: "importApiToken",
    input: (_, { client }) => ({ clientId: client.id, name: "old", permissions: { all: true }, sha256: freshSha256() }),
  },
  {
    page: (at) => `${at.at}/api-tokens`,
    open: firstTokenMenu,
    control: (page) => page.getByRole("menuitem", { name: "Edit" }),
    mutation: "updateApiToken",
    input: (_, { apiTokenId }) => ({ id: apiTokenId, name: "renamed" }),
  },
  {
    page: (at) => `${at.at}/api-tokens`,
    open: firstTokenMenu,
    control: (page) => page.getByRole("menuitem", { name: "Revoke" }),
    mutation: "revokeApiToken",
    input: (_, { apiTokenId }) => ({ id: apiTokenId }),
  },
  {
    page: (at) => `${at.at}/settings`,
    control: button(/^Revoke all API tokens/),
    mutation: "revokeWorkspaceApiTokens",
    input: ({ workspace }) => ({ workspaceId: workspace.id }),
  },
  { page: ofClient("/settings"), control: button(/^Disable/), mutation: "disableClient", input: idOfClient },
  { page: ofClient("/settings"), control: button(/^Delete/), mutation: "deleteClient", input: idOfClient },
  {
    page: ofApi("/settings"),
    control: button(/^Delete API/),
    mutation: "deleteResource",
    input: (_, { resourceId }) => ({ id: resourceId }),
  },
];

async function makeThings(): Promise<Things> {
  const { workspace } = stage();
  const name = freshSlug("api");
  const { id } = await workspace.addResource(name, ["a:read"]);
  const client = await workspace.addClient({ grants: { [name]: ["a:read"] } });
  const query = "query ($id: ID!) { node(id: $id) { ... on Workspace { signingKeys { kid state } } } }";
  const { node } = (await workspace.admin.run(query, { id: workspace.id })) as {
    node: { signingKeys: { kid: string; state: string }[] };
  };
  const nextKid = node.signingKeys.find(({ state }) => state === "NEXT")?.kid ?? "";
  const { id: tokenId } = await newInitialAccessToken(workspace, { ceiling: {} });
  const other = await workspace.addClient({ grants: {} });
  const { id: apiTokenId } = await newApiToken(other, { name: "theirs" });
  return { client, resourceId: id, nextKid, tokenId, apiTokenId };
}

/** `yes` when the control works; `no` when it is off or not there. */
async function onScreen(control: Locator): Promise<"yes" | "no"> {
  if ((await control.count()) === 0) return "no";
  const off = (await control.isDisabled()) || (await control.getAttribute("aria-disabled")) === "true";
  const isFixed =
    (await control.getAttribute("readonly")) !== null || (await control.getAttribute("aria-readonly")) === "true";
  return off || isFixed ? "no" : "yes";
}

/** `yes` when the API does it, `no` when it refuses. */
async function inApi(person: SignedInPerson, { mutation, input }: Act, things: Things): Promise<string> {
  const document = mutationDocument(mutation, "__typename");
  const answer = await person.graphql(stage().tenant.slug, document, { input: input(stage(), things) });
  const { data } = answer.json() as { data?: Record<string, { userErrors: UserError[] }> };
  const codes = data?.[mutation]?.userErrors.map(({ code }) => code) ?? [answer.body];
  if (codes.length === 0) return "yes";
  return codes.join(" ") === "FORBIDDEN" ? "no" : codes.join(" ");
}

describe.each(roles)("%s", (role) => {
  test("[C5] every control that works is one that the permission table and the API allow, and no other", async () => {
    const things = await makeThings();
    const table = read(mayChange);
    const { page } = await browser.open(stage().origin, member(role));
    const seen: Record<string, string> = {};
    for (const act of acts) {
      const path = act.page(stage(), things);
      if (!page.url().endsWith(path)) {
        await page.goto(`/console${path}`);
        await settled(page);
      }
      const where = `${path.replace(/\w+_\w{14}/g, "…").slice(stage().home.length) || "home"} ${act.mutation}`;
      await act.open?.(page);
      seen[where] = await onScreen(act.control(page, things));
      if (act.open) await page.keyboard.press("Escape");
    }
    const answered: Record<string, string> = {};
    for (const [at, act] of acts.entries())
      answered[Object.keys(seen)[at] ?? ""] = await inApi(member(role), act, things);
    const meant = Object.keys(seen).map((where, at) => [where, table.get(acts[at]?.mutation ?? "")?.[role]]);
    expect(seen).toEqual(Object.fromEntries(meant));
    expect(answered).toEqual(Object.fromEntries(meant));
  });

  test("[C5] the audit log shows itself to who may read it", async () => {
    const { page } = await browser.open(stage().origin, member(role));
    await page.goto(`/console${stage().at}/audit`);
    await settled(page);
    const { workspace, tenant } = stage();
    const document = "query ($slug: Slug!) { workspace(slug: $slug) { auditEntries(first: 1) { nodes { id } } } }";
    const answer = await member(role).graphql(tenant.slug, document, { slug: workspace.slug });
    const { data } = answer.json() as { data: { workspace: { auditEntries: { nodes: object[] } } } };
    const mayRead = data.workspace.auditEntries.nodes.length > 0;
    expect(mayRead).toBe(role !== "developer");
    expect(await page.getByRole("table").count()).toBe(mayRead ? 1 : 0);
  });
});
