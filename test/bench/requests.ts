import type { BenchClient, BenchRequest } from "./load.ts";
import type { Administered, Running } from "./subjects.ts";

/** What a scenario asks, again and again, of one that is drawn at random. */
export interface Asked {
  readonly requests: readonly BenchRequest[];
  /** What stands in every answer that is right. */
  readonly expected: string;
}

const FORM = "application/x-www-form-urlencoded";
const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
const basic = (clientId: string, secret: string) =>
  `Basic ${Buffer.from(`${encode(clientId)}:${encode(secret)}`).toString("base64")}`;

/** A token for each client. @param wrongEach each so many-th secret is wrong */
export function tokenRequests({ clients, body }: Running, wrongEach?: number): Asked {
  const requests = clients.flatMap(({ path, clientId, clientSecret }) => {
    const by = (secret: string) => ({ path, authorization: basic(clientId, secret), contentType: FORM, body });
    const right = by(clientSecret);
    if (wrongEach === undefined) return [right];
    return [...Array<BenchRequest>(wrongEach - 1).fill(right), by(`${clientSecret.slice(0, -1)}-`)];
  });
  return { requests, expected: '"access_token"' };
}

/** Asked at once while tokens are fetched for the load. */
const AT_ONCE = 20;

/** Each client asks about a token of its own (RFC 7662). */
export async function introspectionRequests({ origin, clients, body, introspection }: Running): Promise<Asked> {
  if (!introspection) throw new Error("there is no introspection");
  const ask = async (client: BenchClient): Promise<BenchRequest> => {
    const authorization = basic(client.clientId, client.clientSecret);
    const headers = { Authorization: authorization, "Content-Type": FORM };
    const answer = await fetch(origin + client.path, { method: "POST", headers, body });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return { path: introspection(client), authorization, contentType: FORM, body: `token=${encode(token)}` };
  };
  const requests: BenchRequest[] = [];
  for (let from = 0; from < clients.length; from += AT_ONCE)
    requests.push(...(await Promise.all(clients.slice(from, from + AT_ONCE).map(ask))));
  return { requests, expected: '"active":true' };
}

const row = `id clientId name status createdAt
  summary { resources scopes lastUsedAt credential { createdAt expiresAt } }`;
/** What the console's list of clients asks for: at first, and at a search, with the counts above it. */
const firstPage = `query ($workspace: Slug!, $search: String) { workspace(slug: $workspace) {
  clientCounts { all active disabled neverUsed credentialExpiring credentialExpired }
  clients(first: 50, search: $search) { totalCount pageInfo { hasNextPage endCursor } nodes { ${row} } } } }`;
const nextPage = `query ($workspace: Slug!, $after: Cursor) { workspace(slug: $workspace) {
  clients(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { ${row} } } } }`;

/** All pages of one workspace's list of clients, one after another, and as many searches. */
export async function clientListRequests({ origin, administered }: Running): Promise<Asked> {
  if (!administered) throw new Error("there is no list of clients");
  const admin = await administered();
  const pageOf = async (query: string, variables: object) => {
    const request = listRequest(admin, query, variables);
    const headers = { Authorization: request.authorization, "Content-Type": request.contentType };
    const answer = await fetch(origin + request.path, { method: "POST", headers, body: request.body });
    const { data, errors } = (await answer.json()) as { data?: ListAnswer; errors?: unknown };
    if (errors || !data) throw new Error(`the list of clients: ${JSON.stringify(errors)}`);
    return { request, page: data.workspace.clients };
  };
  const requests: BenchRequest[] = [];
  for (let { request, page } = await pageOf(firstPage, {}); ; ) {
    requests.push(request);
    if (!page.pageInfo.hasNextPage) break;
    ({ request, page } = await pageOf(nextPage, { after: page.pageInfo.endCursor }));
  }
  const each = Math.ceil(admin.names.length / requests.length);
  const searched = admin.names.filter((_, at) => at % each === 0);
  for (const search of searched) requests.push((await pageOf(firstPage, { search })).request);
  return { requests, expected: '"pageInfo":' };
}

interface ListAnswer {
  readonly workspace: {
    readonly clients: { readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string } };
  };
}

const listRequest = ({ token, workspace }: Administered, query: string, variables: object): BenchRequest => ({
  path: "/graphql",
  authorization: `Bearer ${token}`,
  contentType: "application/json",
  body: JSON.stringify({ query: query.replaceAll(/\s+/g, " "), variables: { workspace, ...variables } }),
});
