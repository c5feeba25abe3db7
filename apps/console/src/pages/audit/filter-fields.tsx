import { Icon } from "../../ui/icon.tsx";

/** One of some words that narrow a log. */
export function Choice({
  label,
  value,
  onChange,
  choices,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  choices: readonly (readonly [value: string, label: string])[];
}) {
  return (
    <div className="input choice">
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        {choices.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </div>
  );
}

/** A day that narrows a log. */
export function Day({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <label className="input day">
      <span>{label}</span>
      <input type="date" value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}
