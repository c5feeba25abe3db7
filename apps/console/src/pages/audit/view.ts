import type { Zone } from "../../format.ts";

/** The filter as it stands in the address. Dates are whole days, `2026-11-22`. */
export interface AuditSearch {
  readonly q?: string | undefined;
  readonly type?: string | undefined;
  readonly outcome?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The instant at which a day begins in the reader's zone, `plus` days later; `null` for what is no day. */
export function dayStart(day: string | undefined, zone: Zone, plus = 0): string | null {
  const [, year, month, date] = DAY.exec(day ?? "") ?? [];
  if (!year || !month || !date) return null;
  const parts = [Number(year), Number(month) - 1, Number(date) + plus] as const;
  const at = zone === "utc" ? Date.UTC(...parts) : new Date(...parts).getTime();
  const instant = new Date(at);
  return Number.isNaN(at) || instant.getUTCFullYear() < 1970 ? null : instant.toISOString();
}

function outcomeOf(word: string | undefined): "DONE" | "REFUSED" | null {
  return word === "DONE" || word === "REFUSED" ? word : null;
}

/** The filter as the server takes it. */
export const filterOf = (search: AuditSearch, zone: Zone) => ({
  search: search.q || null,
  type: search.type || null,
  outcome: outcomeOf(search.outcome),
  actor: search.actor || null,
  from: dayStart(search.from, zone),
  to: dayStart(search.to, zone, 1),
});

export const isFiltered = (search: AuditSearch): boolean =>
  [search.q, search.type, search.outcome, search.actor, search.from, search.to].some(Boolean);
