import { type ChangeEvent, type ReactNode, type Ref, useId } from "react";
import { text } from "../text.ts";
import { Shape } from "./badge.tsx";
import { Icon, type IconName } from "./icon.tsx";

interface Described {
  label: string;
  help?: ReactNode;
  /** What is wrong, why, what to do; shown under the field and read with it. */
  error?: string | undefined;
  optional?: boolean;
}

/** What the control inside a field must carry. */
export interface ControlIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

/** Label above, help and error under; the control is given the ids that tie them together. */
export function Field({
  label,
  help,
  error,
  optional,
  children,
}: Described & { children: (ids: ControlIds) => ReactNode }) {
  const id = useId();
  const described = [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
        {optional && <span className="muted">{text.field.optional}</span>}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {error && <Problem id={`${id}-error`}>{error}</Problem>}
      {help && (
        <div className="help" id={`${id}-help`}>
          {help}
        </div>
      )}
    </div>
  );
}

/** An error under a field: shape and words. */
export function Problem({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <div className="problem" id={id}>
      <Shape status="broken" />
      <span>{children}</span>
    </div>
  );
}

interface Valued extends Described {
  name?: string;
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
  required?: boolean;
  placeholder?: string;
  mono?: boolean;
  onBlur?: () => void;
}

export interface TextFieldProps extends Valued {
  type?: "text" | "email" | "password" | "search" | "url" | "number" | "date";
  autoComplete?: string;
  inputMode?: "numeric" | "text" | "url";
  maxLength?: number;
  autoFocus?: boolean;
  icon?: IconName;
  /** Stands inside the box, right of the words: a key cap, a unit, a button. */
  end?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

const boxClass = (props: Valued, error = props.error) =>
  `input${props.mono ? " mono" : ""}${error ? " invalid" : ""}${props.disabled ? " disabled" : ""}`;

const common = (props: Valued) => ({
  name: props.name,
  value: props.value,
  disabled: props.disabled,
  required: props.required,
  onBlur: props.onBlur,
  onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) =>
    props.onChange(event.target.value),
});

/** One line of text. */
export function TextField(props: TextFieldProps) {
  return (
    <Field {...props}>
      {(ids) => (
        <div className={boxClass(props)}>
          {props.icon && <Icon name={props.icon} />}
          <input
            {...common(props)}
            {...ids}
            ref={props.ref}
            type={props.type ?? "text"}
            placeholder={props.placeholder}
            autoComplete={props.autoComplete ?? "off"}
            inputMode={props.inputMode}
            maxLength={props.maxLength}
            // biome-ignore lint/a11y/noAutofocus: a sheet starts at its first field
            autoFocus={props.autoFocus}
            data-first={props.autoFocus || undefined}
            spellCheck={false}
          />
          {props.end}
        </div>
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea(props: Valued & { rows?: number }) {
  return (
    <Field {...props}>
      {(ids) => (
        <div className={boxClass(props)}>
          <textarea {...common(props)} {...ids} rows={props.rows ?? 3} placeholder={props.placeholder} />
        </div>
      )}
    </Field>
  );
}

export interface Choice<Value extends string = string> {
  value: Value;
  label: string;
  /** One honest line under the label. */
  help?: string;
  disabled?: boolean;
}

/** One of a few, folded: the browser's own list. */
export function Select(props: Valued & { choices: readonly Choice[] }) {
  return (
    <Field {...props}>
      {(ids) => (
        <div className={boxClass(props)}>
          <select {...common(props)} {...ids}>
            {props.choices.map(({ value, label, disabled }) => (
              <option key={value} value={value} disabled={disabled}>
                {label}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </div>
      )}
    </Field>
  );
}

/** The search of a page: its name is for screen readers only. `/` moves the focus here when the page binds it. */
export function SearchField(props: Omit<TextFieldProps, "help" | "error" | "optional" | "type">) {
  return (
    <search className="input">
      <Icon name="search" />
      {props.icon && <Icon name={props.icon} />}
      <input
        {...common(props)}
        ref={props.ref}
        type="text"
        aria-label={props.label}
        placeholder={props.placeholder}
        autoComplete="off"
        spellCheck={false}
      />
      {props.end}
    </search>
  );
}
