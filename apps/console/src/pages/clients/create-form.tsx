import type { ReactNode } from "react";
import { type Failure, problemOf } from "../../server/ask.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import type { Allowed } from "./limits.ts";
import { LimitsBlock } from "./limits-block.tsx";
import { templates } from "./templates.ts";
import { createWords as words } from "./text.ts";
import type { Draft } from "./use-draft.ts";

export interface CreateFormProps {
  readonly draft: Draft;
  readonly allowed: Allowed;
  readonly now: number;
  /** It was tried to send what is not complete. */
  readonly tried: boolean;
  readonly badEnd: string | undefined;
  readonly failures: readonly Failure[];
  readonly disabled: boolean;
  /** Somebody has to approve it first. */
  readonly waits: boolean;
  readonly onChange: (next: Partial<Draft>) => void;
  readonly onTemplate: (template: (typeof templates)[number]) => void;
  /** The picker of APIs and scopes. */
  readonly access: ReactNode;
}

/** Four short blocks; only the first needs a person. */
export function CreateForm(props: CreateFormProps) {
  const { draft, onChange, failures } = props;
  const missing = props.tried && draft.name.trim() === "" ? words.nameMissing : undefined;
  return (
    <fieldset className="create-fields" disabled={props.disabled} aria-label={words.title}>
      <TextField
        label={words.name}
        name="name"
        value={draft.name}
        onChange={(name) => onChange({ name })}
        error={missing ?? problemOf(failures, "name")}
        help={words.nameHelp}
        maxLength={100}
        required
        autoFocus
      />
      <div className="field">
        <span className="field-label">{words.type}</span>
        <span className="small">{words.service}</span>
      </div>
      <RadioCards
        label={words.template}
        look="presets"
        value={draft.template.id}
        onChange={(id) => props.onTemplate(templates.find((one) => one.id === id) ?? draft.template)}
        choices={templates.map(({ id, label }) => ({ value: id, label }))}
        help={draft.template.hint}
      />
      <section className="field" aria-label={words.access}>
        <span className="field-label">{words.access}</span>
        {props.access}
      </section>
      <section className="field" aria-label={words.limits}>
        <span className="field-label">{words.limits}</span>
        <LimitsBlock
          draft={draft}
          allowed={props.allowed}
          now={props.now}
          badEnd={props.tried ? props.badEnd : undefined}
          onChange={onChange}
          waits={props.waits}
        />
      </section>
    </fieldset>
  );
}
