import { type Failure, problemOf } from "../../server/ask.ts";
import { TextField } from "../../ui/field.tsx";
import { words } from "./text.ts";

const { sheet: say } = words;

/** What was entered so far. */
export interface Draft {
  readonly name: string;
  readonly address: string;
}

export const FIELDS = ["name", "address"];

const wrong = (path: string, message: string): Failure => ({ code: "INVALID_INPUT", message, fix: "", path: [path] });

/** Why it cannot be sent yet; what else may be wrong with an address the server says. */
export const problemsOf = ({ name, address }: Draft): readonly Failure[] => [
  ...(name.trim() === "" ? [wrong("name", say.noName)] : []),
  ...(/^https:\/\/./.test(address.trim()) ? [] : [wrong("address", say.badAddress)]),
];

export const inputOf = ({ name, address }: Draft) => ({ name: name.trim(), address: address.trim() });

/** Name and address of a webhook. */
export function WebhookForm({
  draft: { name, address },
  onChange,
  failures,
  disabled,
}: {
  draft: Draft;
  onChange: (next: Partial<Draft>) => void;
  failures: readonly Failure[];
  disabled: boolean;
}) {
  return (
    <>
      <TextField
        label={say.name}
        value={name}
        onChange={(next) => onChange({ name: next })}
        help={say.nameHelp}
        error={problemOf(failures, "name")}
        maxLength={100}
        disabled={disabled}
        autoFocus
        required
      />
      <TextField
        label={say.address}
        type="url"
        value={address}
        onChange={(next) => onChange({ address: next })}
        help={say.addressHelp}
        error={problemOf(failures, "address")}
        maxLength={2048}
        disabled={disabled}
        required
      />
    </>
  );
}
