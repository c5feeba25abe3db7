import type { ResultOf } from "@graphql-typed-document-node/core";
import { graphql } from "../server/document.ts";
import { usePage } from "../server/page.tsx";
import { Panel } from "../ui/states.tsx";
import "./client/documents.ts";
import { AccessPanel } from "./client/access-panel.tsx";
import { CredentialsPanel } from "./client/credentials-panel.tsx";
import { Decisions } from "./client/decisions.tsx";
import { Facts } from "./client/facts.tsx";
import { ClientPageHead } from "./client/head.tsx";
import { words } from "./client/text.ts";
import { clientOf, useClientAddress } from "./client/use-client.tsx";
import { Uses } from "./client/uses.tsx";

const ClientOverviewPage = graphql(`
  query ClientOverviewPage($workspace: Slug!, $id: ID!, $clientId: ClientId!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      viewerPermissions
      tokenEndpoint
      tokenLog(first: 8, clientId: $clientId) {
        nodes {
          id
          at
          outcome
          correlationId
          resource
          scope
          reason
          evidence
          count
          address
          agent
        }
        pageInfo {
          hasNextPage
        }
      }
    }
    node(id: $id) {
      __typename
      ... on Client {
        ...ClientHead
        grants {
          id
          scopes
          expiresAt
          resource {
            id
            name
            identifier
          }
        }
        tokenUses {
          resource
          checkedBy
          scope
          address
          reason
          lastAt
          uses
        }
      }
    }
  }
`);

export type OverviewClient = Extract<
  NonNullable<ResultOf<typeof ClientOverviewPage>["node"]>,
  { __typename: "Client" }
>;

/** A client at a glance: how to reach it, what it may call, with what, and what came of it lately. */
export function ClientOverview() {
  const { id } = useClientAddress();
  const page = usePage(ClientOverviewPage, { id, clientId: id });
  if (page.wait) return page.wait;
  const { workspace, node } = page.data;
  const found = clientOf({ workspace, node });
  if (found.wait) return found.wait;
  const { client } = found;
  return (
    <>
      <ClientPageHead client={client} permissions={workspace.viewerPermissions} current="overview" />
      <div className="client-overview">
        <div>
          <Facts client={client} tokenEndpoint={workspace.tokenEndpoint} />
          <Panel title={words.decisions.title}>
            <Decisions log={workspace.viewerPermissions.includes("token-log:read") ? workspace.tokenLog : null} />
          </Panel>
          <Panel title={words.uses.title}>
            <Uses client={client} />
          </Panel>
        </div>
        <div>
          <AccessPanel client={client} permissions={workspace.viewerPermissions} />
          <CredentialsPanel client={client} permissions={workspace.viewerPermissions} />
        </div>
      </div>
    </>
  );
}
