import type { ResultOf } from "@graphql-typed-document-node/core";
import { graphql } from "../../server/document.ts";
import "../../shell/frame-query.ts";

graphql(`
  fragment MemberRow on Member {
    id
    name
    createdAt
    account {
      email
      hasSecondFactor
      provider
      lastSeenAt
      personalTokens
      ownClients
    }
    assignments {
      id
      everywhere
      notBefore
      expiresAt
      createdAt
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

graphql(`
  fragment PersonRole on Role {
    id
    name
    description
    isBuiltIn
    scopes {
      id
      name
      description
    }
  }
`);

export const MembersPage = graphql(`
  query MembersPage($q: String, $id: MemberId!, $isOpen: Boolean!) {
    ...TenantFrame
    viewer {
      serverSendsMail
    }
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
    system: workspace(slug: "system") {
      id
      viewerPermissions
      roles(first: 20) {
        nodes {
          ...PersonRole
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    open: member(id: $id) @include(if: $isOpen) {
      ...MemberRow
    }
    members(first: 50, search: $q) {
      nodes {
        ...MemberRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const MoreMembers = graphql(`
  query MoreMembers($q: String, $after: Cursor) {
    members(first: 50, search: $q, after: $after) {
      nodes {
        ...MemberRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const MoreRoles = graphql(`
  query MoreRoles($workspace: Slug!, $after: Cursor!) {
    workspace(slug: $workspace) {
      id
      roles(first: 100, after: $after) {
        nodes {
          ...PersonRole
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const MorePlaces = graphql(`
  query MorePlaces($after: Cursor!) {
    workspaces(first: 100, after: $after) {
      nodes {
        id
        name
        kind
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

graphql(`
  fragment InvitationRow on Invitation {
    id
    email
    invitedBy
    inviterName
    createdAt
    expiresAt
    rolesExpireAt
    member {
      id
      name
    }
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

export const InvitationsPage = graphql(`
  query InvitationsPage {
    ...TenantFrame
    invitations(first: 50) {
      nodes {
        ...InvitationRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const MoreInvitations = graphql(`
  query MoreInvitations($after: Cursor!) {
    invitations(first: 50, after: $after) {
      nodes {
        ...InvitationRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

graphql(`
  fragment RoleRow on Role {
    ...PersonRole
    assignments(first: 5) {
      nodes {
        id
        expiresAt
        member {
          id
          name
        }
        client {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`);

export const RolesPage = graphql(`
  query RolesPage {
    ...TenantFrame
    admin: workspace(slug: "admin") {
      id
      viewerPermissions
      roles(first: 25) {
        nodes {
          ...RoleRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      resources(first: 20) {
        nodes {
          id
          isOwnApi
          scopes {
            id
            name
            description
          }
        }
      }
    }
  }
`);

export const MoreRoleRows = graphql(`
  query MoreRoleRows($after: Cursor!) {
    admin: workspace(slug: "admin") {
      id
      roles(first: 25, after: $after) {
        nodes {
          ...RoleRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const CreateInvitation = graphql(`
  mutation CreateInvitation($input: CreateInvitationInput!) {
    createInvitation(input: $input) {
      invitation {
        id
        expiresAt
      }
      secret
      mailed
      mailProblem
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const RevokeInvitation = graphql(`
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      invitation {
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

export const CreateMemberResetLink = graphql(`
  mutation CreateMemberResetLink($input: CreateMemberResetLinkInput!) {
    createMemberResetLink(input: $input) {
      invitation {
        id
        expiresAt
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

export const RemoveMember = graphql(`
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      removedMemberId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const GiveMemberRole = graphql(`
  mutation GiveMemberRole($input: CreateAssignmentInput!) {
    createAssignment(input: $input) {
      assignment {
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

export const TakeMemberRole = graphql(`
  mutation TakeMemberRole($input: DeleteAssignmentInput!) {
    deleteAssignment(input: $input) {
      deletedAssignmentId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export const CreateRole = graphql(`
  mutation CreateRole($input: CreateRoleInput!) {
    createRole(input: $input) {
      role {
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

export const UpdateRole = graphql(`
  mutation UpdateRole($input: UpdateRoleInput!) {
    updateRole(input: $input) {
      role {
        id
        name
        description
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

export const DeleteRole = graphql(`
  mutation DeleteRole($input: DeleteRoleInput!) {
    deleteRole(input: $input) {
      deletedRoleId
      userErrors {
        code
        message
        path
        fix
      }
    }
  }
`);

export type MembersData = ResultOf<typeof MembersPage>;
export type Member = NonNullable<MembersData["members"]>["nodes"][number];
export type MemberAssignment = NonNullable<Member["assignments"]>[number];
export type InvitationsPart = NonNullable<ResultOf<typeof InvitationsPage>["invitations"]>;
export type Invitation = InvitationsPart["nodes"][number];
export type AdminRoles = NonNullable<ResultOf<typeof RolesPage>["admin"]>;
export type Role = NonNullable<AdminRoles["roles"]>["nodes"][number];
