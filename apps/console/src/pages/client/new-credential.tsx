import { type ReactNode, useState } from "react";
import { type Failure, problemOf, wrongHere } from "../../server/ask.ts";
import { FormSheet } from "../../server/form-sheet.tsx";
import { TextField } from "../../ui/field.tsx";
import { type Ceiling, type Expiry, expiryWrong, firstExpiry, instantOf } from "../expiry/expiry.ts";
import { ExpiryField } from "../expiry/expiry-field.tsx";
import { words } from "./text.ts";

/** What a credential of any kind is made with. */
interface NewCredential {
  readonly clientId: string;
  readonly name: string | null;
  readonly expiresAt: string | null;
}

/** What its form holds of it. */
interface NameAndEnd {
  readonly name: string;
  readonly setName: (name: string) => void;
  readonly expiry: Expiry;
  readonly setExpiry: (expiry: Expiry) => void;
  readonly ceiling: Ceiling;
  readonly failures: readonly Failure[];
  readonly setFailures: (failures: readonly Failure[]) => void;
}

/** Name and end, empty at first, and what the server takes of them. */
export function useNameAndEnd(clientId: string, ceiling: Ceiling) {
  const [name, setName] = useState("");
  const [atFirst] = useState(() => firstExpiry(ceiling.days));
  const [expiry, setExpiry] = useState(atFirst);
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  /** Null where the end is not allowed, which the form says by then. */
  const input = (): NewCredential | null => {
    const now = Date.now();
    const wrong = expiryWrong(expiry, ceiling, now);
    setFailures(wrong ? [wrongHere(wrong, "expiresAt")] : []);
    if (wrong) return null;
    // A name may be left out, but not be empty.
    return { clientId, name: name.trim() === "" ? null : name, expiresAt: instantOf(expiry, now) };
  };
  const isTouched = name !== "" || expiry !== atFirst;
  return { name, setName, expiry, setExpiry, ceiling, failures, setFailures, input, isTouched };
}

/** The two fields that every credential has. */
export function NameAndEndFields({
  form,
  nameHelp,
  disabled = false,
  autoFocus = false,
}: {
  form: NameAndEnd;
  nameHelp: string;
  disabled?: boolean;
  autoFocus?: boolean;
}) {
  const { failures, ceiling } = form;
  return (
    <>
      <TextField
        label={words.add.name}
        value={form.name}
        onChange={form.setName}
        help={nameHelp}
        error={problemOf(failures, "name")}
        maxLength={100}
        optional
        disabled={disabled}
        autoFocus={autoFocus}
      />
      <ExpiryField
        value={form.expiry}
        onChange={form.setExpiry}
        ceiling={ceiling}
        error={problemOf(failures, "expiresAt")}
        disabled={disabled}
      />
    </>
  );
}

interface CredentialForm extends NameAndEnd {
  readonly pending: boolean;
  readonly submit: () => void;
}

/**
 * A form that takes in one more credential.
 * @param send makes it; answers why not, or nothing
 */
export function useCredentialForm(
  clientId: string,
  ceiling: Ceiling,
  send: (input: NewCredential) => Promise<readonly Failure[]>,
): CredentialForm {
  const form = useNameAndEnd(clientId, ceiling);
  const [pending, setPending] = useState(false);
  const submit = async () => {
    const input = form.input();
    if (!input) return;
    setPending(true);
    const refused = await send(input);
    setPending(false);
    form.setFailures(refused);
  };
  return { ...form, pending, submit: () => void submit() };
}

/** The sheet that takes in a credential: what is its own, its name and its end, and what else is good to know. */
export function CredentialSheet({
  form,
  fields,
  title,
  submit,
  nameHelp,
  onClose,
  children,
  below,
}: {
  form: CredentialForm;
  /** The members of the input that stand in `children`. */
  fields: readonly string[];
  title: string;
  submit: string;
  nameHelp: string;
  onClose: () => void;
  children: ReactNode;
  below?: ReactNode;
}) {
  return (
    <FormSheet
      title={title}
      submit={submit}
      onSubmit={form.submit}
      pending={form.pending}
      failures={form.failures}
      fields={["name", "expiresAt", ...fields]}
      onClose={onClose}
    >
      {children}
      <NameAndEndFields form={form} nameHelp={nameHelp} />
      {below}
    </FormSheet>
  );
}
