import type { ClipboardEvent } from "react";
import { highlight, type Language, masked, maskOf, unmasked } from "./highlight.ts";

interface CodeProps {
  /** The real code, secret included; only its masked form enters the document. */
  code: string;
  language: Language;
  /** Masked on the screen, real when copied: by the button and by hand. */
  secret?: string | undefined;
}

/** Code in colour, without what stands around it. */
export function Code({ code, language, secret }: CodeProps) {
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
