import { day, dayAndClock } from "../../format.ts";
import type { SigningKeysPageQuery } from "../../gql/graphql.ts";
import type { Status } from "../../ui/badge.tsx";
import type { Stretch } from "../../ui/timeline.tsx";
import { words } from "./text.ts";

/** A key as the page has it. Instants as the server writes them. */
export type Key = NonNullable<NonNullable<SigningKeysPageQuery["workspace"]>["signingKeys"]>[number];

/** The shape of a state: waiting, at work, on its way out, gone. */
export const shapes: Readonly<Record<Key["state"], Status>> = {
  PLANNED: "never",
  NEXT: "never",
  ACTIVE: "active",
  RETIRING: "transition",
  REMOVED: "off",
  REVOKED: "broken",
};

/** A key is told apart by the first characters of its thumbprint. */
export const shortKid = (kid: string): string => `${kid.slice(0, 8)}…`;

export const isGone = ({ state }: Pick<Key, "state">): boolean => state === "REMOVED" || state === "REVOKED";

const at = (instant: string | null | undefined): number | null => (instant ? Date.parse(instant) : null);

/** What happens to the key by itself, and when; what happened last where nothing will. */
export function comesNext(key: Key, now: number): string {
  const { next } = words;
  const when = (instant: string | null | undefined) => (instant ? dayAndClock(Date.parse(instant), now) : "");
  switch (key.state) {
    case "PLANNED":
      return next.publishes(when(key.publishAt));
    case "NEXT":
      return next.signsFrom(when(key.activateAt));
    case "ACTIVE":
      return key.retireAt ? next.signsUntil(when(key.retireAt)) : next.signs;
    case "RETIRING":
      return next.leaves(when(key.removeAt));
    case "REMOVED":
      return next.left(when(key.removeAt));
    case "REVOKED":
      return next.revoked(when(key.revokedAt));
  }
}

/** The same in a few words, for beside the timeline. */
export function endingOf(key: Key): string {
  const on = (instant: string | null | undefined) => (instant ? day(Date.parse(instant)) : "");
  const { ending } = words;
  if (key.state === "ACTIVE") return key.retireAt ? ending.until(on(key.retireAt)) : ending.open;
  if (key.state === "RETIRING") return ending.until(on(key.removeAt));
  if (isGone(key)) return words.states[key.state];
  return ending.from(on(key.activateAt ?? key.publishAt));
}

/** From when on every cached key set has a published key: twice the time that a set may be cached. Milliseconds. */
export const readyAt = (key: Pick<Key, "publishAt">, maxAge: number): number =>
  Date.parse(key.publishAt) + 2 * maxAge * 1000;

/** Published ahead, signing until now and from now on, then only checking what it signed. */
export function stretchesOf(key: Key, now: number): readonly Stretch[] {
  const publish = Date.parse(key.publishAt);
  const end = at(key.revokedAt) ?? at(key.removeAt);
  if (isGone(key)) return [{ from: publish, to: end ?? now, look: "over" }];
  const signs = at(key.activateAt);
  const retires = at(key.retireAt);
  const stretches: (Stretch | false)[] = [
    (signs === null || signs > publish) && { from: publish, to: signs, look: "kept" },
    signs !== null && signs < now && { from: signs, to: Math.min(now, retires ?? now), look: "used" },
    signs !== null && (retires === null || retires > now) && { from: Math.max(now, signs), to: retires, look: "ahead" },
    // A key that signs says only when it will retire; then it checks what it signed until it leaves.
    retires !== null && retires <= now && { from: retires, to: end, look: "kept" },
  ];
  return stretches.filter((stretch) => stretch !== false);
}

/** Those that matter first: at work, waiting, on their way out, then gone; the newest first within. */
export function inOrder(keys: readonly Key[]): readonly Key[] {
  const rank: Readonly<Record<Key["state"], number>> = {
    ACTIVE: 0,
    NEXT: 1,
    PLANNED: 2,
    RETIRING: 3,
    REVOKED: 4,
    REMOVED: 4,
  };
  return keys.toSorted((a, b) => rank[a.state] - rank[b.state] || b.createdAt.localeCompare(a.createdAt));
}
