import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { text } from "../../text.ts";
import { Announcer } from "../announce.tsx";
import { BackLink, type Crumb } from "../breadcrumb.tsx";
import { type MenuEntry, preloadMenu } from "../menu.tsx";
import { Sheet } from "../sheet.tsx";
import { type Shortcuts, useShortcuts } from "../shortcuts.ts";
import { ToastRegion } from "../toast.tsx";
import { useEarlyKeys } from "./early-keys.ts";
import { late, whenIdle } from "./late.ts";
import { ShortcutList } from "./shortcut-list.tsx";
import { SideNav } from "./side-nav.tsx";
import { TopBar } from "./top-bar.tsx";
import type { Command, NavGroup, ViewerRef, WorkspaceRef } from "./types.ts";

const palette = late(() => import("./command-palette.tsx"));
const switcher = late(() => import("./workspace-switcher.tsx"));

/** Loads what opens on a key before the key is pressed, once the page itself stands. */
function usePreload(stands: boolean): void {
  useEffect(() => {
    if (!stands) return;
    whenIdle(() => {
      palette.preload();
      switcher.preload();
      preloadMenu();
    });
  }, [stands]);
}

export interface FrameProps {
  /** Null outside any workspace: tenant home, account. */
  workspace: WorkspaceRef | null;
  recent: readonly WorkspaceRef[];
  workspaces: readonly WorkspaceRef[];
  onWorkspaceSearch?: (typed: string) => void;
  onSwitch: (workspace: WorkspaceRef) => void;
  viewer: ViewerRef;
  account: readonly MenuEntry[];
  nav: readonly NavGroup[];
  /** The id of the nav item of this page. */
  current: string;
  crumbs: readonly Crumb[];
  /** Actions of this page for the palette; pages come from `nav` by themselves. */
  commands?: readonly Command[];
  remoteCommands?: readonly Command[];
  onQuery?: (typed: string) => void;
  /** Foot of the navigation: how the server is, its version. */
  status?: ReactNode;
  busy?: boolean;
  children: ReactNode;
}

/** The group of the palette that `>` keeps. */
export const ACTIONS = "Actions";
const PAGES = "Go to";

type Overlay = "palette" | "switcher" | "help" | "nav" | null;

/** Says for how much the credentials here are good; a landmark, so that it is found without reading the page. */
function Band({ workspace }: { workspace: WorkspaceRef | null }) {
  if (!workspace || workspace.kind === "CUSTOM") return null;
  const isAdmin = workspace.kind === "ADMIN";
  return (
    <aside className={isAdmin ? "band" : "band bad"} aria-label={text.band.label}>
      {isAdmin ? text.band.admin(workspace.tenant) : text.band.system}
    </aside>
  );
}

/** Commands and `G` keys of the pages, from the navigation. */
function usePages(nav: readonly NavGroup[]): { commands: readonly Command[]; keys: Shortcuts } {
  const navigate = useNavigate();
  const items = nav.flatMap((group) => group.items);
  const keys: Record<string, () => void> = {};
  const commands = items.map((item): Command => {
    const run = () => void navigate(item.to);
    if (item.key) keys[`g ${item.key}`] = run;
    return {
      id: `page:${item.id}`,
      label: item.label,
      group: PAGES,
      icon: item.icon,
      run,
      ...(item.key ? { shortcut: `G ${item.key.toUpperCase()}` } : {}),
    };
  });
  return { commands, keys };
}

/** What stands around every page of a signed-in person. All data comes as props. */
export function Frame(props: FrameProps) {
  const [overlay, setOverlay] = useState<Overlay>(null);
  const close = () => setOverlay(null);
  const pages = usePages(props.nav);
  usePreload(props.viewer.email !== "");
  const Palette = palette.useModule(overlay === "palette");
  const Switcher = switcher.useModule(overlay === "switcher");
  const isSearch = overlay === "palette" || overlay === "switcher";
  const early = useEarlyKeys(isSearch, (Palette ?? Switcher) !== null);
  useShortcuts({
    ...pages.keys,
    "mod+k": () => setOverlay("palette"),
    "mod+shift+o": () => props.workspace && setOverlay("switcher"),
    "?": () => setOverlay("help"),
  });
  return (
    <div className="app">
      <a className="skip" href="#main">
        {text.nav.skip}
      </a>
      <Band workspace={props.workspace} />
      <TopBar
        workspace={props.workspace}
        viewer={props.viewer}
        crumbs={props.crumbs}
        account={props.account}
        busy={props.busy ?? false}
        onNavigation={() => setOverlay("nav")}
        onSwitcher={() => setOverlay("switcher")}
        onPalette={() => setOverlay("palette")}
        onHelp={() => setOverlay("help")}
      />
      <SideNav groups={props.nav} current={props.current} foot={props.status} />
      <main className="main" id="main" tabIndex={-1}>
        <BackLink crumbs={props.crumbs} />
        {props.children}
      </main>
      <Sheet open={overlay === "nav"} title={text.product} onClose={close} width="nav-sheet">
        <SideNav groups={props.nav} current={props.current} foot={props.status} onFollow={close} />
      </Sheet>
      <ShortcutList open={overlay === "help"} onClose={close} nav={props.nav} />
      {Palette && (
        <Palette.CommandPalette
          early={early}
          onClose={close}
          commands={[...(props.commands ?? []), ...pages.commands]}
          actions={ACTIONS}
          {...(props.remoteCommands ? { remote: props.remoteCommands } : {})}
          {...(props.onQuery ? { onQuery: props.onQuery } : {})}
        />
      )}
      {Switcher && (
        <Switcher.WorkspaceSwitcher
          early={early}
          onClose={close}
          recent={props.recent}
          workspaces={props.workspaces}
          onSwitch={props.onSwitch}
          {...(props.onWorkspaceSearch ? { onSearch: props.onWorkspaceSearch } : {})}
        />
      )}
      <ToastRegion />
      <Announcer />
    </div>
  );
}
