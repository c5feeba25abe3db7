import { type ClipboardEvent, useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { CopyButton } from "./copy-button.tsx";
import { highlight, type Language, masked, maskOf, unmasked } from "./highlight.ts";

export interface CodeTab {
  id: string;
  label: string;
  language: Language;
  /** The real code, secret included; only its masked form enters the document. */
  code: string;
}

interface CodeProps extends Pick<CodeTab, "code" | "language"> {
  /** Masked on the screen, real when copied: by the button and by hand. */
  secret?: string | undefined;
}

function Code({ code, language, secret }: CodeProps) {
  const shown = masked(code, secret);
  const mask = secret ? maskOf(secret) : null;
  const copy = (event: ClipboardEvent) => {
    const selection = document.getSelection()?.toString() ?? "";
    if (!secret || !selection) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", unmasked(selection, secret));
  };
  let at = 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, so the keyboard must reach it
    <pre tabIndex={0} onCopy={copy}>
      {highlight(shown, language).map(({ ink, text }) => {
        const key = at;
        at += text.length;
        const inked = mask && text.includes(mask) ? "t-mask" : ink === "plain" ? undefined : `t-${ink}`;
        return (
          <span key={key} className={inked}>
            {text}
          </span>
        );
      })}
    </pre>
  );
}

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
  const tab = tabs.find((one) => one.id === current) ?? first;
  if (!tab) return null;
  const copy = <CopyButton what={`${tab.label} ${label}`} value={() => tab.code} {...(onCopied ? { onCopied } : {})} />;
  if (tabs.length === 1) {
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
  return (
    <Tabs className="code" selectedKey={tab.id} onSelectionChange={(key) => setCurrent(String(key))}>
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
