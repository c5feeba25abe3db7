import {
  type Actor,
  addBootstrapSecrets,
  type BootstrapResult,
  bootstrap,
  createClientSecret,
  type Installation,
  LARGEST_PAGE,
  listClients,
  listCredentials,
  listTenants,
  revokeClientSecret,
  rootTenant,
  shellActor,
  type Tenant,
  workspaceBySlug,
} from "@mintmark/domain";
import { parseConfig } from "../config.ts";
import { openInstallation } from "../open.ts";
import { CommandFailure, type Shell } from "../shell.ts";
import { type DemoClient, demoClient, demoWorkspace, oddClient, RESOURCE, roleClient, SCOPE } from "./demo-world.ts";
import { type ApiCredentials, mutate, requireServer, type Server, signIn } from "./graphql-client.ts";

export interface SeedOptions {
  readonly json?: boolean;
}

/** What a person or a test needs to try everything. */
interface World {
  readonly issuer: string;
  readonly graphql: string;
  readonly admin: ApiCredentials;
  readonly auditor: ApiCredentials;
  readonly clients: Readonly<Record<"service" | "second" | "ungranted" | "oddName", DemoClient>>;
  readonly other: { readonly issuer: string; readonly client: DemoClient; readonly admin: ApiCredentials };
  readonly resource: string;
  readonly scope: string;
}

const OTHER_TENANT = "demo-other";

/** `mintmark seed`: a demo world, made through the GraphQL API of the running server. May be run again. */
export async function seedCommand(shell: Shell, { json }: SeedOptions): Promise<void> {
  const config = parseConfig(shell.env);
  if (config.isProduction)
    throw new CommandFailure(
      `PUBLIC_URL is ${config.origin}, so this server is in production, where a demo world with known names has no business. ` +
        "Seed a server on this machine: leave PUBLIC_URL out.",
    );
  const server: Server = { local: `http://localhost:${config.port}` };
  await requireServer(server);
  const opened = await openInstallation(config, "seed", shell);
  try {
    const world = await makeWorld(opened.installation, server, shell);
    shell.print(json ? JSON.stringify(world) : JSON.stringify(world, null, 2));
  } finally {
    await opened.close();
  }
}

async function makeWorld(installation: Installation, server: Server, shell: Shell): Promise<World> {
  const access = await ownerAccess(installation);
  shell.progress("Making the demo workspace …");
  const { run } = await signIn(server, access);
  const { issuer, resourceId } = await demoWorkspace(run);
  const clients = {
    service: await demoClient(run, "Service", resourceId),
    second: await demoClient(run, "Second", resourceId),
    ungranted: await demoClient(run, "Ungranted", undefined),
    oddName: await oddClient(run, resourceId),
  };
  const [admin, auditor] = [await roleClient(run, "admin"), await roleClient(run, "auditor")];
  shell.progress("Making the other tenant …");
  const other = await otherTenant(installation, server, access);
  return { issuer, graphql: access.graphql, admin, auditor, clients, other, resource: RESOURCE, scope: SCOPE };
}

/** The bootstrap clients: made now, or, where somebody owns the server, given a secret that lives one hour. */
async function ownerAccess(installation: Installation): Promise<BootstrapResult> {
  const made = await bootstrap(installation, { tenantSlug: "demo", tenantName: "Demo" });
  if (!("alreadyOwnedBy" in made)) return made;
  const access = await addBootstrapSecrets(installation);
  if (!access) throw new CommandFailure("The root tenant vanished meanwhile. Run this command again.");
  return access;
}

/** Another tenant with an API and a client of its own: for trying what may not be seen from here. */
async function otherTenant(
  installation: Installation,
  server: Server,
  access: BootstrapResult,
): Promise<World["other"]> {
  const known = await findTenant(installation);
  const admin = known ? await hourlyAccess(installation, known) : await createOther(server, access);
  const { run } = await signIn(server, admin);
  const { issuer, resourceId } = await demoWorkspace(run);
  return { issuer, client: await demoClient(run, "Service", resourceId), admin };
}

async function createOther(server: Server, access: BootstrapResult): Promise<ApiCredentials> {
  const { run } = await signIn(server, access.system);
  const selection = "secret { tokenEndpoint clientId clientSecret resource }";
  const input = { slug: OTHER_TENANT, name: "Other" };
  const { secret } = await mutate<{ secret: ApiCredentials }>(run, "createTenant", input, selection);
  return secret;
}

async function findTenant(installation: Installation): Promise<Tenant | undefined> {
  const root = await rootTenant(installation);
  if (!root) return undefined;
  const actor = shellActor(installation, root);
  for (let after: string | undefined; ; ) {
    const page = await listTenants(actor, { first: LARGEST_PAGE, after });
    const found = page.items.find(({ slug }) => slug === OTHER_TENANT);
    if (found || !page.hasNextPage) return found;
    after = page.endCursor;
  }
}

const HOUR_MS = 3_600_000;
const HOURLY = "One hour, from the command line";

/** Earlier runs' secrets make room: a client may have only so many. */
async function revokeEarlier(actor: Actor, clientId: string): Promise<void> {
  const all = { first: LARGEST_PAGE };
  const { items } = await listCredentials(actor, clientId, all, { kind: "clientSecret", isRevoked: false });
  for (const { id, name } of items) if (name === HOURLY) await revokeClientSecret(actor, { id });
}

/** The first client of that tenant's admin workspace, with a secret that lives one hour; audited as `cli`. */
async function hourlyAccess(installation: Installation, tenant: Tenant): Promise<ApiCredentials> {
  const actor = shellActor(installation, tenant);
  const workspace = await workspaceBySlug(actor, "admin");
  const clients =
    workspace && (await listClients(actor, workspace.id, { first: LARGEST_PAGE }, { search: "Automation" }));
  const client = clients?.items.at(-1);
  if (!workspace || !client)
    throw new CommandFailure(`The tenant ${tenant.slug} has no automation client any more. Seed an empty server.`);
  await revokeEarlier(actor, client.id);
  const expiresAt = new Date(installation.now().getTime() + HOUR_MS).toISOString();
  const { secret } = await createClientSecret(actor, { clientId: client.id, name: HOURLY, expiresAt });
  const { issuer } = workspace;
  return {
    clientId: client.clientId,
    clientSecret: secret?.["value"] ?? "",
    tokenEndpoint: `${issuer}/oauth2/token`,
    resource: `${issuer}/api`,
  };
}
