import { linkOptions, useParams } from "@tanstack/react-router";
import { type ReactElement, type ReactNode, useMemo } from "react";
import type { ApiHeadFragment } from "../../gql/graphql.ts";
import { mayNot } from "../../may-not.ts";
import { useInFrame } from "../../shell/frame-store.ts";
import { Badge } from "../../ui/badge.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Id } from "../../ui/id.tsx";
import { NotYours } from "../../ui/not-yours.tsx";
import { PageHead } from "../../ui/page-head.tsx";
import { Banner } from "../../ui/states.tsx";
import { TabLinks } from "../../ui/tab-links.tsx";
import { Time } from "../../ui/time.tsx";
import "../../styles/apis.css";
import { words } from "./text.ts";

/** The names in the address. */
export function useApiAddress(): { tenant: string; workspace: string; id: string } {
  const { tenant = "", workspace = "", id = "" } = useParams({ strict: false });
  return { tenant, workspace, id };
}

/** The API of the address, or what to draw instead: not there, not in this workspace and not yours look alike. */
export function apiOf<Node extends { __typename: string }>(
  node: Node | null | undefined,
  slug: string,
): { api: Extract<Node, { __typename: "Resource" }>; wait: null } | { api: null; wait: ReactElement } {
  const api = node?.__typename === "Resource" ? (node as unknown as ApiHeadFragment) : null;
  if (api?.workspace?.slug === slug) return { api: node as Extract<Node, { __typename: "Resource" }>, wait: null };
  const wait = (
    <>
      <PageHead title={words.title} />
      <NotYours what={words.missing} />
    </>
  );
  return { api: null, wait };
}

/** Why nothing of this API can be changed by this person, or `undefined`. */
export const whyNot = (api: Pick<ApiHeadFragment, "isOwnApi">, may: readonly string[]): string | undefined => {
  if (api.isOwnApi) return words.own;
  return mayNot(may, "resource:write");
};

/** Name, identifier and tabs; the same above every tab. */
export function ApiPageHead({
  api,
  current,
  actions,
}: {
  api: ApiHeadFragment;
  current: "scopes" | "clients" | "settings";
  actions?: ReactNode;
}) {
  const { tenant, workspace, id } = useApiAddress();
  const { name } = api;
  useInFrame({ crumbs: useMemo(() => [{ label: name }], [name]) });
  const params = { tenant, workspace, id };
  const { tabs, head } = words;
  return (
    <>
      <PageHead
        title={name}
        badge={
          api.isOwnApi && (
            <Badge status="off" filled>
              {words.list.ownBadge}
            </Badge>
          )
        }
        actions={actions}
      >
        {api.description && <p className="described">{api.description}</p>}
        <div className="meta">
          <span>
            {head.identifier}{" "}
            <span className="id">
              <b>{api.identifier}</b>
              <CopyButton value={api.identifier} what={head.identifier.toLowerCase()} look="icon" />
            </span>
          </span>
          <span>
            {head.id} <Id id={api.id} what={head.id} />
          </span>
          <span>
            {head.created} <Time at={Date.parse(api.createdAt)} />
          </span>
        </div>
      </PageHead>
      <TabLinks
        label={tabs.label}
        current={current}
        tabs={[
          {
            id: "scopes",
            label: tabs.scopes,
            count: api.scopeCount,
            to: linkOptions({ to: "/t/$tenant/w/$workspace/apis/$id", params }),
          },
          {
            id: "clients",
            label: tabs.clients,
            ...(typeof api.clientCount === "number" ? { count: api.clientCount } : {}),
            to: linkOptions({ to: "/t/$tenant/w/$workspace/apis/$id/clients", params }),
          },
          {
            id: "settings",
            label: tabs.settings,
            to: linkOptions({ to: "/t/$tenant/w/$workspace/apis/$id/settings", params }),
          },
        ]}
      />
      {api.isOwnApi && (
        <Banner tone="info">
          {words.own} {words.ownNote}
        </Banner>
      )}
    </>
  );
}
