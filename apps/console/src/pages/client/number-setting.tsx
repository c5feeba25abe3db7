import { RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import { inheritedOf, originWords, valueWords } from "./inherited.ts";
import type { Effective, NumberName } from "./settings-draft.ts";
import { words } from "./text.ts";

const { settings: say } = words;

const UNIT: Readonly<Record<NumberName, string>> = {
  accessTokenLifetime: say.seconds,
  clientSecretLifetime: say.daysUnit,
  clientSecretLimit: say.secretsUnit,
};

/** A limit that is inherited or set here; wherever it comes from is said. */
export function NumberSetting({
  name,
  label,
  rule,
  typed,
  first,
  onChange,
  client,
  workspace,
  disabled,
  error,
}: {
  name: NumberName;
  label: string;
  /** Which level wins. */
  rule: string;
  /** Null while inherited. */
  typed: string | null;
  /** What the field starts with when it is set here. */
  first: number;
  onChange: (typed: string | null) => void;
  client: Effective | null | undefined;
  workspace: Effective | null | undefined;
  disabled: boolean;
  error: string | undefined;
}) {
  const inherited = inheritedOf(name, client, workspace);
  const value = typed === null || typed.trim() === "" ? undefined : Number(typed);
  const isWider = value !== undefined && inherited?.value != null && value > inherited.value;
  const help = [
    value !== undefined && name === "accessTokenLifetime" && value >= 60 ? `${valueWords(name, value)}. ` : "",
    isWider ? say.wider(valueWords(name, inherited.value)) : rule,
  ].join("");
  return (
    <div className="setting">
      <RadioCards<"inherited" | "here">
        label={label}
        value={typed === null ? "inherited" : "here"}
        onChange={(choice) =>
          onChange(choice === "inherited" ? null : String(Math.min(first, inherited?.value ?? first)))
        }
        choices={[
          {
            value: "inherited",
            label: say.inheritedShort,
            disabled,
            ...(inherited ? { help: originWords(valueWords(name, inherited.value), inherited.level) } : {}),
          },
          { value: "here", label: say.here, disabled, help: rule },
        ]}
      />
      {typed !== null && (
        <TextField
          label={say.inUnit(label, UNIT[name])}
          value={typed}
          onChange={onChange}
          inputMode="numeric"
          disabled={disabled}
          help={help}
          error={error}
          end={<span className="muted small">{UNIT[name]}</span>}
        />
      )}
    </div>
  );
}
