/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query ClientOverviewPage($workspace: Slug!, $id: ID!, $clientId: ClientId!) {\n    ...Frame\n    workspace(slug: $workspace) {\n      id\n      slug\n      kind\n      viewerPermissions\n      tokenEndpoint\n      tokenLog(first: 8, clientId: $clientId) {\n        nodes {\n          id\n          at\n          outcome\n          correlationId\n          resource\n          scope\n          reason\n          evidence\n          count\n          address\n          agent\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n    node(id: $id) {\n      __typename\n      ... on Client {\n        ...ClientHead\n        grants {\n          id\n          scopes\n          resource {\n            id\n            name\n            identifier\n          }\n        }\n        secrets {\n          id\n          name\n          hint\n          createdAt\n          isImported\n        }\n      }\n    }\n  }\n": typeof types.ClientOverviewPageDocument,
    "\n  fragment ClientHead on Client {\n    __typename\n    id\n    clientId\n    name\n    description\n    status\n    createdAt\n    tokensNotBefore\n    workspace {\n      slug\n    }\n    grants {\n      id\n      scopes\n    }\n    secrets {\n      id\n      notBefore\n      expiresAt\n      revokedAt\n      lastUsedAt\n      lastUsedAddress\n    }\n    settings {\n      accessTokenLifetime {\n        value\n        level\n      }\n    }\n  }\n": typeof types.ClientHeadFragmentDoc,
    "\n  mutation DisableClient($input: DisableClientInput!) {\n    disableClient(input: $input) {\n      client {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n": typeof types.DisableClientDocument,
    "\n  mutation EnableClient($input: EnableClientInput!) {\n    enableClient(input: $input) {\n      client {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n": typeof types.EnableClientDocument,
    "\n  mutation RevokeClientTokens($input: RevokeClientTokensInput!) {\n    revokeClientTokens(input: $input) {\n      client {\n        id\n        tokensNotBefore\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n": typeof types.RevokeClientTokensDocument,
    "\n  mutation DeleteClient($input: DeleteClientInput!) {\n    deleteClient(input: $input) {\n      deletedClientId\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n": typeof types.DeleteClientDocument,
    "\n  fragment TenantFrame on Query {\n    viewer {\n      name\n      email\n      memberId\n      permissions\n      tenant {\n        id\n        slug\n        name\n      }\n      tenants {\n        slug\n        name\n      }\n    }\n    workspaces(first: 100) {\n      nodes {\n        id\n        slug\n        name\n        kind\n        status\n        issuer\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.TenantFrameFragmentDoc,
    "\n  fragment Frame on Query {\n    ...TenantFrame\n    workspace(slug: $workspace) {\n      id\n      slug\n      name\n      kind\n      status\n      issuer\n      viewerPermissions\n    }\n  }\n": typeof types.FrameFragmentDoc,
    "\n  query PaletteSearch($workspace: Slug!, $typed: String!) {\n    workspace(slug: $workspace) {\n      clients(first: 6, search: $typed) {\n        nodes {\n          id\n          name\n        }\n      }\n      resources(first: 100) {\n        nodes {\n          id\n          name\n          identifier\n        }\n      }\n    }\n  }\n": typeof types.PaletteSearchDocument,
};
const documents: Documents = {
    "\n  query ClientOverviewPage($workspace: Slug!, $id: ID!, $clientId: ClientId!) {\n    ...Frame\n    workspace(slug: $workspace) {\n      id\n      slug\n      kind\n      viewerPermissions\n      tokenEndpoint\n      tokenLog(first: 8, clientId: $clientId) {\n        nodes {\n          id\n          at\n          outcome\n          correlationId\n          resource\n          scope\n          reason\n          evidence\n          count\n          address\n          agent\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n    node(id: $id) {\n      __typename\n      ... on Client {\n        ...ClientHead\n        grants {\n          id\n          scopes\n          resource {\n            id\n            name\n            identifier\n          }\n        }\n        secrets {\n          id\n          name\n          hint\n          createdAt\n          isImported\n        }\n      }\n    }\n  }\n": types.ClientOverviewPageDocument,
    "\n  fragment ClientHead on Client {\n    __typename\n    id\n    clientId\n    name\n    description\n    status\n    createdAt\n    tokensNotBefore\n    workspace {\n      slug\n    }\n    grants {\n      id\n      scopes\n    }\n    secrets {\n      id\n      notBefore\n      expiresAt\n      revokedAt\n      lastUsedAt\n      lastUsedAddress\n    }\n    settings {\n      accessTokenLifetime {\n        value\n        level\n      }\n    }\n  }\n": types.ClientHeadFragmentDoc,
    "\n  mutation DisableClient($input: DisableClientInput!) {\n    disableClient(input: $input) {\n      client {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n": types.DisableClientDocument,
    "\n  mutation EnableClient($input: EnableClientInput!) {\n    enableClient(input: $input) {\n      client {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n": types.EnableClientDocument,
    "\n  mutation RevokeClientTokens($input: RevokeClientTokensInput!) {\n    revokeClientTokens(input: $input) {\n      client {\n        id\n        tokensNotBefore\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n": types.RevokeClientTokensDocument,
    "\n  mutation DeleteClient($input: DeleteClientInput!) {\n    deleteClient(input: $input) {\n      deletedClientId\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n": types.DeleteClientDocument,
    "\n  fragment TenantFrame on Query {\n    viewer {\n      name\n      email\n      memberId\n      permissions\n      tenant {\n        id\n        slug\n        name\n      }\n      tenants {\n        slug\n        name\n      }\n    }\n    workspaces(first: 100) {\n      nodes {\n        id\n        slug\n        name\n        kind\n        status\n        issuer\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.TenantFrameFragmentDoc,
    "\n  fragment Frame on Query {\n    ...TenantFrame\n    workspace(slug: $workspace) {\n      id\n      slug\n      name\n      kind\n      status\n      issuer\n      viewerPermissions\n    }\n  }\n": types.FrameFragmentDoc,
    "\n  query PaletteSearch($workspace: Slug!, $typed: String!) {\n    workspace(slug: $workspace) {\n      clients(first: 6, search: $typed) {\n        nodes {\n          id\n          name\n        }\n      }\n      resources(first: 100) {\n        nodes {\n          id\n          name\n          identifier\n        }\n      }\n    }\n  }\n": types.PaletteSearchDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ClientOverviewPage($workspace: Slug!, $id: ID!, $clientId: ClientId!) {\n    ...Frame\n    workspace(slug: $workspace) {\n      id\n      slug\n      kind\n      viewerPermissions\n      tokenEndpoint\n      tokenLog(first: 8, clientId: $clientId) {\n        nodes {\n          id\n          at\n          outcome\n          correlationId\n          resource\n          scope\n          reason\n          evidence\n          count\n          address\n          agent\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n    node(id: $id) {\n      __typename\n      ... on Client {\n        ...ClientHead\n        grants {\n          id\n          scopes\n          resource {\n            id\n            name\n            identifier\n          }\n        }\n        secrets {\n          id\n          name\n          hint\n          createdAt\n          isImported\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ClientOverviewPage($workspace: Slug!, $id: ID!, $clientId: ClientId!) {\n    ...Frame\n    workspace(slug: $workspace) {\n      id\n      slug\n      kind\n      viewerPermissions\n      tokenEndpoint\n      tokenLog(first: 8, clientId: $clientId) {\n        nodes {\n          id\n          at\n          outcome\n          correlationId\n          resource\n          scope\n          reason\n          evidence\n          count\n          address\n          agent\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n    node(id: $id) {\n      __typename\n      ... on Client {\n        ...ClientHead\n        grants {\n          id\n          scopes\n          resource {\n            id\n            name\n            identifier\n          }\n        }\n        secrets {\n          id\n          name\n          hint\n          createdAt\n          isImported\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ClientHead on Client {\n    __typename\n    id\n    clientId\n    name\n    description\n    status\n    createdAt\n    tokensNotBefore\n    workspace {\n      slug\n    }\n    grants {\n      id\n      scopes\n    }\n    secrets {\n      id\n      notBefore\n      expiresAt\n      revokedAt\n      lastUsedAt\n      lastUsedAddress\n    }\n    settings {\n      accessTokenLifetime {\n        value\n        level\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment ClientHead on Client {\n    __typename\n    id\n    clientId\n    name\n    description\n    status\n    createdAt\n    tokensNotBefore\n    workspace {\n      slug\n    }\n    grants {\n      id\n      scopes\n    }\n    secrets {\n      id\n      notBefore\n      expiresAt\n      revokedAt\n      lastUsedAt\n      lastUsedAddress\n    }\n    settings {\n      accessTokenLifetime {\n        value\n        level\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DisableClient($input: DisableClientInput!) {\n    disableClient(input: $input) {\n      client {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DisableClient($input: DisableClientInput!) {\n    disableClient(input: $input) {\n      client {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EnableClient($input: EnableClientInput!) {\n    enableClient(input: $input) {\n      client {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation EnableClient($input: EnableClientInput!) {\n    enableClient(input: $input) {\n      client {\n        id\n        status\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevokeClientTokens($input: RevokeClientTokensInput!) {\n    revokeClientTokens(input: $input) {\n      client {\n        id\n        tokensNotBefore\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RevokeClientTokens($input: RevokeClientTokensInput!) {\n    revokeClientTokens(input: $input) {\n      client {\n        id\n        tokensNotBefore\n      }\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteClient($input: DeleteClientInput!) {\n    deleteClient(input: $input) {\n      deletedClientId\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteClient($input: DeleteClientInput!) {\n    deleteClient(input: $input) {\n      deletedClientId\n      userErrors {\n        code\n        message\n        path\n        fix\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TenantFrame on Query {\n    viewer {\n      name\n      email\n      memberId\n      permissions\n      tenant {\n        id\n        slug\n        name\n      }\n      tenants {\n        slug\n        name\n      }\n    }\n    workspaces(first: 100) {\n      nodes {\n        id\n        slug\n        name\n        kind\n        status\n        issuer\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment TenantFrame on Query {\n    viewer {\n      name\n      email\n      memberId\n      permissions\n      tenant {\n        id\n        slug\n        name\n      }\n      tenants {\n        slug\n        name\n      }\n    }\n    workspaces(first: 100) {\n      nodes {\n        id\n        slug\n        name\n        kind\n        status\n        issuer\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Frame on Query {\n    ...TenantFrame\n    workspace(slug: $workspace) {\n      id\n      slug\n      name\n      kind\n      status\n      issuer\n      viewerPermissions\n    }\n  }\n"): (typeof documents)["\n  fragment Frame on Query {\n    ...TenantFrame\n    workspace(slug: $workspace) {\n      id\n      slug\n      name\n      kind\n      status\n      issuer\n      viewerPermissions\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PaletteSearch($workspace: Slug!, $typed: String!) {\n    workspace(slug: $workspace) {\n      clients(first: 6, search: $typed) {\n        nodes {\n          id\n          name\n        }\n      }\n      resources(first: 100) {\n        nodes {\n          id\n          name\n          identifier\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PaletteSearch($workspace: Slug!, $typed: String!) {\n    workspace(slug: $workspace) {\n      clients(first: 6, search: $typed) {\n        nodes {\n          id\n          name\n        }\n      }\n      resources(first: 100) {\n        nodes {\n          id\n          name\n          identifier\n        }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;