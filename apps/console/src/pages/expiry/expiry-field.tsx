import { instantInZone } from "../../format.ts";
import { usePreferences } from "../../preferences.ts";
import { RadioCards } from "../../ui/choices.tsx";
import { TextField } from "../../ui/field.tsx";
import { useNow } from "../../ui/time.tsx";
import { type Ceiling, type Expiry, endOf, isAllowed, NO_CEILING, PRESETS } from "./expiry.ts";
import { words } from "./text.ts";

/** Never, some days, or another date; what the ceiling does not allow is off, and said. */
export function ExpiryField({
  label = words.expires,
  value,
  onChange,
  ceiling: { days, from, endsBy } = NO_CEILING,
  neverHelp = words.neverHelp,
  error,
  disabled = false,
}: {
  label?: string;
  value: Expiry;
  onChange: (value: Expiry) => void;
  ceiling?: Ceiling;
  neverHelp?: string;
  error?: string | undefined;
  disabled?: boolean;
}) {
  const now = useNow(60_000);
  const { zone } = usePreferences();
  const end = endOf(value, now);
  const labelOf = (preset: (typeof PRESETS)[number]) =>
    preset === "never" ? words.never : preset === "date" ? words.other : words.days(Number(preset));
  const effect = end === null ? neverHelp : end === undefined ? "" : words.ends(instantInZone(end, zone));
  const limit = days !== null ? words.ceiling(days, from) : endsBy === undefined ? "" : words.mustEnd(endsBy);
  return (
    <>
      <RadioCards
        label={label}
        look="presets"
        value={value.preset}
        onChange={(preset) => onChange({ ...value, preset })}
        choices={PRESETS.map((preset) => ({
          value: preset,
          label: labelOf(preset),
          disabled: disabled || !isAllowed(preset, days, endsBy !== undefined),
        }))}
        help={[effect, limit].filter(Boolean).join(" ")}
        error={value.preset === "date" ? undefined : error}
      />
      {value.preset === "date" && (
        <TextField
          label={words.date}
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
