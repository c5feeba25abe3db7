import { useNavigate } from "@tanstack/react-router";
import { text } from "../text.ts";
import { Icon } from "./icon.tsx";
import { AppLink, type LinkTarget } from "./link.tsx";
import { Menu } from "./menu.tsx";

export interface Crumb {
  label: string;
  /** Absent for the page itself, which is last. */
  to?: LinkTarget;
}

const MOST = 4;

function Middle({ crumbs }: { crumbs: readonly Crumb[] }) {
  const navigate = useNavigate();
  const entries = crumbs.map((crumb) => ({
    id: crumb.label,
    label: crumb.label,
    onAction: () => {
      if (crumb.to) void navigate(crumb.to);
    },
  }));
  return (
    <Menu label={text.frame.more} entries={entries}>
      {(trigger) => (
        <button {...trigger} aria-label={text.frame.more} className="icon-button tiny">
          <Icon name="more" />
        </button>
      )}
    </Menu>
  );
}

/** Where this page lies. Over four levels the middle folds into a menu. */
export function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }) {
  const folded = crumbs.length > MOST;
  const shown = folded ? [...crumbs.slice(0, 1), ...crumbs.slice(-2)] : crumbs;
  return (
    <nav className="crumbs" aria-label={text.frame.breadcrumb}>
      <ol>
        {shown.map((crumb, at) => (
          <li key={crumb.label}>
            {crumb.to ? <AppLink to={crumb.to}>{crumb.label}</AppLink> : <span aria-current="page">{crumb.label}</span>}
            {folded && at === 0 && <Middle crumbs={crumbs.slice(1, -2)} />}
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The parent alone, as a link back: what is left of the breadcrumb on a narrow screen. */
export function BackLink({ crumbs }: { crumbs: readonly Crumb[] }) {
  const parent = crumbs.at(-2);
  if (!parent?.to) return null;
  return (
    <nav className="crumbs only-narrow" aria-label={text.frame.breadcrumb}>
      <AppLink to={parent.to}>
        {"‹ "}
        <span className="sr">{text.frame.back} </span>
        {parent.label}
      </AppLink>
    </nav>
  );
}
