import { safeNext } from "./leave.ts";

/** What the page that people come back to must know: kept in this tab alone, until they are back. */
export interface Luggage {
  /** Where they were going. */
  readonly next?: string | undefined;
  /** The code of the invitation that they opened. */
  readonly invitation?: string | undefined;
  /** This window was opened for it alone. */
  readonly inWindow?: boolean | undefined;
}

const KEY = "mintmark.sso";
/** Nobody is at a provider for longer. */
const LIFE_MS = 600_000;

export const pack = (luggage: Luggage, into = sessionStorage): void =>
  into.setItem(KEY, JSON.stringify({ ...luggage, until: Date.now() + LIFE_MS }));

/** Drops what somebody left here who never came back from a provider: the page that they open instead takes no luggage. */
export function dropLuggage(address: string): void {
  if (!address.startsWith("/console/sso/")) sessionStorage.removeItem(KEY);
}

/** What was kept and has not ended, which is gone then. */
export function unpack(): Luggage {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return luggageIn(kept, Date.now());
}

/** Pure: what is in the store's text at that instant; nothing once it has ended. */
export function luggageIn(kept: string | null, now: number): Luggage {
  if (kept === null) return {};
  try {
    const { next, invitation, inWindow, until } = JSON.parse(kept) as Record<string, unknown>;
    if (typeof until !== "number" || until <= now) return {};
    return {
      next: typeof next === "string" ? safeNext(next) : undefined,
      invitation: typeof invitation === "string" ? invitation : undefined,
      inWindow: inWindow === true,
    };
  } catch {
    return {};
  }
}
