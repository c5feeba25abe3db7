import type { ReactNode } from "react";
import { number } from "../../format.ts";
import { Time } from "../../ui/time.tsx";
import { type Activity, totals } from "./activity.ts";
import { words } from "./text.ts";

interface Counts {
  readonly resources?: number | null;
  readonly clients?: number | null;
  readonly expiringCredentials?: number | null;
}

function Figure({ label, children, aside }: { label: string; children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        <b className="num">{children}</b>
        {aside && <span className="num small muted">{aside}</span>}
      </dd>
    </div>
  );
}

/** Per cent with two digits where it is small: `0.31%`, `12%`. */
function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0%";
  const percent = (part / whole) * 100;
  return percent < 0.01 ? "<0.01%" : `${percent < 10 ? Number(percent.toFixed(2)) : Math.round(percent)}%`;
}

/** The last day in one ruled line; only what the server counted. */
export function Figures({ counts, activity }: { counts: Counts; activity: Activity | null }) {
  const { figures } = words;
  const { issued, refused } = totals(activity);
  const all = issued + refused;
  return (
    <dl className="figures" aria-label={figures.label}>
      {activity && (
        <>
          <Figure label={figures.issued}>{number(issued)}</Figure>
          <Figure label={figures.refused} aside={all > 0 ? figures.ofRequests(all) : undefined}>
            {share(refused, all)}
          </Figure>
          <Figure
            label={figures.clients}
            aside={typeof counts.clients === "number" ? figures.of(counts.clients) : undefined}
          >
            {number(activity.clients)}
          </Figure>
          <Figure label={figures.last}>
            {activity.lastIssuedAt ? <Time at={Date.parse(activity.lastIssuedAt)} /> : figures.never}
          </Figure>
        </>
      )}
      {typeof counts.expiringCredentials === "number" && (
        <Figure label={figures.expiring}>{number(counts.expiringCredentials)}</Figure>
      )}
      {typeof counts.resources === "number" && <Figure label={figures.apis}>{number(counts.resources)}</Figure>}
    </dl>
  );
}
