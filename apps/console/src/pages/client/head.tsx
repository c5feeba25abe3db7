import { linkOptions, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ClientHeadFragment } from "../../gql/graphql.ts";
import { useInFrame } from "../../shell/frame-store.ts";
import { Button } from "../../ui/button.tsx";
import { Id } from "../../ui/id.tsx";
import { MoreMenu } from "../../ui/menu.tsx";
import { PageHead } from "../../ui/page-head.tsx";
import { useShortcuts } from "../../ui/shortcuts.ts";
import { TabLinks } from "../../ui/tab-links.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { livingGrants } from "./access-changes.ts";
import { useClientActs } from "./acts.tsx";
import { Approval } from "./approval.tsx";
import type { SheetName } from "./credential-kinds.tsx";
import { at, lastUse, noMoreSecrets, soleSecret } from "./state.ts";
import { ClientBadge } from "./status-badge.tsx";
import { words } from "./text.ts";
import { useClientAddress } from "./use-client.tsx";

export type TabId = "overview" | "access" | "credentials" | "settings";

/** The addresses of a client's tabs. */
export function clientTabs(params: { tenant: string; workspace: string; id: string }) {
  const base = "/t/$tenant/w/$workspace/clients/$id" as const;
  return {
    overview: linkOptions({ to: base, params }),
    access: linkOptions({ to: `${base}/access`, params }),
    credentials: linkOptions({ to: `${base}/credentials`, params }),
    settings: linkOptions({ to: `${base}/settings`, params }),
  };
}

function Meta({ client }: { client: ClientHeadFragment }) {
  const last = lastUse(client.credentials?.nodes);
  return (
    <div className="meta">
      <Id id={client.clientId} what="client ID" />
      <span>
        {words.head.created}{" "}
        <b>
          <Time at={at(client.createdAt) ?? 0} />
        </b>
      </span>
      {client.owner && (
        <span>
          {words.head.owner} <b>{client.owner.name}</b>
        </span>
      )}
      {client.credentials && !last && <span>{words.head.never}</span>}
      {last && (
        <span>
          {words.head.lastUsed}{" "}
          <b>
            <Time at={last.at} />
          </b>
          {last.address && (
            <>
              {" "}
              {words.head.from} <b className="mono">{last.address}</b>
            </>
          )}
        </span>
      )}
    </div>
  );
}

/** Name, state and acts of a client, and its tabs; the same on every tab. */
export function ClientPageHead({
  client,
  permissions,
  current,
}: {
  client: ClientHeadFragment;
  permissions: readonly string[];
  current: TabId;
}) {
  const address = useClientAddress();
  const { tenant, workspace, id } = address;
  const tabs = useMemo(() => clientTabs({ tenant, workspace, id }), [tenant, workspace, id]);
  const navigate = useNavigate();
  const { entries, commands, dialogs } = useClientActs(client, permissions);
  const crumbs = useMemo(() => [{ label: client.name }], [client.name]);
  useInFrame({ crumbs, commands });
  const now = useNow(60_000);
  const noMore = noMoreSecrets(client, permissions, now);
  const sole = soleSecret(client.credentials?.nodes ?? [], now);
  const open = (sheet: SheetName) => void navigate({ ...tabs.credentials, search: { new: sheet } });
  useShortcuts({
    ...(sole && noMore === undefined ? { r: () => open("rotate") } : {}),
    "1": () => void navigate(tabs.overview),
    "2": () => void navigate(tabs.access),
    "3": () => void navigate(tabs.credentials),
    "4": () => void navigate(tabs.settings),
    e: () => void navigate(tabs.settings),
  });
  const scopes = livingGrants(client.grants ?? [], now).flatMap((grant) => grant.scopes).length;
  return (
    <>
      <PageHead
        title={client.name}
        badge={<ClientBadge client={client} />}
        actions={
          <>
            <Button
              variant={sole ? "secondary" : "primary"}
              icon="plus"
              disabledReason={noMore}
              onPress={() => open("secret")}
            >
              {words.secrets.add}
            </Button>
            {sole && (
              <Button
                variant="primary"
                icon="rotate"
                shortcut="R"
                disabledReason={noMore}
                onPress={() => open("rotate")}
              >
                {words.rotation.open}
              </Button>
            )}
            <MoreMenu label={words.head.actions} entries={entries} />
          </>
        }
      >
        <Meta client={client} />
      </PageHead>
      <Approval client={client} permissions={permissions} />
      <TabLinks
        label={words.tabs.label}
        current={current}
        tabs={[
          { id: "overview", label: words.tabs.overview, to: tabs.overview },
          { id: "access", label: words.tabs.access, to: tabs.access, ...(client.grants ? { count: scopes } : {}) },
          {
            id: "credentials",
            label: words.tabs.credentials,
            to: tabs.credentials,
            ...(client.credentials ? { count: client.credentials.nodes.filter((one) => !one.revokedAt).length } : {}),
          },
          { id: "settings", label: words.tabs.settings, to: tabs.settings },
        ]}
      />
      {dialogs}
    </>
  );
}
