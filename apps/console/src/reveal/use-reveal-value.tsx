import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/choices.tsx";
import { CodeBlock, type CodeTab } from "../ui/code-block.tsx";
import { type KeyValue, KeyValueList } from "../ui/key-value-list.tsx";
import type { LeaveQuestion } from "../ui/sheet.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { Banner } from "../ui/states.tsx";
import type { Reveal } from "./use-reveal.tsx";

/** A value that was just made. It lives in the state of the open sheet and nowhere else. */
export interface RevealedValue {
  readonly name: string;
  readonly value: string;
  /** What is good to know beside it. */
  readonly others: readonly KeyValue[];
  readonly snippets: readonly CodeTab[];
}

export interface RevealWords {
  readonly title: (name: string) => string;
  readonly warning: ReactNode;
  /** What the value is. */
  readonly token: string;
  readonly snippets: string;
  readonly stored: string;
  readonly done: string;
  readonly notStored: string;
  readonly leave: LeaveQuestion;
}

/** What the sheet shows of a value: itself, once, and how it is used. Drop `revealed` in `onDone` and when the sheet closes. */
export function useRevealValue(
  revealed: RevealedValue | null,
  say: RevealWords,
  onDone: () => void,
): (Reveal & { readonly title: string }) | null {
  const [copied, setCopied] = useState(false);
  const [ticked, setTicked] = useState(false);
  const kept = copied || ticked;
  const body = useRef<HTMLDivElement>(null);
  const isOpen = revealed !== null;
  useEffect(() => {
    if (isOpen) body.current?.querySelector<HTMLElement>(".kv button")?.focus();
  }, [isOpen]);
  const finish = () => {
    if (kept) onDone();
  };
  useShortcuts(revealed ? { "mod+Enter": finish } : {}, true);
  if (!revealed) return null;
  const keep = () => setCopied(true);
  const { name, value, others, snippets } = revealed;
  const shown: KeyValue = { label: say.token, value, mono: true, copy: () => value, strong: true, onCopied: keep };
  return {
    title: say.title(name),
    guard: kept ? undefined : say.leave,
    body: (
      <div ref={body}>
        <Banner tone="warn">{say.warning}</Banner>
        <KeyValueList items={[shown, ...others]} />
        <CodeBlock label={say.snippets} tabs={snippets} secret={value} onCopied={keep} />
      </div>
    ),
    foot: (
      <>
        <Checkbox checked={ticked} onChange={setTicked}>
          {say.stored}
        </Checkbox>
        <span className="grow" />
        <Button variant="primary" shortcut="⌘↵" onPress={finish} disabledReason={kept ? undefined : say.notStored}>
          {say.done}
        </Button>
      </>
    ),
  };
}
