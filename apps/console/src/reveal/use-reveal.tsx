import { type ReactNode, useEffect, useRef, useState } from "react";
import { save as saveFile } from "../server/download.ts";
import { text } from "../text.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/choices.tsx";
import { CodeBlock } from "../ui/code-block.tsx";
import { Select } from "../ui/field.tsx";
import { KeyValueList } from "../ui/key-value-list.tsx";
import type { LeaveQuestion } from "../ui/sheet.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { Banner } from "../ui/states.tsx";
import { NextSteps, type Places } from "./next-steps.tsx";
import type { Revealed, Target } from "./revealed.ts";
import { envFile, snippets } from "./snippets.ts";
import { TestPanel, useTest } from "./test-panel.tsx";
import { words } from "./text.ts";

/** Moves the focus to the copy button of the secret, the one thing to do first. */
function useFocusOnSecret(isOpen: boolean) {
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const buttons = isOpen ? [...(body.current?.querySelectorAll<HTMLElement>(".kv button") ?? [])] : [];
    buttons[1]?.focus();
  }, [isOpen]);
  return body;
}

function Values({ revealed, onCopied }: { revealed: Revealed; onCopied: () => void }) {
  const { clientId, secret, issuer } = revealed;
  return (
    <KeyValueList
      items={[
        { label: words.clientId, value: clientId, mono: true, copy: clientId },
        { label: words.secret, value: secret, mono: true, copy: () => secret, strong: true, onCopied },
        { label: words.tokenUrl, value: issuer.tokenEndpoint, mono: true, copy: issuer.tokenEndpoint },
      ]}
    />
  );
}

function TargetSelect({ targets, value, onChange }: Selected & { targets: readonly Target[] }) {
  const choices = targets.map(({ resource, name }) => ({ value: resource, label: name }));
  return <Select label={words.api} value={value} onChange={onChange} choices={choices} />;
}

interface Selected {
  readonly value: string;
  readonly onChange: (resource: string) => void;
}

export interface Reveal {
  /** While the secret was neither copied nor ticked off, the sheet asks before it closes. */
  readonly guard: LeaveQuestion | undefined;
  readonly body: ReactNode;
  readonly foot: ReactNode;
}

/**
 * What a sheet shows of a secret that was just made: the values, runnable snippets, a real test, and what comes next.
 * `revealed` is the only place where the secret is: drop it in `onDone` and when the sheet closes.
 */
export function useReveal(
  revealed: Revealed | null,
  { places, onDone }: { places: Places; onDone: () => void },
): Reveal {
  const [copied, setCopied] = useState(false);
  const [ticked, setTicked] = useState(false);
  const kept = copied || ticked;
  const [resource, setResource] = useState<string>();
  const target = revealed?.targets.find((one) => one.resource === resource) ?? revealed?.targets[0];
  const test = useTest(revealed, target);
  const container = useFocusOnSecret(revealed !== null);
  const keep = () => setCopied(true);
  const finish = () => {
    if (kept) onDone();
  };
  useShortcuts(revealed ? { t: test.run, "mod+Enter": finish } : {}, true);
  if (!revealed) return { guard: undefined, body: null, foot: null };
  const save = () => {
    const file = new Blob([envFile({ revealed, target })], { type: "text/plain" });
    saveFile(file, `${revealed.name.replaceAll(/[^\w.-]+/g, "-")}.env`);
  };
  const { targets } = revealed;
  return {
    guard: kept ? undefined : text.leave,
    body: (
      <div ref={container}>
        <Banner tone="warn">{words.warning}</Banner>
        <Values revealed={revealed} onCopied={keep} />
        {targets.length > 1 && <TargetSelect targets={targets} value={target?.resource ?? ""} onChange={setResource} />}
        {targets.length === 0 && <Banner tone="info">{words.noAccess}</Banner>}
        {revealed.dpop && <Banner tone="info">{words.needsProof}</Banner>}
        <CodeBlock label={words.snippets} tabs={snippets(revealed, target)} secret={revealed.secret} onCopied={keep} />
        <TestPanel test={test} target={target} />
        {test.result?.ok && <NextSteps issuer={revealed.issuer} target={target} places={places} />}
      </div>
    ),
    foot: (
      <>
        <Checkbox checked={ticked} onChange={setTicked}>
          {words.stored}
        </Checkbox>
        <span className="grow" />
        <Button onPress={save}>{words.download}</Button>
        <Button variant="primary" shortcut="⌘↵" onPress={finish} disabledReason={kept ? undefined : words.notStored}>
          {words.done}
        </Button>
      </>
    ),
  };
}
