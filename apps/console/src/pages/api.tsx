import { graphql } from "../server/document.ts";
import { usePage } from "../server/page.tsx";
import "./apis/documents.ts";
import { ApiPageHead, apiOf, useApiAddress, whyNot } from "./apis/head.tsx";
import { ScopeTable } from "./apis/scope-table.tsx";

const ApiScopesPage = graphql(`
  query ApiScopesPage($workspace: Slug!, $id: ID!) {
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
          createdAt
          clientCount
        }
      }
    }
  }
`);

/** An API and its scopes. */
export function Api() {
  const { id } = useApiAddress();
  const page = usePage(ApiScopesPage, { id });
  if (page.wait) return page.wait;
  const { workspace, node } = page.data;
  const { api, wait } = apiOf(node, workspace.slug);
  if (wait) return wait;
  return (
    <>
      <ApiPageHead api={api} current="scopes" />
      <ScopeTable
        key={api.id}
        apiId={api.id}
        scopes={api.scopes ?? []}
        whyNot={whyNot(api, workspace.viewerPermissions)}
      />
    </>
  );
}
