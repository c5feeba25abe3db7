import type { FrameFragment, TenantFrameFragment } from "../gql/graphql.ts";
import { graphql } from "../server/document.ts";

/** What the frame shows outside any workspace. Every document of a page below `/t/$tenant` spreads this or `Frame`. */
graphql(`
  fragment TenantFrame on Query {
    viewer {
      name
      email
      memberId
      permissions
      tenant {
        id
        slug
        name
      }
      tenants {
        slug
        name
      }
    }
    workspaces(first: 100) {
      nodes {
        id
        slug
        name
        kind
        status
        issuer
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** What the frame shows in a workspace. The document names `$workspace: Slug!`; `usePage` fills it in. */
graphql(`
  fragment Frame on Query {
    ...TenantFrame
    workspace(slug: $workspace) {
      id
      slug
      name
      kind
      status
      issuer
      viewerPermissions
      gatekeepers
      counts {
        clients
        resources
        apiTokens
      }
      settings {
        apiTokens {
          value
        }
      }
    }
  }
`);

/** The frame's part of any page's answer. */
export type FrameData = TenantFrameFragment & Partial<Pick<FrameFragment, "workspace">>;
