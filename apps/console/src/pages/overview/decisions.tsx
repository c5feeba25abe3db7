import { linkOptions } from "@tanstack/react-router";
import { Badge } from "../../ui/badge.tsx";
import { AppLink } from "../../ui/link.tsx";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { When } from "../audit/when.tsx";
import { askedFor, type Decision } from "./asked.ts";
import { reasonTitle } from "./reason-title.ts";
import { words } from "./text.ts";

/** The newest answers of the token endpoint. */
export function RecentDecisions({
  log,
  params,
}: {
  log: readonly Decision[];
  params: { tenant: string; workspace: string };
}) {
  const { decisions } = words;
  const all = linkOptions({ to: "/t/$tenant/w/$workspace/audit", params, search: { log: "tokens" } });
  return (
    <Panel title={decisions.title} aside={<AppLink to={all}>{decisions.all}</AppLink>}>
      {log.length === 0 ? (
        <EmptyState>{decisions.none}</EmptyState>
      ) : (
        <ul className="lines dense">
          {log.map((decision) => (
            <li key={decision.id}>
              <When at={decision.at} />
              <Badge status={decision.outcome === "ISSUED" ? "active" : "broken"}>
                {decision.outcome === "ISSUED" ? decisions.issued : decisions.refused}
              </Badge>
              <span className="grow cut">
                {decision.client && decision.clientName ? (
                  <AppLink
                    className="said"
                    to={linkOptions({
                      to: "/t/$tenant/w/$workspace/clients/$id",
                      params: { ...params, id: decision.client },
                    })}
                  >
                    {decision.clientName}
                  </AppLink>
                ) : (
                  <span className="mono muted">{decision.clientId ?? decisions.unknown}</span>
                )}
                {decision.reason && <span className="soft"> {reasonTitle(decision.reason)}</span>}
                {decision.count > 1 && <span className="muted num"> {decisions.times(decision.count)}</span>}
              </span>
              <code className="small muted by asked">{askedFor(decision)}</code>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
