import { linkOptions } from "@tanstack/react-router";
import { graphql } from "../server/document.ts";
import { usePage } from "../server/page.tsx";
import { Button, ButtonLink } from "../ui/button.tsx";
import { Banner, EmptyState, MarginBlock } from "../ui/states.tsx";
import { AccessEditor } from "./client/access-editor.tsx";
import "./client/documents.ts";
import { mayNot } from "../may-not.ts";
import { ClientPageHead } from "./client/head.tsx";
import { useApis } from "./client/more-apis.ts";
import { Roles } from "./client/roles.tsx";
import { words } from "./client/text.ts";
import { clientOf, useClientAddress } from "./client/use-client.tsx";

const ClientAccessPage = graphql(`
  query ClientAccessPage($workspace: Slug!, $id: ID!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      viewerPermissions
      resources(first: 50) {
        nodes {
          id
          name
          identifier
          isOwnApi
          scopes {
            id
            name
            description
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      roles(first: 100) {
        nodes {
          id
          name
          description
          isBuiltIn
        }
      }
    }
    node(id: $id) {
      __typename
      ... on Client {
        ...ClientHead
        grants {
          id
          resource {
            id
            name
            identifier
            isOwnApi
            scopes {
              id
              name
              description
            }
          }
        }
        assignments(first: 100) {
          nodes {
            id
            createdAt
            notBefore
            expiresAt
            everywhere
            role {
              id
              name
            }
            targetWorkspace {
              id
              name
            }
          }
        }
      }
    }
  }
`);

/** What a client may ask for: the scope grid of the workspace's APIs, and the roles that it holds. */
export function ClientAccess() {
  const address = useClientAddress();
  const page = usePage(ClientAccessPage, { id: address.id });
  const resources = page.data?.workspace.resources;
  const { apis, more, pending } = useApis(address.workspace, resources);
  if (page.wait) return page.wait;
  const { workspace, node, viewer, workspaces } = page.data;
  const found = clientOf({ workspace, node });
  if (found.wait) return found.wait;
  const { client } = found;
  const { access } = words;
  const locked = mayNot(workspace.viewerPermissions, "client-grant:write");
  const roles = workspace.roles?.nodes ?? [];
  const assignments = client.assignments?.nodes ?? [];
  const nothing = resources ? access.noApis : access.hidden;
  const hasApis = apis.length > 0 || (client.grants ?? []).some(({ resource }) => resource);
  const toApis = linkOptions({ to: "/t/$tenant/w/$workspace/apis", params: address });
  return (
    <>
      <ClientPageHead client={client} permissions={workspace.viewerPermissions} current="access" />
      <MarginBlock title={access.title} help={access.help}>
        {locked && <Banner tone="info">{`${access.readOnly} ${locked}`}</Banner>}
        {hasApis ? (
          <AccessEditor
            client={client}
            listed={apis}
            held={viewer.permissions}
            mayGrant={!locked}
            reload={page.reload}
          />
        ) : (
          <div className="panel">
            <EmptyState action={resources && <ButtonLink to={toApis}>{access.toApis}</ButtonLink>}>
              {nothing}
            </EmptyState>
          </div>
        )}
        {more && (
          <Button onPress={() => void more()} pending={pending}>
            {access.more}
          </Button>
        )}
      </MarginBlock>
      {(workspace.kind !== "CUSTOM" || roles.length > 0 || assignments.length > 0) && (
        <Roles
          client={client}
          workspace={workspace}
          roles={roles}
          assignments={assignments}
          workspaces={workspaces?.nodes ?? []}
        />
      )}
    </>
  );
}
