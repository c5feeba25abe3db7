import { useState } from "react";
import type { RenewPersonalClientInput } from "../../gql/graphql.ts";
import { isFixed, NewValueSheet } from "../../reveal/new-value-sheet.tsx";
import { useNewValue } from "../../reveal/use-new-value.ts";
import { useRevealValue } from "../../reveal/use-reveal-value.tsx";
import { useValueCall } from "../../reveal/use-value-call.ts";
import { wrongHere } from "../../server/ask.ts";
import { useMutate } from "../../server/mutate.ts";
import { EndField } from "../api-tokens/fields.tsx";
import { expiryWrong, firstExpiry, instantOf } from "../expiry/expiry.ts";
import { revealedPair } from "./add-client-sheet.tsx";
import { type Own, RenewPersonalClient, RevokePersonalClient, type Rules } from "./documents.ts";
import { ceilingOfRules } from "./draft.ts";
import { words } from "./text.ts";

const { pairSheet: say, pairReveal: shown } = words;

const nothing = async () => undefined;

/** Makes a new secret for client credentials that are over: the client ID stays. */
export function RenewSheet({
  own: { id, name },
  rules,
  onMade,
  onClose,
}: {
  own: Own;
  rules: Rules;
  onMade: () => void;
  onClose: () => void;
}) {
  const ceiling = ceilingOfRules(rules);
  const [expiry, setExpiry] = useState(() => firstExpiry(ceiling.days));
  const call = useValueCall(
    useMutate(RenewPersonalClient),
    useMutate(RevokePersonalClient),
    (made) => made.personalClient?.id,
  );
  const { stage, failures, setFailures, revealed, submit } = useNewValue(
    call,
    (secret, { expiresAt }: RenewPersonalClientInput, { personalClient }) => {
      onMade();
      return revealedPair(secret, { name, expiresAt: expiresAt ?? null }, personalClient);
    },
    () => say.madeUnseen(name),
    nothing,
  );
  const reveal = useRevealValue(revealed, shown, onClose);
  const send = () => {
    const now = Date.now();
    const wrong = isFixed(stage) ? undefined : expiryWrong(expiry, ceiling, now);
    if (wrong !== undefined) return setFailures([wrongHere(wrong, "expiresAt")]);
    void submit({ id, expiresAt: instantOf(expiry, now) });
  };
  return (
    <NewValueSheet
      say={say}
      title={say.renew(name)}
      stage={stage}
      failures={failures}
      fields={["expiresAt"]}
      isTouched={false}
      reveal={reveal}
      onSend={send}
      onClose={onClose}
    >
      <p className="soft sheet-lead">{say.renewLead}</p>
      <EndField expiry={expiry} onChange={setExpiry} ceiling={ceiling} failures={failures} disabled={isFixed(stage)} />
    </NewValueSheet>
  );
}
