import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { Provider } from "urql";
import { graphqlClient } from "../graphql.ts";
import { text } from "../text.ts";
import { Frame } from "../ui/frame/frame.tsx";
import type { WorkspaceRef } from "../ui/frame/types.ts";
import { Banner } from "../ui/states.tsx";
import { useAccountMenu } from "./account-menu.ts";
import { useCommands } from "./commands.ts";
import { useCrumbs, useStatic } from "./crumbs.ts";
import type { FrameData } from "./frame-query.ts";
import { useFrameState } from "./frame-store.ts";
import { hasApiTokens, tenantNav, workspaceNav } from "./navigation.ts";
import { rememberWorkspace, useRecent } from "./recent.ts";
import { useServerSearch } from "./server-search.ts";
import { useWorkspaceSearch } from "./workspace-search.ts";

interface Place {
  readonly tenant: { readonly slug: string; readonly name: string };
  readonly workspace: WorkspaceRef | null;
  readonly workspaces: readonly WorkspaceRef[];
}

/** Where the address points, in names as far as they are known: they come with the page's answer. */
function usePlace(data: FrameData | null): Place {
  const { tenant, workspace: slug } = useParams({ strict: false }) as { tenant: string; workspace?: string };
  return useMemo(() => {
    const name = data?.viewer.tenant.name ?? tenant;
    const refs = (data?.workspaces?.nodes ?? []).map((one): WorkspaceRef => ({ ...one, tenant: name }));
    const own = data?.workspace ? { ...data.workspace, tenant: name } : null;
    const known = refs.find((one) => one.slug === slug) ?? (own?.slug === slug ? own : undefined);
    const isNone = slug === undefined || (!known && data?.workspace === null);
    const workspace = isNone ? null : (known ?? { id: "", tenant: name, slug, name: slug, kind: "CUSTOM" as const });
    return { tenant: { slug: tenant, name }, workspace, workspaces: refs };
  }, [data, tenant, slug]);
}

/** To the same page of the other workspace where that page is a list, else to its overview. */
function useSwitch(tenant: string) {
  const navigate = useNavigate();
  const { nav } = useStatic();
  return (workspace: WorkspaceRef): void => {
    const items = workspaceNav(tenant, workspace.slug).flatMap((group) => group.items);
    const to = (items.find(({ id }) => id === nav) ?? items[0])?.to;
    if (to) void navigate(to);
  };
}

function Inside() {
  const { data: newest, busy, crumbs: own, commands } = useFrameState();
  const { tenant: slug } = useParams({ strict: false }) as { tenant: string };
  // The answer of another tenant's page says nothing about this one.
  const data = newest?.viewer.tenant.slug === slug ? newest : null;
  const { tenant, workspace, workspaces } = usePlace(data);
  const { nav } = useStatic();
  const recent = useRecent().filter((one) => one.tenant === slug);
  const viewer = { name: data?.viewer.name ?? "", email: data?.viewer.email ?? "" };
  const here = data?.workspace?.slug === workspace?.slug ? data?.workspace : undefined;
  const withApiTokens = hasApiTokens(here?.settings?.apiTokens.value === "ON", here?.counts);
  const may = [...(data?.viewer.permissions ?? []), ...(here?.viewerPermissions ?? [])];
  const common = useCommands(slug, workspace, may, workspace !== null && here === undefined);
  const switcher = useWorkspaceSearch(tenant.name, workspaces, data?.workspaces?.pageInfo.hasNextPage === false);
  const search = useServerSearch(slug, workspace, workspaces);
  useEffect(() => {
    if (!workspace?.id) return;
    rememberWorkspace({
      tenant: slug,
      slug: workspace.slug,
      id: workspace.id,
      name: workspace.name,
      kind: workspace.kind,
    });
  }, [slug, workspace]);
  return (
    <Frame
      workspace={workspace}
      workspaces={switcher.workspaces}
      onWorkspaceSearch={switcher.onSearch}
      recent={recent.map((one) => ({ ...one, tenant: tenant.name }))}
      onSwitch={useSwitch(slug)}
      viewer={viewer}
      account={useAccountMenu(viewer.email, (data?.viewer.tenants.length ?? 0) > 1)}
      nav={workspace ? workspaceNav(slug, workspace.slug, here?.counts, withApiTokens) : tenantNav(slug, may)}
      current={nav ?? ""}
      crumbs={useCrumbs(tenant, workspace, own)}
      commands={[...commands, ...common]}
      remoteCommands={search.found}
      onQuery={search.onQuery}
      busy={busy}
    >
      {here?.gatekeepers && (
        <Banner tone="info">
          {text.gate.closed} {text.gate.ask(here.gatekeepers)}
        </Banner>
      )}
      <Outlet />
    </Frame>
  );
}

/** All pages of one tenant: its client for the data, and the frame around the page. */
export function TenantShell() {
  const { tenant } = useParams({ strict: false }) as { tenant: string };
  return (
    <Provider value={graphqlClient(tenant)}>
      <Inside />
    </Provider>
  );
}
