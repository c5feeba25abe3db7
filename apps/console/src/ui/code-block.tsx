import { useState } from "react";
import { Code } from "./code.tsx";
import { CopyButton } from "./copy-button.tsx";
import { late } from "./frame/late.ts";
import type { Language } from "./highlight.ts";

export interface CodeTab {
  id: string;
  label: string;
  language: Language;
  /** The real code, secret included; only its masked form enters the document. */
  code: string;
}

/** Tabs weigh more than most pages, and code mostly has one language. */
const several = late(() => import("./code-tabs.tsx"));

/** Code with its copy button; several languages become tabs. */
export function CodeBlock({
  label,
  tabs,
  secret,
  onCopied,
}: {
  label: string;
  tabs: readonly CodeTab[];
  secret?: string | undefined;
  /** Told after the copy button put the real code on the clipboard. */
  onCopied?: () => void;
}) {
  const [first] = tabs;
  const [current, setCurrent] = useState(first?.id ?? "");
  const CodeTabs = several.useModule(tabs.length > 1)?.CodeTabs;
  const tab = tabs.find((one) => one.id === current) ?? first;
  if (!tab) return null;
  const copy = <CopyButton what={`${tab.label} ${label}`} value={() => tab.code} {...(onCopied ? { onCopied } : {})} />;
  if (CodeTabs) return <CodeTabs {...{ label, tabs, secret, copy }} current={tab.id} onChange={setCurrent} />;
  return (
    <div className="code">
      <div className="code-head">
        <span className="grow small soft">{tab.label}</span>
        {copy}
      </div>
      <Code {...tab} secret={secret} />
    </div>
  );
}
