import { linkOptions, useLinkProps } from "@tanstack/react-router";
import { memo } from "react";
import { clock, type Zone } from "../../format.ts";
import type { PulseChartFragment } from "../../gql/graphql.ts";
import { Tooltip } from "../../ui/tooltip.tsx";
import { actorWords, sentenceOf } from "../audit/sentence.ts";
import type { Mark } from "./pulse-series.ts";
import { words } from "./text.ts";

export type Change = NonNullable<PulseChartFragment["configurationChanges"]>[number];

/** Lines of a tooltip. */
const MOST = 4;

/** One change in a line: when, what, and who. */
export const changeWords = (change: Change, zone: Zone): string =>
  words.pulse.by(clock(Date.parse(change.at), zone), sentenceOf(change), actorWords(change));

/** What stands beside a mark. */
export function markWords({ at, changes }: Mark<Change>, zone: Zone): string {
  const [only, second] = changes;
  const what = only && !second ? sentenceOf(only) : words.pulse.several(changes.length);
  return `${clock(at, zone)} ${what.length > 40 ? `${what.slice(0, 39)}…` : what}`;
}

/** A mark on the chart: says who changed what, and leads to it in the audit log. */
export const ChangeMark = memo(function ChangeMark({
  mark,
  x,
  zone,
  params,
}: {
  mark: Mark<Change>;
  x: number;
  zone: Zone;
  params: { tenant: string; workspace: string };
}) {
  const said = mark.changes.slice(0, MOST).map((change) => changeWords(change, zone));
  const more = mark.changes.length - said.length;
  const all = [...said, ...(more > 0 ? [words.pulse.more(more)] : [])].join("\n");
  const search = { event: mark.changes[0]?.id };
  const { href, onClick } = useLinkProps(linkOptions({ to: "/t/$tenant/w/$workspace/audit", params, search }));
  return (
    <Tooltip words={all}>
      <a href={href} onClick={onClick} className="change-mark" style={{ left: x }}>
        <span className="sr">{all}</span>
        <svg viewBox="0 0 10 10" aria-hidden="true">
          <path d="M5 .8 9.200 5 5 9.200.800 5z" />
        </svg>
      </a>
    </Tooltip>
  );
});
