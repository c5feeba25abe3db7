import { words as settingWords } from "../settings/text.ts";
import { words } from "./text.ts";

const { levels } = settingWords;

/** Six presets, and another date beside them. Days, or `never`, or `date`. */
export const PRESETS = ["never", "1", "7", "30", "90", "365", "date"] as const;
export type Preset = (typeof PRESETS)[number];

const DAY = 86_400_000;

/** What was chosen: a preset, and the day (`2027-01-31`) for `date`. */
export interface Expiry {
  readonly preset: Preset;
  readonly day: string;
}

/** How long something may live at most, and who says so. */
export interface Ceiling {
  /** Null: as long as its owner likes. */
  readonly days: number | null;
  /** "by the workspace" */
  readonly from: string;
  /** Who says that it has to end: never is no choice then. */
  readonly endsBy?: string | undefined;
}

/** Nobody says how long at most. */
export const NO_CEILING: Ceiling = { days: null, from: "" };

/** The ceiling that a setting is. */
export function ceilingOf(
  setting: { readonly value?: number | null; readonly level: keyof typeof levels } | null | undefined,
): Ceiling {
  return setting?.value == null ? NO_CEILING : { days: setting.value, from: levels[setting.level] };
}

/** The preset that stands at first: so many days, or the longest ones that the ceiling (days) allows. */
export function firstExpiry(ceiling: number | null, days = 90): Expiry {
  const allowed = PRESETS.filter((preset) => isAllowed(preset, ceiling) && Number(preset) <= days);
  return { preset: allowed.at(-1) ?? "date", day: "" };
}

/** Whether a preset is within the ceiling (days; null: none). Another date is judged by itself. */
export function isAllowed(preset: Preset, ceiling: number | null, mustEnd = false): boolean {
  if (preset === "date") return true;
  if (preset === "never") return ceiling === null && !mustEnd;
  return ceiling === null || Number(preset) <= ceiling;
}

const MINUTE = 60_000;

/** When it ends, in milliseconds; `null` is never, `undefined` says that no valid day was given. A day ends with itself, here. */
export function endOf({ preset, day }: Expiry, now: number): number | null | undefined {
  if (preset === "never") return null;
  // A minute less, so that the ceiling still holds when the request arrives; to the minute, as the form shows it.
  if (preset !== "date") return Math.floor((now + Number(preset) * DAY) / MINUTE - 1) * MINUTE;
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

/** The same in words; undefined where nothing is wrong. */
export function expiryWrong(expiry: Expiry, { days, endsBy }: Ceiling, now: number): string | undefined {
  if (expiry.preset === "never" && endsBy !== undefined) return words.mustEnd(endsBy);
  const problem = expiryProblem(expiry, days, now);
  if (!problem) return undefined;
  return problem === "past" || days === null ? words.past : words.late(days);
}

/** An end as the server takes it. */
export function instantOf(expiry: Expiry, now: number): string | null {
  const end = endOf(expiry, now);
  return end ? new Date(end).toISOString() : null;
}
