import { Client, cacheExchange, fetchExchange } from "@urql/core";

/**
 * The door to the server: the public GraphQL schema, as any script uses it. A session opens one tenant a request,
 * so each tenant has a client, and a cache, of its own.
 */
export function graphqlClient(tenant: string): Client {
  return new Client({
    url: `/graphql?tenant=${encodeURIComponent(tenant)}`,
    preferGetMethod: false,
    fetchOptions: { credentials: "same-origin" },
    exchanges: [cacheExchange, fetchExchange],
    requestPolicy: "cache-and-network",
  });
}
