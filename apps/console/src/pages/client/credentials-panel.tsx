import { ButtonLink } from "../../ui/button.tsx";
import { LifeBar } from "../../ui/life-bar.tsx";
import { EmptyState, Panel } from "../../ui/states.tsx";
import { TimeCell, useNow } from "../../ui/time.tsx";
import type { OverviewClient } from "../client.tsx";
import { clientTabs } from "./head.tsx";
import { hintOf } from "./secret-rows.ts";
import { at, secretState } from "./state.ts";
import { SecretBadge } from "./status-badge.tsx";
import { words } from "./text.ts";
import { useClientAddress } from "./use-client.tsx";

/** The secrets that work, with their last use and how long they live. */
export function CredentialsPanel({ client, permissions }: { client: OverviewClient; permissions: readonly string[] }) {
  const to = clientTabs(useClientAddress()).credentials;
  const now = useNow(60_000);
  const { credentials, secrets } = words;
  const working = client.secrets?.filter((secret) => secretState(secret, now).works);
  const mayAdd = permissions.includes("client-secret:write");
  return (
    <Panel
      title={credentials.title}
      aside={
        <ButtonLink to={to} size="compact" variant="quiet">
          {credentials.manage}
        </ButtonLink>
      }
    >
      {!working && <EmptyState>{secrets.hidden}</EmptyState>}
      {working?.length === 0 && (
        <EmptyState action={mayAdd && <ButtonLink to={{ ...to, search: { new: "secret" } }}>{secrets.add}</ButtonLink>}>
          {credentials.none}
        </EmptyState>
      )}
      <ul className="ruled">
        {working?.map((secret) => (
          <li key={secret.id} className="secret-line">
            <span>
              <b>{secret.name || secrets.unnamed}</b> <code className="muted">{hintOf(secret)}</code>
            </span>
            <SecretBadge secret={secret} />
            <span className="small muted">
              {secrets.lastUsed}: <TimeCell at={at(secret.lastUsedAt)} />
              {secret.lastUsedAddress && (
                <>
                  {" "}
                  {words.head.from} <span className="mono">{secret.lastUsedAddress}</span>
                </>
              )}
            </span>
            <LifeBar createdAt={at(secret.createdAt) ?? now} expiresAt={at(secret.expiresAt)} now={now} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
