import { initials } from "../../format.ts";
import { setPreference, useShownTheme } from "../../preferences.ts";
import { text } from "../../text.ts";
import { Breadcrumb, type Crumb } from "../breadcrumb.tsx";
import { IconButton } from "../button.tsx";
import { Icon, Mark } from "../icon.tsx";
import { Kbd } from "../kbd.tsx";
import { Menu, type MenuEntry } from "../menu.tsx";
import type { ViewerRef, WorkspaceRef } from "./types.ts";

export interface TopBarProps {
  workspace: WorkspaceRef | null;
  viewer: ViewerRef;
  crumbs: readonly Crumb[];
  account: readonly MenuEntry[];
  /** Data is being refreshed behind what is shown. */
  busy: boolean;
  onNavigation: () => void;
  onSwitcher: () => void;
  onPalette: () => void;
  onHelp: () => void;
}

function ThemeButton() {
  const dark = useShownTheme() === "dark";
  return (
    <IconButton
      icon={dark ? "sun" : "moon"}
      label={dark ? text.frame.toLight : text.frame.toDark}
      onPress={() => setPreference("theme", dark ? "light" : "dark")}
    />
  );
}

function SwitchButton({ workspace, onPress }: { workspace: WorkspaceRef; onPress: () => void }) {
  return (
    <button type="button" className="switch" aria-haspopup="dialog" onClick={onPress}>
      <span className="grow">
        <b>{workspace.name}</b>
        <small>{workspace.tenant}</small>
      </span>
      <span className="sr">{text.switcher.label}</span>
      <Icon name="updown" />
    </button>
  );
}

/** Mark and workspace, where one is, the one search box, and what belongs to the person. */
export function TopBar(props: TopBarProps) {
  const letters = initials(props.viewer.name || props.viewer.email);
  return (
    <header className="top">
      <div className="mark">
        <Mark />
        {props.workspace ? (
          <SwitchButton workspace={props.workspace} onPress={props.onSwitcher} />
        ) : (
          <b className="grow">{text.product}</b>
        )}
        <IconButton icon="menu" className="only-narrow" label={text.nav.open} onPress={props.onNavigation} />
      </div>
      <Breadcrumb crumbs={props.crumbs} />
      <button type="button" className="search-button" aria-keyshortcuts="Meta+K Control+K" onClick={props.onPalette}>
        <Icon name="search" />
        <span>{text.frame.search}</span>
        <Kbd keys="⌘K" />
      </button>
      <div className="tools">
        <IconButton icon="search" className="only-narrow" label={text.frame.search} onPress={props.onPalette} />
        <IconButton icon="help" className="only-wide" label={text.frame.help} onPress={props.onHelp} />
        <ThemeButton />
        <Menu label={text.frame.account} entries={props.account}>
          {(trigger) => (
            <button {...trigger} className="icon-button" aria-label={`${letters}, ${text.frame.account}`}>
              <span className="avatar">{letters}</span>
            </button>
          )}
        </Menu>
      </div>
      {props.busy && <div className="progress-line" />}
    </header>
  );
}
