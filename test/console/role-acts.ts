import type { Locator, Page } from "playwright-core";
import type { StoryClient } from "../support/world.ts";
import type { Stage } from "./stage.ts";

/** What is there to be changed on the pages. Nothing of it changes while they are looked at. */
export interface Things {
  readonly client: StoryClient;
  /** Registered itself. */
  readonly registered: string;
  /** A client that waits for approval. */
  readonly waiting: string;
  /** An API with a scope and a resource server. */
  readonly resourceId: string;
  /** A tenant beside the root tenant. */
  readonly tenantId: string;
}

/** Something that people do on a page. */
export interface Act {
  /** The mutation behind it. */
  readonly mutation: string;
  /** Below `/console`. */
  readonly page: (stage: Stage, things: Things) => string;
  /** What opens the control where it is folded away. */
  readonly open?: (page: Page) => Locator;
  readonly control: (page: Page) => Locator;
}

type Where = Act["page"];
type Find = Act["control"];

const inTenant =
  (path: string): Where =>
  ({ home }) =>
    `${home}${path}`;
const inWorkspace =
  (path: string): Where =>
  ({ at }) =>
    `${at}${path}`;
const ofClient =
  (tab: string): Where =>
  ({ at }, { client }) =>
    `${at}/clients/${client.id}${tab}`;
const ofApi =
  (tab: string): Where =>
  ({ at }, { resourceId }) =>
    `${at}/apis/${resourceId}${tab}`;
const ofProver: Where = ({ at, prover }) => `${at}/clients/${prover.id}/credentials`;
const ofRegistered: Where = ({ at }, { registered }) => `${at}/clients/${registered}/settings`;
const ofWaiting: Where = ({ at }, { waiting }) => `${at}/clients/${waiting}`;
const ofMember: Where = ({ home, owner }) => `${home}/members?member=${owner.memberId}`;
const ofTenant: Where = ({ home }, { tenantId }) => `${home}/tenants?open=${tenantId}`;
const disabledClients = inWorkspace("/clients?q=meter-gateway");
const tokenLog = inWorkspace("/audit?log=tokens");
const own: Where = () => "/account/personal-tokens";

const main = (page: Page) => page.getByRole("main");
const sheet = (page: Page) => page.getByRole("dialog");
const button =
  (name: RegExp): Find =>
  (page) =>
    main(page).getByRole("button", { name }).first();
const buttonOrLink =
  (name: RegExp): Find =>
  (page) =>
    main(page).getByRole("button", { name }).or(main(page).getByRole("link", { name })).first();
const inSheet =
  (name: RegExp): Find =>
  (page) =>
    sheet(page).getByRole("button", { name }).first();
const field =
  (label: string): Find =>
  (page) =>
    main(page).getByLabel(label, { exact: true });
const fieldInSheet =
  (label: string): Find =>
  (page) =>
    sheet(page).getByLabel(label, { exact: true });
const setting =
  (label: string): Find =>
  (page) =>
    page.getByRole("group", { name: label }).getByRole("radio", { name: "Set here", exact: true });
const entry =
  (name: string): Find =>
  (page) =>
    page.getByRole("menuitem", { name });
const many =
  (name: string): Find =>
  (page) =>
    page.getByRole("region", { name: "Actions for the selected rows" }).getByRole("button", { name, exact: true });

const dots = /^Actions for/;
const firstMenu: Find = button(dots);
/** A role that is not built in. */
const ofOwnRole: Find = button(/^Actions for role-/);
const menuIn =
  (table: string): Find =>
  (page) =>
    page.getByRole("table", { name: table }).getByRole("button", { name: dots }).first();
const choosing: Find = (page) => page.getByRole("checkbox", { name: /^Select meter-gateway/, checked: false });
const issued: Find = (page) => page.getByRole("table").getByText("Issued", { exact: true }).first();

const act = (mutation: string, page: Where, control: Find, open?: Find): Act => ({
  mutation,
  page,
  control,
  ...(open && { open }),
});

/** The acts of the console, page by page. */
export const acts: readonly Act[] = [
  act("createWorkspace", inTenant(""), button(/^Create workspace/)),

  act("createInvitation", inTenant("/members"), button(/^Invite/)),
  act("createAssignment", ofMember, inSheet(/^Give role/)),
  act("createMemberResetLink", ofMember, inSheet(/^Reset link/)),
  act("removeMember", ofMember, inSheet(/^Remove member/)),
  act("deleteAssignment", ofMember, entry("Take back"), inSheet(dots)),
  act("createRole", inTenant("/members/roles"), button(/^Create role/)),
  act("updateRole", inTenant("/members/roles"), entry("Edit"), ofOwnRole),
  act("deleteRole", inTenant("/members/roles"), entry("Delete"), ofOwnRole),
  act("revokeInvitation", inTenant("/members/invitations"), entry("Revoke"), firstMenu),
  act("eraseMember", inTenant("/members/former"), entry("Erase"), firstMenu),
  act("createSsoProvider", inTenant("/members/sign-in"), button(/^Add provider/)),
  act("updateSsoProvider", inTenant("/members/sign-in"), entry("Edit"), firstMenu),
  act("deleteSsoProvider", inTenant("/members/sign-in"), entry("Delete"), firstMenu),

  act("updateTenantSettings", inTenant("/settings"), setting("Token log is kept for")),
  act("updateInstallationSettings", inTenant("/installation"), setting("Token log is kept for")),
  act("createTenant", inTenant("/tenants"), button(/^Create tenant/)),
  act("createTenantOwnerLink", ofTenant, inSheet(/^New owner link/)),
  act("updateTenant", ofTenant, fieldInSheet("Name")),
  act("setTenantLimits", ofTenant, (page) => sheet(page).getByLabel(/^Workspaces at most/)),
  act("suspendTenant", ofTenant, inSheet(/^Suspend/)),
  act("deleteTenant", ofTenant, inSheet(/^Delete/)),

  act("createClient", inWorkspace(""), buttonOrLink(/^Create client/)),
  act("createClient", disabledClients, buttonOrLink(/^Create client/)),
  act("enableClient", disabledClients, entry("Enable"), firstMenu),
  act("enableClients", disabledClients, many("Enable"), choosing),
  act("disableClients", disabledClients, many("Disable")),
  act("deleteClients", disabledClients, many("Delete")),
  act("createImport", inWorkspace("/clients/import"), button(/^Import clients/)),

  act("createClientSecret", ofClient(""), button(/^Add secret/)),
  act("setClientGrant", ofClient("/access"), (page) => main(page).getByRole("checkbox", { name: /^ledger:read/ })),
  act("createClientSecret", ofClient("/credentials"), button(/^Add secret/)),
  act("importClientSecret", ofClient("/credentials"), button(/^Import secret/)),
  act("rotateClientSecret", ofClient("/credentials"), button(/^Rotate secret/)),
  act("rotateClientSecret", ofClient("/credentials"), entry("Rotate"), menuIn("Client secrets")),
  act("createApiToken", ofClient("/credentials"), button(/^Add API token/)),
  act("importApiToken", ofClient("/credentials"), button(/^Import API token/)),
  act("createClientKey", ofProver, button(/^Register key/)),
  act("createClientCertificate", ofProver, button(/^Register certificate/)),
  act("createFederatedCredential", ofProver, button(/^Trust a platform/)),
  act("extendSecretRotation", ofProver, button(/^Extend by 24 hours/)),
  act("retireSecret", ofProver, button(/^Retire now/)),
  act("cancelSecretRotation", ofProver, button(/^Cancel rotation/)),
  act("revokeClientSecret", ofProver, entry("Revoke"), menuIn("Client secrets")),
  act("revokeClientKey", ofProver, entry("Revoke"), menuIn("Public keys")),
  act("revokeClientCertificate", ofProver, entry("Revoke"), menuIn("Certificates")),
  act("revokeFederatedCredential", ofProver, entry("Revoke"), menuIn("Federated credentials")),
  act("updateClient", ofRegistered, field("Name")),
  act("updateClientSettings", ofRegistered, setting("Token lifetime")),
  act("disableClient", ofRegistered, button(/^Disable/)),
  act("revokeClientTokens", ofRegistered, button(/^End all tokens/)),
  act("revokeClientRegistration", ofRegistered, button(/^Revoke registration/)),
  act("deleteClient", ofRegistered, button(/^Delete/)),
  act("approveClient", ofWaiting, button(/^Approve/)),
  act("refuseClient", ofWaiting, button(/^Refuse/)),

  act("createResource", inWorkspace("/apis"), buttonOrLink(/^Create API/)),
  act("createScope", ofApi(""), button(/^Add scope/)),
  act("updateScope", ofApi(""), entry("Edit description"), firstMenu),
  act("deleteScope", ofApi(""), entry("Delete"), firstMenu),
  act("updateResource", ofApi("/settings"), field("Name")),
  act("addResourceServer", ofApi("/settings"), button(/^Add client/)),
  act("removeResourceServer", ofApi("/settings"), button(/^Remove/)),
  act("deleteResource", ofApi("/settings"), button(/^Delete API/)),

  act("updateApiToken", inWorkspace("/api-tokens"), entry("Edit"), menuIn("API tokens")),
  act("revokeApiToken", inWorkspace("/api-tokens"), entry("Revoke"), menuIn("API tokens")),
  act("rotateSigningKey", inWorkspace("/signing-keys"), button(/^Rotate now/)),
  act("revokeSigningKey", inWorkspace("/signing-keys"), entry("Revoke"), firstMenu),
  act("createInitialAccessToken", inWorkspace("/registration"), button(/^New token/)),
  act("revokeInitialAccessToken", inWorkspace("/registration"), entry("Revoke"), firstMenu),
  act("createWebhook", inWorkspace("/notices"), button(/^New webhook/)),
  act("updateWebhook", inWorkspace("/notices"), entry("Edit"), firstMenu),
  act("rotateWebhookSecret", inWorkspace("/notices"), entry("New secret"), firstMenu),
  act("sendTestNotice", inWorkspace("/notices"), entry("Send a test notice"), firstMenu),
  act("deleteWebhook", inWorkspace("/notices"), entry("Delete"), firstMenu),
  act("createLogExport", tokenLog, button(/^Export/)),
  act("revokeToken", tokenLog, inSheet(/^Revoke token/), issued),

  act("updateWorkspace", inWorkspace("/settings"), field("Name")),
  act("updateWorkspaceSettings", inWorkspace("/settings"), setting("Token log is kept for")),
  act("updateWorkspaceSettings", inWorkspace("/settings"), button(/^Stop issuing/)),
  act("addClientAuthority", inWorkspace("/settings"), button(/^Trust an authority/)),
  act("removeClientAuthority", inWorkspace("/settings"), button(/^Remove/)),
  act("revokeWorkspaceTokens", inWorkspace("/settings"), button(/^Revoke all tokens/)),
  act("revokeWorkspaceApiTokens", inWorkspace("/settings"), button(/^Revoke all API tokens/)),
  act("suspendWorkspace", inWorkspace("/settings"), button(/^Suspend/)),
  act("deleteWorkspace", inWorkspace("/settings"), button(/^Delete workspace/)),

  act("createPersonalToken", own, button(/^Add personal token/)),
  act("createPersonalClient", own, button(/^Generate client credentials/)),
];

/** What everybody does for themselves, whatever their roles, and with what; the table of permissions does not speak of it. */
export const ofEverybody: Readonly<Record<string, object>> = {
  createPersonalToken: { name: "Mine", permissions: { all: true } },
  createPersonalClient: { name: "Mine", permissions: { all: true } },
};

/** Mutations of the console without an act here, and why. */
export const withoutAct: Readonly<Record<string, string>> = {
  updateOwnName: "one's own",
  updatePersonalToken: "one's own",
  revokePersonalToken: "one's own",
  renewPersonalClient: "one's own, ended",
  revokePersonalClient: "one's own",
  resumeWorkspace: "a suspended workspace",
  resumeTenant: "a suspended tenant",
  restoreTenant: "a deleted tenant",
};
