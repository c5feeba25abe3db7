import { Fragment, type ReactNode, useId } from "react";
import { number } from "../../format.ts";
import { text } from "../../text.ts";
import { Icon } from "../icon.tsx";
import { AppLink } from "../link.tsx";
import type { NavGroup, NavItem } from "./types.ts";

function Item({ item, current, onFollow }: { item: NavItem; current: string; onFollow?: () => void }) {
  return (
    <li>
      <AppLink
        to={item.to}
        className="nav-item"
        aria-current={item.id === current ? "page" : undefined}
        {...(onFollow ? { onClick: onFollow } : {})}
      >
        <Icon name={item.icon} />
        <span>{item.label}</span>
        {item.count !== undefined && <span className="num">{number(item.count)}</span>}
      </AppLink>
    </li>
  );
}

/** The pages of a workspace; the same list stands left of the page and in the sheet of a narrow screen. */
export function SideNav({
  groups,
  current,
  foot,
  onFollow,
}: {
  groups: readonly NavGroup[];
  current: string;
  foot?: ReactNode;
  /** Told when a link was followed, so that the sheet can close. */
  onFollow?: () => void;
}) {
  const id = useId();
  return (
    <nav className="side" aria-label={text.nav.label}>
      {groups.map((group, at) => (
        <Fragment key={group.title ?? "first"}>
          {group.title && <h2 id={`${id}-${at}`}>{group.title}</h2>}
          <ul aria-labelledby={group.title ? `${id}-${at}` : undefined}>
            {group.items.map((item) => (
              <Item key={item.id} item={item} current={current} {...(onFollow ? { onFollow } : {})} />
            ))}
          </ul>
        </Fragment>
      ))}
      {foot && <div className="side-foot">{foot}</div>}
    </nav>
  );
}
