import type { ReactNode } from "react";
import { midSentence } from "../format.ts";
import { CopyButton } from "./copy-button.tsx";

export interface KeyValue {
  label: string;
  value: ReactNode;
  mono?: boolean;
  /** Words for the clipboard; the label, in lower case, names them. */
  copy?: string | (() => string);
  /** The one copy button that matters most gets an outline. */
  strong?: boolean;
  onCopied?: () => void;
  action?: ReactNode;
}

/** Names and values, ruled; each may be copied. */
export function KeyValueList({ items }: { items: readonly KeyValue[] }) {
  return (
    <dl className="kv">
      {items.map((item) => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>
            <span className={item.mono ? "grow mono" : "grow"}>{item.value}</span>
            {item.copy !== undefined && (
              <CopyButton
                value={item.copy}
                what={midSentence(item.label)}
                look={item.strong ? "secondary" : "quiet"}
                {...(item.onCopied ? { onCopied: item.onCopied } : {})}
              />
            )}
            {item.action}
          </dd>
        </div>
      ))}
    </dl>
  );
}
