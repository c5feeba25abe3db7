import { useState } from "react";
import type { PulseChartFragment } from "../../gql/graphql.ts";
import { useShortcuts } from "../../ui/shortcuts.ts";
import type { Activity } from "./activity.ts";
import { Hours } from "./hours.tsx";
import { PulsePanel } from "./pulse-panel.tsx";
import { words } from "./text.ts";

type Range = "hour" | "day";

function RangeSwitch({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  return (
    <fieldset className="segments" aria-label={words.range.label}>
      {(["hour", "day"] as const).map((one) => (
        <button key={one} type="button" aria-pressed={one === range} onClick={() => onChange(one)}>
          {words.range[one]}
        </button>
      ))}
    </fieldset>
  );
}

/** What the token endpoint does: the last hour live, or the last day by the hour. */
export function Traffic({
  activity,
  workspace,
  params,
}: {
  activity: Activity;
  workspace: PulseChartFragment & { readonly id: string };
  params: { tenant: string; workspace: string };
}) {
  const [range, setRange] = useState<Range>("hour");
  useShortcuts({ "1": () => setRange("hour"), "2": () => setRange("day") });
  const choice = <RangeSwitch range={range} onChange={setRange} />;
  if (range === "day") return <Hours activity={activity} range={choice} />;
  return <PulsePanel workspace={workspace} params={params} range={choice} />;
}
