import { graphql } from "../server/document.ts";

// Loaded with the first search: no page needs them to stand.

export const PaletteSearch = graphql(`
  query PaletteSearch($workspace: Slug!, $typed: String!) {
    workspaces(first: 6, search: $typed) {
      nodes {
        id
        slug
        name
        kind
      }
    }
    workspace(slug: $workspace) {
      clients(first: 6, search: $typed) {
        nodes {
          id
          name
        }
      }
      resources(first: 6, search: $typed) {
        nodes {
          id
          name
          identifier
        }
      }
    }
  }
`);

export const WorkspaceSearch = graphql(`
  query WorkspaceSearch($typed: String!) {
    workspaces(first: 20, search: $typed) {
      nodes {
        id
        slug
        name
        kind
      }
    }
  }
`);
