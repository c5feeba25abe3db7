import { span } from "./format.ts";

/** How much of a life is gone, and how it should feel. */
export interface Life {
  /** From 0 (just made) to 1 (over). */
  readonly gone: number;
  readonly tone: "fine" | "soon" | "over";
  /** `38 days`, or `3 days ago` once it is over. */
  readonly words: string;
}

const DAY = 86_400_000;

/** Below this much time left a life needs attention, however long it was. */
export const SOON = 14 * DAY;

/**
 * The life of anything that is made and ends: a secret, a token, a key, an invitation.
 * Instants in milliseconds; null when it never ends. A short life (two weeks or less) counts as ending soon in its last fifth.
 */
export function lifeOf(createdAt: number, expiresAt: number | null, now: number): Life | null {
  if (expiresAt === null) return null;
  const length = expiresAt - createdAt;
  const left = expiresAt - now;
  if (left <= 0) return { gone: 1, tone: "over", words: `${span(-left)} ago` };
  const soon = left <= Math.min(SOON, Math.max(length * 0.2, length > 2 * SOON ? SOON : 0));
  const gone = length <= 0 ? 1 : Math.min(1, Math.max(0, (now - createdAt) / length));
  return { gone, tone: soon ? "soon" : "fine", words: timeLeft(left) };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What is left, in words, rounded to the next smaller unit than theirs: a life of 90 days that has just begun says 90, not 89. */
export function timeLeft(left: number): string {
  const step = left > DAY ? HOUR : left > HOUR ? MINUTE : 1000;
  return span(Math.round(left / step) * step);
}
