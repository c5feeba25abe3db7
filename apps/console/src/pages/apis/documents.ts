import { graphql } from "../../server/document.ts";

/** What every tab of an API shows above itself. */
graphql(`
  fragment ApiHead on Resource {
    id
    name
    identifier
    description
    isOwnApi
    createdAt
    scopeCount
    clientCount
    workspace {
      slug
    }
  }
`);

export const CreateScope = graphql(`
  mutation CreateScope($input: CreateScopeInput!) {
    createScope(input: $input) {
      scope {
        id
        name
      }
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const UpdateScope = graphql(`
  mutation UpdateScope($input: UpdateScopeInput!) {
    updateScope(input: $input) {
      scope {
        id
        description
      }
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const DeleteScope = graphql(`
  mutation DeleteScope($input: DeleteScopeInput!) {
    deleteScope(input: $input) {
      deletedScopeId
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const UpdateApi = graphql(`
  mutation UpdateApi($input: UpdateResourceInput!) {
    updateResource(input: $input) {
      resource {
        id
        name
        description
      }
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const DeleteApi = graphql(`
  mutation DeleteApi($input: DeleteResourceInput!) {
    deleteResource(input: $input) {
      deletedResourceId
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const AddResourceServer = graphql(`
  mutation AddResourceServer($input: AddResourceServerInput!) {
    addResourceServer(input: $input) {
      resource {
        id
      }
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

export const RemoveResourceServer = graphql(`
  mutation RemoveResourceServer($input: RemoveResourceServerInput!) {
    removeResourceServer(input: $input) {
      resource {
        id
      }
      userErrors {
        code
        message
        fix
        path
      }
    }
  }
`);

/** Clients to choose from, as a person types. */
export const FindClients = graphql(`
  query FindClients($workspace: Slug!, $q: String) {
    workspace(slug: $workspace) {
      id
      clients(first: 20, search: $q) {
        nodes {
          id
          name
          clientId
          status
        }
      }
    }
  }
`);
