import { linkOptions } from "@tanstack/react-router";
import { Badge, Shape } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { AppLink } from "../../ui/link.tsx";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { useApiAddress } from "./head.tsx";
import { words } from "./text.ts";

interface Grant {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly client?: { readonly id: string; readonly name: string; readonly status: string } | null;
}

interface MatrixProps {
  scopes: readonly { readonly id: string; readonly name: string; readonly description: string }[];
  grants: readonly Grant[];
  /** Null where clients may not be seen. */
  total: number | null;
  hasMore: boolean;
  onMore: () => void;
}

function ClientName({ grant }: { grant: Grant }) {
  const { tenant, workspace } = useApiAddress();
  const { client } = grant;
  if (!client) return <span className="muted">{words.clients.client}</span>;
  const params = { tenant, workspace, id: client.id };
  return (
    <>
      <AppLink className="name" to={linkOptions({ to: "/t/$tenant/w/$workspace/clients/$id/access", params })}>
        {client.name}
      </AppLink>
      {client.status === "DISABLED" && <Badge status="off">{words.clients.disabled}</Badge>}
    </>
  );
}

function Cell({ held }: { held: boolean }) {
  const { granted, notGranted } = words.clients;
  return (
    <td className={held ? "held" : "free"}>
      {held ? <Shape status="active" /> : <span aria-hidden="true">·</span>}
      <span className="sr">{held ? granted : notGranted}</span>
    </td>
  );
}

/** Clients down, scopes across: the page of a security review. */
export function GrantMatrix({ scopes, grants, total, hasMore, onMore }: MatrixProps) {
  const { clients } = words;
  if (total === null) {
    return (
      <Panel>
        <EmptyState>{clients.hidden}</EmptyState>
      </Panel>
    );
  }
  if (grants.length === 0) {
    return (
      <Panel>
        <EmptyState>{clients.none}</EmptyState>
      </Panel>
    );
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="matrix-box" tabIndex={0} aria-label={clients.label}>
        <table className="matrix">
          <caption className="sr">{clients.label}</caption>
          <thead>
            <tr>
              <th scope="col">{clients.client}</th>
              {scopes.map((scope) => (
                <th key={scope.id} scope="col" title={scope.description}>
                  <span className="mono">{scope.name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grants.map((grant) => (
              <tr key={grant.id}>
                <th scope="row">
                  <ClientName grant={grant} />
                </th>
                {scopes.map((scope) => (
                  <Cell key={scope.id} held={grant.scopes.includes(scope.name)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="under">
        <span className="num">{clients.counted(grants.length, Math.max(total, grants.length))}</span>
        <span>{clients.legend}</span>
        <span className="grow" />
        {hasMore && (
          <Button size="compact" onPress={onMore}>
            {clients.more}
          </Button>
        )}
      </div>
    </>
  );
}
