import { beforeAll } from "vitest";
import { remember } from "../support/canaries.ts";
import { freshAuthority } from "../support/certificates.ts";
import { ended, newImport, sealingPair, sendCsv } from "../support/imports.ts";
import { inDatabase, type SignedInPerson, signInAgain, signInOwner } from "../support/member.ts";
import { createFromKept, keptDatabase } from "../support/postgres.ts";
import { manage, newInitialAccessToken, register, registeredIn } from "../support/registration.ts";
import { startOn, startServer } from "../support/server.ts";
import { askToken, fetchToken } from "../support/token.ts";
import {
  createSecret,
  type StoryClient,
  type StoryTenant,
  type StoryWorkspace,
  storyWorkspace,
  useWorldOn,
  type World,
  worldOf,
} from "../support/world.ts";
import { addApiTokens } from "./api-token-stage.ts";
import { addProver, inDays, turnKeys } from "./prover.ts";

/** A server with an owner and a workspace in which something has happened. */
export interface Stage {
  readonly world: World;
  readonly origin: string;
  readonly owner: SignedInPerson;
  readonly tenant: StoryTenant;
  /** Holds two APIs, eight clients, tokens and refusals. */
  readonly workspace: StoryWorkspace;
  /** Holds nothing. */
  readonly empty: StoryWorkspace;
  readonly client: StoryClient;
  /** Has credentials of every kind, a secret on its way out, and settings of its own. */
  readonly prover: StoryClient;
  /** The id of a single sign-on provider, which nobody answers for. */
  readonly provider: string;
  /** The request of that client that came with a wrong secret. */
  readonly refusedRequest: string;
  /** An import of which no line became a client. */
  readonly importId: string;
  /** Addresses below `/console`. */
  readonly home: string;
  readonly at: string;
}

const names = [
  "ledger-sync",
  "fraud-scorer",
  "nightly-report",
  "legacy-batch-01",
  "meter-gateway",
  "webhook-relay",
] as const;

/** Tokens that register clients: one works, one has registered its client, which left again, one was revoked. */
async function addRegistrars(workspace: StoryWorkspace): Promise<void> {
  const used = await newInitialAccessToken(workspace, { name: "First device", uses: 1, ceiling: {} });
  await manage("DELETE", registeredIn(await register(workspace, used.value)));
  const { id } = await newInitialAccessToken(workspace, { name: "Trial", expiresAt: inDays(2), ceiling: {} });
  await workspace.admin.must("revokeInitialAccessToken", { id }, "__typename");
  const ceiling = { invoices: ["invoices:read"], ledger: ["ledger:read", "ledger:write"] };
  await newInitialAccessToken(workspace, { name: "Deployment pipeline", uses: 25, expiresAt: inDays(30), ceiling });
}

/**
 * Two webhooks, one off, and what the first was told: a test that could not be sent, and two notices as they look later, one
 * of them refused by a mail server too.
 */
async function addWebhooks(world: World, { admin, id: workspaceId, slug }: StoryWorkspace): Promise<void> {
  const make = async (name: string, address: string) => {
    const made = await admin.must("createWebhook", { workspaceId, name, address }, "webhook { id } secret");
    remember(String(made["secret"]));
    return (made["webhook"] as { id: string }).id;
  };
  const hook = await make("On call", "https://127.0.0.1:1/hooks/mintmark");
  const off = await make("Ticket system", "https://tickets.example.com/in?key=8f2a");
  await admin.must("updateWebhook", { id: off, isActive: false }, "__typename");
  await admin.must("sendTestNotice", { id: hook }, "__typename");
  const client = { id: "cli_x", clientId: "cli_x", name: "meter-gateway" };
  await inDatabase(world.server, async (sql) => {
    for (const [step, hours] of [
      [30, 170],
      [14, 60],
    ] as const) {
      const credential = { id: "sec_x", kind: "client_secret", name: "dated", hint: "q7Xc" };
      const body = { tenant: "t", workspace: slug, client, credential, endsAt: inDays(step), daysBefore: step };
      const id = `ntc_${String(step).padStart(14, "0")}`;
      await sql`insert into notices (tenant_id, workspace_id, id, credential_id, ends_at, step, body, created_at)
        select tenant_id, id, ${id}, 'sec_x', now(), ${step}, ${sql.json(body)}, now() - make_interval(hours => ${hours})
        from workspaces where id = ${workspaceId}`;
      await sql`insert into notice_deliveries (tenant_id, workspace_id, notice_id, receiver, webhook_id, created_at,
          attempts, last_tried_at, delivered_at, problem, status)
        select tenant_id, workspace_id, id, ${hook}, ${hook}, created_at, ${step === 14 ? 7 : 1}, created_at,
          ${step === 14 ? null : sql`created_at`}, ${step === 14 ? "status" : null}, ${step === 14 ? 503 : 204}
        from notices where id = ${id}`;
    }
    await sql`insert into notice_deliveries (tenant_id, workspace_id, notice_id, receiver, member_id, created_at, attempts,
        last_tried_at, problem)
      select n.tenant_id, n.workspace_id, n.id, m.id, m.id, n.created_at, 7, n.created_at + interval '33 hours', 'mail'
      from notices n join members m on m.tenant_id = n.tenant_id where n.id = 'ntc_00000000000014' limit 1`;
  });
}

/** A file of which each line is wrong in its own way. */
async function importBadLines(world: World, workspace: StoryWorkspace): Promise<string> {
  const { bootstrapped } = world.server;
  const token = await fetchToken(bootstrapped, { resource: bootstrapped.resource });
  const by = { graphql: workspace.admin, token };
  const job = await newImport(by, workspace.id, "CSV", sealingPair().publicJwk);
  const file = `name,resource,scopes,expiresAt
gate-0001,https://ledger.example.org/,ledger:read,
gate-0002,${workspace.resource("ledger").identifier},ledger:read ledger:close,
,,,
gate-0003,,,2020-01-31T12:00:00Z
"gate-0004,,,
`;
  await sendCsv(world.origin, by, job, file);
  await ended(by, job.id);
  return job.id;
}

/** Clients that ask for tokens, one of them with a wrong secret. */
async function populate(
  world: World,
  workspace: StoryWorkspace,
): Promise<Pick<Stage, "client" | "refusedRequest" | "importId">> {
  const importId = await importBadLines(world, workspace);
  await addRegistrars(workspace);
  await addWebhooks(world, workspace);
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
  const refused = await askToken({ ...client, clientSecret: `${client.clientSecret.slice(0, -7)}0000000` });
  return { client, refusedRequest: String(refused.json()["correlation_id"]), importId };
}

/** Two providers: one by invitation, one for whoever signs in, which is off. */
async function addProviders({ admin }: StoryTenant): Promise<string> {
  const document = '{ workspace(slug: "admin") { roles { nodes { id name } } } }';
  const { workspace } = (await admin.run(document)) as {
    workspace: { roles: { nodes: { id: string; name: string }[] } };
  };
  const auditor = workspace.roles.nodes.find(({ name }) => name === "auditor")?.id ?? "";
  const said = { clientId: "mintmark", clientSecret: remember("a secret that a provider gave") };
  const acme = { ...said, name: "Acme ID", issuer: "https://id.acme.example", emailDomains: ["acme.example"] };
  const made = await admin.must("createSsoProvider", acme, "ssoProvider { id }");
  const roles = [{ roleId: auditor, everywhere: true }];
  const guests = {
    ...said,
    name: "Guests",
    issuer: "https://login.guests.example/realms/all",
    joining: "ANYONE",
    roles,
  };
  const off = await admin.must("createSsoProvider", guests, "ssoProvider { id }");
  const { id } = off["ssoProvider"] as { id: string };
  await admin.must("updateSsoProvider", { id, isActive: false }, "__typename");
  return (made["ssoProvider"] as { id: string }).id;
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
  const populated = await populate(world, workspace);
  const prover = await addProver(workspace);
  await addApiTokens(workspace, populated.client, prover);
  await turnKeys(workspace);
  const provider = await addProviders(tenant);
  await inDatabase(
    world.server,
    (sql) => sql`insert into former_members (tenant_id, id, display_name, removed_at)
      values (${tenant.id}, 'mem_0K3v9aQxT2mZ7b', 'Jo Fernandes', now() - interval '40 days')`,
  );
  return stageOf(world, { owner, tenant, workspace, empty, ...populated, prover, provider });
}

type Parts = Omit<Stage, "world" | "origin" | "home" | "at">;

function stageOf(world: World, parts: Parts): Stage {
  const home = `/t/${parts.tenant.slug}`;
  return { world, origin: world.origin, ...parts, home, at: `${home}/w/${parts.workspace.slug}` };
}

/** The database of the stage, kept for every file of this run. */
const KEPT = "mintmark_stage";

/** What nobody can read from it. */
type Facts = ReturnType<typeof factsOf>;

function factsOf({
  origin,
  owner,
  tenant,
  workspace,
  empty,
  client,
  prover,
  provider,
  refusedRequest,
  importId,
}: Stage) {
  const place = ({ id, slug, issuer, resources }: StoryWorkspace) => ({ id, slug, issuer, resources: [...resources] });
  const { email, password, memberId } = owner;
  const facts = ({ workspace: _, ...of }: StoryClient) => of;
  return {
    origin,
    owner: { email, password, memberId },
    tenantId: tenant.id,
    workspace: place(workspace),
    empty: place(empty),
    client: facts(client),
    prover: facts(prover),
    provider,
    refusedRequest,
    importId,
  };
}

/** The stage that was built, on a copy of its database. */
async function sameStage(world: World, kept: string): Promise<Stage> {
  const was = (JSON.parse(kept) as Facts).origin;
  const facts = JSON.parse(kept.replaceAll(was, world.origin)) as Facts;
  for (const secret of [facts.owner.password, facts.client.clientSecret, facts.prover.clientSecret]) remember(secret);
  const { bootstrapped } = world.server;
  const tenant = {
    id: facts.tenantId,
    slug: bootstrapped.tenant,
    adminClient: bootstrapped,
    admin: world.rootAdmin,
  };
  const workspace = storyWorkspace(tenant.admin, facts.workspace, facts.workspace.resources);
  const empty = storyWorkspace(tenant.admin, facts.empty, facts.empty.resources);
  const owner = { ...(await signInAgain(world, facts.owner)), ...facts.owner };
  const { provider, refusedRequest, importId } = facts;
  const client = { ...facts.client, workspace };
  const prover = { ...facts.prover, workspace };
  return stageOf(world, { owner, tenant, workspace, empty, client, prover, provider, refusedRequest, importId });
}

const extra = { MTLS_URL: "https://mtls.example.com" };

/** Builds a stage on a server of its own, which has stopped. */
async function buildStage() {
  const server = await startServer(extra);
  const stage = await makeStage(worldOf(server));
  await server.stop();
  return { ...server, facts: JSON.stringify(factsOf(stage)) };
}

/** One stage for a test file, on a copy of the one that is built once in a run. */
export function useStage(): () => Stage {
  let facts = "";
  const world = useWorldOn(async () => {
    facts = await keptDatabase(KEPT, buildStage);
    return startOn(createFromKept(KEPT), extra);
  });
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await sameStage(world, facts);
  });
  return () => {
    if (!stage) throw new Error("the stage is built before the first test");
    return stage;
  };
}
