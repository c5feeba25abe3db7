import { linkOptions } from "@tanstack/react-router";
import { AppLink } from "../../ui/link.tsx";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { actorWords, type Told } from "../audit/sentence.ts";
import { SentenceLine } from "../audit/sentence-line.tsx";
import { When } from "../audit/when.tsx";
import { words } from "./text.ts";

type Entry = Told & {
  readonly id: string;
  readonly at: string;
  readonly outcome: string;
  readonly actor: string;
  readonly actorName?: string | null;
};

/** Who changed what lately. */
export function Changes({
  entries,
  params,
}: {
  entries: readonly Entry[];
  params: { tenant: string; workspace: string };
}) {
  return (
    <Panel
      title={words.changes.title}
      aside={<AppLink to={linkOptions({ to: "/t/$tenant/w/$workspace/audit", params })}>{words.changes.all}</AppLink>}
    >
      {entries.length === 0 ? (
        <EmptyState>{words.changes.none}</EmptyState>
      ) : (
        <ul className="lines dense">
          {entries.map((entry) => (
            <li key={entry.id}>
              <When at={entry.at} />
              <p className="grow">
                <SentenceLine entry={entry} linked />
              </p>
              <span className="small muted by">{actorWords(entry)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
