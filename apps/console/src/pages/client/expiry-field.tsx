import { day } from "../../format.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import { useNow } from "../../ui/time.tsx";
import { type Expiry, endOf, isAllowed, PRESETS } from "./expiry.ts";
import { words } from "./text.ts";

/** Never, some days, or another date; what the ceiling does not allow is off, and said. */
export function ExpiryField({
  value,
  onChange,
  ceiling = null,
  ceilingFrom = "",
  neverHelp = words.add.neverHelp,
  error,
  disabled = false,
}: {
  value: Expiry;
  onChange: (value: Expiry) => void;
  /** Days at most; null without a limit. */
  ceiling?: number | null;
  /** Who sets it: "by the workspace". */
  ceilingFrom?: string;
  neverHelp?: string;
  error?: string | undefined;
  disabled?: boolean;
}) {
  const { add } = words;
  const now = useNow(60_000);
  const end = endOf(value, now);
  const labelOf = (preset: (typeof PRESETS)[number]) =>
    preset === "never" ? add.never : preset === "date" ? add.other : add.days(Number(preset));
  const effect = end === null ? neverHelp : end === undefined ? "" : add.ends(day(end));
  const limit = ceiling === null ? "" : add.ceiling(ceiling, ceilingFrom);
  return (
    <>
      <RadioCards
        label={add.expiry}
        look="presets"
        value={value.preset}
        onChange={(preset) => onChange({ ...value, preset })}
        choices={PRESETS.map((preset) => ({
          value: preset,
          label: labelOf(preset),
          disabled: disabled || !isAllowed(preset, ceiling),
        }))}
        help={[effect, limit].filter(Boolean).join(" ")}
        {...(error !== undefined && value.preset !== "date" ? { error } : {})}
      />
      {value.preset === "date" && (
        <TextField
          label={add.date}
          type="date"
          value={value.day}
          onChange={(chosen) => onChange({ ...value, day: chosen })}
          error={error}
          disabled={disabled}
        />
      )}
    </>
  );
}
