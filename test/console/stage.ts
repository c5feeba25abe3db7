import { beforeAll } from "vitest";
import { freshAuthority } from "../support/certificates.ts";
import { type SignedInPerson, signInOwner } from "../support/member.ts";
import { askToken, fetchToken } from "../support/token.ts";
import {
  createSecret,
  type StoryClient,
  type StoryTenant,
  type StoryWorkspace,
  useWorld,
  type World,
} from "../support/world.ts";

/** A server with an owner and a workspace in which something has happened. */
export interface Stage {
  readonly world: World;
  readonly origin: string;
  readonly owner: SignedInPerson;
  readonly tenant: StoryTenant;
  /** Holds two APIs, seven clients, tokens and refusals. */
  readonly workspace: StoryWorkspace;
  /** Holds nothing. */
  readonly empty: StoryWorkspace;
  readonly client: StoryClient;
  /** Addresses below `/console`. */
  readonly home: string;
  readonly at: string;
}

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();

const names = [
  "ledger-sync",
  "fraud-scorer",
  "nightly-report",
  "legacy-batch-01",
  "meter-gateway",
  "webhook-relay",
] as const;

/** Clients that ask for tokens, one of them with a wrong secret. */
async function populate(workspace: StoryWorkspace): Promise<StoryClient> {
  const client = await workspace.addClient({
    name: "invoice-renderer",
    grants: { invoices: ["invoices:read", "invoices:render"] },
  });
  await createSecret(workspace, client.id, { name: "next", expiresAt: inDays(9) });
  const { admin, id: workspaceId } = workspace;
  const authority = { workspaceId, name: "Services", certificate: freshAuthority() };
  await admin.must("addClientAuthority", authority, "__typename");
  const certificate = {
    clientId: client.id,
    name: "pod",
    sanDns: "invoice-renderer.billing.svc",
    expiresAt: inDays(60),
  };
  await admin.must("createClientCertificate", certificate, "__typename");
  for (const name of names) {
    const one = await workspace.addClient({ name, grants: { ledger: ["ledger:read"] } });
    if (name !== "legacy-batch-01") await fetchToken(one);
    await createSecret(workspace, one.id, { name: "dated", expiresAt: inDays(names.indexOf(name) * 60 + 5) });
    await workspace.admin.must("revokeClientSecret", { id: one.secretId }, "__typename");
    if (name === "meter-gateway") await workspace.admin.must("disableClient", { id: one.id }, "__typename");
  }
  for (let tokens = 0; tokens < 3; tokens++) await fetchToken(client);
  await askToken({ ...client, clientSecret: `${client.clientSecret.slice(0, -7)}0000000` });
  return client;
}

async function makeStage(world: World): Promise<Stage> {
  const owner = await signInOwner(world.server);
  const { tenant: slug } = world.server.bootstrapped;
  const { viewer } = (await world.rootAdmin.run("{ viewer { tenant { id } } }")) as {
    viewer: { tenant: { id: string } };
  };
  const tenant: StoryTenant = {
    id: viewer.tenant.id,
    slug,
    adminClient: world.server.bootstrapped,
    admin: world.rootAdmin,
  };
  const workspace = await world
    .tenant(tenant)
    .workspace({ slug: "payments-prod", name: "payments-prod" })
    .resource("invoices", ["invoices:read", "invoices:render"])
    .resource("ledger", ["ledger:read", "ledger:write"])
    .ready();
  const empty = await world.tenant(tenant).workspace({ slug: "payments-test", name: "payments-test" }).ready();
  const client = await populate(workspace);
  const home = `/t/${slug}`;
  return { world, origin: world.origin, owner, tenant, workspace, empty, client, home, at: `${home}/w/payments-prod` };
}

/** One stage for a test file. */
export function useStage(): () => Stage {
  const world = useWorld({ MTLS_URL: "https://mtls.example.com" });
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await makeStage(world);
  });
  return () => {
    if (!stage) throw new Error("the stage is built before the first test");
    return stage;
  };
}
