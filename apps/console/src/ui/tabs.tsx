import type { ReactNode } from "react";
import { Tab as AriaTab, Tabs as AriaTabs, TabList, TabPanel } from "react-aria-components";
import { number } from "../format.ts";
import { AppLink, type LinkTarget } from "./link.tsx";

interface TabWords {
  id: string;
  label: string;
  count?: number;
  /** The count is a warning. */
  warn?: boolean;
}

function Words({ label, count, warn }: TabWords) {
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

/** Tabs inside a page or sheet: one panel at a time, arrow keys move. */
export function Tabs({
  label,
  tabs,
  current,
  onChange,
}: {
  label: string;
  tabs: readonly (TabWords & { panel: ReactNode })[];
  current?: string;
  onChange?: (id: string) => void;
}) {
  return (
    <AriaTabs
      {...(current === undefined ? {} : { selectedKey: current })}
      onSelectionChange={(key) => onChange?.(String(key))}
    >
      <TabList aria-label={label} className="tabs">
        {tabs.map((tab) => (
          <AriaTab key={tab.id} id={tab.id} className="tab">
            <Words {...tab} />
          </AriaTab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id}>
          {tab.panel}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
