import { lifeOf } from "../../life.ts";
import type { Status } from "../../ui/badge.tsx";
import { type Ceiling, ceilingOf } from "../expiry/expiry.ts";
import { words as settingWords } from "../settings/text.ts";
import type { ApiToken, TokenClient } from "./documents.ts";
import { words } from "./text.ts";

/** The instants of a static token. */
export type Dates = Pick<ApiToken, "createdAt" | "expiresAt" | "revokedAt" | "lastUsedAt">;

interface TokenState {
  readonly status: Status;
  readonly word: string;
  /** Whoever sends it gets in. */
  readonly works: boolean;
}

/** @param now in milliseconds */
export function tokenState({ createdAt, expiresAt, revokedAt, lastUsedAt }: Dates, now: number): TokenState {
  const { status } = words;
  if (revokedAt) return { status: "off", word: status.revoked, works: false };
  const life = lifeOf(Date.parse(createdAt), expiresAt ? Date.parse(expiresAt) : null, now);
  if (life?.tone === "over") return { status: "broken", word: status.expired, works: false };
  if (life?.tone === "soon") return { status: "attention", word: status.expiring, works: true };
  if (!lastUsedAt) return { status: "never", word: status.never, works: true };
  return { status: "active", word: status.active, works: true };
}

/** Those that work first, the newest of them on top; then those that are over. */
export function inOrder<Token extends Dates>(tokens: readonly Token[], now: number): readonly Token[] {
  const rank = (token: Token) => (tokenState(token, now).works ? 0 : 1);
  return tokens.toSorted((a, b) => rank(a) - rank(b) || b.createdAt.localeCompare(a.createdAt));
}

export const working = (tokens: readonly Dates[], now: number): number =>
  tokens.filter((token) => tokenState(token, now).works).length;

/** What its owner recognises it by: `mmt_…8c21`; what was imported has no prefix of ours, or only the hash is known. */
export function markOf({ hint, isImported }: Pick<ApiToken, "hint" | "isImported">): string {
  if (hint.includes(":")) return hint;
  return isImported ? `…${hint}` : `mmt_…${hint}`;
}

/** What it may do, in a line: everything, or the first API and how many more. */
export function permissionWords({
  followsGrants,
  permissions,
}: Pick<ApiToken, "followsGrants" | "permissions">): string {
  const { permissions: say } = words;
  if (followsGrants) return say.all;
  const [first, ...others] = permissions;
  if (!first) return say.none;
  const more = others.length > 0 ? say.moreApis(others.length) : "";
  return say.scopes(first.scopes.length, first.resourceName) + more;
}

type Settings = TokenClient["settings"];

/** Whether tokens can be made: they are on, and of the type that the tenant chose. */
export const canMakeTokens = (
  settings: Pick<NonNullable<Settings>, "apiTokens" | "generatedTypes"> | null | undefined,
) => settings?.apiTokens.value === "ON" && settings.generatedTypes.value.includes("STATIC_TOKEN");

/** Until when a new token may live, and who says so. */
export function tokenCeiling(settings: Settings): Ceiling {
  const ceiling = ceilingOf(settings?.staticTokenLifetime);
  const expiry = settings?.staticTokenExpiry;
  return expiry?.value === "REQUIRED" ? { ...ceiling, endsBy: settingWords.levels[expiry.level] } : ceiling;
}

/** Where a new one would be one too many: what the settings allow at most. */
export function limitReached(settings: Settings, tokens: readonly Dates[], now: number): number | undefined {
  const limit = settings?.apiTokenLimit.value;
  return limit != null && working(tokens, now) >= limit ? limit : undefined;
}
