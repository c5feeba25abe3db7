import type { IconName } from "../icon.tsx";
import type { LinkTarget } from "../link.tsx";

export type WorkspaceKind = "ADMIN" | "SYSTEM" | "CUSTOM";

/** A workspace as the switcher shows it. */
export interface WorkspaceRef {
  id: string;
  tenant: string;
  slug: string;
  name: string;
  kind: WorkspaceKind;
}

export interface NavItem {
  id: string;
  label: string;
  icon: IconName;
  to: LinkTarget;
  /** A count that helps a decision. */
  count?: number | undefined;
  /** The second key after G. */
  key?: string;
}

export interface NavGroup {
  /** Absent for the first group. */
  title?: string;
  items: readonly NavItem[];
}

/** Something the palette can do or open. */
export interface Command {
  id: string;
  label: string;
  group: string;
  icon?: IconName;
  /** Right of the label: the kind, the path, the shortcut. */
  aside?: string;
  shortcut?: string;
  /** Further words it is found by. */
  keywords?: string;
  run: () => void;
}

export interface ViewerRef {
  name: string;
  email: string;
}
