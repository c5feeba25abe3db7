import type {
  PersonalClientRowFragment,
  PersonalTokenRowFragment,
  PersonalTokensPageQuery,
} from "../../gql/graphql.ts";
import { graphql } from "../../server/document.ts";

graphql(`
  fragment PersonalTokenRow on PersonalToken {
    __typename
    id
    name
    hint
    createdAt
    expiresAt
    revokedAt
    lastUsedAt
    lastUsedAddress
    followsPower
    scopes
  }
`);

graphql(`
  fragment PersonalClientRow on PersonalClient {
    __typename
    id
    name
    hint
    createdAt
    expiresAt
    revokedAt
    lastUsedAt
    lastUsedAddress
    followsPower
    scopes
  }
`);

export const PersonalTokensPage = graphql(`
  query PersonalTokensPage {
    viewer {
      permissions
      personalTokenRules {
        isOn
        types
        limit
        longestDays
        mayNeverEnd
      }
      personalTokens(first: 100) {
        pageInfo {
          hasNextPage
        }
        nodes {
          ...PersonalTokenRow
        }
      }
      personalClients(first: 100) {
        pageInfo {
          hasNextPage
        }
        nodes {
          ...PersonalClientRow
        }
      }
    }
  }
`);

export const CreatePersonalToken = graphql(`
  mutation CreatePersonalToken($input: CreatePersonalTokenInput!) {
    createPersonalToken(input: $input) {
      personalToken {
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

export const UpdatePersonalToken = graphql(`
  mutation UpdatePersonalToken($input: UpdatePersonalTokenInput!) {
    updatePersonalToken(input: $input) {
      personalToken {
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

export const RevokePersonalToken = graphql(`
  mutation RevokePersonalToken($input: RevokePersonalTokenInput!) {
    revokePersonalToken(input: $input) {
      personalToken {
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

export const CreatePersonalClient = graphql(`
  mutation CreatePersonalClient($input: CreatePersonalClientInput!) {
    createPersonalClient(input: $input) {
      personalClient {
        id
        tokenEndpoint
        resource
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

export const RenewPersonalClient = graphql(`
  mutation RenewPersonalClient($input: RenewPersonalClientInput!) {
    renewPersonalClient(input: $input) {
      personalClient {
        id
        tokenEndpoint
        resource
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

export const RevokePersonalClient = graphql(`
  mutation RevokePersonalClient($input: RevokePersonalClientInput!) {
    revokePersonalClient(input: $input) {
      personalClient {
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

export type PersonalToken = PersonalTokenRowFragment;
/** What is a person's own, of either type. */
export type Own = PersonalToken | PersonalClientRowFragment;
export type TokenViewer = PersonalTokensPageQuery["viewer"];
export type Rules = NonNullable<TokenViewer["personalTokenRules"]>;
