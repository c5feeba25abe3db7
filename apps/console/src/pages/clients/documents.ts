import type { ClientRowFragment, ClientsPageQuery } from "../../gql/graphql.ts";
import { graphql } from "../../server/document.ts";
import "../../shell/frame-query.ts";

export const ClientRow = graphql(`
  fragment ClientRow on Client {
    id
    clientId
    name
    status
    approval
    createdAt
    summary {
      resources
      scopes
      lastUsedAt
      credential {
        createdAt
        expiresAt
      }
    }
  }
`);

/** The first part of the list, as it stands behind the sheet too. */
export const ClientList = graphql(`
  fragment ClientList on Workspace {
    clientCounts {
      all
      active
      disabled
      waiting
      neverUsed
      credentialExpiring
      credentialExpired
    }
    clients(first: 50, search: $search, state: $state, sort: $sort, direction: $direction) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...ClientRow
      }
    }
  }
`);

export const ClientsPage = graphql(`
  query ClientsPage(
    $workspace: Slug!
    $search: String
    $state: ClientState
    $sort: ClientSort
    $direction: SortDirection
  ) {
    ...Frame
    workspace(slug: $workspace) {
      ...ClientList
    }
  }
`);

export const MoreClients = graphql(`
  query MoreClients(
    $workspace: Slug!
    $after: Cursor
    $search: String
    $state: ClientState
    $sort: ClientSort
    $direction: SortDirection
  ) {
    workspace(slug: $workspace) {
      clients(first: 100, after: $after, search: $search, state: $state, sort: $sort, direction: $direction) {
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          ...ClientRow
        }
      }
    }
  }
`);

export const ApiChoice = graphql(`
  fragment ApiChoice on Resource {
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
`);

export const CreateClientPage = graphql(`
  query CreateClientPage(
    $workspace: Slug!
    $search: String
    $state: ClientState
    $sort: ClientSort
    $direction: SortDirection
  ) {
    ...Frame
    workspace(slug: $workspace) {
      ...ClientList
      tokenEndpoint
      mtlsTokenEndpoint
      jwksUri
      settings {
        accessTokenLifetime {
          value
          level
        }
        clientSecretLifetime {
          value
          level
        }
        clientApproval {
          value
        }
        clientAuthenticationMethods {
          value
        }
        dpop {
          value
        }
      }
      resources(first: 50) {
        pageInfo {
          hasNextPage
        }
        nodes {
          ...ApiChoice
        }
      }
    }
  }
`);

export const FindApis = graphql(`
  query FindApis($workspace: Slug!, $search: String!) {
    workspace(slug: $workspace) {
      resources(first: 20, search: $search) {
        nodes {
          ...ApiChoice
        }
      }
    }
  }
`);

export const CreateClient = graphql(`
  mutation CreateClient($input: CreateClientInput!) {
    createClient(input: $input) {
      client {
        id
        clientId
        name
        credentials(kind: CLIENT_SECRET) {
          nodes {
            id
          }
        }
      }
      secret
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const DisableClients = graphql(`
  mutation DisableClients($input: DisableClientsInput!) {
    disableClients(input: $input) {
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const EnableClients = graphql(`
  mutation EnableClients($input: EnableClientsInput!) {
    enableClients(input: $input) {
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const DeleteClients = graphql(`
  mutation DeleteClients($input: DeleteClientsInput!) {
    deleteClients(input: $input) {
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export type ListedClient = ClientRowFragment;
/** A workspace as the list's page has it. */
export type ListWorkspace = NonNullable<ClientsPageQuery["workspace"]>;
