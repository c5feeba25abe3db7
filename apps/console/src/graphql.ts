import { Client, cacheExchange, fetchExchange } from "urql";
import { addressOf, fetchOf, sending } from "./server/ahead.ts";
import { connectionExchange } from "./server/connection.ts";
import { shownOnceExchange } from "./server/shown-once.ts";
import { wholeCacheExchange } from "./server/whole-cache.ts";

const clients = new Map<string, Client>();

/**
 * The door to the server: the public GraphQL schema, as any script uses it. A session opens one tenant a request,
 * so each tenant has a client, and a cache, of its own. Everything is gone with the page: signing out loads a new one.
 */
export function graphqlClient(tenant: string): Client {
  const known = clients.get(tenant);
  if (known) return known;
  const client = new Client({
    url: addressOf(tenant),
    preferGetMethod: false,
    fetch: fetchOf(tenant),
    fetchOptions: sending,
    // What is shown once is taken out before anything could keep it: nearer to the server than the cache.
    exchanges: [wholeCacheExchange, cacheExchange, connectionExchange, shownOnceExchange, fetchExchange],
    requestPolicy: "cache-and-network",
  });
  clients.set(tenant, client);
  return client;
}
