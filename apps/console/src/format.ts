/** Words for instants, spans and numbers. Everything here is pure: `now` is always given, in milliseconds since 1970. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How instants are shown: in the zone of this browser, or in UTC. */
export type Zone = "local" | "utc";

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(name: string, zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${zone}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { ...options, ...(zone === "utc" ? { timeZone: "UTC" } : {}) });
  formatters.set(key, made);
  return made;
}

const DATE: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** `22 Nov 2026` */
export const day = (at: number, zone: Zone = "local"): string => formatter("day", zone, DATE).format(at);

/** `14:31` */
export const clock = (at: number, zone: Zone = "local"): string => formatter("clock", zone, CLOCK).format(at);

/** `22 Nov 2026, 14:31`, the year left out while it is this one. */
export function dayAndClock(at: number, now: number, zone: Zone = "local"): string {
  const year = formatter("year", zone, { year: "numeric" });
  const thisYear = year.format(at) === year.format(now);
  const date = thisYear ? formatter("short", zone, { day: "numeric", month: "short" }).format(at) : day(at, zone);
  return `${date}, ${clock(at, zone)}`;
}

/** Whether clocks here show UTC at that instant. */
const isUtcHere = (at: number) => new Date(at).getTimezoneOffset() === 0;

/** The instant to the second, in UTC and in the reader's zone where that is another, one per line: what a hover over any time shows. */
export function exact(at: number): string {
  const utc = `${new Date(at).toISOString().replace("T", " ").slice(0, 19)} UTC`;
  if (isUtcHere(at)) return utc;
  const local = formatter("exact", "local", {
    ...DATE,
    ...CLOCK,
    second: "2-digit",
    timeZoneName: "longOffset",
  }).format(at);
  return `${utc}\n${local}`;
}

/** `22 Nov 2026, 14:31 GMT+01:00`, or `… UTC`: the instant to the minute with the zone that it is told in. */
export function instantInZone(at: number, zone: Zone = "local"): string {
  if (zone === "utc" || isUtcHere(at)) return `${day(at, zone)}, ${clock(at, zone)} UTC`;
  return formatter("zoned", zone, { ...DATE, ...CLOCK, timeZoneName: "longOffset" }).format(at);
}

/** A span in its largest fitting unit, rounded down: `9 s`, `5 h`, `38 days`, `1 day`. Negative spans count as nothing. */
export function span(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) return `${Math.floor(length / HOUR)} h`;
  const days = Math.floor(length / DAY);
  return days === 1 ? "1 day" : `${days} days`;
}

/** Two units, for counting down: `14 min 58 s`, `2 h 5 min`. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / SECOND));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return span(milliseconds);
}

/** Relative under 24 hours (`9 s ago`, `in 5 h`), the date and clock after that. */
export function ago(at: number, now: number, zone: Zone = "local"): string {
  const distance = now - at;
  if (Math.abs(distance) >= DAY) return dayAndClock(at, now, zone);
  // Clocks differ: what happened within the last second, or seems to lie just ahead, is now.
  if (Math.abs(distance) < SECOND) return "just now";
  return distance > 0 ? `${span(distance)} ago` : `in ${span(-distance)}`;
}

/** Relative however long ago, for columns: `96 days ago`; `Never` without an instant. */
export function agoInColumn(at: number | null, now: number): string {
  if (at === null) return "Never";
  return now - at < SECOND ? "just now" : `${span(now - at)} ago`;
}

const count = new Intl.NumberFormat("en-US");

/** `1,248` */
export const number = (value: number): string => count.format(value);

/** `1 scope`, `3 scopes`, `1,248 scopes`; give the plural where it is not the word with an s. */
export const plural = (value: number, word: string, many = `${word}s`): string =>
  `${number(value)} ${value === 1 ? word : many}`;

/** A total that may be an estimate: `1,248` or `about 1,200`. */
export const total = (value: number, isExact: boolean): string => (isExact ? number(value) : `about ${number(value)}`);

/** `a`, `a and b`, `a, b and c` */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Words for the middle of a sentence: in lower case, but for an abbreviation. */
export const midSentence = (words: string): string =>
  /^[A-Z]{2}/.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);

/** The two halves of a prefixed id, the prefix shown lighter: `cli_` and `Wb41nZpa6QvT`. */
export function idParts(id: string): { prefix: string; body: string } {
  const cut = id.indexOf("_") + 1;
  return { prefix: id.slice(0, cut), body: id.slice(cut) };
}

/** Two letters for an avatar, from a name or an e-mail address. */
export function initials(name: string): string {
  const words = name
    .split("@", 1)
    .join("")
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)].map((word) => word?.[0] ?? "") : [name.slice(0, 2)];
  return letters.join("").toUpperCase();
}
