import { tenants } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  mayRead,
  type Operation,
  readerOf,
  signedIn,
} from "../change/actor.ts";
import type { Installation, Writer } from "../change/handle.ts";
import { nounOf } from "../id.ts";
import { name, slug } from "../input.ts";
import { insertInvitation } from "../people/invitation.ts";
import { ownerRoles } from "../people/new-member.ts";
import { OWNER_LINK_MS } from "../people/owner-link.ts";
import { automationAccess, createAutomationClient } from "./automation-client.ts";
import { createTenantRows } from "./new-workspace.ts";
import { refuseReserved } from "./slug.ts";
import { asTenant, isLiving, type Tenant, tenantColumns } from "./tenant-row.ts";

/** The tenant with that id, or `undefined` when there is none that the actor may see. Everyone sees their own. */
export async function getTenant(actor: Actor, tenantId: string): Promise<Tenant | undefined> {
  const { tx } = readerOf(actor);
  if (nounOf(tenantId) !== "tenant") return undefined;
  if (signedIn(actor).tenantId !== tenantId && !mayRead(actor, "tenant:read", null)) return undefined;
  const isIt = and(eq(tenants.id, tenantId), isLiving);
  const [row] = await tx.select(tenantColumns).from(tenants).where(isIt);
  return row && asTenant(row);
}

/** The tenant that the actor works in. */
export async function ownTenant(actor: Actor): Promise<Tenant> {
  const { tenantId } = signedIn(actor);
  const tenant = await getTenant(actor, tenantId);
  if (!tenant) throw new Error(`tenant ${tenantId} is missing`);
  return tenant;
}

/** The root tenant, for what the server does by itself; `undefined` before bootstrap. */
export async function rootTenant({ database }: Pick<Installation, "database">): Promise<Tenant | undefined> {
  const [row] = await database.select(tenantColumns).from(tenants).where(eq(tenants.isRoot, true));
  return row && asTenant(row);
}

const CreateTenant: Operation<{ readonly slug: string; readonly name: string }, "tenant:create"> = {
  mutation: "createTenant",
  permission: "tenant:create",
  isDangerous: true,
  input: z.strictObject({ slug, name }),
  locate: async () => ({ target: null }),
  run: insertTenant,
};

/**
 * Creates a tenant with its admin and system workspace. The answer's secret is the way in, shown once: for a person
 * `ownerInvite`, a link good once and for a week; for a script `clientId` and `clientSecret` of a client with the role
 * owner, its `tokenEndpoint` and `resource`, and its `scopes` (space-separated).
 */
export const createTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateTenant, raw);

async function insertTenant(write: Writer, input: { readonly slug: string; readonly name: string }): Promise<Changed> {
  refuseReserved(input.slug);
  const tenant = await createTenantRows(write, { ...input, isRoot: false });
  const client = await createAutomationClient(write, tenant.admin);
  const roles = await ownerRoles(write, tenant);
  const invitation = await insertInvitation(write, { tenantId: tenant.id, lifetimeMs: OWNER_LINK_MS, roles });
  const access = automationAccess(tenant.admin, false, { clientId: client.id, clientSecret: client.clientSecret });
  return {
    id: tenant.id,
    event: { type: "tenant.created", tenantId: tenant.id, slug: tenant.slug, invitationId: invitation.id },
    workspaceId: null,
    visitedTenantId: tenant.id,
    touched: [...tenant.touched, ...client.touched],
    secret: { ...access, scopes: access.scopes.join(" "), ownerInvite: invitation.link },
  };
}
