import { useState } from "react";
import type { CreatePersonalTokenInput } from "../../gql/graphql.ts";
import { isFixed, NewValueSheet } from "../../reveal/new-value-sheet.tsx";
import { useNewValue } from "../../reveal/use-new-value.ts";
import { type RevealedValue, useRevealValue } from "../../reveal/use-reveal-value.tsx";
import { useValueCall } from "../../reveal/use-value-call.ts";
import { useMutate } from "../../server/mutate.ts";
import { Banner } from "../../ui/states.tsx";
import { Ends } from "../api-tokens/ends.tsx";
import { EndField, NameField } from "../api-tokens/fields.tsx";
import { snippetsOf } from "../api-tokens/snippets.ts";
import { working } from "../api-tokens/state.ts";
import { type Draft, FIELDS, problemsOf } from "../api-tokens/use-draft.ts";
import { instantOf } from "../expiry/expiry.ts";
import { CreatePersonalToken, RevokePersonalToken, type Rules, type TokenViewer } from "./documents.ts";
import { ceilingOfRules, newDraft, permissionsOf } from "./draft.ts";
import { PersonalPowerField } from "./power-field.tsx";
import { words } from "./text.ts";

const { sheet: say, reveal: shown } = words;

const nothing = async () => undefined;

/** Asks for the token until it is there. */
function useNewToken(onMade: () => void) {
  const call = useValueCall(
    useMutate(CreatePersonalToken),
    useMutate(RevokePersonalToken),
    (made) => made.personalToken?.id,
  );
  const show = (value: string, { name, expiresAt }: CreatePersonalTokenInput): RevealedValue => {
    onMade();
    return {
      name,
      value,
      others: [{ label: shown.ends, value: <Ends at={expiresAt} /> }],
      snippets: snippetsOf(value, { api: new URL("/graphql", location.origin).href, isOwnApi: true }),
    };
  };
  return useNewValue(call, show, ({ name }) => say.madeUnseen(name), nothing);
}

/** Makes a token that acts as the person; then, in the same sheet, shows it once. */
export function AddSheet({
  tenant,
  viewer,
  rules,
  onMade,
  onClose,
}: {
  /** Its name. */
  tenant: string;
  viewer: TokenViewer;
  rules: Rules;
  onMade: () => void;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState(() => newDraft(rules));
  const [isTouched, setTouched] = useState(false);
  const { stage, failures, setFailures, revealed, submit } = useNewToken(onMade);
  const reveal = useRevealValue(revealed, shown, onClose);
  const ceiling = ceilingOfRules(rules);
  const fixed = isFixed(stage);
  const isFull = working(viewer.personalTokens?.nodes ?? [], Date.now()) >= rules.limit;
  const change = (next: Partial<Draft>) => {
    setTouched(true);
    setDraft((before) => ({ ...before, ...next }));
  };
  const send = () => {
    const now = Date.now();
    const problems = fixed ? [] : problemsOf(draft, ceiling, now);
    if (problems.length > 0) return setFailures(problems);
    const { name, expiry } = draft;
    void submit({ name: name.trim(), expiresAt: instantOf(expiry, now), permissions: permissionsOf(draft) });
  };
  return (
    <NewValueSheet
      say={say}
      title={say.titleFor(tenant)}
      stage={stage}
      failures={failures}
      fields={FIELDS}
      isTouched={isTouched}
      reveal={reveal}
      onSend={send}
      onClose={onClose}
    >
      {isFull && <Banner tone="warn">{words.full(rules.limit)}</Banner>}
      <NameField draft={draft} onChange={change} failures={failures} disabled={fixed} help={words.form.nameHelp} />
      <PersonalPowerField
        draft={draft}
        onChange={change}
        failures={failures}
        held={viewer.permissions}
        disabled={fixed}
      />
      <EndField
        expiry={draft.expiry}
        onChange={(expiry) => change({ expiry })}
        ceiling={ceiling}
        failures={failures}
        disabled={fixed}
      />
    </NewValueSheet>
  );
}
