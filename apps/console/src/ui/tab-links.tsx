import { number } from "../format.ts";
import { AppLink, type LinkTarget } from "./link.tsx";

export interface TabWords {
  id: string;
  label: string;
  count?: number;
  /** The count is a warning. */
  warn?: boolean;
}

export function Words({ label, count, warn }: TabWords) {
  return (
    <>
      {label}
      {count !== undefined && <span className={warn ? "num warn" : "num"}>{number(count)}</span>}
    </>
  );
}

/** Tabs that are addresses: the parts of a detail page, the views of a list. */
export function TabLinks({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: readonly (TabWords & { to: LinkTarget })[];
  current: string;
}) {
  return (
    <nav aria-label={label}>
      <ul className="tabs">
        {tabs.map((tab) => (
          <li key={tab.id}>
            <AppLink to={tab.to} className="tab" aria-current={tab.id === current ? "page" : undefined}>
              <Words {...tab} />
            </AppLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
