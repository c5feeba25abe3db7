import type { ReactNode } from "react";
import { day } from "../format.ts";
import { useNow } from "./time.tsx";
import { type Axis, axisOf } from "./timeline-scale.ts";

const WIDTH = 1000;

/** A stretch of a life: past use, what is to come, its last days, over, in the set but no longer used. */
export interface Stretch {
  /** Instants in milliseconds; `to` is null while it has no end. */
  readonly from: number;
  readonly to: number | null;
  readonly look: "used" | "ahead" | "soon" | "over" | "kept";
}

/** One thing that begins and ends. */
export interface TimelineLife {
  readonly id: string;
  readonly name: ReactNode;
  readonly stretches: readonly Stretch[];
  /** How it ends, in a few words. */
  readonly ending: string;
  readonly isSoon: boolean;
}

function Bar({ life, axis, now }: { life: TimelineLife; axis: Axis; now: number }) {
  const x = (instant: number) => axis.place(instant) * WIDTH;
  return (
    <svg className="timeline-bar" viewBox={`0 0 ${WIDTH} 28`} preserveAspectRatio="none" aria-hidden="true">
      {axis.ticks.map((tick) => (
        <line key={tick.label} x1={tick.at * WIDTH} x2={tick.at * WIDTH} y1="0" y2="28" stroke="var(--line)" />
      ))}
      {life.stretches.map(({ from, to, look }) => {
        const [start, end] = [x(from), x(to ?? axis.to)];
        const width = Math.max(2, end - start);
        // Without an end it is a thin line into the open.
        return to === null ? (
          <rect key={`${look} ${from}`} x={start} y="13" width={width} height="2" className="stretch open" />
        ) : (
          <rect key={`${look} ${from}`} x={start} y="10" width={width} height="8" className={`stretch ${look}`} />
        );
      })}
      <line x1={x(now)} x2={x(now)} y1="0" y2="28" stroke="var(--ink)" className="timeline-now" />
    </svg>
  );
}

/** Lives on one axis of time: which overlap, which end next. Says nothing that the table under it does not say in words. */
export function Timeline({ label, lives }: { label: string; lives: readonly TimelineLife[] }) {
  const now = useNow(60_000);
  const spans = lives.map(({ stretches }) => ({
    from: Math.min(...stretches.map(({ from }) => from)),
    to: stretches.some(({ to }) => to === null) ? null : Math.max(...stretches.map(({ to }) => to ?? 0)),
  }));
  const axis = axisOf(spans, now);
  return (
    <div className="panel timeline" role="img" aria-label={label}>
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
        <div key={life.id} className="timeline-row" aria-hidden="true">
          <span className="timeline-name">{life.name}</span>
          <Bar life={life} axis={axis} now={now} />
          <span className={life.isSoon ? "warn" : "muted"}>{life.ending}</span>
        </div>
      ))}
    </div>
  );
}
