import { afterAll, beforeAll } from "vitest";
import { refuseLeaks, remember } from "./canaries.ts";
import { type GraphQL, graphqlAs } from "./graphql.ts";
import { type AutomationClient, startServer, type TestServer } from "./server.ts";
import type { Credentials } from "./token.ts";

/** A protected API of a story. */
interface StoryResource {
  readonly id: string;
  readonly identifier: string;
  readonly scopes: readonly string[];
}

/** A workspace of a story; its `admin` acts for the tenant through GraphQL. */
export interface StoryWorkspace {
  readonly id: string;
  readonly slug: string;
  readonly issuer: string;
  readonly admin: GraphQL;
  readonly resources: ReadonlyMap<string, StoryResource>;
  /** The resource registered under that name. */
  resource(name: string): StoryResource;
  /** Registers one more. */
  addResource(name: string, scopes: readonly string[], identifier?: string): Promise<StoryResource>;
  addClient(options?: ClientOptions): Promise<StoryClient>;
}

interface ClientOptions {
  readonly name?: string;
  /** An imported wire id. */
  readonly clientId?: string;
  /** Scopes by resource name; absent: everything of every resource; `{}`: nothing. */
  readonly grants?: Readonly<Record<string, readonly string[]>>;
}

/** A client with one secret. */
export interface StoryClient extends Credentials {
  /** The row's id, `cli_…`. */
  readonly id: string;
  readonly secretId: string;
  readonly workspace: StoryWorkspace;
}

export interface StoryTenant {
  readonly id: string;
  readonly slug: string;
  /** The automation client of its admin workspace. */
  readonly adminClient: AutomationClient;
  readonly admin: GraphQL;
}

/** A server and the stories told on it. */
export interface World {
  readonly server: TestServer;
  readonly origin: string;
  readonly graphqlUrl: string;
  /** Acts for the root tenant's system workspace. */
  readonly operator: GraphQL;
  /** Acts for the root tenant's admin workspace. */
  readonly rootAdmin: GraphQL;
  /** Begins a story in a new tenant, or in one made before. */
  tenant(existing?: StoryTenant): TenantStory;
}

/** One server for a test file: started before its tests, removed after them. */
export const useWorld = (extra: Readonly<Record<string, string>> = {}): World => useWorldOn(() => startServer(extra));

/** The same on a server that is started in another way. */
export function useWorldOn(start: () => Promise<TestServer>): World {
  let world: World | undefined;
  beforeAll(async () => {
    world = worldOf(await start());
  }, 120_000);
  afterAll(async () => {
    const log = world?.server.log() ?? "";
    await world?.server.destroy();
    refuseLeaks(log);
  });
  const live = () => {
    if (!world) throw new Error("the world begins with the first test");
    return world;
  };
  return {
    get server() {
      return live().server;
    },
    get origin() {
      return live().origin;
    },
    get graphqlUrl() {
      return live().graphqlUrl;
    },
    get operator() {
      return live().operator;
    },
    get rootAdmin() {
      return live().rootAdmin;
    },
    tenant: (existing) => live().tenant(existing),
  };
}

/** The story builders of a running server. */
export function worldOf(server: TestServer): World {
  const { graphql, system } = server.bootstrapped;
  for (const { clientSecret } of [server.bootstrapped, system]) remember(clientSecret);
  const operator = graphqlAs(graphql, system);
  const rootAdmin = graphqlAs(graphql, server.bootstrapped);
  const create = () => createTenant(graphql, operator);
  return {
    server,
    origin: server.origin,
    graphqlUrl: graphql,
    operator,
    rootAdmin,
    tenant: (existing) => new TenantStory(existing ? async () => existing : create),
  };
}

let count = 0;
/** A slug nobody has yet on this server. */
export const freshSlug = (kind: string): string => `${kind}-${++count}`;

async function createTenant(graphql: string, operator: GraphQL): Promise<StoryTenant> {
  const slug = freshSlug("tenant");
  const { tenant, secret } = await operator.must(
    "createTenant",
    { slug, name: slug },
    "tenant { id slug } secret { tokenEndpoint clientId clientSecret resource scopes }",
  );
  const { id } = tenant as { id: string };
  const client = secret as AutomationClient;
  remember(client.clientSecret);
  return { id, slug, adminClient: client, admin: graphqlAs(graphql, client) };
}

class TenantStory {
  private readonly begin: () => Promise<StoryTenant>;

  constructor(begin: () => Promise<StoryTenant>) {
    this.begin = begin;
  }

  /** Makes the tenant. */
  ready(): Promise<StoryTenant> {
    return this.begin();
  }

  workspace(input: Readonly<Record<string, unknown>> = {}): WorkspaceStory {
    return new WorkspaceStory(this.begin, input, []);
  }
}

interface PlannedResource {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly identifier: string | undefined;
}

class WorkspaceStory {
  private readonly begin: () => Promise<StoryTenant>;
  private readonly input: Readonly<Record<string, unknown>>;
  private readonly planned: readonly PlannedResource[];

  constructor(
    begin: () => Promise<StoryTenant>,
    input: Readonly<Record<string, unknown>>,
    planned: readonly PlannedResource[],
  ) {
    this.begin = begin;
    this.input = input;
    this.planned = planned;
  }

  resource(name: string, scopes: readonly string[], identifier?: string): WorkspaceStory {
    return new WorkspaceStory(this.begin, this.input, [...this.planned, { name, scopes, identifier }]);
  }

  /** Makes the workspace with its resources. */
  async ready(): Promise<StoryWorkspace> {
    const { admin } = await this.begin();
    const workspace = await createWorkspace(admin, this.input);
    for (const { name, scopes, identifier } of this.planned) await workspace.addResource(name, scopes, identifier);
    return workspace;
  }

  /** Makes all of it and one client. */
  async client(options: ClientOptions = {}): Promise<StoryClient> {
    return (await this.ready()).addClient(options);
  }
}

async function createWorkspace(admin: GraphQL, input: Readonly<Record<string, unknown>>): Promise<StoryWorkspace> {
  const slug = freshSlug("workspace");
  const made = await admin.must("createWorkspace", { slug, name: slug, ...input }, "workspace { id slug issuer }");
  return storyWorkspace(admin, made["workspace"] as { id: string; slug: string; issuer: string });
}

/** The story of a workspace that is there, with the resources that it has. */
export function storyWorkspace(
  admin: GraphQL,
  { id, slug, issuer }: Pick<StoryWorkspace, "id" | "slug" | "issuer">,
  registered: Iterable<readonly [string, StoryResource]> = [],
): StoryWorkspace {
  const resources = new Map(registered);
  const workspace: StoryWorkspace = {
    id,
    slug,
    issuer,
    admin,
    resources,
    resource(name) {
      const resource = resources.get(name);
      if (!resource) throw new Error(`this story has no resource ${name}`);
      return resource;
    },
    async addResource(name, scopes, identifier = `https://${name}.example.com/`) {
      const resource = await createResource(workspace, name, scopes, identifier);
      resources.set(name, resource);
      return resource;
    },
    addClient: (options = {}) => createClient(workspace, options),
  };
  return workspace;
}

async function createResource(
  { id: workspaceId, admin }: StoryWorkspace,
  name: string,
  scopes: readonly string[],
  identifier: string,
): Promise<StoryResource> {
  const input = { workspaceId, name, identifier, scopes: scopes.map((scope) => ({ name: scope })) };
  const { resource } = await admin.must("createResource", input, "resource { id identifier }");
  return { ...(resource as { id: string; identifier: string }), scopes };
}

async function createClient(workspace: StoryWorkspace, options: ClientOptions): Promise<StoryClient> {
  const { id: workspaceId, admin, issuer, resources } = workspace;
  const { name = freshSlug("client"), clientId } = options;
  const input = { workspaceId, name, ...(clientId !== undefined && { clientId }) };
  const made = (await admin.must("createClient", input, "client { id clientId }"))["client"];
  const client = made as { id: string; clientId: string };
  const grants = options.grants ?? Object.fromEntries([...resources].map(([key, { scopes }]) => [key, scopes]));
  for (const [key, scopes] of Object.entries(grants)) await setGrant(workspace, client.id, key, scopes);
  const secret = await createSecret(workspace, client.id);
  return {
    id: client.id,
    clientId: client.clientId,
    clientSecret: secret.value,
    secretId: secret.id,
    tokenEndpoint: `${issuer}/oauth2/token`,
    workspace,
  };
}

/** Sets which scopes of a resource a client may ask for. */
export const setGrant = (workspace: StoryWorkspace, clientId: string, name: string, scopes: readonly string[]) =>
  workspace.admin.must(
    "setClientGrant",
    { clientId, resourceId: workspace.resource(name).id, scopes },
    "clientGrant { id }",
  );

/** Makes one more secret for a client. */
export async function createSecret(
  { admin }: StoryWorkspace,
  clientId: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<{ id: string; value: string }> {
  const made = await admin.must("createClientSecret", { clientId, ...input }, "clientSecret { id } secret");
  return { id: (made["clientSecret"] as { id: string }).id, value: remember(String(made["secret"])) };
}

/** Lets a client introspect the tokens of a resource. */
export const addResourceServer = (workspace: StoryWorkspace, name: string, clientId: string) =>
  workspace.admin.must("addResourceServer", { resourceId: workspace.resource(name).id, clientId }, "resource { id }");
