import { type Failure, problemOf } from "../../server/ask.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { RadioCards } from "../../ui/choices.tsx";
import { Problem, TextField } from "../../ui/field.tsx";
import type { LinkTarget } from "../../ui/link.tsx";
import { ScopeGrid, type ScopeGroup } from "../../ui/scope-grid.tsx";
import { Banner, EmptyState } from "../../ui/states.tsx";
import type { Ceiling, Expiry } from "../expiry/expiry.ts";
import { ExpiryField } from "../expiry/expiry-field.tsx";
import { withdrawn } from "./scopes.ts";
import { words } from "./text.ts";
import type { Draft } from "./use-draft.ts";

const { form: say } = words;

interface Props {
  readonly draft: Draft;
  readonly onChange: (next: Partial<Draft>) => void;
  readonly failures: readonly Failure[];
  readonly disabled?: boolean;
}

export function NameField({
  draft,
  onChange,
  failures,
  disabled = false,
  help = say.nameHelp,
  isFirst = true,
}: Props & { readonly help?: string /** The sheet begins with it. */; readonly isFirst?: boolean }) {
  return (
    <TextField
      label={say.name}
      value={draft.name}
      onChange={(name) => onChange({ name })}
      help={help}
      error={problemOf(failures, "name")}
      maxLength={100}
      disabled={disabled}
      autoFocus={isFirst}
      required
    />
  );
}

/** Everything that its client may do, or some of what it is granted now. */
export function PowerField({
  draft,
  onChange,
  failures,
  disabled = false,
  choices,
  access,
}: Props & {
  readonly choices: readonly ScopeGroup[];
  /** Where the client is given access. */
  readonly access: LinkTarget;
}) {
  const problem = problemOf(failures, "permissions");
  const gone = withdrawn(draft.chosen, choices);
  return (
    <>
      <RadioCards
        label={say.power}
        value={draft.power}
        onChange={(power) => onChange({ power })}
        choices={[
          { value: "all", label: say.provider, help: say.providerHelp, disabled },
          { value: "chosen", label: say.narrowed, help: say.narrowedHelp, disabled },
        ]}
        error={draft.power === "all" ? problem : undefined}
      />
      {draft.power === "chosen" && (
        <div className="field">
          {gone.length > 0 && <Banner tone="info">{say.withdrawn(gone.join(", "))}</Banner>}
          {choices.length === 0 ? (
            <EmptyState action={<ButtonLink to={access}>{say.toAccess}</ButtonLink>}>{say.nothing}</EmptyState>
          ) : (
            <ScopeGrid
              choosing
              groups={choices}
              value={draft.chosen}
              onChange={(chosen) => onChange({ chosen })}
              readOnly={disabled}
            />
          )}
          {problem && <Problem>{problem}</Problem>}
        </div>
      )}
    </>
  );
}

/** When it ends; never is allowed where the settings say so, and told as what it is. */
export function EndField({
  expiry,
  onChange,
  ceiling,
  failures,
  disabled = false,
}: {
  expiry: Expiry;
  onChange: (expiry: Expiry) => void;
  ceiling: Ceiling;
  failures: readonly Failure[];
  disabled?: boolean;
}) {
  return (
    <>
      <ExpiryField
        value={expiry}
        onChange={onChange}
        ceiling={ceiling}
        neverHelp=""
        error={problemOf(failures, "expiresAt")}
        disabled={disabled}
      />
      {expiry.preset === "never" && <Banner tone="warn">{say.forever}</Banner>}
    </>
  );
}
