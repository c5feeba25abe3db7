import { useEffect, useState } from "react";
import { text } from "../text.ts";
import { announce } from "./announce.tsx";
import { Button, IconButton } from "./button.tsx";
import { toast } from "./toast.tsx";

/** Puts words on the clipboard; false when the browser refuses (no permission, or a page without a secure origin). */
export async function copyText(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}

export interface CopyButtonProps {
  /** The words, or how to get them when pressed (so that a secret need not travel as a prop). */
  value: string | (() => string);
  /** What is copied, for the button's name: "client ID". */
  what: string;
  look?: "icon" | "quiet" | "secondary";
  onCopied?: () => void;
}

/** Copies, says so, and shows a tick for two seconds. */
export function CopyButton({ value, what, look = "quiet", onCopied }: CopyButtonProps) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  const press = async () => {
    if (!(await copyText(typeof value === "function" ? value() : value))) return toast(text.copy.refused);
    setDone(true);
    announce(text.copy.doneWhat(what));
    onCopied?.();
  };
  const icon = done ? "check" : "copy";
  // The name says what is seen: voice control finds the button by either (WCAG 2.5.3).
  const name = done ? text.copy.doneWhat(what) : text.copy.what(what);
  if (look === "icon") {
    return <IconButton icon={icon} size="tiny" label={text.copy.what(what)} onPress={press} />;
  }
  return (
    <Button icon={icon} size="compact" variant={look} onPress={press} aria-label={name}>
      {done ? text.copy.done : text.copy.copy}
    </Button>
  );
}
