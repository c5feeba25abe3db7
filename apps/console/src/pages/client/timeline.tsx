import { day } from "../../format.ts";
import { lifeOf } from "../../life.ts";
import { text } from "../../text.ts";
import { useNow } from "../../ui/time.tsx";
import { type Stretch, Timeline, type TimelineLife } from "../../ui/timeline.tsx";
import { type CredentialRow, markOf } from "./credential-rows.ts";
import { at, credentialState } from "./state.ts";
import { words } from "./text.ts";

const SHOWN = 12;

/** How it ends, in a few words. */
function ending(row: CredentialRow, now: number): string {
  const revoked = at(row.revokedAt);
  if (revoked !== null) return words.credentials.revokedOn(day(revoked));
  const life = lifeOf(at(row.createdAt) ?? 0, at(row.expiresAt), now);
  if (!life) return text.life.never;
  if (life.tone !== "over" && row.isRetiring) return words.credentials.retires(life.words);
  return life.tone === "over" ? `${text.life.over} ${life.words}` : `${life.words} ${text.life.left}`;
}

/** It needs a look: it ends soon, or another one is about to replace it. */
const isSoon = (row: CredentialRow, now: number): boolean =>
  credentialState(row, now).status === "attention" || row.isRetiring === true;

/** Used until now, then what is ahead; one outline once it is over. */
function stretchesOf(row: CredentialRow, now: number): readonly Stretch[] {
  const from = at(row.createdAt) ?? 0;
  const to = at(row.revokedAt) ?? at(row.expiresAt);
  const { works } = credentialState(row, now);
  if (!works) return [{ from, to: to ?? now, look: "over" }];
  return [
    { from, to: now, look: "used" },
    { from: now, to, look: isSoon(row, now) ? "soon" : "ahead" },
  ];
}

/** All credentials on one axis of time: which overlap, which end next. */
export function CredentialTimeline({ rows }: { rows: readonly CredentialRow[] }) {
  const now = useNow(60_000);
  const lives = rows.slice(0, SHOWN).map(
    (row): TimelineLife => ({
      id: row.id,
      name: (
        <>
          {row.name || words.kinds[row.__typename].name} <code>{markOf(row)}</code>
        </>
      ),
      stretches: stretchesOf(row, now),
      ending: ending(row, now),
      isSoon: isSoon(row, now),
    }),
  );
  return <Timeline label={words.credentials.timeline} lives={lives} />;
}
