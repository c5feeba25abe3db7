import { linkOptions, useParams } from "@tanstack/react-router";
import { number } from "../../format.ts";
import { AppLink } from "../../ui/link.tsx";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { ShareBar } from "./share-bar.tsx";
import { words } from "./text.ts";

interface Busy {
  readonly clientId: string;
  readonly issued: number;
  readonly client?: { readonly id: string; readonly name: string } | null;
}

/** Who got the most tokens in the last day. */
export function Busiest({ busiest }: { busiest: readonly Busy[] }) {
  const { tenant = "", workspace = "" } = useParams({ strict: false });
  const params = { tenant, workspace };
  return (
    <Panel
      title={words.busiest.title}
      aside={<AppLink to={linkOptions({ to: "/t/$tenant/w/$workspace/clients", params })}>{words.busiest.all}</AppLink>}
    >
      {busiest.length === 0 ? (
        <EmptyState>{words.busiest.none}</EmptyState>
      ) : (
        <ul className="lines dense">
          {busiest.map(({ clientId, client, issued }) => (
            <li key={clientId}>
              <span className="grow cut">
                {client ? (
                  <AppLink
                    className="name"
                    to={linkOptions({
                      to: "/t/$tenant/w/$workspace/clients/$id",
                      params: { ...params, id: client.id },
                    })}
                  >
                    {client.name}
                  </AppLink>
                ) : (
                  <span className="mono muted">{clientId}</span>
                )}
              </span>
              <ShareBar value={issued} of={busiest[0]?.issued ?? 0} />
              <span className="num count">{number(issued)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
