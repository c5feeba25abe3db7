import { linkOptions, useMatches } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Crumb } from "../ui/breadcrumb.tsx";
import type { WorkspaceRef } from "../ui/frame/types.ts";
import { workspaceNav } from "./navigation.ts";

/** What the routes on screen say of themselves; the innermost wins. */
export function useStatic() {
  const nav = useMatches({ select: (matches) => matches.at(-1)?.staticData.nav });
  const crumb = useMatches({ select: (matches) => matches.at(-1)?.staticData.crumb });
  return { nav, crumb };
}

/** Tenant, workspace, page, and below it what the page says of itself. The last one is where we are. */
export function useCrumbs(
  tenant: { slug: string; name: string },
  workspace: WorkspaceRef | null,
  own: readonly Crumb[],
) {
  const { nav, crumb } = useStatic();
  return useMemo((): readonly Crumb[] => {
    const crumbs: Crumb[] = [
      { label: tenant.name, to: linkOptions({ to: "/t/$tenant", params: { tenant: tenant.slug } }) },
    ];
    if (workspace) {
      const params = { tenant: tenant.slug, workspace: workspace.slug };
      crumbs.push({ label: workspace.name, to: linkOptions({ to: "/t/$tenant/w/$workspace", params }) });
      const items = workspaceNav(tenant.slug, workspace.slug).flatMap((group) => group.items);
      const page = items.find(({ id }) => id === nav);
      if (crumb && page) crumbs.push({ label: crumb, to: page.to });
    } else if (crumb) crumbs.push({ label: crumb });
    crumbs.push(...own);
    return crumbs.map((one, at) => (at === crumbs.length - 1 ? { label: one.label } : one));
  }, [tenant.slug, tenant.name, workspace, nav, crumb, own]);
}
