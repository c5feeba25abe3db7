import { ButtonLink } from "../../ui/button.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { TimeCell, useNow } from "../../ui/time.tsx";
import type { OverviewClient } from "../client.tsx";
import { markOf } from "./credential-rows.ts";
import { clientTabs } from "./head.tsx";
import { withRotations } from "./rotation.ts";
import { at, credentialState, noMoreSecrets } from "./state.ts";
import { CredentialBadge } from "./status-badge.tsx";
import { words } from "./text.ts";
import { useClientAddress } from "./use-client.tsx";

/** The credentials that work, with their last use and how long they live. */
export function CredentialsPanel({ client, permissions }: { client: OverviewClient; permissions: readonly string[] }) {
  const to = clientTabs(useClientAddress()).credentials;
  const now = useNow(60_000);
  const { credentials, kinds, secrets } = words;
  const all = client.credentials && withRotations(client.credentials.nodes, client.secretRotations);
  const working = all?.filter((one) => credentialState(one, now).works);
  const mayAdd = noMoreSecrets(client, permissions, now) === undefined;
  return (
    <Panel
      title={credentials.title}
      aside={
        <ButtonLink to={to} size="compact" variant="quiet">
          {credentials.manage}
        </ButtonLink>
      }
    >
      {!working && <EmptyState>{credentials.hidden}</EmptyState>}
      {working?.length === 0 && (
        <EmptyState action={mayAdd && <ButtonLink to={{ ...to, search: { new: "secret" } }}>{secrets.add}</ButtonLink>}>
          {credentials.none}
        </EmptyState>
      )}
      <ul className="ruled">
        {working?.map((one) => (
          <li key={one.id} className="secret-line">
            <span>
              <b>{one.name || kinds[one.__typename].name}</b> <code className="muted">{markOf(one)}</code>
            </span>
            <CredentialBadge credential={one} />
            <span className="small muted">
              {credentials.columns.lastUsed}: <TimeCell at={at(one.lastUsedAt)} />
              {one.lastUsedAddress && (
                <>
                  {" "}
                  {words.head.from} <span className="mono">{one.lastUsedAddress}</span>
                </>
              )}
            </span>
            <LifeBar createdAt={at(one.createdAt) ?? now} expiresAt={at(one.expiresAt)} now={now} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
