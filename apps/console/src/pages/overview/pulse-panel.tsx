import { type ReactNode, useEffect, useRef, useState } from "react";
import { clock, number, type Zone } from "../../format.ts";
import type { PulseChartFragment } from "../../gql/graphql.ts";
import { usePreferences } from "../../preferences.ts";
import { announce } from "../../ui/announce.tsx";
import { Button } from "../../ui/button.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { Panel } from "../../ui/states.tsx";
import { type Change, changeWords } from "./change-mark.tsx";
import { type Head, PulseChart } from "./pulse-chart.tsx";
import { HOUR } from "./pulse-geometry.ts";
import { MINUTE, type Minute, minutesOf, rateNow } from "./pulse-series.ts";
import { rateWords } from "./rate.ts";
import { TableSwitch } from "./table-switch.tsx";
import { words } from "./text.ts";
import { type Pulse, usePulse } from "./use-pulse.ts";

/** Whether it is live, in words and by shape; the rate is not said aloud each second. */
function LiveState({ state, rate }: { state: Pulse["state"]; rate: number | null }) {
  const before = useRef(state);
  useEffect(() => {
    if (state === "away" && before.current !== "away") announce(words.pulse.away);
    if (state === "live" && before.current === "away") announce(words.pulse.back);
    before.current = state;
  }, [state]);
  const { pulse } = words;
  if (state === "live" && rate !== null) return <span className="live num">{pulse.live(rateWords(rate))}</span>;
  if (state === "live" || state === "connecting") return <span className="live waiting">{pulse.connecting}</span>;
  if (state === "paused") return <span className="live waiting">{pulse.paused}</span>;
  return (
    <span className="live away" title={state === "refused" ? pulse.refusedWhy : pulse.awayWhy}>
      {pulse.away}
    </span>
  );
}

function MinuteTable({
  minutes,
  changes,
  zone,
}: {
  minutes: readonly Minute[];
  changes: readonly Change[];
  zone: Zone;
}) {
  const { pulse } = words;
  const milliseconds = (value: number | null) => (value === null ? "" : pulse.milliseconds(value));
  const within = (from: number) => changes.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) < from + MINUTE);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so without a pointer
    <section className="pulse-table" aria-label={pulse.title} tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            {[pulse.minute, pulse.issued, pulse.refused, pulse.p50, pulse.p99, pulse.changes].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {minutes.toReversed().map(({ from, issued, refused, p50, p99 }) => (
            <tr key={from}>
              <th scope="row" className="num">
                {clock(from, zone)}
              </th>
              <td className="num">{number(issued)}</td>
              <td className="num">{number(refused)}</td>
              <td className="num">{milliseconds(p50)}</td>
              <td className="num">{milliseconds(p99)}</td>
              <td>
                {within(from).map((change) => (
                  <p key={change.id}>{changeWords(change, zone)}</p>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A minute in words. */
function spokenMinute(minute: Minute | undefined, zone: Zone): string {
  if (!minute) return "";
  const { from, issued, refused, p50, p99 } = minute;
  const { pulse } = words;
  const times = p50 === null || p99 === null ? "" : pulse.readTimes(pulse.milliseconds(p50), pulse.milliseconds(p99));
  return pulse.read(clock(from, zone), clock(from + MINUTE, zone), issued, refused) + times;
}

function Legend({
  children,
  table,
  onTable,
}: {
  children: ReactNode;
  table: boolean;
  onTable: (table: boolean) => void;
}) {
  const { pulse } = words;
  return (
    <div className="legend">
      <span className="key line">{pulse.issued}</span>
      <span className="key bar refused">{pulse.refused}</span>
      <span className="key line p50">{pulse.p50}</span>
      <span className="key line p99">{pulse.p99}</span>
      <span className="key change">{pulse.change}</span>
      <span className="num">{children}</span>
      <TableSwitch isTable={table} onChange={onTable} />
    </div>
  );
}

/** How far the chart moves at once, in milliseconds: three seconds of an hour are a pixel, and all that moves is drawn anew. */
const STEP = 5000;

/** What the chart is drawn from, at the instant that was heard of last. */
function readOf(pulse: Pulse, now: number) {
  const rate = rateNow(pulse.told);
  const isLive = pulse.state === "live" && rate !== null;
  const edge = isLive ? rate.at - (rate.at % STEP) : now;
  const head: Head | null = isLive ? { ...rate, p50: pulse.p50, p99: pulse.p99 } : null;
  const minutes = minutesOf(pulse.chart.tokenMinutes ?? [], pulse.told).filter(
    ({ from }) => from + MINUTE > edge - HOUR,
  );
  const changes = pulse.chart.configurationChanges ?? [];
  return { rate, edge, head, minutes, changes };
}

/** The last hour of the token endpoint, live: rate, refusals, latency, and what was changed meanwhile. */
export function PulsePanel({
  workspace,
  params,
  range,
}: {
  workspace: PulseChartFragment & { readonly id: string };
  params: { tenant: string; workspace: string };
  range: ReactNode;
}) {
  const [isPaused, setIsPaused] = useState(false);
  const [isTable, setIsTable] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const { zone } = usePreferences();
  const pulse = usePulse({ ...params, workspaceId: workspace.id }, workspace, isPaused);
  useShortcuts({ p: () => setIsPaused(!isPaused) });
  const lastEdge = useRef(Date.now());
  const { rate, edge, head, minutes, changes } = readOf(pulse, lastEdge.current);
  lastEdge.current = edge;
  const sum = (of: "issued" | "refused") => minutes.reduce((all, minute) => all + minute[of], 0);
  const label = words.pulse.label(head && rateWords(head.issued), sum("issued"), sum("refused"), changes.length);
  return (
    <Panel
      title={words.pulse.title}
      aside={
        <div className="pulse-head">
          <LiveState state={pulse.state} rate={rate?.issued ?? null} />
          {range}
          <Button size="compact" icon={isPaused ? "play" : "pause"} onPress={() => setIsPaused(!isPaused)}>
            {isPaused ? words.pulse.resume : words.pulse.pause}
          </Button>
        </div>
      }
    >
      <div className="panel-body">
        {isTable ? (
          <MinuteTable minutes={minutes} changes={changes} zone={zone} />
        ) : (
          <PulseChart
            minutes={minutes}
            changes={changes}
            head={head}
            now={edge}
            zone={zone}
            params={params}
            at={at}
            onAt={setAt}
            label={label}
            spoken={(index) => spokenMinute(minutes[index], zone)}
          />
        )}
        <Legend table={isTable} onTable={setIsTable}>
          {at === null ? "" : spokenMinute(minutes[at], zone)}
        </Legend>
      </div>
    </Panel>
  );
}
