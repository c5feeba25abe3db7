import { useState } from "react";
import type { CreatePersonalTokenInput } from "../../gql/graphql.ts";
import { isFixed, NewValueSheet, type NewValueWords } from "../../reveal/new-value-sheet.tsx";
import type { NewValue } from "../../reveal/use-new-value.ts";
import { type RevealedValue, type RevealWords, useRevealValue } from "../../reveal/use-reveal-value.tsx";
import { Banner } from "../../ui/states.tsx";
import { EndField, NameField } from "../api-tokens/fields.tsx";
import { working } from "../api-tokens/state.ts";
import { type Draft, FIELDS, problemsOf } from "../api-tokens/use-draft.ts";
import { instantOf } from "../expiry/expiry.ts";
import type { Rules, TokenViewer } from "./documents.ts";
import { ceilingOfRules, newDraft, ownOf, permissionsOf } from "./draft.ts";
import { PersonalPowerField } from "./power-field.tsx";
import { words } from "./text.ts";

/** What a person says of something new that is theirs, of either type. */
type OwnInput = Pick<CreatePersonalTokenInput, "name" | "expiresAt" | "permissions">;

/** Something that acts as the person: its name, end and power; then, in the same sheet, its value, once. */
export function OwnSheet({
  say,
  shown,
  title,
  asking,
  viewer,
  rules,
  held,
  onClose,
}: {
  say: NewValueWords;
  shown: RevealWords;
  title: string;
  /** Asks for it until it is there. */
  asking: NewValue<OwnInput, RevealedValue>;
  viewer: TokenViewer;
  rules: Rules;
  /** The permissions to choose from. */
  held: readonly string[];
  onClose: () => void;
}) {
  const [draft, setDraft] = useState(() => newDraft(rules));
  const [isTouched, setTouched] = useState(false);
  const { stage, failures, setFailures, revealed, submit } = asking;
  const reveal = useRevealValue(revealed, shown, onClose);
  const ceiling = ceilingOfRules(rules);
  const fixed = isFixed(stage);
  const isFull = working(ownOf(viewer), Date.now()) >= rules.limit;
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
      title={title}
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
      <PersonalPowerField draft={draft} onChange={change} failures={failures} held={held} disabled={fixed} />
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
