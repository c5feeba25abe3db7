import { day } from "../../format.ts";
import { lifeOf } from "../../life.ts";
import { text } from "../../text.ts";
import { useNow } from "../../ui/time.tsx";
import type { SecretRow } from "./secret-rows.ts";
import { hintOf } from "./secret-rows.ts";
import { at, secretState } from "./state.ts";
import { words } from "./text.ts";
import { type Axis, axisOf } from "./timeline-scale.ts";

const WIDTH = 1000;
const SHOWN = 12;

interface Life {
  readonly secret: SecretRow;
  readonly from: number;
  /** When it stopped or will stop; null: never. */
  readonly to: number | null;
}

const lifeOfSecret = (secret: SecretRow): Life => ({
  secret,
  from: at(secret.createdAt) ?? 0,
  to: at(secret.revokedAt) ?? at(secret.expiresAt),
});

/** How it ends, in a few words. */
function ending({ secret, from, to }: Life, now: number): string {
  const revoked = at(secret.revokedAt);
  if (revoked !== null) return words.secrets.revokedOn(day(revoked));
  const life = lifeOf(from, to, now);
  if (!life) return text.life.never;
  return life.tone === "over" ? `${text.life.over} ${life.words}` : `${life.words} ${text.life.left}`;
}

/** Filled until now, faint after it; an outline once it is over; a thin line while it has no end. */
function Bar({ life, axis, now }: { life: Life; axis: Axis; now: number }) {
  const { works, status } = secretState(life.secret, now);
  const x = (instant: number) => axis.place(instant) * WIDTH;
  const [start, end, present] = [x(life.from), x(life.to ?? axis.to), x(now)];
  const ahead = status === "attention" ? "var(--warn)" : "var(--bar-faint)";
  return (
    <svg className="timeline-bar" viewBox={`0 0 ${WIDTH} 28`} preserveAspectRatio="none" aria-hidden="true">
      {axis.ticks.map((tick) => (
        <line key={tick.label} x1={tick.at * WIDTH} x2={tick.at * WIDTH} y1="0" y2="28" stroke="var(--line)" />
      ))}
      {works ? (
        <>
          <rect x={start} y="10" width={Math.max(1, present - start)} height="8" fill="var(--bar)" />
          {life.to === null ? (
            <rect x={present} y="13" width={end - present} height="2" fill="var(--bar)" opacity=".55" />
          ) : (
            <rect x={present} y="10" width={Math.max(0, end - present)} height="8" fill={ahead} />
          )}
        </>
      ) : (
        <rect x={start} y="10.5" width={Math.max(2, end - start)} height="7" fill="none" stroke="var(--control)" />
      )}
      <line x1={present} x2={present} y1="0" y2="28" stroke="var(--ink)" className="timeline-now" />
    </svg>
  );
}

/** All secrets on one axis of time: which overlap, which end next. The table below says the same in words. */
export function Timeline({ secrets }: { secrets: readonly SecretRow[] }) {
  const now = useNow(60_000);
  const lives = secrets.slice(0, SHOWN).map(lifeOfSecret);
  const axis = axisOf(lives, now);
  return (
    <div className="panel timeline" role="img" aria-label={words.secrets.timeline}>
      <div className="timeline-row" aria-hidden="true">
        <span />
        <div className="timeline-axis">
          {axis.ticks.map((tick) => (
            <span key={tick.label} style={{ left: `${tick.at * 100}%` }}>
              {tick.label}
            </span>
          ))}
          <b style={{ left: `${axis.place(now) * 100}%` }}>{day(now).replace(/ \d+$/, "")}</b>
        </div>
        <span />
      </div>
      {lives.map((life) => (
        <div key={life.secret.id} className="timeline-row" aria-hidden="true">
          <span className="timeline-name">
            {life.secret.name || words.secrets.unnamed} <code>{hintOf(life.secret)}</code>
          </span>
          <Bar life={life} axis={axis} now={now} />
          <span className={secretState(life.secret, now).status === "attention" ? "warn" : "muted"}>
            {ending(life, now)}
          </span>
        </div>
      ))}
    </div>
  );
}
