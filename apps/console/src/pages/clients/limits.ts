/** What the workspace allows, as far as the person may see it. */
export interface Allowed {
  /** Seconds a token lives where the client says nothing. */
  readonly tokenLife: number;
  /** Seconds; the most that a client may choose. */
  readonly longestToken: number;
  /** Days a new secret may live; null: as long as one likes. */
  readonly longestSecret: number | null;
}

interface Settings {
  readonly accessTokenLifetime: { readonly value?: number | null; readonly level: string };
  readonly clientSecretLifetime: { readonly value?: number | null };
}

const DEFAULT_LIFE = 900;
const LONGEST_LIFE = 86_400;

/** A value that somebody set is the ceiling too; the program's own default is none. */
export function allowedBy(settings: Settings | null | undefined): Allowed {
  const { value, level } = settings?.accessTokenLifetime ?? { value: null, level: "DEFAULT" };
  const tokenLife = value ?? DEFAULT_LIFE;
  return {
    tokenLife,
    longestToken: level === "DEFAULT" ? LONGEST_LIFE : tokenLife,
    longestSecret: settings?.clientSecretLifetime.value ?? null,
  };
}

/** When the secret ends: after so many days, never, or on the day `date` (as `2027-01-31`). */
export type Expiry = "never" | "date" | `${number}`;

export const presets = [1, 7, 30, 90, 365] as const;

export const fits = (days: number, { longestSecret }: Allowed): boolean =>
  longestSecret === null || days <= longestSecret;

/** The template's days, or the longest preset that the workspace allows, or its very ceiling on a day. */
export function startExpiry(days: number, allowed: Allowed): Expiry {
  if (fits(days, allowed)) return `${days}`;
  const longest = presets.findLast((preset) => fits(preset, allowed));
  return `${longest ?? 1}`;
}

const DAY = 86_400_000;
/** What is measured in days ends some minutes early: the server counts from when it is asked. */
const SLACK = 60_000;

/** The instant in milliseconds; null is never, undefined that the day is missing or past. A day ends with it, here. */
export function endOf(expiry: Expiry, date: string, now: number): number | null | undefined {
  if (expiry === "never") return null;
  if (expiry !== "date") return now + Number(expiry) * DAY - SLACK;
  const end = new Date(`${date}T23:59:59`).getTime();
  return Number.isNaN(end) || end <= now ? undefined : end;
}

/** The choices of a token's life in seconds, up to the ceiling; the one chosen is among them. */
export function tokenLives({ longestToken, tokenLife }: Allowed, chosen: number | null): readonly number[] {
  const usual = [60, 300, 900, 3600, 14_400, 86_400].filter((life) => life <= longestToken && life !== tokenLife);
  return chosen === null || usual.includes(chosen) ? usual : [...usual, chosen].toSorted((a, b) => a - b);
}
