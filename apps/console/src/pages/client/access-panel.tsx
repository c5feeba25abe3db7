import { Tag } from "../../ui/badge.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import type { OverviewClient } from "../client.tsx";
import { livingGrants } from "./access-changes.ts";
import { clientTabs } from "./head.tsx";
import { words } from "./text.ts";
import { useClientAddress } from "./use-client.tsx";

const SHOWN = 12;

/** Which APIs and scopes it may ask for, in short. */
export function AccessPanel({ client, permissions }: { client: OverviewClient; permissions: readonly string[] }) {
  const to = clientTabs(useClientAddress()).access;
  const mayGrant = permissions.includes("client-grant:write");
  const grants = livingGrants(client.grants ?? [], useNow(60_000));
  const { access } = words;
  return (
    <Panel
      title={access.title}
      aside={
        grants.length > 0 && (
          <ButtonLink to={to} size="compact" variant="quiet">
            {mayGrant ? access.edit : access.see}
          </ButtonLink>
        )
      }
    >
      {grants.length === 0 && (
        <EmptyState action={mayGrant && <ButtonLink to={to}>{access.grant}</ButtonLink>}>{access.none}</EmptyState>
      )}
      <ul className="ruled">
        {grants.map((grant) => (
          <li key={grant.id}>
            <b>{grant.resource?.name ?? access.hiddenApi}</b>{" "}
            <code className="muted">{grant.resource?.identifier}</code>
            {grant.expiresAt && (
              <span className="small muted">
                {" "}
                {access.ends} <Time at={Date.parse(grant.expiresAt)} />
              </span>
            )}
            <div className="tags">
              {grant.scopes.slice(0, SHOWN).map((scope) => (
                <Tag key={scope} mono>
                  {scope}
                </Tag>
              ))}
              {grant.scopes.length > SHOWN && <span className="muted">+{grant.scopes.length - SHOWN}</span>}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
