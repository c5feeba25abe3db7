import { useEffect, useRef, useState } from "react";
import type { Reveal } from "../../reveal/use-reveal.tsx";
import { text } from "../../text.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choices.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Banner } from "../../ui/states.tsx";
import type { NewAccess, ShownAccess } from "./documents.ts";
import { words } from "./text.ts";

const { reveal: say } = words;

function Script({ access, onCopied }: { access: NewAccess; onCopied: () => void }) {
  const { tokenEndpoint, clientId, clientSecret, resource } = access;
  return (
    <>
      <p className="small above-kv">{say.script}</p>
      <KeyValueList
        items={[
          { label: say.tokenEndpoint, value: tokenEndpoint, mono: true, copy: tokenEndpoint },
          { label: say.resource, value: resource, mono: true, copy: resource },
          { label: say.clientId, value: clientId, mono: true, copy: clientId },
          { label: say.clientSecret, value: clientSecret, mono: true, copy: () => clientSecret, onCopied },
        ]}
      />
    </>
  );
}

/** What the sheet shows of a tenant: the ways in, once. They live in the state of the open sheet and nowhere else. */
export function useRevealAccess(access: ShownAccess | null, onDone: () => void): Reveal {
  const [copied, setCopied] = useState(false);
  const [ticked, setTicked] = useState(false);
  const kept = copied || ticked;
  const body = useRef<HTMLDivElement>(null);
  const isOpen = access !== null;
  useEffect(() => {
    if (isOpen) body.current?.querySelector<HTMLElement>(".kv button")?.focus();
  }, [isOpen]);
  const finish = () => {
    if (kept) onDone();
  };
  useShortcuts(access ? { "mod+Enter": finish } : {}, true);
  if (!access) return { guard: undefined, body: null, foot: null };
  const keep = () => setCopied(true);
  const { ownerInvite } = access;
  const script = "clientSecret" in access ? access : undefined;
  return {
    guard: kept ? undefined : text.leave,
    body: (
      <div ref={body}>
        <Banner tone="warn">{script ? say.warning : say.linkWarning}</Banner>
        <KeyValueList
          items={[
            { label: say.link, value: ownerInvite, mono: true, copy: () => ownerInvite, strong: true, onCopied: keep },
          ]}
        />
        <p className="small muted below-kv">{say.linkHelp}</p>
        {script && <Script access={script} onCopied={keep} />}
      </div>
    ),
    foot: (
      <>
        <Checkbox checked={ticked} onChange={setTicked}>
          {say.stored}
        </Checkbox>
        <span className="grow" />
        <Button
          variant="primary"
          shortcut="⌘↵"
          onPress={finish}
          disabledReason={kept ? undefined : script ? say.notStored : say.linkNotStored}
        >
          {say.done}
        </Button>
      </>
    ),
  };
}
