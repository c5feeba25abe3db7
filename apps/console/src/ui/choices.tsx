import { type ReactNode, useId } from "react";
import type { Choice } from "./field.tsx";
import { Problem } from "./field.tsx";

export interface CheckboxProps {
  checked: boolean | "mixed";
  onChange: (checked: boolean) => void;
  /** Words beside the box; or only `aria-label`, in a table. */
  children?: ReactNode;
  help?: string;
  disabled?: boolean;
  tabIndex?: number;
  "aria-label"?: string;
}

/** A tick box; `mixed` when only part of what it stands for is chosen. */
export function Checkbox({ checked, onChange, children, help, disabled, tabIndex, ...aria }: CheckboxProps) {
  const id = useId();
  const box = (
    <input
      id={id}
      type="checkbox"
      className="box"
      checked={checked === true}
      disabled={disabled}
      tabIndex={tabIndex}
      aria-label={aria["aria-label"]}
      ref={(element) => {
        if (element) element.indeterminate = checked === "mixed";
      }}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
  if (children === undefined) return box;
  return (
    <label className="tick" htmlFor={id}>
      {box}
      <span>
        {children}
        {help && <small>{help}</small>}
      </span>
    </label>
  );
}

export interface RadioCardsProps<Value extends string> {
  label: string;
  value: Value | null;
  onChange: (value: Value) => void;
  choices: readonly Choice<Value>[];
  /** Cards carry a line of help each; presets are small and stand in one line. */
  look?: "cards" | "presets";
  help?: ReactNode;
  error?: string | undefined;
}

/** One of a few, all in sight. Arrow keys move, as in any radio group. */
export function RadioCards<Value extends string>(props: RadioCardsProps<Value>) {
  const { label, value, onChange, choices, look = "cards", help, error } = props;
  const name = useId();
  const [errorId, helpId] = [`${name}-error`, `${name}-help`];
  const described = [help ? helpId : "", error ? errorId : ""].filter(Boolean).join(" ") || undefined;
  // The one that Tab leads to: a refusal leads the focus there.
  const entry = choices.find((choice) => choice.value === value) ?? choices.find(({ disabled }) => !disabled);
  return (
    <fieldset className="field" aria-describedby={described}>
      <legend>{label}</legend>
      <div className={look}>
        {choices.map((choice) => (
          <label key={choice.value} className="card">
            <input
              type="radio"
              className="box"
              name={name}
              checked={choice.value === value}
              disabled={choice.disabled}
              aria-invalid={error && choice === entry ? true : undefined}
              onChange={() => onChange(choice.value)}
            />
            <span>
              {choice.label}
              {choice.help && <small>{choice.help}</small>}
            </span>
          </label>
        ))}
      </div>
      {error && <Problem id={errorId}>{error}</Problem>}
      {help && (
        <div className="help" id={helpId}>
          {help}
        </div>
      )}
    </fieldset>
  );
}
