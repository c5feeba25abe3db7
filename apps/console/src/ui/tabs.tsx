import type { ReactNode } from "react";
import { Tab as AriaTab, Tabs as AriaTabs, TabList, TabPanel } from "react-aria-components";
import { type TabWords, Words } from "./tab-links.tsx";

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
