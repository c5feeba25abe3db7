import { number } from "../../format.ts";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { reasonTitle } from "./reason-title.ts";
import { ShareBar } from "./share-bar.tsx";
import { words } from "./text.ts";

/** Why token requests were refused in the last day, the most frequent reason first. */
export function Refusals({ reasons }: { reasons: readonly { readonly reason: string; readonly count: number }[] }) {
  const { refusals } = words;
  const total = reasons.reduce((sum, { count }) => sum + count, 0);
  const shown = reasons.slice(0, 5);
  return (
    <Panel title={refusals.title} aside={total > 0 && <span className="small muted num">{refusals.total(total)}</span>}>
      {shown.length === 0 ? (
        <EmptyState>{refusals.none}</EmptyState>
      ) : (
        <ul className="lines">
          {shown.map(({ reason, count }) => (
            <li key={reason}>
              <div className="grow">
                <p>{reasonTitle(reason)}</p>
                <p className="small muted mono">{reason}</p>
              </div>
              <ShareBar value={count} of={shown[0]?.count ?? 0} dark />
              <span className="num count">{number(count)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
