import type { ResultOf } from "@graphql-typed-document-node/core";
import { graphql } from "../../server/document.ts";
import "../members/documents.ts";
import "../../shell/frame-query.ts";

graphql(`
  fragment SsoProviderRow on SsoProvider {
    id
    name
    issuer
    clientId
    redirectUri
    scopes
    emailDomains
    joining
    isRequired
    isActive
    createdAt
    roles {
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
`);

export const SignInSettingsPage = graphql(`
  query SignInSettingsPage {
    ...TenantFrame
    admin: workspace(slug: "admin") {
      id
      viewerPermissions
      roles(first: 100) {
        nodes {
          ...PersonRole
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    ssoProviders {
      ...SsoProviderRow
    }
  }
`);

export const CreateSsoProvider = graphql(`
  mutation CreateSsoProvider($input: CreateSsoProviderInput!) {
    createSsoProvider(input: $input) {
      ssoProvider {
        ...SsoProviderRow
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

export const UpdateSsoProvider = graphql(`
  mutation UpdateSsoProvider($input: UpdateSsoProviderInput!) {
    updateSsoProvider(input: $input) {
      ssoProvider {
        ...SsoProviderRow
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

export const DeleteSsoProvider = graphql(`
  mutation DeleteSsoProvider($input: DeleteSsoProviderInput!) {
    deleteSsoProvider(input: $input) {
      deletedSsoProviderId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export type Provider = NonNullable<ResultOf<typeof SignInSettingsPage>["ssoProviders"]>[number];
