import type { Status } from "../../ui/badge.tsx";
import type { Token } from "./documents.ts";
import { words } from "./text.ts";

/** Whether a token still registers clients, and why not. */
type TokenState = keyof typeof words.states;

/** @param now in milliseconds */
export function tokenState(
  { revokedAt, expiresAt, usesLeft }: Pick<Token, "revokedAt" | "expiresAt" | "usesLeft">,
  now: number,
): TokenState {
  if (revokedAt) return "revoked";
  if (usesLeft === 0) return "used";
  return expiresAt && Date.parse(expiresAt) <= now ? "ended" : "live";
}

export const shapes: Readonly<Record<TokenState, Status>> = {
  live: "active",
  used: "off",
  ended: "off",
  revoked: "broken",
};

/** What its clients may call at most, in a line: the first API, and how many more. */
export function ceilingWords(ceiling: Token["ceiling"]): string {
  const [first, ...others] = ceiling;
  if (!first) return words.nothing;
  const more = others.length > 0 ? words.moreApis(others.length) : "";
  return words.scopes(first.scopes.length, first.resourceName) + more;
}
