import type { PersonalTokenRowFragment, PersonalTokensPageQuery } from "../../gql/graphql.ts";
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

export const PersonalTokensPage = graphql(`
  query PersonalTokensPage {
    viewer {
      permissions
      personalTokenRules {
        isOn
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

export type PersonalToken = PersonalTokenRowFragment;
export type TokenViewer = PersonalTokensPageQuery["viewer"];
export type Rules = NonNullable<TokenViewer["personalTokenRules"]>;
