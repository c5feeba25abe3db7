import { isObjectType } from "graphql";
import { type GraphQL, graphqlAs, mutationDocument, postGraphQL, type UserError } from "../support/graphql.ts";
import type { Answer } from "../support/http.ts";
import type { AutomationClient } from "../support/server.ts";
import { bearer, fetchToken } from "../support/token.ts";
import type { StoryTenant, World } from "../support/world.ts";
import { mutations, selectionOf } from "./contract.ts";
import { fresh, idIn, type Place, placeOf } from "./place.ts";

/** Somebody with a token, fetched once before the test looks at rows. */
export interface Caller {
  readonly clientId: string;
  readonly token: string;
  readonly graphql: GraphQL;
  /** Sends a document and answers whatever came. */
  post(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Calls one mutation, and reads everything of its payload. */
  call(mutation: string, input: unknown): Promise<Answer>;
}

/** Sends as anybody: with a token, or without. */
export const posting = (url: string, token: string | undefined) => ({
  post: (query: string, variables: Readonly<Record<string, unknown>> = {}) =>
    postGraphQL(url, { query, variables }, token === undefined ? [] : [bearer(token)]),
});

/** The document of a mutation that reads what its payload holds. */
export function fullDocument(mutation: string): string {
  const operation = mutations.find(({ name }) => name === mutation);
  if (!operation) throw new Error(`the schema has no mutation ${mutation}`);
  if (!isObjectType(operation.type)) throw new Error(`${mutation} has no payload`);
  const selection = selectionOf(operation.type, 1).replace(/^\{|\}$/g, "");
  return mutationDocument(mutation, selection);
}

export async function callerOf(world: World, access: AutomationClient): Promise<Caller> {
  const token = await fetchToken(access, { resource: access.resource });
  const { post } = posting(world.graphqlUrl, token);
  return {
    clientId: access.clientId,
    token,
    graphql: graphqlAs(world.graphqlUrl, access),
    post,
    call: (mutation, input) => post(fullDocument(mutation), { input }),
  };
}

/** What a mutation answered: `done`, the codes of its user errors, or a status that is no 200. */
export function outcomeOf(answer: Answer, mutation: string): string {
  if (answer.status !== 200) return String(answer.status);
  const { data, errors } = answer.json() as { data?: Record<string, { userErrors: UserError[] }>; errors?: unknown };
  if (errors) return `errors ${JSON.stringify(errors)}`;
  const codes = data?.[mutation]?.userErrors.map(({ code }) => code) ?? ["no data"];
  return codes.length === 0 ? "done" : codes.join(" ");
}

/** One of a tenant's two own workspaces, its API and its built-in roles by name. */
export interface OwnWorkspace {
  readonly place: Place;
  readonly apiId: string;
  readonly api: string;
  readonly roles: ReadonlyMap<string, string>;
}

/** The tenant's admin or system workspace, as its owner sees it. */
export async function ownWorkspace(tenant: StoryTenant, slug: "admin" | "system"): Promise<OwnWorkspace> {
  const document = `query ($slug: Slug!) { workspace(slug: $slug) {
    id slug issuer roles { nodes { id name } } resources { nodes { id identifier isOwnApi } } } }`;
  const { workspace } = (await tenant.admin.run(document, { slug })) as {
    workspace: {
      id: string;
      slug: string;
      issuer: string;
      roles: { nodes: { id: string; name: string }[] };
      resources: { nodes: { id: string; identifier: string; isOwnApi: boolean }[] };
    };
  };
  const api = workspace.resources.nodes.find(({ isOwnApi }) => isOwnApi);
  return {
    place: placeOf(tenant, workspace),
    apiId: api?.id ?? "",
    api: api?.identifier ?? "",
    roles: new Map(workspace.roles.nodes.map(({ id, name }) => [name, id])),
  };
}

/** What a new caller holds: a built-in role, everywhere or narrowed, or direct grants. */
export interface Powers {
  readonly role?: string;
  /** The workspaces of the role; absent: all. */
  readonly at?: readonly string[];
  readonly grants?: readonly string[];
}

/** A new client in a tenant's own workspace, with an access secret. */
export async function newAccess(own: OwnWorkspace, powers: Powers): Promise<AutomationClient & { id: string }> {
  const { place, apiId, api, roles } = own;
  const { owner, workspaceId, issuer } = place;
  const client = await place.client();
  if (powers.role !== undefined) {
    for (const target of powers.at ?? ["all"]) await assign(own, client, roles.get(powers.role) ?? "", target);
  }
  if (powers.grants) {
    const input = { clientId: client, resourceId: apiId, scopes: powers.grants };
    await owner.must("setClientGrant", input, "clientGrant { id }");
  }
  const made = await owner.must("createClientSecret", { clientId: client, name: fresh("secret") }, "secret");
  const tokenEndpoint = `${issuer}/oauth2/token`;
  const clientSecret = String(made["secret"]);
  return { id: client, clientId: client, clientSecret, tokenEndpoint, resource: api, scopes: [], ...{ workspaceId } };
}

/** Gives a client a role of its own workspace for one workspace or all of them. */
export async function assign(own: OwnWorkspace, clientId: string, roleId: string, target: "all" | string) {
  const reach = target === "all" ? { everywhere: true } : { targetWorkspaceId: target };
  const made = await own.place.owner.must("createAssignment", { roleId, clientId, ...reach }, "assignment { id }");
  return idIn(made, "assignment");
}

/** A new client with these powers, and its token. */
export const newCaller = async (world: World, own: OwnWorkspace, powers: Powers): Promise<Caller> =>
  callerOf(world, await newAccess(own, powers));
