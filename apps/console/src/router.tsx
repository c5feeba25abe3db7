import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from "@tanstack/react-router";
import { ClientsPage } from "./pages/clients/documents.ts";
import { variablesOf } from "./pages/clients/view.ts";
import { Clients } from "./pages/clients.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { type Ask, askAhead } from "./server/ahead.ts";
import { Root } from "./shell/root.tsx";
import { TenantShell } from "./shell/tenant-shell.tsx";
import { text } from "./text.ts";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** The item of the navigation that is current here. */
    nav?:
      | "overview"
      | "clients"
      | "apis"
      | "api-tokens"
      | "signing-keys"
      | "registration"
      | "notices"
      | "audit"
      | "settings"
      | "workspaces"
      | "members"
      | "tenant-settings"
      | "installation"
      | "tenants"
      | "account"
      | "personal-tokens"
      | "sessions";
    /** This page's own crumb. */
    crumb?: string;
    /** What it asks the server for, where its file is here from the start. */
    ask?: (params: { readonly workspace: string }, search: object) => Ask;
  }
}

/** The view of a page stands in its address: these parameters, as words. Anything else is dropped. */
function view<Name extends string>(...names: readonly Name[]) {
  return (search: Record<string, unknown>): { [Key in Name]?: string | undefined } => {
    const kept: { [Key in Name]?: string | undefined } = {};
    for (const name of names) {
      const value = search[name];
      if (typeof value === "string" || typeof value === "number") kept[name] = String(value);
    }
    return kept;
  };
}

/** A page's file is loaded when the page is opened, or when a link to it is pointed at. */
const lazy = <Name extends string>(load: () => Promise<Record<Name, RouteComponent>>, name: Name) =>
  lazyRouteComponent(load as () => Promise<Record<string, RouteComponent>>, name);

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });
const tenant = createRoute({ getParentRoute: () => root, path: "/t/$tenant", component: TenantShell });
const me = createRoute({
  getParentRoute: () => root,
  id: "me",
  component: lazy(() => import("./shell/account-shell.tsx"), "AccountShell"),
});
const workspace = createRoute({ getParentRoute: () => tenant, path: "/w/$workspace" });

const onRoot = { getParentRoute: () => root };
const onAccount = { getParentRoute: () => me };
const onTenant = { getParentRoute: () => tenant };
const onWorkspace = { getParentRoute: () => workspace };
const nav = text.nav;

// Outside any tenant.
const outside = [
  createRoute({
    ...onRoot,
    path: "/",
    validateSearch: view("choose"),
    component: lazy(() => import("./pages/start.tsx"), "Start"),
  }),
  createRoute({ ...onRoot, path: "/setup", component: lazy(() => import("./pages/set-up.tsx"), "SetUp") }),
  createRoute({
    ...onRoot,
    path: "/sign-in",
    validateSearch: view("next"),
    component: lazy(() => import("./pages/sign-in.tsx"), "SignIn"),
  }),
  createRoute({ ...onRoot, path: "/sso/$provider", component: lazy(() => import("./pages/sso.tsx"), "Sso") }),
  createRoute({ ...onRoot, path: "/invite/$code", component: lazy(() => import("./pages/invite.tsx"), "Invite") }),
  createRoute({
    ...onRoot,
    path: "/forgotten-password",
    component: lazy(() => import("./pages/forgotten-password.tsx"), "ForgottenPassword"),
  }),
  createRoute({
    ...onRoot,
    path: "/new-password/$code",
    component: lazy(() => import("./pages/new-password.tsx"), "NewPassword"),
  }),
  createRoute({
    ...onRoot,
    path: "/parts",
    validateSearch: view("q"),
    component: lazy(() => import("./pages/parts/parts.tsx"), "Parts"),
  }),
];

const aboutMe = [
  createRoute({
    ...onAccount,
    path: "/account",
    staticData: { nav: "account", crumb: nav.account },
    component: lazy(() => import("./pages/account.tsx"), "Account"),
  }),
  createRoute({
    ...onAccount,
    path: "/account/personal-tokens",
    staticData: { nav: "personal-tokens", crumb: nav.personalTokens },
    component: lazy(() => import("./pages/personal-tokens.tsx"), "PersonalTokens"),
  }),
  createRoute({
    ...onAccount,
    path: "/account/sessions",
    staticData: { nav: "sessions", crumb: nav.sessions },
    component: lazy(() => import("./pages/sessions.tsx"), "Sessions"),
  }),
];

const inTenant = [
  createRoute({
    ...onTenant,
    path: "/",
    validateSearch: view("new"),
    staticData: { nav: "workspaces" },
    component: lazy(() => import("./pages/workspaces.tsx"), "Workspaces"),
  }),
  createRoute({
    ...onTenant,
    path: "/members",
    validateSearch: view("q", "new", "member"),
    staticData: { nav: "members", crumb: nav.members },
    component: lazy(() => import("./pages/members.tsx"), "Members"),
  }),
  createRoute({
    ...onTenant,
    path: "/members/roles",
    staticData: { nav: "members", crumb: nav.roles },
    component: lazy(() => import("./pages/members-roles.tsx"), "MemberRolesPage"),
  }),
  createRoute({
    ...onTenant,
    path: "/members/invitations",
    staticData: { nav: "members", crumb: nav.invitations },
    component: lazy(() => import("./pages/members-invitations.tsx"), "Invitations"),
  }),
  createRoute({
    ...onTenant,
    path: "/members/former",
    staticData: { nav: "members", crumb: nav.formerMembers },
    component: lazy(() => import("./pages/members-former.tsx"), "FormerMembers"),
  }),
  createRoute({
    ...onTenant,
    path: "/members/sign-in",
    validateSearch: view("open"),
    staticData: { nav: "members", crumb: nav.signIn },
    component: lazy(() => import("./pages/members-sign-in.tsx"), "SignInPage"),
  }),
  createRoute({
    ...onTenant,
    path: "/settings",
    staticData: { nav: "tenant-settings", crumb: nav.tenantSettings },
    component: lazy(() => import("./pages/tenant-settings.tsx"), "TenantSettings"),
  }),
  createRoute({
    ...onTenant,
    path: "/installation",
    staticData: { nav: "installation", crumb: nav.installation },
    component: lazy(() => import("./pages/installation-settings.tsx"), "InstallationSettings"),
  }),
  createRoute({
    ...onTenant,
    path: "/tenants",
    validateSearch: view("view", "q", "new", "open"),
    staticData: { nav: "tenants", crumb: nav.tenants },
    component: lazy(() => import("./pages/tenants.tsx"), "Tenants"),
  }),
];

const clients = { nav: "clients", crumb: nav.clients } as const;
const apis = { nav: "apis", crumb: nav.apis } as const;

// One line a page. `validateSearch: view(…)` names the parameters that it reads.
const inWorkspace = [
  createRoute({
    ...onWorkspace,
    path: "/",
    staticData: { nav: "overview" },
    component: lazy(() => import("./pages/overview.tsx"), "Overview"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/clients",
    validateSearch: view("view", "q", "sort"),
    staticData: {
      ...clients,
      ask: ({ workspace }, search) => ({ document: ClientsPage, variables: { ...variablesOf(search), workspace } }),
    },
    // The page that is opened most comes with the frame.
    component: Clients,
  }),
  createRoute({
    ...onWorkspace,
    path: "/clients/new",
    validateSearch: view("template", "name", "api", "scopes", "ttl"),
    staticData: clients,
    component: lazy(() => import("./pages/client-create.tsx"), "ClientCreate"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/clients/import",
    staticData: clients,
    component: lazy(() => import("./pages/imports.tsx"), "Imports"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/clients/import/$id",
    validateSearch: view("rows"),
    staticData: clients,
    component: lazy(() => import("./pages/import.tsx"), "ImportOfClients"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/clients/$id",
    staticData: clients,
    component: lazy(() => import("./pages/client.tsx"), "ClientOverview"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/clients/$id/access",
    staticData: clients,
    component: lazy(() => import("./pages/client-access.tsx"), "ClientAccess"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/clients/$id/credentials",
    validateSearch: view("new"),
    staticData: clients,
    component: lazy(() => import("./pages/client-credentials.tsx"), "ClientCredentials"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/clients/$id/settings",
    staticData: clients,
    component: lazy(() => import("./pages/client-settings.tsx"), "ClientSettings"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/apis",
    validateSearch: view("q"),
    staticData: apis,
    component: lazy(() => import("./pages/apis.tsx"), "Apis"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/apis/new",
    staticData: apis,
    component: lazy(() => import("./pages/api-create.tsx"), "ApiCreate"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/apis/$id",
    validateSearch: view("q"),
    staticData: apis,
    component: lazy(() => import("./pages/api.tsx"), "Api"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/apis/$id/clients",
    staticData: apis,
    component: lazy(() => import("./pages/api-clients.tsx"), "ApiClients"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/apis/$id/settings",
    staticData: apis,
    component: lazy(() => import("./pages/api-settings.tsx"), "ApiSettings"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/api-tokens",
    validateSearch: view("new", "token"),
    staticData: { nav: "api-tokens", crumb: nav.apiTokens },
    component: lazy(() => import("./pages/api-tokens.tsx"), "ApiTokens"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/audit",
    validateSearch: view("q", "type", "outcome", "reason", "actor", "from", "to", "event", "log", "live"),
    staticData: { nav: "audit", crumb: nav.audit },
    component: lazy(() => import("./pages/audit.tsx"), "Audit"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/explain",
    validateSearch: view("request"),
    staticData: { nav: "audit", crumb: nav.explain },
    component: lazy(() => import("./pages/explain.tsx"), "Explain"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/signing-keys",
    staticData: { nav: "signing-keys", crumb: nav.signingKeys },
    component: lazy(() => import("./pages/signing-keys.tsx"), "SigningKeys"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/registration",
    validateSearch: view("new"),
    staticData: { nav: "registration", crumb: nav.registration },
    component: lazy(() => import("./pages/registration.tsx"), "Registration"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/notices",
    validateSearch: view("new"),
    staticData: { nav: "notices", crumb: nav.notices },
    component: lazy(() => import("./pages/notices.tsx"), "Notices"),
  }),
  createRoute({
    ...onWorkspace,
    path: "/settings",
    staticData: { nav: "settings", crumb: nav.settings },
    component: lazy(() => import("./pages/workspace-settings.tsx"), "WorkspaceSettings"),
  }),
];

/** Every address of the console. Search parameters are typed: the view of a page stands in its address. */
export const router = createRouter({
  routeTree: root.addChildren([
    ...outside,
    me.addChildren(aboutMe),
    tenant.addChildren([...inTenant, workspace.addChildren(inWorkspace)]),
  ]),
  basepath: "/console",
  defaultPreload: "intent",
  scrollRestoration: true,
});

/** Asks at once for what the page in the address needs: its file, and its data where that is known before it is drawn. */
export function prepareFirstPage(): void {
  const matches = router.matchRoutes(router.latestLocation);
  const routes: { readonly [id: string]: { readonly options: { readonly component?: unknown } } } = router.routesById;
  for (const { routeId } of matches) {
    const page = routes[routeId]?.options.component as { preload?: () => Promise<void> } | undefined;
    void page?.preload?.();
  }
  const match = matches.at(-1);
  const { tenant, workspace } = (match?.params ?? {}) as { tenant?: string; workspace?: string };
  if (tenant && workspace && match?.staticData.ask) askAhead(tenant, match.staticData.ask({ workspace }, match.search));
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
