import { useState } from "react";
import { dayAndClock, span } from "../../format.ts";
import { sentence } from "../../server/ask.ts";
import { graphql } from "../../server/document.ts";
import { useMutate } from "../../server/mutate.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { seconds } from "../settings/seconds.ts";
import { type Key, readyAt, shortKid } from "./states.ts";
import { words } from "./text.ts";
import { type Verifier, verifierName } from "./verifiers.tsx";

const rotateSigningKey = graphql(`
  mutation RotateSigningKey($input: RotateSigningKeyInput!) {
    rotateSigningKey(input: $input) {
      workspace {
        id
        signingKeys {
          kid
          state
          activateAt
        }
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

const { rotate: say } = words;

/** When the next key would sign, in a sentence. */
function effect(next: Key | undefined, maxAge: number, now: number): string {
  if (!next) return say.fresh;
  const ready = readyAt(next, maxAge);
  if (ready > now) return say.waits(shortKid(next.kid), dayAndClock(ready, now));
  return say.ready(shortKid(next.kid), span(now - Date.parse(next.publishAt)));
}

/** Verifiers called by name; the others are counted. */
const NAMED = 3;
const named = (verifier: Verifier): string => `${verifierName(verifier)} (${verifier.address})`;

/** Says when the next key signs and whom that breaks, then puts it to work. Nothing that reads the set breaks. */
export function RotateDialog({
  workspaceId,
  own,
  nexts,
  maxAge,
  verifiers,
  open,
  onClose,
}: {
  workspaceId: string;
  /** The workspace's own algorithm. */
  own: Key["alg"] | undefined;
  /** The published keys that follow, the first to come first: those of clients' algorithms too. */
  nexts: readonly Key[];
  /** Seconds that a key set may be cached. */
  maxAge: number;
  /** Who fetches the key set. */
  verifiers: readonly Verifier[];
  open: boolean;
  onClose: () => void;
}) {
  const rotate = useMutate(rotateSigningKey);
  const [chosen, setChosen] = useState<Key["alg"]>();
  const algorithm = chosen ?? own;
  // Absent in the moment before the server made one.
  const next = nexts.find(({ alg }) => alg === algorithm);
  const algorithms = [...new Set(nexts.map(({ alg }) => alg))].toSorted();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const late = next ? verifiers.filter(({ lastAt }) => lastAt < next.publishAt) : [];
  const confirm = async () => {
    setPending(true);
    const done = await rotate({ workspaceId, ...(algorithm && { algorithm }) });
    setPending(false);
    if (!done.ok) return setError(sentence(done.failures[0]));
    const moved = done.payload.workspace?.signingKeys?.find(({ kid }) => kid === next?.kid);
    const now = Date.now();
    if (moved?.state === "ACTIVE") toast(say.signsNow(shortKid(moved.kid)));
    else if (moved?.activateAt)
      toast(say.signsLater(shortKid(moved.kid), dayAndClock(Date.parse(moved.activateAt), now)));
    else toast(say.done);
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      title={say.title}
      confirm={say.act}
      pending={pending}
      error={error}
      onCancel={onClose}
      onConfirm={() => void confirm()}
    >
      {algorithms.length > 1 && algorithm && (
        <RadioCards
          label={say.which}
          look="presets"
          value={algorithm}
          onChange={setChosen}
          choices={algorithms.map((alg) => ({ value: alg, label: alg }))}
          help={say.whichHelp}
        />
      )}
      <p>{effect(next, maxAge, Date.now())}</p>
      {late.length > 0 && (
        <p>
          <b>{say.behind(late.slice(0, NAMED).map(named).join(", "), Math.max(0, late.length - NAMED))}</b>
        </p>
      )}
      <p>{say.stays}</p>
      <p>{say.breaks(seconds(maxAge))}</p>
    </ConfirmDialog>
  );
}
