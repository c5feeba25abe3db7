import { useEffect, useRef, useState } from "react";
import type { Reveal } from "../../reveal/use-reveal.tsx";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choices.tsx";
import { CodeBlock, type CodeTab } from "../../ui/code-block.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import { words } from "./text.ts";

const { reveal: say } = words;

/** A token that was just made. It lives in the state of the open sheet and nowhere else. */
export interface RevealedToken {
  readonly name: string;
  readonly value: string;
  /** Where it registers clients. */
  readonly endpoint: string;
}

/** The first line begins with a space: most shells keep it out of their history. The token is in no argument list either. */
const snippets = ({ value, endpoint }: RevealedToken): readonly CodeTab[] => [
  {
    id: "curl",
    label: "curl",
    language: "shell",
    code: [
      ` INITIAL_ACCESS_TOKEN='${value}'`,
      `printf 'header = "Authorization: Bearer %s"' "$INITIAL_ACCESS_TOKEN" | curl -sS --config - \\`,
      `  '${endpoint}' \\`,
      "  -H 'Content-Type: application/json' \\",
      `  -d '{"client_name": "my-service"}'`,
      "",
    ].join("\n"),
  },
];

/** What the sheet shows of a token: its value, once, and how a client uses it. Drop `revealed` in `onDone` and when the sheet closes. */
export function useRevealToken(revealed: RevealedToken | null, onDone: () => void): Reveal {
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
  if (!revealed) return { guard: undefined, body: null, foot: null };
  const keep = () => setCopied(true);
  const { value, endpoint } = revealed;
  return {
    guard: kept ? undefined : text.leave,
    body: (
      <div ref={body}>
        <Banner tone="warn">{say.warning}</Banner>
        <KeyValueList
          items={[
            { label: say.token, value, mono: true, copy: () => value, strong: true, onCopied: keep },
            { label: words.endpoint, value: endpoint, mono: true, copy: endpoint },
          ]}
        />
        <CodeBlock label={say.snippets} tabs={snippets(revealed)} secret={value} onCopied={keep} />
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
