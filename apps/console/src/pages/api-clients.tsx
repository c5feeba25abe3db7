import { useCallback } from "react";
import { useClient } from "urql";
import { graphql } from "../server/document.ts";
import { useMore } from "../server/more.ts";
import { usePage } from "../server/page.tsx";
import "./apis/documents.ts";
import { GrantMatrix } from "./apis/grant-matrix.tsx";
import { ApiPageHead, apiOf, useApiAddress } from "./apis/head.tsx";

const ApiClientsPage = graphql(`
  query ApiClientsPage($workspace: Slug!, $id: ID!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      viewerPermissions
    }
    node(id: $id) {
      __typename
      ... on Resource {
        ...ApiHead
        scopes {
          id
          name
          description
        }
        grants(first: 50) {
          nodes {
            id
            scopes
            client {
              id
              name
              clientId
              status
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

const MoreGrants = graphql(`
  query MoreGrants($id: ID!, $after: Cursor) {
    node(id: $id) {
      __typename
      ... on Resource {
        id
        grants(first: 50, after: $after) {
          nodes {
            id
            scopes
            client {
              id
              name
              clientId
              status
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

/** Who can call an API, and with which of its scopes. */
export function ApiClients() {
  const { id } = useApiAddress();
  const page = usePage(ApiClientsPage, { id });
  const client = useClient();
  const load = useCallback(
    async (after: string) => {
      const { data } = await client.query(MoreGrants, { id, after }).toPromise();
      return data?.node?.__typename === "Resource" ? (data.node.grants ?? null) : null;
    },
    [client, id],
  );
  const first = page.data?.node?.__typename === "Resource" ? page.data.node.grants : null;
  const { rows, hasMore, onMore } = useMore(id, first, load);
  if (page.wait) return page.wait;
  const { workspace, node } = page.data;
  const { api, wait } = apiOf(node, workspace.slug);
  if (wait) return wait;
  return (
    <>
      <ApiPageHead api={api} current="clients" />
      <GrantMatrix
        scopes={api.scopes ?? []}
        grants={rows}
        total={api.clientCount ?? null}
        hasMore={hasMore}
        onMore={onMore}
      />
    </>
  );
}
