import type { TokenOutcome } from "../../gql/graphql.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { reasonWords, scopesOf } from "./reasons.ts";
import { at } from "./state.ts";
import { words } from "./text.ts";

interface Decision {
  id: string;
  at: string;
  outcome: TokenOutcome;
  correlationId: string;
  resource?: string | null;
  scope?: string | null;
  reason?: string | null;
  evidence?: Record<string, unknown> | null;
  count: number;
  address: string;
  agent?: string | null;
}

interface Log {
  nodes: readonly Decision[];
  pageInfo: { hasNextPage: boolean };
}

/** What was asked for: the API and its scopes, in the words of the request. */
function Asked({ decision }: { decision: Decision }) {
  const scopes = decision.scope ? decision.scope.split(" ") : scopesOf(decision.evidence);
  const named = decision.evidence?.["resource"];
  const resource = decision.resource ?? (typeof named === "string" ? named : null);
  return (
    <div className="tags">
      {scopes.map((scope) => (
        <Tag key={scope} mono>
          {scope}
        </Tag>
      ))}
      {resource && <code className="muted">{resource}</code>}
    </div>
  );
}

/** The newest answers of the token endpoint to this client; `null` where they may not be seen. */
export function Decisions({ log }: { log: Log | null | undefined }) {
  const { decisions } = words;
  if (!log) return <EmptyState>{decisions.hidden}</EmptyState>;
  if (log.nodes.length === 0) return <EmptyState>{decisions.none}</EmptyState>;
  return (
    <>
      <ul className="ruled">
        {log.nodes.map((decision) => (
          <li key={decision.id} className="decision">
            <Badge status={decision.outcome === "ISSUED" ? "active" : "broken"}>
              {decision.outcome === "ISSUED" ? decisions.issued : decisions.refused}
            </Badge>
            <div className="decision-what">
              {decision.reason && <p>{reasonWords(decision.reason)}</p>}
              <Asked decision={decision} />
              <p className="small muted decision-from" title={decision.agent ?? undefined}>
                {decision.count > 1 && <b>{decisions.times(decision.count)} </b>}
                <span className="mono">{decision.address}</span>
                {decision.agent && <>, {decision.agent}</>}
              </p>
            </div>
            <span className="small muted decision-when">
              <Time at={at(decision.at) ?? 0} />
              <CopyButton value={decision.correlationId} what="request ID" look="icon" />
            </span>
          </li>
        ))}
      </ul>
      {log.pageInfo.hasNextPage && <p className="small muted panel-body">{decisions.more}</p>}
    </>
  );
}
