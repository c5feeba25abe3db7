import { plural } from "../../format.ts";

/** A length of time in its largest unit that it fills evenly: `15 min`, `1 h`, `90 s`, `1 day`. */
export function seconds(length: number): string {
  if (length > 0 && length % 86_400 === 0) return plural(length / 86_400, "day");
  if (length > 0 && length % 3600 === 0) return `${length / 3600} h`;
  if (length > 0 && length % 60 === 0) return `${length / 60} min`;
  return `${length} s`;
}
