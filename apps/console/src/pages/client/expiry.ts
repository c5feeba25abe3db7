/** Six presets, and another date beside them. Days, or `never`, or `date`. */
export const PRESETS = ["never", "1", "7", "30", "90", "365", "date"] as const;
export type Preset = (typeof PRESETS)[number];

const DAY = 86_400_000;

/** What was chosen: a preset, and the day (`2027-01-31`) for `date`. */
export interface Expiry {
  readonly preset: Preset;
  readonly day: string;
}

/** The preset that stands at first: 90 days, or the longest one that the ceiling (days) allows. */
export function firstExpiry(ceiling: number | null): Expiry {
  const allowed = PRESETS.filter((preset) => isAllowed(preset, ceiling) && Number(preset) <= 90);
  return { preset: allowed.at(-1) ?? "date", day: "" };
}

/** Whether a preset is within the ceiling (days; null: none). Another date is judged by itself. */
export function isAllowed(preset: Preset, ceiling: number | null): boolean {
  if (preset === "date") return true;
  if (preset === "never") return ceiling === null;
  return ceiling === null || Number(preset) <= ceiling;
}

/** When it ends, in milliseconds; `null` is never, `undefined` says that no valid day was given. A day ends with itself, here. */
export function endOf({ preset, day }: Expiry, now: number): number | null | undefined {
  if (preset === "never") return null;
  // A minute less, so that the ceiling still holds when the request arrives.
  if (preset !== "date") return now + Number(preset) * DAY - 60_000;
  const end = Date.parse(`${day}T23:59:59`);
  return Number.isNaN(end) ? undefined : end;
}

/** What is wrong with the choice: no day, a day that is over, or one beyond the ceiling. */
export function expiryProblem(expiry: Expiry, ceiling: number | null, now: number): "past" | "ceiling" | undefined {
  const end = endOf(expiry, now);
  if (end === undefined || (end !== null && end <= now)) return "past";
  if (ceiling !== null && (end === null || end > now + ceiling * DAY)) return "ceiling";
  return undefined;
}
