import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "../support/person.ts";
import type { Stage } from "./stage.ts";

/** A page as somebody signed in sees it. */
export interface ConsolePage {
  readonly name: string;
  /** Below `/console`. */
  readonly path: (stage: Stage) => string;
  /** A sheet or dialog is what it is about. */
  readonly isSheet?: true;
  /** Nobody needs to be signed in. */
  readonly isDoor?: true;
  /** It lives from the session's door alone: one's own account and sessions. */
  readonly isOwn?: true;
}

const inWorkspace = (path: string) => (stage: Stage) => `${stage.at}${path}`;
const inEmpty = (path: string) => (stage: Stage) => `${stage.home}/w/${stage.empty.slug}${path}`;
const ofClient = (path: string) => (stage: Stage) => `${stage.at}/clients/${stage.client.id}${path}`;
const ofProver = (path: string) => (stage: Stage) => `${stage.at}/clients/${stage.prover.id}${path}`;
const ofApi = (path: string) => (stage: Stage) => `${stage.at}/apis/${stage.workspace.resource("invoices").id}${path}`;

/** Every page that a signed-in owner can reach, with data and without. */
export const pages: readonly ConsolePage[] = [
  { name: "sign-in", path: () => "/sign-in", isDoor: true },
  { name: "sign-in-sso", path: (stage) => `/sign-in?next=${encodeURIComponent(stage.home)}`, isDoor: true },
  { name: "forgotten-password", path: () => "/forgotten-password", isDoor: true },
  { name: "set-up-closed", path: () => "/setup", isDoor: true },
  { name: "workspaces", path: (stage) => stage.home },
  { name: "workspace-create", path: (stage) => `${stage.home}?new=workspace`, isSheet: true },
  { name: "account", path: () => "/account", isOwn: true },
  { name: "personal-tokens", path: () => "/account/personal-tokens" },
  { name: "sessions", path: () => "/account/sessions", isOwn: true },
  { name: "members", path: (stage) => `${stage.home}/members` },
  { name: "members-nobody", path: (stage) => `${stage.home}/members?q=nobody-like-this` },
  { name: "member", path: (stage) => `${stage.home}/members?member=${stage.owner.memberId}`, isSheet: true },
  { name: "member-invite", path: (stage) => `${stage.home}/members?new=invitation`, isSheet: true },
  { name: "member-roles", path: (stage) => `${stage.home}/members/roles` },
  { name: "member-invitations", path: (stage) => `${stage.home}/members/invitations` },
  { name: "member-former", path: (stage) => `${stage.home}/members/former` },
  { name: "single-sign-on", path: (stage) => `${stage.home}/members/sign-in` },
  { name: "single-sign-on-add", path: (stage) => `${stage.home}/members/sign-in?open=new`, isSheet: true },
  {
    name: "single-sign-on-edit",
    path: (stage) => `${stage.home}/members/sign-in?open=${stage.provider}`,
    isSheet: true,
  },
  { name: "tenant-settings", path: (stage) => `${stage.home}/settings` },
  { name: "installation-settings", path: (stage) => `${stage.home}/installation` },
  { name: "tenants", path: (stage) => `${stage.home}/tenants` },
  { name: "tenant-create", path: (stage) => `${stage.home}/tenants?new=tenant`, isSheet: true },
  { name: "tenant-root", path: (stage) => `${stage.home}/tenants?open=${stage.tenant.id}`, isSheet: true },
  { name: "overview", path: inWorkspace("") },
  { name: "overview-empty", path: inEmpty("") },
  { name: "apis", path: inWorkspace("/apis") },
  { name: "apis-empty", path: inEmpty("/apis") },
  { name: "api-create", path: inWorkspace("/apis/new"), isSheet: true },
  { name: "api", path: ofApi("") },
  { name: "api-clients", path: ofApi("/clients") },
  { name: "api-settings", path: ofApi("/settings") },
  { name: "clients", path: inWorkspace("/clients") },
  { name: "clients-empty", path: inEmpty("/clients") },
  { name: "client-create", path: inWorkspace("/clients/new"), isSheet: true },
  { name: "imports", path: inWorkspace("/clients/import") },
  { name: "imports-none", path: inEmpty("/clients/import") },
  { name: "import", path: (stage) => `${stage.at}/clients/import/${stage.importId}` },
  { name: "import-made", path: (stage) => `${stage.at}/clients/import/${stage.importId}?rows=made` },
  { name: "client", path: ofClient("") },
  { name: "client-access", path: ofClient("/access") },
  { name: "client-credentials", path: ofClient("/credentials") },
  { name: "client-credentials-all", path: ofProver("/credentials") },
  { name: "client-settings", path: ofClient("/settings") },
  { name: "client-settings-own", path: ofProver("/settings") },
  { name: "client-secret", path: ofClient("/credentials?new=secret"), isSheet: true },
  { name: "client-import", path: ofClient("/credentials?new=import"), isSheet: true },
  { name: "client-key", path: ofClient("/credentials?new=key"), isSheet: true },
  { name: "client-certificate", path: ofClient("/credentials?new=certificate"), isSheet: true },
  { name: "client-trust", path: ofClient("/credentials?new=trust"), isSheet: true },
  { name: "client-try", path: ofProver("/credentials?new=try"), isSheet: true },
  { name: "client-api-token", path: ofClient("/credentials?new=token"), isSheet: true },
  { name: "client-api-token-import", path: ofClient("/credentials?new=import-token"), isSheet: true },
  { name: "client-not-there", path: inWorkspace("/clients/cli_00000000000000") },
  { name: "api-tokens", path: inWorkspace("/api-tokens") },
  { name: "api-tokens-off", path: inEmpty("/api-tokens") },
  { name: "api-token-choose", path: inWorkspace("/api-tokens?new=token"), isSheet: true },
  { name: "signing-keys", path: inWorkspace("/signing-keys") },
  { name: "notices", path: inWorkspace("/notices") },
  { name: "notices-empty", path: inEmpty("/notices") },
  { name: "notices-webhook", path: inWorkspace("/notices?new=webhook"), isSheet: true },
  { name: "registration", path: inWorkspace("/registration") },
  { name: "registration-empty", path: inEmpty("/registration") },
  { name: "registration-token", path: inWorkspace("/registration?new=token"), isSheet: true },
  { name: "workspace-settings", path: inWorkspace("/settings") },
  { name: "audit", path: inWorkspace("/audit") },
  { name: "token-log", path: inWorkspace("/audit?log=tokens") },
  { name: "token-log-empty", path: inWorkspace("/audit?log=tokens&q=req_nothing&outcome=REFUSED") },
  { name: "explain", path: (stage) => `${stage.at}/explain?request=${stage.refusedRequest}` },
  { name: "explain-nothing", path: inWorkspace("/explain?request=req_0") },
  { name: "audit-empty", path: inEmpty("/audit?q=nothing-like-this") },
  { name: "not-found", path: () => "/no/such/page", isOwn: true },
  { name: "parts", path: () => "/parts", isDoor: true },
];

/** Waits until a page stands: a heading, nothing on its way, its fonts in place. */
export async function settled(page: Page, showsSkeletons = false): Promise<void> {
  await page.locator("h1, dialog[open] h2, [role=alert] h2").first().waitFor();
  const waiting = page.locator(".skeleton, [aria-busy=true]");
  if (!showsSkeletons) await expect.poll(() => waiting.count(), { timeout: 30_000 }).toBe(0);
  await page.evaluate("document.fonts.ready.then(() => undefined)");
}

/** Waits until the page says so, in these very words. */
export const told = (page: Page, words: string): Promise<void> =>
  page.getByText(words, { exact: true }).last().waitFor();

/** Goes to a page and waits for it. */
export async function visitPage(page: Page, one: ConsolePage, stage: Stage): Promise<void> {
  await page.goto(`/console${one.path(stage)}`);
  await settled(page, one.name === "parts");
  if (one.isSheet) await page.locator("dialog[open]").first().waitFor();
}

/** Who looks at it. */
export const viewerOf = (one: ConsolePage, stage: Stage): Person | undefined => (one.isDoor ? undefined : stage.owner);
