import { tenants } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { id } from "../input.ts";
import { insertInvitation } from "../people/invitation.ts";
import { touchedInvitation } from "../people/invite.ts";
import { ownerRoles } from "../people/new-member.ts";
import { endOwnerLinks, OWNER_LINK_MS, wasOwned } from "../people/owner-link.ts";
import { locateTenant, refuseDeleted, type TenantRow, tenantToChange } from "./tenant-row.ts";

const refuseLink = (what: string, mend: string): never => refuse({ code: "PROTECTED", noun: "tenant", what, mend });

/** Whoever operates the installation lets nobody into a tenant that is, or was, its people's. */
async function refuseUnlessWaiting({ tx }: Writer, row: TenantRow): Promise<void> {
  const reset = `\`mintmark owner reset --tenant ${row.slug}\`, on the server, makes a link.`;
  if (row.isRoot) refuseLink("The root tenant gets its first owner by set-up, or by the link of `bootstrap`.", reset);
  refuseDeleted(row);
  if (row.status !== "active")
    refuseLink("This tenant is suspended: a link would open nothing.", "Resume the tenant first.");
  const isOwned = and(eq(tenants.id, row.id), wasOwned);
  const [owned] = await tx.select({ id: tenants.id }).from(tenants).where(isOwned);
  if (owned)
    refuseLink(
      "This tenant has, or had, an owner who signed in: from then on its people alone let others in.",
      `An owner of it invites another. Where none is left, ${reset}`,
    );
}

async function makeLink(write: Writer, input: { readonly id: string }): Promise<Changed> {
  const row = await tenantToChange(write, input.id);
  // First: whoever uses one at this moment is waited for, and seen.
  await endOwnerLinks(write, row.id);
  await refuseUnlessWaiting(write, row);
  const given = await ownerRoles(write, row);
  const made = await insertInvitation(write, { tenantId: row.id, lifetimeMs: OWNER_LINK_MS, roles: given });
  return {
    id: row.id,
    event: { type: "tenant.owner-link-created", tenantId: row.id, slug: row.slug, invitationId: made.id },
    workspaceId: null,
    visitedTenantId: row.id,
    touched: [touchedInvitation(made.id, { roles: given, lifetimeMs: OWNER_LINK_MS })],
    secret: { ownerInvite: made.link },
  };
}

const CreateTenantOwnerLink: Operation<{ readonly id: string }, "tenant:create"> = {
  mutation: "createTenantOwnerLink",
  // Who makes a tenant is given this link of it.
  permission: "tenant:create",
  isDangerous: true,
  input: z.strictObject({ id }),
  locate: locateTenant,
  run: makeLink,
};

/**
 * Makes another link for the first owner of a tenant, good once and for a week; `secret.ownerInvite` is shown this once, and
 * the one before opens nothing any more. Only while no person ever owned the tenant.
 */
export const createTenantOwnerLink = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreateTenantOwnerLink, raw);
