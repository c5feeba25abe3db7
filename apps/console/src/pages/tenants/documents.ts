import type { ResultOf } from "@graphql-typed-document-node/core";
import type { TenantRowFragment } from "../../gql/graphql.ts";
import { graphql } from "../../server/document.ts";
import "../../shell/frame-query.ts";

graphql(`
  fragment TenantRow on Tenant {
    id
    slug
    name
    status
    isRoot
    createdAt
    deletedAt
    restorableUntil
    workspaceLimit
    clientLimit
    summary {
      awaitsOwner
      workspaces
      clients
      issued
      refused
    }
  }
`);

export const TenantsPage = graphql(`
  query TenantsPage($search: String, $state: TenantState, $id: TenantId!, $isOpen: Boolean!) {
    ...TenantFrame
    viewer {
      issuerOrigin
    }
    tenants(first: 50, search: $search, state: $state) {
      totalCount
      nodes {
        ...TenantRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    open: tenantById(id: $id) @include(if: $isOpen) {
      ...TenantRow
    }
  }
`);

export const MoreTenants = graphql(`
  query MoreTenants($search: String, $state: TenantState, $after: Cursor!) {
    tenants(first: 50, search: $search, state: $state, after: $after) {
      nodes {
        ...TenantRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CreateTenant = graphql(`
  mutation CreateTenant($input: CreateTenantInput!) {
    createTenant(input: $input) {
      tenant {
        id
      }
      secret {
        ownerInvite
        tokenEndpoint
        clientId
        clientSecret
        resource
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

export const CreateTenantOwnerLink = graphql(`
  mutation CreateTenantOwnerLink($input: CreateTenantOwnerLinkInput!) {
    createTenantOwnerLink(input: $input) {
      tenant {
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

export const UpdateTenant = graphql(`
  mutation UpdateTenant($input: UpdateTenantInput!) {
    updateTenant(input: $input) {
      tenant {
        id
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

export const SetTenantLimits = graphql(`
  mutation SetTenantLimits($input: SetTenantLimitsInput!) {
    setTenantLimits(input: $input) {
      tenant {
        id
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

export const SuspendTenant = graphql(`
  mutation SuspendTenant($input: SuspendTenantInput!) {
    suspendTenant(input: $input) {
      tenant {
        id
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

export const ResumeTenant = graphql(`
  mutation ResumeTenant($input: ResumeTenantInput!) {
    resumeTenant(input: $input) {
      tenant {
        id
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

export const DeleteTenant = graphql(`
  mutation DeleteTenant($input: DeleteTenantInput!) {
    deleteTenant(input: $input) {
      tenant {
        id
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

export const RestoreTenant = graphql(`
  mutation RestoreTenant($input: RestoreTenantInput!) {
    restoreTenant(input: $input) {
      tenant {
        id
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

export type TenantRow = TenantRowFragment;
export type TenantList = NonNullable<ResultOf<typeof TenantsPage>["tenants"]>;
/** The ways into a new tenant, shown once. */
export type NewAccess = NonNullable<ResultOf<typeof CreateTenant>["createTenant"]["secret"]>;
/** The same, or another link for its owner alone. */
export type ShownAccess = NewAccess | Pick<NewAccess, "ownerInvite">;
