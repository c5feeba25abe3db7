import { randomBytes } from "node:crypto";
import { type ApiCredentials, mutate, type Run } from "./graphql-client.ts";

/** One client of the demo world, with a secret that was just made. */
export interface DemoClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A workspace as the seed looks at it. */
interface Found {
  readonly id: string;
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly resources: { readonly nodes: readonly { readonly id: string; readonly identifier: string }[] };
  readonly roles: { readonly nodes: readonly { readonly id: string; readonly name: string }[] };
}

export const RESOURCE = "https://orders.demo.example";
export const SCOPE = "orders:read";
const WORKSPACE = "demo";

const workspaceQuery = `query ($slug: Slug!) { workspace(slug: $slug) {
  id issuer tokenEndpoint resources(first: 100) { nodes { id identifier } } roles(first: 100) { nodes { id name } } } }`;

async function findWorkspace(run: Run, slug: string): Promise<Found | null> {
  const { workspace } = await run<{ workspace: Found | null }>(workspaceQuery, { slug });
  return workspace;
}

/** A custom workspace with one API of two scopes: what is missing is made. */
export async function demoWorkspace(
  run: Run,
): Promise<{ readonly id: string; readonly issuer: string; readonly resourceId: string }> {
  const found = await findWorkspace(run, WORKSPACE);
  const { id, issuer } = found ?? (await createWorkspace(run));
  const known = found?.resources.nodes.find((resource) => resource.identifier === RESOURCE);
  return { id, issuer, resourceId: known?.id ?? (await createOrders(run, id)) };
}

async function createWorkspace(run: Run): Promise<{ readonly id: string; readonly issuer: string }> {
  const input = { slug: WORKSPACE, name: "Demo" };
  const { workspace } = await mutate<{ workspace: { id: string; issuer: string } }>(
    run,
    "createWorkspace",
    input,
    "workspace { id issuer }",
  );
  return workspace;
}

async function createOrders(run: Run, workspaceId: string): Promise<string> {
  const scopes = [
    { name: SCOPE, description: "See orders." },
    { name: "orders:write", description: "Make and change orders." },
  ];
  const input = { workspaceId, identifier: RESOURCE, name: "Orders", scopes };
  const { resource } = await mutate<{ resource: { id: string } }>(run, "createResource", input, "resource { id }");
  return resource.id;
}

interface FoundClient {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly credentials: { readonly nodes: readonly { readonly id: string }[] };
  readonly assignments: { readonly nodes: readonly unknown[] };
}

const clientFields =
  "id clientId name credentials(first: 20, kind: CLIENT_SECRET, isRevoked: false) { nodes { id } } assignments(first: 1) { nodes { id } }";

/** The client with that name, made where it is missing. */
async function ensureClient(
  run: Run,
  workspaceSlug: string,
  wanted: { readonly name: string; readonly clientId?: string },
) {
  const query = `query ($slug: Slug!, $search: String) { workspace(slug: $slug) {
    id clients(search: $search) { nodes { ${clientFields} } } } }`;
  const { workspace } = await run<{ workspace: { id: string; clients: { nodes: FoundClient[] } } }>(query, {
    slug: workspaceSlug,
    search: wanted.name,
  });
  const found = workspace.clients.nodes.find(({ name }) => name === wanted.name);
  if (found) return found;
  const input = { workspaceId: workspace.id, ...wanted };
  const { client } = await mutate<{ client: FoundClient }>(run, "createClient", input, `client { ${clientFields} }`);
  return client;
}

/** As many secrets of earlier runs keep working; older ones make room. */
const KEPT_SECRETS = 4;

async function makeRoom(run: Run, { credentials }: FoundClient): Promise<void> {
  for (const { id } of credentials.nodes.slice(KEPT_SECRETS))
    await mutate(run, "revokeClientSecret", { id }, "clientSecret { id }");
}

async function freshSecret(run: Run, client: FoundClient): Promise<DemoClient> {
  await makeRoom(run, client);
  const input = { clientId: client.id, name: "Demo" };
  const { secret } = await mutate<{ secret: string }>(run, "createClientSecret", input, "secret");
  return { clientId: client.clientId, clientSecret: secret };
}

/** A client of the demo workspace that may ask for the demo scope, or, without a resource, for nothing. */
export async function demoClient(run: Run, name: string, resourceId: string | undefined): Promise<DemoClient> {
  const client = await ensureClient(run, WORKSPACE, { name });
  if (resourceId !== undefined) await grant(run, client.id, resourceId);
  return freshSecret(run, client);
}

const grant = (run: Run, clientId: string, resourceId: string) =>
  mutate(run, "setClientGrant", { clientId, resourceId, scopes: [SCOPE] }, "clientGrant { id }");

/** Everything that HTTP, forms and shells treat specially. */
const RESERVED = `!"#$%&'()*+,/:;<=>?@[\\]^\`{|}~ `;

/** A client whose id and secret came from elsewhere and are full of reserved characters. */
export async function oddClient(run: Run, resourceId: string): Promise<DemoClient> {
  const client = await ensureClient(run, WORKSPACE, { name: "Odd name", clientId: `odd${RESERVED}name` });
  await grant(run, client.id, resourceId);
  await makeRoom(run, client);
  const value = `${randomBytes(24).toString("base64url")}${RESERVED}%2B+`;
  await mutate(run, "importClientSecret", { clientId: client.id, value, name: "Demo" }, "clientSecret { id }");
  return { clientId: client.clientId, clientSecret: value };
}

/** A client of the tenant's admin workspace with one built-in role, everywhere. */
export async function roleClient(run: Run, role: "admin" | "auditor"): Promise<ApiCredentials> {
  const workspace = await findWorkspace(run, "admin");
  const roleId = workspace?.roles.nodes.find(({ name }) => name === role)?.id;
  const client = await ensureClient(run, "admin", { name: `Demo ${role}` });
  if (client.assignments.nodes.length === 0)
    await mutate(run, "createAssignment", { roleId, clientId: client.id, everywhere: true }, "assignment { id }");
  const { clientId, clientSecret } = await freshSecret(run, client);
  return {
    clientId,
    clientSecret,
    tokenEndpoint: workspace?.tokenEndpoint ?? "",
    resource: `${workspace?.issuer ?? ""}/api`,
  };
}
