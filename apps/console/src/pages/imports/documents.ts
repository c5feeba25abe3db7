import type { ImportPageQuery, ImportsPageQuery } from "../../gql/graphql.ts";
import { graphql } from "../../server/document.ts";
import "../../shell/frame-query.ts";

export const ImportFacts = graphql(`
  fragment ImportFacts on Import {
    id
    format
    sealsSecrets
    path
    reportPath
    state
    size
    read
    made
    refused
    problem
    createdAt
    expiresAt
    finishedAt
  }
`);

export const ImportsPage = graphql(`
  query ImportsPage($workspace: Slug!) {
    ...Frame
    workspace(slug: $workspace) {
      imports(first: 20) {
        nodes {
          ...ImportFacts
        }
      }
      resources(first: 1) {
        nodes {
          identifier
          scopes {
            name
          }
        }
      }
    }
  }
`);

export const ImportedRow = graphql(`
  fragment ImportedRow on ImportedRow {
    line
    name
    id
    clientId
    problem
    fix
  }
`);

export const ImportPage = graphql(`
  query ImportPage($workspace: Slug!, $id: ID!, $outcome: ImportedRowOutcome!) {
    ...Frame
    workspace(slug: $workspace) {
      tokenEndpoint
    }
    job: node(id: $id) {
      __typename
      ... on Import {
        ...ImportFacts
        rows(first: 100, outcome: $outcome) {
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            ...ImportedRow
          }
        }
      }
    }
  }
`);

export const MoreImportedRows = graphql(`
  query MoreImportedRows($id: ID!, $outcome: ImportedRowOutcome!, $after: Cursor) {
    node(id: $id) {
      __typename
      ... on Import {
        id
        rows(first: 100, outcome: $outcome, after: $after) {
          pageInfo {
            hasNextPage
            endCursor
          }
          nodes {
            ...ImportedRow
          }
        }
      }
    }
  }
`);

export const ImportProgress = graphql(`
  query ImportProgress($id: ID!) {
    node(id: $id) {
      __typename
      ... on Import {
        ...ImportFacts
      }
    }
  }
`);

export const CreateImport = graphql(`
  mutation CreateImport($input: CreateImportInput!) {
    createImport(input: $input) {
      import {
        ...ImportFacts
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

export type ImportsWorkspace = NonNullable<ImportsPageQuery["workspace"]>;
export type ListedImport = NonNullable<ImportsWorkspace["imports"]>["nodes"][number];
export type Job = Extract<ImportPageQuery["job"], { __typename: "Import" }>;
export type Row = Job["rows"]["nodes"][number];
