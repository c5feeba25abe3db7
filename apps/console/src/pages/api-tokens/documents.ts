import type { ApiTokenRowFragment, ApiTokensPageQuery, TokenClientFragment } from "../../gql/graphql.ts";
import { graphql } from "../../server/document.ts";
import "../../shell/frame-query.ts";

/** A token as lists and sheets show it; its value is nowhere. */
graphql(`
  fragment ApiTokenRow on ApiToken {
    __typename
    id
    name
    hint
    createdAt
    expiresAt
    revokedAt
    lastUsedAt
    lastUsedAddress
    isImported
    isMadeByOperator
    followsGrants
    permissions {
      resourceId
      identifier
      resourceName
      scopes
    }
  }
`);

/** What the sheets must know of a client to make tokens for it: what it may do, and what the settings allow. */
graphql(`
  fragment TokenClient on Client {
    id
    clientId
    name
    grants {
      id
      scopes
      resource {
        id
        name
        identifier
        isOwnApi
        scopes {
          name
          description
        }
      }
    }
    settings {
      generatedTypes {
        value
      }
      apiTokens {
        value
        level
      }
      apiTokenLimit {
        value
      }
      staticTokenLifetime {
        value
        level
      }
      staticTokenExpiry {
        value
        level
      }
    }
  }
`);

export const ApiTokensPage = graphql(`
  query ApiTokensPage($workspace: Slug!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      issuer
      viewerPermissions
      settings {
        generatedTypes {
          value
        }
        apiTokens {
          value
          level
        }
      }
      apiTokens(first: 50) {
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...ApiTokenRow
          client {
            id
            name
          }
        }
      }
      clients(first: 20, sort: NAME, direction: ASCENDING) {
        nodes {
          id
          clientId
          name
        }
      }
    }
  }
`);

export const MoreApiTokens = graphql(`
  query MoreApiTokens($workspace: Slug!, $after: Cursor) {
    workspace(slug: $workspace) {
      id
      apiTokens(first: 100, after: $after) {
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...ApiTokenRow
          client {
            id
            name
          }
        }
      }
    }
  }
`);

export const ApiTokenDetail = graphql(`
  query ApiTokenDetail($id: ID!) {
    node(id: $id) {
      __typename
      ... on ApiToken {
        ...ApiTokenRow
        client {
          id
          name
          workspace {
            slug
          }
        }
      }
    }
  }
`);

/** A client that was chosen in the workspace's page. */
export const TokenClientQuery = graphql(`
  query TokenClientQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Client {
        ...TokenClient
        apiTokens(first: 100) {
          nodes {
            ...ApiTokenRow
          }
        }
      }
    }
  }
`);

export const FindTokenClients = graphql(`
  query FindTokenClients($workspace: Slug!, $search: String!) {
    workspace(slug: $workspace) {
      id
      clients(first: 20, search: $search) {
        nodes {
          id
          clientId
          name
        }
      }
    }
  }
`);

export const CreateApiToken = graphql(`
  mutation CreateApiToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      apiToken {
        id
      }
      secret
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const ImportApiToken = graphql(`
  mutation ImportApiToken($input: ImportApiTokenInput!) {
    importApiToken(input: $input) {
      apiToken {
        id
        hint
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const UpdateApiToken = graphql(`
  mutation UpdateApiToken($input: UpdateApiTokenInput!) {
    updateApiToken(input: $input) {
      apiToken {
        id
        name
        expiresAt
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const RevokeApiToken = graphql(`
  mutation RevokeApiToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      apiToken {
        id
        revokedAt
      }
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export type ApiToken = ApiTokenRowFragment;
/** What a token belongs to. */
export type TokenClient = TokenClientFragment;
export type ApiTokensWorkspace = NonNullable<ApiTokensPageQuery["workspace"]>;
/** A token of any client, in the workspace's list. */
export type ListedToken = NonNullable<ApiTokensWorkspace["apiTokens"]>["nodes"][number];
