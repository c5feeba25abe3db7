import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { Code } from "./code.tsx";
import type { CodeTab } from "./code-block.tsx";

/** The same code in several languages, one at a time. */
export function CodeTabs({
  label,
  tabs,
  current,
  secret,
  copy,
  onChange,
}: {
  label: string;
  tabs: readonly CodeTab[];
  current: string;
  secret: string | undefined;
  copy: ReactNode;
  onChange: (id: string) => void;
}) {
  return (
    <Tabs className="code" selectedKey={current} onSelectionChange={(key) => onChange(String(key))}>
      <div className="code-head">
        <TabList aria-label={label} className="code-tabs">
          {tabs.map((one) => (
            <Tab key={one.id} id={one.id} className="code-tab">
              {one.label}
            </Tab>
          ))}
        </TabList>
        {copy}
      </div>
      {tabs.map((one) => (
        <TabPanel key={one.id} id={one.id}>
          <Code {...one} secret={secret} />
        </TabPanel>
      ))}
    </Tabs>
  );
}
