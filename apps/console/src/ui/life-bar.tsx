import type { PointerEvent } from "react";
import { exact } from "../format.ts";
import { lifeOf } from "../life.ts";
import { text } from "../text.ts";

const FILL = { fine: "var(--bar)", soon: "var(--warn)", over: "var(--bad)" } as const;
const WIDTH = 64;

/** From made to over with a tick at now, and the time left in words. Instants in milliseconds; null never ends. */
export function LifeBar({
  createdAt,
  expiresAt,
  now,
  none = text.life.never,
  over,
}: {
  createdAt: number;
  expiresAt: number | null;
  now: number;
  /** The words when it never ends. */
  none?: string;
  /** The words once it is over, in place of how long ago that was. */
  over?: string;
}) {
  const life = lifeOf(createdAt, expiresAt, now);
  const isOver = life?.tone === "over";
  if (!life || expiresAt === null) return <span className="muted">{none}</span>;
  const at = Math.max(1, life.gone * WIDTH);
  return (
    <span
      className="life num"
      onPointerEnter={({ currentTarget }: PointerEvent<HTMLElement>) => {
        currentTarget.title = exact(expiresAt);
      }}
    >
      <svg className="life-bar" viewBox={`0 0 ${WIDTH} 11`} aria-hidden="true">
        <rect y="3" width={at} height="5" rx="1" fill={FILL[life.tone]} />
        <rect x={Math.min(at, WIDTH) - 0.75} width="1.5" height="11" fill="var(--ink)" />
      </svg>
      {isOver && over === undefined && <span className="sr">{text.life.over} </span>}
      {isOver && over !== undefined ? over : life.words}
      {!isOver && <span className="sr"> {text.life.left}</span>}
    </span>
  );
}
