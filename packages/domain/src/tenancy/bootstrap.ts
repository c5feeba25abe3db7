import { assignments, clients, installation as installations, roles, tenants, workspaces } from "@mintmark/db/schema";
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { isActiveAt } from "../authority/powers.ts";
import { type Answer, type Changed, change, type Located, type Operation, shellActor } from "../change/actor.ts";
import { writeAudit } from "../change/audit.ts";
import { appendToFeed, lockShards } from "../change/change-feed.ts";
import type { Installation, Reader, Writer } from "../change/handle.ts";
import { newCorrelationId } from "../id.ts";
import { name, parseInput, slug } from "../input.ts";
import { insertInvitation } from "../people/invitation.ts";
import { ownerRoles } from "../people/new-member.ts";
import {
  type AutomationAccess,
  addClientSecret,
  automationAccess,
  createAutomationClient,
} from "./automation-client.ts";
import { createTenantRows } from "./new-workspace.ts";
import { refuseReserved } from "./slug.ts";
import { rootTenant } from "./tenant.ts";
import { asWorkspace, type Workspace, workspaceColumns } from "./workspace-row.ts";

/** The way into a new installation without a browser: its admin workspace's, and the system workspace's. */
export interface BootstrapResult extends AutomationAccess {
  /** The root tenant's slug. */
  readonly tenant: string;
  /** The address of the GraphQL endpoint. */
  readonly graphql: string;
  readonly system: AutomationAccess;
  /** A one-use link that makes its user the owner; absent where a person owns the server. Shown once. */
  readonly ownerInvite?: string;
}

const WEEK_MS = 7 * 86_400_000;

const Input = z.strictObject({ tenantSlug: slug, tenantName: name });

/**
 * Makes the root tenant with one automation client in each of its special workspaces. Their secrets are in the answer
 * and nowhere else. A second call changes nothing and says the slug of the tenant that owns the installation.
 *
 * @throws Refusal for a bad slug or name
 */
export async function bootstrap(
  installation: Installation,
  raw: { readonly tenantSlug: string; readonly tenantName: string },
): Promise<BootstrapResult | { readonly alreadyOwnedBy: string }> {
  const { input } = parseInput(Input, raw);
  return installation.database.transaction(async (tx) => {
    const [row] = await tx.select().from(installations).for("no key update");
    if (row?.rootTenantId) {
      const [owner] = await tx.select({ slug: tenants.slug }).from(tenants).where(eq(tenants.id, row.rootTenantId));
      return { alreadyOwnedBy: owner?.slug ?? row.rootTenantId };
    }
    refuseReserved(input.tenantSlug, ["tenantSlug"]);
    const making = { tx, installation, now: installation.now() };
    const tenant = await createTenantRows(making, { slug: input.tenantSlug, name: input.tenantName, isRoot: true });
    const admin = await createAutomationClient(making, tenant.admin);
    const system = await createAutomationClient(making, tenant.system);
    await tx.update(installations).set({ rootTenantId: tenant.id });
    const roles = await ownerRoles(making, tenant);
    const invitation = await insertInvitation(making, { tenantId: tenant.id, lifetimeMs: WEEK_MS, roles });

    await lockShards(tx, [tenant.id]);
    const touched = [...tenant.touched, ...admin.touched, ...system.touched];
    await appendToFeed(tx, tenant.id, null, touched, making.now);
    const chain = { tenantId: tenant.id, workspaceId: tenant.admin.id };
    const by = { actor: "cli", correlationId: newCorrelationId(), address: "local", agent: undefined, at: making.now };
    await writeAudit(tx, chain, by, { type: "installation.bootstrapped", tenantId: tenant.id });
    await writeAudit(tx, chain, by, { type: "invitation.created", invitationId: invitation.id, memberId: null });
    const access = {
      admin: automationAccess(tenant.admin, true, { clientId: admin.id, clientSecret: admin.clientSecret }),
      system: automationAccess(tenant.system, true, { clientId: system.id, clientSecret: system.clientSecret }),
    };
    return { ...resultOf(installation, tenant.slug, access), ownerInvite: invitation.link };
  });
}

const resultOf = (
  { origin }: Installation,
  tenant: string,
  { admin, system }: { readonly admin: AutomationAccess; readonly system: AutomationAccess },
): BootstrapResult => ({ tenant, graphql: `${origin}/graphql`, ...admin, system });

const HOUR_MS = 3_600_000;

/** Who holds the strongest role of a special workspace; its oldest client, which bootstrap made unless it was deleted. */
async function oldestAutomationClient(write: Writer, workspace: Workspace) {
  const role = workspace.kind === "system" ? "operator" : "owner";
  const [client] = await write.tx
    .select({ id: clients.id, clientId: clients.clientId })
    .from(clients)
    .innerJoin(assignments, and(eq(assignments.tenantId, clients.tenantId), eq(assignments.clientId, clients.id)))
    .innerJoin(roles, and(eq(roles.tenantId, assignments.tenantId), eq(roles.id, assignments.roleId)))
    .where(
      and(
        eq(clients.tenantId, write.tenantId),
        eq(clients.workspaceId, workspace.id),
        eq(clients.status, "active"),
        eq(roles.isBuiltIn, true),
        eq(roles.name, role),
        eq(assignments.targetAll, true),
        isActiveAt(write.now),
      ),
    )
    .orderBy(asc(clients.createdAt), asc(clients.id))
    .limit(1);
  return client;
}

async function specialWorkspace({ tx, tenantId }: Reader, kind: "admin" | "system"): Promise<Workspace> {
  const isIt = and(eq(workspaces.tenantId, tenantId), eq(workspaces.kind, kind));
  const [row] = await tx.select(workspaceColumns).from(workspaces).where(isIt);
  if (!row) throw new Error(`tenant ${tenantId} has no ${kind} workspace`);
  return asWorkspace(row);
}

interface SecretInput {
  readonly kind: "admin" | "system";
}

const AddBootstrapSecret: Operation<SecretInput, "client-secret:write"> = {
  mutation: "addBootstrapSecret",
  permission: "client-secret:write",
  input: z.strictObject({ kind: z.enum(["admin", "system"]) }),
  locate: async (read, { kind }): Promise<Located<"client-secret:write">> => ({
    target: { workspaceId: (await specialWorkspace(read, kind)).id, kind },
  }),
  run: addShortSecret,
};

async function addShortSecret(write: Writer, { kind }: SecretInput): Promise<Changed> {
  const workspace = await specialWorkspace(write, kind);
  const found = await oldestAutomationClient(write, workspace);
  const made = found ? undefined : await createAutomationClient(write, workspace);
  const client = found ?? { id: made?.id ?? "", clientId: made?.id ?? "" };
  const expiresAt = new Date(write.now.getTime() + HOUR_MS);
  const place = { tenantId: write.tenantId, workspaceId: workspace.id, clientId: client.id };
  const secret = await addClientSecret(write, { ...place, name: "One hour, from the command line", expiresAt });
  return {
    id: secret.id,
    event: { type: "client-secret.created", clientId: client.id, secretId: secret.id, hint: secret.hint },
    workspaceId: workspace.id,
    touched: [...(made?.touched ?? []), secret.touched],
    secret: { clientId: client.clientId, clientSecret: secret.value, issuer: workspace.issuer },
  };
}

/**
 * Adds a secret that lives one hour to each of the two automation clients, for somebody with a shell on the server.
 * `undefined` before bootstrap.
 */
export async function addBootstrapSecrets(installation: Installation): Promise<BootstrapResult | undefined> {
  const tenant = await rootTenant(installation);
  if (!tenant) return undefined;
  const actor = shellActor(installation, tenant);
  const add = async (kind: "admin" | "system") => accessOf(kind, await change(actor, AddBootstrapSecret, { kind }));
  return resultOf(installation, tenant.slug, { admin: await add("admin"), system: await add("system") });
}

function accessOf(kind: "admin" | "system", { secret }: Answer): AutomationAccess {
  const { issuer = "", clientId = "", clientSecret = "" } = secret ?? {};
  return automationAccess({ issuer, kind }, true, { clientId, clientSecret });
}
