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
  query MembersPage($q: String) {
    ...TenantFrame
    admin: workspace(slug: "admin") {
      id
      roles(first: 50) {
        nodes {
          ...PersonRole
        }
      }
    }
    system: workspace(slug: "system") {
      id
      roles(first: 20) {
        nodes {
          ...PersonRole
        }
      }
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

export const InvitationsPage = graphql(`
  query InvitationsPage {
    ...TenantFrame
    invitations(first: 100) {
      nodes {
        id
        email
        inviterName
        createdAt
        expiresAt
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
      roles(first: 50) {
        nodes {
          ...PersonRole
          assignments(first: 5) {
            nodes {
              id
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

export const CreateInvitation = graphql(`
  mutation CreateInvitation($input: CreateInvitationInput!) {
    createInvitation(input: $input) {
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
export type Invitation = NonNullable<ResultOf<typeof InvitationsPage>["invitations"]>["nodes"][number];
export type AdminRoles = NonNullable<ResultOf<typeof RolesPage>["admin"]>;
export type Role = NonNullable<AdminRoles["roles"]>["nodes"][number];
