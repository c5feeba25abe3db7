import type { ResultOf } from "@graphql-typed-document-node/core";
import { graphql } from "../../server/document.ts";
import "../../shell/frame-query.ts";

graphql(`
  fragment FormerMemberRow on FormerMember {
    id
    name
    removedAt
    erasedAt
  }
`);

export const FormerMembersPage = graphql(`
  query FormerMembersPage {
    ...TenantFrame
    formerMembers(first: 50) {
      nodes {
        ...FormerMemberRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const MoreFormerMembers = graphql(`
  query MoreFormerMembers($after: Cursor!) {
    formerMembers(first: 50, after: $after) {
      nodes {
        ...FormerMemberRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const EraseMember = graphql(`
  mutation EraseMember($input: EraseMemberInput!) {
    eraseMember(input: $input) {
      formerMember {
        ...FormerMemberRow
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

export type FormerMembersPart = NonNullable<ResultOf<typeof FormerMembersPage>["formerMembers"]>;
export type FormerMember = FormerMembersPart["nodes"][number];
