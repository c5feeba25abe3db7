import { useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import type { PulseChartFragment } from "../../gql/graphql.ts";
import { listen, type StreamState } from "../../server/live-stream.ts";
import { tickWith } from "../../ui/time.tsx";
import { useIsHidden } from "../../ui/use-hidden.ts";
import { useMedia } from "../../ui/use-media.ts";
import { PulseAgain, TokenPulseStream } from "./pulse-query.ts";
import { type Told, withSeconds } from "./pulse-series.ts";

/** Where somebody asked for less movement the chart moves this often, in milliseconds. */
const STILL_STEP = 10_000;
/** How often what was written is read again: the server writes every ten seconds. */
const AGAIN = 60_000;

/** What the chart shows. */
export interface Pulse {
  readonly state: StreamState | "paused";
  readonly chart: PulseChartFragment;
  readonly told: Told;
  /** Latencies of the last seconds, in milliseconds. */
  readonly p50: number | null;
  readonly p99: number | null;
}

/** The stream as state: each pulse while things may move, every tenth second where they should not. */
function useStream(tenant: string, workspaceId: string, isOn: boolean, onChange: () => void) {
  const [state, setState] = useState<StreamState>("connecting");
  const [heard, setHeard] = useState<Pick<Pulse, "told" | "p50" | "p99">>({ told: new Map(), p50: null, p99: null });
  const step = useMedia("(prefers-reduced-motion: reduce)") ? STILL_STEP : 0;
  const stepNow = useRef(step);
  stepNow.current = step;
  const changed = useRef(onChange);
  changed.current = onChange;
  const hasMissed = useRef(false);
  useEffect(() => {
    if (!isOn) return;
    let told: Told = new Map();
    let shownAt = Number.NEGATIVE_INFINITY;
    const asked = { document: TokenPulseStream, variables: () => ({ workspaceId }) };
    const stop = listen(tenant, asked, {
      state(next) {
        if (next === "away") hasMissed.current = true;
        // What happened while nothing was heard is read.
        if (next === "live" && hasMissed.current) changed.current();
        if (next === "live") hasMissed.current = false;
        setState(next);
      },
      data({ tokenPulse: { seconds, p50, p99, changed: isChanged } }) {
        told = withSeconds(told, seconds);
        if (isChanged) changed.current();
        const now = performance.now();
        if (now - shownAt < stepNow.current) return;
        shownAt = now;
        tickWith();
        setHeard({ told, p50: p50 ?? null, p99: p99 ?? null });
      },
    });
    return () => {
      hasMissed.current = true;
      stop();
    };
  }, [tenant, workspaceId, isOn]);
  return { state, ...heard };
}

/**
 * The last hour of a workspace's token endpoint, and what it does now. Nothing is heard while the tab is hidden or the
 * person has paused it.
 *
 * @param first what came with the page
 */
export function usePulse(
  at: { readonly tenant: string; readonly workspace: string; readonly workspaceId: string },
  first: PulseChartFragment,
  isPaused: boolean,
): Pulse {
  const { tenant, workspace, workspaceId } = at;
  const client = useClient();
  const [read, setRead] = useState<{ from: PulseChartFragment; chart: PulseChartFragment } | null>(null);
  const isOn = !useIsHidden() && !isPaused;
  const again = async () => {
    const { data } = await client.query(PulseAgain, { workspace }, { requestPolicy: "network-only" }).toPromise();
    if (data?.workspace) setRead({ from: first, chart: data.workspace });
  };
  const latest = useRef(again);
  latest.current = again;
  const { state, ...heard } = useStream(tenant, workspaceId, isOn, () => void latest.current());
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => void latest.current(), AGAIN);
    return () => clearInterval(timer);
  }, [isOn]);
  // The page's own answer is newer where it came after the last look.
  const chart = read?.from === first ? read.chart : first;
  return { state: isPaused ? "paused" : state, chart, ...heard };
}
