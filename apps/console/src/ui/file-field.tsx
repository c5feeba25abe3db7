import { Field } from "./field.tsx";

export interface FileFieldProps {
  label: string;
  /** Endings of files, as in `.csv,.json`. */
  accept: string;
  onChoose: (file: File | null) => void;
  help?: string;
  error?: string | undefined;
  disabled?: boolean;
}

/** One file of the person's own: chosen, or dropped on it. */
export function FileField({ accept, onChoose, disabled = false, ...described }: FileFieldProps) {
  return (
    <Field {...described}>
      {(ids) => (
        <input
          {...ids}
          type="file"
          className={described.error ? "file invalid" : "file"}
          accept={accept}
          disabled={disabled}
          onChange={(event) => onChoose(event.target.files?.[0] ?? null)}
        />
      )}
    </Field>
  );
}
