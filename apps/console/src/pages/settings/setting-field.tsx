import { Checkbox, RadioCards } from "../../ui/choices.tsx";
import { Problem, TextArea, TextField } from "../../ui/field.tsx";
import type { Typed } from "./draft.ts";
import { claimLines, fromWords, type Here, type Kind, kinds, type SettingName, valueWords } from "./kinds.ts";
import { words } from "./text.ts";

interface Props {
  name: SettingName;
  /** As it stands at this level. */
  setting: Here;
  /** What the form holds. */
  typed: Typed;
  onChange: (typed: Typed) => void;
  disabled: boolean;
  error: string | undefined;
}

type Of<Type extends Kind["type"]> = Extract<Kind, { type: Type }>;
type PropsOf<Type extends Kind["type"]> = Omit<Props, "name"> & { kind: Of<Type> };

const INHERITED = "";

/** Where what counts comes from while this level says nothing; or that a stricter value above counts whatever is typed here. */
function countsWords(kind: Kind, { inheritedValue, inheritedLevel }: Here, typed: Typed, isOverruled: boolean): string {
  if (typed === null) return inheritedLevel === "DEFAULT" ? "" : words.origin(words.levels[inheritedLevel]);
  return isOverruled ? words.wider(fromWords(kind, inheritedValue, inheritedLevel).replace(/\.$/, "")) : kind.rule;
}

/** The way back to what is inherited, beside the ways of one's own. */
function Source({
  kind,
  setting,
  typed,
  choices,
  onChoose,
  disabled,
  help,
}: {
  kind: Kind;
  setting: Here;
  typed: string;
  choices: readonly { value: string; label: string }[];
  onChoose: (value: string) => void;
  disabled: boolean;
  help: string;
}) {
  const above = valueWords(kind, setting.inheritedValue);
  const label = setting.inheritedLevel === "DEFAULT" ? words.default(above) : words.inherited(above);
  const inherited = { value: INHERITED, label };
  return (
    <RadioCards
      label={kind.label}
      look="presets"
      value={typed}
      onChange={onChoose}
      choices={[inherited, ...choices].map((choice) => ({ ...choice, disabled }))}
      help={help}
    />
  );
}

const HERE = "here";

function NumberSetting({ kind, setting, typed, onChange, disabled, error }: PropsOf<"number">) {
  const text = typeof typed === "string" ? typed : null;
  const above = typeof setting.inheritedValue === "number" ? setting.inheritedValue : null;
  const value = text !== null && /^\s*\d+\s*$/.test(text) ? Number(text) : null;
  const isOverruled =
    kind.rule !== words.rules.nearest &&
    setting.inheritedLevel !== "DEFAULT" &&
    value !== null &&
    above !== null &&
    value > above;
  const counts = countsWords(kind, setting, typed, isOverruled);
  return (
    <>
      <Source
        kind={kind}
        setting={setting}
        typed={text === null ? INHERITED : HERE}
        choices={[{ value: HERE, label: words.here }]}
        onChoose={(choice) => onChange(choice === HERE ? String(Math.min(kind.first, above ?? kind.first)) : null)}
        disabled={disabled}
        help={text === null ? `${kind.help} ${counts}` : kind.help}
      />
      {text !== null && (
        <TextField
          label={words.inUnit(kind.label, kind.unit)}
          value={text}
          onChange={onChange}
          inputMode="numeric"
          disabled={disabled}
          help={`${value !== null && value > 0 ? `${kind.inWords(value)}. ` : ""}${counts}`}
          error={error}
          end={<span className="muted small">{kind.unit}</span>}
        />
      )}
    </>
  );
}

function ChoiceSetting({ kind, setting, typed, onChange, disabled, error }: PropsOf<"choice">) {
  const isOverruled =
    kind.rule === words.rules.strict &&
    typed !== null &&
    setting.inheritedLevel !== "DEFAULT" &&
    setting.inheritedValue !== typed &&
    setting.value === setting.inheritedValue;
  return (
    <>
      <Source
        kind={kind}
        setting={setting}
        typed={typeof typed === "string" ? typed : INHERITED}
        choices={kind.options}
        onChoose={(choice) => onChange(choice === INHERITED ? null : choice)}
        disabled={disabled}
        help={`${kind.help} ${countsWords(kind, setting, typed, isOverruled)}`}
      />
      {error && <Problem>{error}</Problem>}
    </>
  );
}

function MethodsSetting({ kind, setting, typed, onChange, disabled, error }: PropsOf<"methods">) {
  const inherited: readonly unknown[] = Array.isArray(setting.inheritedValue) ? setting.inheritedValue : [];
  const chosen = Array.isArray(typed) ? (typed as readonly string[]) : null;
  const all = kind.options.map(({ value }) => value);
  // A default forbids nothing.
  const allowed = setting.inheritedLevel === "DEFAULT" ? all : inherited;
  const toggle = (method: string, wanted: boolean) =>
    onChange(all.filter((one) => (one === method ? wanted : chosen?.includes(one))));
  return (
    <>
      <Source
        kind={kind}
        setting={setting}
        typed={chosen === null ? INHERITED : HERE}
        choices={[{ value: HERE, label: words.here }]}
        onChoose={(choice) => onChange(choice === HERE ? all.filter((one) => inherited.includes(one)) : null)}
        disabled={disabled}
        help={`${kind.help} ${countsWords(kind, setting, typed, false)}`}
      />
      {chosen !== null && (
        <fieldset className="field">
          <legend className="sr">{kind.label}</legend>
          {kind.options.map(({ value, label, help }) => {
            const isOff = !allowed.includes(value);
            return (
              <Checkbox
                key={value}
                checked={chosen.includes(value) && !isOff}
                onChange={(wanted) => toggle(value, wanted)}
                disabled={disabled || isOff}
                help={isOff ? words.notAbove(words.levels[setting.inheritedLevel]) : (help ?? "")}
              >
                {/^[a-z_]+$/.test(label) ? <code>{label}</code> : label}
              </Checkbox>
            );
          })}
          {error && <Problem>{error}</Problem>}
        </fieldset>
      )}
    </>
  );
}

function ClaimsSetting({ kind, setting, typed, onChange, disabled, error }: PropsOf<"claims">) {
  const lines = typeof typed === "string" ? typed : null;
  return (
    <>
      <Source
        kind={kind}
        setting={setting}
        typed={lines === null ? INHERITED : HERE}
        choices={[{ value: HERE, label: words.here }]}
        onChoose={(choice) => onChange(choice === HERE ? claimLines(setting.own) : null)}
        disabled={disabled}
        help={`${kind.help} ${countsWords(kind, setting, typed, false)}`}
      />
      {lines !== null && (
        <TextArea
          label={words.claims.label}
          value={lines}
          onChange={onChange}
          disabled={disabled}
          help={words.claims.help}
          error={error}
        />
      )}
    </>
  );
}

/** A setting at one level: inherited or said here, and always where what counts comes from. */
export function SettingField({ name, ...props }: Props) {
  const kind = kinds[name];
  return (
    <div className="setting">
      {kind.type === "number" && <NumberSetting {...props} kind={kind} />}
      {kind.type === "choice" && <ChoiceSetting {...props} kind={kind} />}
      {kind.type === "claims" && <ClaimsSetting {...props} kind={kind} />}
      {kind.type === "methods" && <MethodsSetting {...props} kind={kind} />}
    </div>
  );
}
