import { day } from "../../format.ts";
import { lifeOf } from "../../life.ts";
import { text } from "../../text.ts";
import { useNow } from "../../ui/time.tsx";
import { type Stretch, Timeline, type TimelineLife } from "../../ui/timeline.tsx";
import { hintOf, type SecretRow } from "./secret-rows.ts";
import { at, secretState } from "./state.ts";
import { words } from "./text.ts";

const SHOWN = 12;

/** How it ends, in a few words. */
function ending(secret: SecretRow, now: number): string {
  const revoked = at(secret.revokedAt);
  if (revoked !== null) return words.secrets.revokedOn(day(revoked));
  const life = lifeOf(at(secret.createdAt) ?? 0, at(secret.expiresAt), now);
  if (!life) return text.life.never;
  return life.tone === "over" ? `${text.life.over} ${life.words}` : `${life.words} ${text.life.left}`;
}

/** Used until now, then what is ahead; one outline once it is over. */
function stretchesOf(secret: SecretRow, now: number): readonly Stretch[] {
  const from = at(secret.createdAt) ?? 0;
  const to = at(secret.revokedAt) ?? at(secret.expiresAt);
  const { works, status } = secretState(secret, now);
  if (!works) return [{ from, to: to ?? now, look: "over" }];
  return [
    { from, to: now, look: "used" },
    { from: now, to, look: status === "attention" ? "soon" : "ahead" },
  ];
}

/** All secrets on one axis of time: which overlap, which end next. */
export function SecretTimeline({ secrets }: { secrets: readonly SecretRow[] }) {
  const now = useNow(60_000);
  const lives = secrets.slice(0, SHOWN).map(
    (secret): TimelineLife => ({
      id: secret.id,
      name: (
        <>
          {secret.name || words.secrets.unnamed} <code>{hintOf(secret)}</code>
        </>
      ),
      stretches: stretchesOf(secret, now),
      ending: ending(secret, now),
      isSoon: secretState(secret, now).status === "attention",
    }),
  );
  return <Timeline label={words.secrets.timeline} lives={lives} />;
}
