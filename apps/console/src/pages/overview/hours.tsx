import { type KeyboardEvent, type ReactNode, useState } from "react";
import { clock, number } from "../../format.ts";
import { usePreferences } from "../../preferences.ts";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { type Activity, ceiling, totals } from "./activity.ts";
import { TableSwitch } from "./table-switch.tsx";
import { words } from "./text.ts";

const HOUR = 3_600_000;
/** The drawing's own units: 24 columns, the issued band above the refused one, each on its own scale. */
const [COLUMN, ISSUED, GAP, REFUSED] = [40, 150, 14, 34];
const [WIDTH, HEIGHT] = [24 * COLUMN, ISSUED + GAP + REFUSED];

interface BarsProps {
  activity: Activity;
  at: number | null;
  onAt: (at: number | null) => void;
  /** An hour in words. */
  spoken: (at: number) => string;
}

function Bars({ activity, at, onAt, spoken }: BarsProps) {
  const { hours } = activity;
  const [mostIssued, mostRefused] = [
    ceiling(Math.max(...hours.map((hour) => hour.issued))),
    ceiling(Math.max(...hours.map((hour) => hour.refused))),
  ];
  const { issued, refused } = totals(activity);
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onAt(Math.min(hours.length - 1, Math.max(0, (at ?? hours.length) + by)));
  };
  return (
    <div className="hours-plot">
      <div className="hours-axis num" aria-hidden="true">
        <span>{number(mostIssued)}</span>
        <span>0</span>
        <span>{refused > 0 ? number(mostRefused) : ""}</span>
      </div>
      {/* The arrow keys read it hour by hour. */}
      <div
        role="slider"
        aria-label={words.hours.label(issued, refused)}
        aria-valuemin={1}
        aria-valuemax={hours.length}
        aria-valuenow={(at ?? hours.length - 1) + 1}
        aria-valuetext={spoken(at ?? hours.length - 1)}
        tabIndex={0}
        onKeyDown={step}
        className="hours-box"
      >
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="hours" aria-hidden="true">
          <path
            className="grid-line"
            d={`M0 .5H${WIDTH}M0 ${ISSUED / 2}H${WIDTH}M0 ${ISSUED}H${WIDTH}M0 ${HEIGHT}H${WIDTH}`}
          />
          {hours.map((hour, index) => {
            const high = (hour.issued / mostIssued) * ISSUED;
            const low = (hour.refused / mostRefused) * REFUSED;
            return (
              <g key={hour.from} onPointerEnter={() => onAt(index)} onPointerLeave={() => onAt(null)}>
                <rect className={index === at ? "hour at" : "hour"} x={index * COLUMN} width={COLUMN} height={HEIGHT} />
                {hour.issued > 0 && (
                  <rect
                    className="issued"
                    x={index * COLUMN + 5}
                    width={COLUMN - 10}
                    y={ISSUED - Math.max(2, high)}
                    height={Math.max(2, high)}
                  />
                )}
                {hour.refused > 0 && (
                  <rect
                    className="refused"
                    x={index * COLUMN + 5}
                    width={COLUMN - 10}
                    y={HEIGHT - Math.max(2, low)}
                    height={Math.max(2, low)}
                  />
                )}
              </g>
            );
          })}
        </svg>
      </div>
    </div>
  );
}

function HourTable({ activity }: { activity: Activity }) {
  const { zone } = usePreferences();
  const { hours } = words;
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{hours.hour}</th>
          <th scope="col">{hours.issued}</th>
          <th scope="col">{hours.refused}</th>
        </tr>
      </thead>
      <tbody>
        {activity.hours.toReversed().map(({ from, issued, refused }) => (
          <tr key={from}>
            <th scope="row" className="num">
              {clock(Date.parse(from), zone)}
            </th>
            <td className="num">{number(issued)}</td>
            <td className="num">{number(refused)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Tokens issued and refused in each of the last 24 hours, counted from the token log. */
export function Hours({ activity, range }: { activity: Activity; range: ReactNode }) {
  const [at, setAt] = useState<number | null>(null);
  const [table, setTable] = useState(false);
  const { zone } = usePreferences();
  const { hours } = words;
  const sum = totals(activity);
  const silent = sum.issued + sum.refused === 0;
  const time = (from: string, more = 0) => clock(Date.parse(from) + more, zone);
  const spoken = (index: number) => {
    const hour = activity.hours[index];
    return hour ? hours.read(time(hour.from), time(hour.from, HOUR), hour.issued, hour.refused) : "";
  };
  return (
    <Panel title={hours.title} aside={range}>
      {silent ? (
        <EmptyState>{hours.silent}</EmptyState>
      ) : (
        <div className="panel-body">
          {table ? (
            <HourTable activity={activity} />
          ) : (
            <>
              <Bars activity={activity} at={at} onAt={setAt} spoken={spoken} />
              <div className="hours-times num" aria-hidden="true">
                {[0, 6, 12, 18].map((index) => (
                  <span key={index}>{time(activity.hours[index]?.from ?? "")}</span>
                ))}
                <span>{hours.now}</span>
              </div>
            </>
          )}
          <div className="legend">
            <span className="key bar issued">{hours.issued}</span>
            <span className="key bar refused">{hours.refused}</span>
            <span className="num">{at === null ? "" : spoken(at)}</span>
            <TableSwitch isTable={table} onChange={setTable} />
          </div>
          {!activity.isComplete && <p className="small muted">{hours.partial}</p>}
        </div>
      )}
    </Panel>
  );
}
