import { type ReactNode, useId } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { Checkbox, RadioCards } from "../../ui/choices.tsx";
import { Problem, Select, TextField } from "../../ui/field.tsx";
import { ExpiryField } from "../expiry/expiry-field.tsx";
import { methodOptions } from "../settings/kinds.ts";
import { words } from "./text.ts";
import type { Draft } from "./use-draft.ts";

const { sheet: say } = words;
const SECRET_DAYS = [1, 7, 30, 90, 365];
/** A foreign platform's trust is not registered: it is set up by hand. */
const METHODS = methodOptions.filter(({ value }) => value !== "FEDERATED_JWT");

interface Props {
  readonly draft: Draft;
  readonly onChange: (next: Partial<Draft>) => void;
  readonly failures: readonly Failure[];
  readonly disabled: boolean;
  /** The picker of scopes. */
  readonly access: ReactNode;
}

function Methods({ draft: { methods }, onChange, failures, disabled }: Omit<Props, "access">) {
  const problem = problemOf(failures, "methods");
  const id = useId();
  return (
    <>
      <RadioCards
        label={say.methods}
        look="presets"
        value={methods === null ? "any" : "some"}
        onChange={(kind) => onChange({ methods: kind === "any" ? null : ["PRIVATE_KEY_JWT"] })}
        choices={[
          { value: "any", label: say.anyMethod, disabled },
          { value: "some", label: say.someMethods, disabled },
        ]}
      />
      {methods !== null && (
        <fieldset className="field" aria-describedby={problem === undefined ? undefined : id}>
          <legend className="sr">{say.methods}</legend>
          {METHODS.map(({ value, label, help }) => (
            <Checkbox
              key={value}
              checked={methods.includes(value)}
              onChange={(on) =>
                onChange({ methods: on ? [...methods, value] : methods.filter((method) => method !== value) })
              }
              disabled={disabled}
              help={help}
            >
              <code>{label}</code>
            </Checkbox>
          ))}
          {problem !== undefined && <Problem id={id}>{problem}</Problem>}
        </fieldset>
      )}
    </>
  );
}

/** Name, how many clients, until when, and what they may be at most. */
export function TokenForm({ access, ...props }: Props) {
  const { draft, onChange, failures, disabled } = props;
  return (
    <>
      <TextField
        label={say.name}
        value={draft.name}
        onChange={(name) => onChange({ name })}
        help={say.nameHelp}
        error={problemOf(failures, "name")}
        maxLength={100}
        disabled={disabled}
        autoFocus
        required
      />
      <TextField
        label={say.uses}
        type="number"
        value={draft.uses}
        onChange={(uses) => onChange({ uses })}
        help={say.usesHelp}
        error={problemOf(failures, "uses")}
        disabled={disabled}
        required
      />
      <ExpiryField
        label={say.expires}
        value={draft.expiry}
        onChange={(expiry) => onChange({ expiry })}
        neverHelp={say.neverHelp}
        error={problemOf(failures, "expiresAt")}
        disabled={disabled}
      />
      <section className="field" aria-label={say.access}>
        <span className="field-label">{say.access}</span>
        <p className="help">{say.accessHelp}</p>
        {access}
      </section>
      <Methods {...props} />
      <Select
        label={say.secretLife}
        value={draft.secretLife === null ? "" : String(draft.secretLife)}
        onChange={(days) => onChange({ secretLife: days === "" ? null : Number(days) })}
        choices={[
          { value: "", label: say.secretInherit },
          ...SECRET_DAYS.map((days) => ({ value: String(days), label: say.secretDays(days) })),
        ]}
        disabled={disabled}
      />
    </>
  );
}
