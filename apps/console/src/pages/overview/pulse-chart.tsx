import { type KeyboardEvent, memo, type PointerEvent, useMemo } from "react";
import { clock, type Zone } from "../../format.ts";
import { type Change, ChangeMark, markWords } from "./change-mark.tsx";
import {
  areaPath,
  type Band,
  barsPath,
  HOUR,
  LAYOUT,
  linePath,
  type Place,
  type Point,
  placeIn,
  placeWords,
} from "./pulse-geometry.ts";
import { type Mark, MINUTE, type Minute, marksOf, type Scale, scaleOf } from "./pulse-series.ts";
import { rateWords } from "./rate.ts";
import { words } from "./text.ts";
import { useWidth } from "./use-width.ts";

/** What the endpoint does at this moment; rates per second. */
export interface Head {
  readonly at: number;
  readonly issued: number;
  readonly p50: number | null;
  readonly p99: number | null;
}

/** Pixels of a mark, which is a target: nearer ones are one (WCAG 2.5.8). */
const MARK = 25;

interface ChartProps {
  /** Oldest first. */
  readonly minutes: readonly Minute[];
  readonly changes: readonly Change[];
  /** Null while nothing is heard. */
  readonly head: Head | null;
  /** The right edge. */
  readonly now: number;
  readonly zone: Zone;
  readonly params: { tenant: string; workspace: string };
  /** Which minute is read out, and how that is changed. */
  readonly at: number | null;
  readonly onAt: (at: number | null) => void;
  readonly label: string;
  readonly spoken: (at: number) => string;
}

/** The middle of each minute that is over, with its value; and now. */
function pointsOf(
  minutes: readonly Minute[],
  now: number,
  value: (minute: Minute) => number | null,
  head: number | null | undefined,
): readonly Point[] {
  const over = minutes.filter(({ from }) => from + MINUTE <= now && from + MINUTE / 2 >= now - HOUR);
  const points = over.map((minute): Point => {
    const known = value(minute);
    return known === null ? null : { at: minute.from + MINUTE / 2, value: known };
  });
  return head === undefined ? points : [...points, head === null ? null : { at: now, value: head }];
}

/** A band's lines and the values beside them. */
function Axis({ band, scale, place, width }: { band: Band; scale: Scale; place: Place; width: number }) {
  return scale.marks.map((mark) => {
    const y = place.y(band, mark, scale.top);
    return (
      <g key={mark}>
        <path className="grid-line" d={`M${LAYOUT.left} ${y.toFixed(1)}H${width - LAYOUT.right}`} />
        <text x={LAYOUT.left - 8} y={y + 4} textAnchor="end">
          {rateWords(mark)}
        </text>
      </g>
    );
  });
}

/** What moves with the chart's step alone. */
interface Still {
  readonly now: number;
  readonly width: number;
  readonly zone: Zone;
}

/** Clock times at round minutes below the chart. */
const Times = memo(({ now, width, zone }: Still) => {
  const place = placeIn(width, now);
  const step = (width < 560 ? 20 : 10) * MINUTE;
  const last = now - (now % step);
  const times = Array.from({ length: HOUR / step + 1 }, (_, index) => last - index * step);
  // Beside "now" there must be room.
  const shown = times.filter((at) => place.x(at) >= LAYOUT.left && place.x(at) < width - LAYOUT.right - 44);
  return (
    <>
      {shown.map((at) => (
        <text
          key={at}
          x={place.x(at)}
          y={LAYOUT.height - 6}
          textAnchor={place.x(at) < LAYOUT.left + 16 ? "start" : "middle"}
        >
          {clock(at, zone)}
        </text>
      ))}
      <text x={width - LAYOUT.right} y={LAYOUT.height - 6} textAnchor="end">
        {words.pulse.now}
      </text>
    </>
  );
});

interface Marked {
  readonly marks: readonly Mark<Change>[];
}

const Marks = memo(({ marks, now, width, zone }: Marked & Still) => {
  const place = placeIn(width, now);
  const placed = marks.map((mark) => ({ x: place.x(mark.at), words: markWords(mark, zone) }));
  const sides = placeWords(placed, width);
  return placed.map(({ x, words: said }, index) => (
    <g key={marks[index]?.at}>
      <path className="stem" d={`M${x.toFixed(1)} ${LAYOUT.stem}V${LAYOUT.times.top + LAYOUT.times.height}`} />
      {sides[index] && (
        <text
          className="beside"
          x={x + (sides[index] === "left" ? -9 : 9)}
          y={20}
          textAnchor={sides[index] === "left" ? "end" : "start"}
        >
          {said}
        </text>
      )}
    </g>
  ));
});

function Drawing({
  minutes,
  marks,
  head,
  now,
  zone,
  at,
  width,
}: Omit<ChartProps, "changes" | "onAt" | "label" | "spoken" | "params"> & Marked & { width: number }) {
  const { issued, refused, times } = LAYOUT;
  const place = placeIn(width, now);
  const rates = pointsOf(minutes, now, (minute) => minute.issued / 60, head ? head.issued : undefined);
  const p50 = pointsOf(minutes, now, (minute) => minute.p50, head ? head.p50 : undefined);
  const p99 = pointsOf(minutes, now, (minute) => minute.p99, head ? head.p99 : undefined);
  const most = (points: readonly Point[]) => Math.max(0, ...points.map((point) => point?.value ?? 0));
  const [rateScale, refusedScale, timeScale] = [
    scaleOf(most(rates), 4),
    scaleOf(Math.max(0, ...minutes.map((minute) => minute.refused / 60)), 1),
    scaleOf(most(p99), 1),
  ];
  const read = at === null ? undefined : minutes[at];
  return (
    <svg className="pulse" width={width} height={LAYOUT.height} aria-hidden="true">
      <Axis band={issued} scale={rateScale} place={place} width={width} />
      <Axis band={refused} scale={refusedScale} place={place} width={width} />
      <Axis band={times} scale={timeScale} place={place} width={width} />
      <text x={LAYOUT.left + 6} y={refused.top - 8}>
        {words.pulse.refusedBand}
      </text>
      <text x={LAYOUT.left + 6} y={times.top - 8}>
        {words.pulse.timeBand}
      </text>
      {read && (
        <rect
          className="at"
          x={Math.max(LAYOUT.left, place.x(read.from))}
          y={issued.top}
          width={Math.max(2, place.x(Math.min(now, read.from + MINUTE)) - Math.max(LAYOUT.left, place.x(read.from)))}
          height={times.top + times.height - issued.top}
        />
      )}
      <Marks marks={marks} now={now} width={width} zone={zone} />
      <path className="area" d={areaPath(rates, place, issued, rateScale.top)} />
      <path className="rate" d={linePath(rates, place, issued, rateScale.top)} />
      {head && <circle className="head" cx={place.x(now)} cy={place.y(issued, head.issued, rateScale.top)} r={3} />}
      <path
        className="refusals"
        d={barsPath(
          minutes.filter(({ from }) => from >= now - HOUR),
          now,
          place,
          { band: refused, top: refusedScale.top },
        )}
      />
      <path className="p99" d={linePath(p99, place, times, timeScale.top)} />
      <path className="p50" d={linePath(p50, place, times, timeScale.top)} />
      <Times now={now} width={width} zone={zone} />
    </svg>
  );
}

/** Rate, refusals and latency of the last hour, with the changes of configuration on the same axis. */
export function PulseChart(props: ChartProps) {
  const { minutes, changes, now, zone, params, at, onAt, label, spoken } = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const span = Math.max(1, width - LAYOUT.left - LAYOUT.right);
  const marks = useMemo(() => marksOf(changes, now - HOUR, (MARK / span) * HOUR), [changes, now, span]);
  const last = minutes.length - 1;
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onAt(Math.min(last, Math.max(0, (at ?? last + 1) + by)));
  };
  const point = (event: PointerEvent<HTMLElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const instant = now - HOUR + ((x - LAYOUT.left) / span) * HOUR;
    const found = minutes.findIndex(({ from }) => instant >= from && instant < from + MINUTE);
    onAt(found < 0 ? null : found);
  };
  const place = placeIn(width, now);
  return (
    <div className="pulse-box" ref={box}>
      {/* The arrow keys read it minute by minute. */}
      <div
        role="slider"
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={last + 1}
        aria-valuenow={(at ?? last) + 1}
        aria-valuetext={spoken(at ?? last)}
        tabIndex={0}
        onKeyDown={step}
        onPointerMove={point}
        onPointerLeave={() => onAt(null)}
        className="pulse-plot"
      >
        {width > 0 && <Drawing {...props} marks={marks} width={width} />}
      </div>
      {width > 0 &&
        marks.map((mark) => <ChangeMark key={mark.at} mark={mark} x={place.x(mark.at)} zone={zone} params={params} />)}
    </div>
  );
}
