import type { ResultOf } from "@graphql-typed-document-node/core";
import { graphql } from "../../server/document.ts";
import "../clients/documents.ts";
import "../../shell/frame-query.ts";

export const RegistrationPage = graphql(`
  query RegistrationPage($workspace: Slug!) {
    ...Frame
    workspace(slug: $workspace) {
      id
      slug
      kind
      issuer
      viewerPermissions
      initialAccessTokens(first: 100) {
        pageInfo {
          hasNextPage
        }
        nodes {
          id
          name
          hint
          uses
          usesLeft
          createdAt
          expiresAt
          revokedAt
          lastUsedAt
          ceiling {
            resourceId
            resourceName
            scopes
          }
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

export const CreateInitialAccessToken = graphql(`
  mutation CreateInitialAccessToken($input: CreateInitialAccessTokenInput!) {
    createInitialAccessToken(input: $input) {
      initialAccessToken {
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

export const RevokeInitialAccessToken = graphql(`
  mutation RevokeInitialAccessToken($input: RevokeInitialAccessTokenInput!) {
    revokeInitialAccessToken(input: $input) {
      initialAccessToken {
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

export type RegistrationWorkspace = NonNullable<ResultOf<typeof RegistrationPage>["workspace"]>;
export type Token = NonNullable<RegistrationWorkspace["initialAccessTokens"]>["nodes"][number];
