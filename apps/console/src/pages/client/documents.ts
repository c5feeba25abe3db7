import { graphql } from "../../server/document.ts";
import "./credential-rows.ts";

/** What every tab of a client shows: its head, and what its acts must know to say their effect. */
graphql(`
  fragment ClientHead on Client {
    __typename
    id
    clientId
    name
    description
    status
    approval
    refusalReason
    owner {
      id
      name
    }
    createdAt
    tokensNotBefore
    registration {
      registeredAt
      revokedAt
      initialAccessTokenName
    }
    workspace {
      slug
    }
    grants {
      id
      scopes
      expiresAt
    }
    secretRotations {
      formerId
      state
      formerIssued
      successorIssued
    }
    credentials(first: 100) {
      pageInfo {
        hasNextPage
      }
      nodes {
        ...CredentialRow
      }
    }
    settings {
      accessTokenLifetime {
        value
        level
      }
      clientSecretLimit {
        value
      }
    }
  }
`);

export const setClientGrant = graphql(`
  mutation SetClientGrant($input: SetClientGrantInput!) {
    setClientGrant(input: $input) {
      clientGrant {
        id
        scopes
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

export const disableClient = graphql(`
  mutation DisableClient($input: DisableClientInput!) {
    disableClient(input: $input) {
      client {
        id
        status
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

export const approveClient = graphql(`
  mutation ApproveClient($input: ApproveClientInput!) {
    approveClient(input: $input) {
      client {
        id
        approval
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

export const refuseClient = graphql(`
  mutation RefuseClient($input: RefuseClientInput!) {
    refuseClient(input: $input) {
      client {
        id
        approval
        refusalReason
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

export const enableClient = graphql(`
  mutation EnableClient($input: EnableClientInput!) {
    enableClient(input: $input) {
      client {
        id
        status
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

export const revokeClientTokens = graphql(`
  mutation RevokeClientTokens($input: RevokeClientTokensInput!) {
    revokeClientTokens(input: $input) {
      client {
        id
        tokensNotBefore
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

export const revokeClientRegistration = graphql(`
  mutation RevokeClientRegistration($input: RevokeClientRegistrationInput!) {
    revokeClientRegistration(input: $input) {
      client {
        id
        registration {
          revokedAt
        }
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

export const deleteClient = graphql(`
  mutation DeleteClient($input: DeleteClientInput!) {
    deleteClient(input: $input) {
      deletedClientId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);
