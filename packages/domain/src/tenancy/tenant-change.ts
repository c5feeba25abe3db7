import { tenants } from "@mintmark/db/schema";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import type { AuditEvent } from "../change/audit-event.ts";
import type { Writer } from "../change/handle.ts";
import { id, name, slug } from "../input.ts";
import { graceEnd, locateTenant, refuseDeleted, type TenantRow, tenantToChange, touchedTenant } from "./tenant-row.ts";

type Update = Partial<Pick<typeof tenants.$inferInsert, "name" | "status" | "limits" | "deletedAt" | "restoresTo">>;

/** Writes a change of one tenant, which is audited there and with whoever made it. */
async function updateRow({ tx }: Writer, tenantId: string, update: Update, event: AuditEvent): Promise<Changed> {
  const [row] = await tx.update(tenants).set(update).where(eq(tenants.id, tenantId)).returning();
  if (!row) throw new Error(`tenant ${tenantId} vanished inside a transaction`);
  return { id: tenantId, event, workspaceId: null, visitedTenantId: tenantId, touched: [touchedTenant(row)] };
}

const named = ({ id: tenantId, slug: tenantSlug }: TenantRow) => ({ tenantId, slug: tenantSlug });

const UpdateTenant: Operation<{ readonly id: string; readonly name: string }, "tenant:write"> = {
  mutation: "updateTenant",
  permission: "tenant:write",
  input: z.strictObject({ id, name }),
  locate: locateTenant,
  run: async (write, input) => {
    const row = await tenantToChange(write, input.id);
    return updateRow(write, row.id, { name: input.name }, { type: "tenant.updated", ...named(row) });
  },
};

/** Renames a tenant; its slug never changes. */
export const updateTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateTenant, raw);

function refuseRoot({ isRoot }: TenantRow, done: "suspended" | "deleted"): void {
  if (!isRoot) return;
  refuse({
    code: "PROTECTED",
    noun: "tenant",
    what: `The root tenant cannot be ${done}: it manages the installation, and nobody could ${done === "suspended" ? "resume" : "restore"} it.`,
    mend: "Choose another tenant, or stop the server.",
  });
}

/** A change between active and suspended. */
const toStatus = (verb: "suspend" | "resume"): Operation<{ readonly id: string }, "tenant:suspend"> => ({
  mutation: `${verb}Tenant`,
  permission: "tenant:suspend",
  ...(verb === "suspend" && { isDangerous: true }),
  input: z.strictObject({ id }),
  locate: locateTenant,
  run: async (write, input) => {
    const row = await tenantToChange(write, input.id);
    refuseRoot(row, "suspended");
    refuseDeleted(row);
    return verb === "suspend"
      ? updateRow(write, row.id, { status: "suspended" }, { type: "tenant.suspended", ...named(row) })
      : updateRow(write, row.id, { status: "active" }, { type: "tenant.resumed", ...named(row) });
  },
});

const SuspendTenant = toStatus("suspend");
const ResumeTenant = toStatus("resume");

/** Stops a tenant: it issues nothing, its tokens are inactive, and its API answers nobody until it is resumed. */
export const suspendTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, SuspendTenant, raw);

export const resumeTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, ResumeTenant, raw);

const DeleteTenant: Operation<{ readonly id: string; readonly slug: string }, "tenant:delete"> = {
  mutation: "deleteTenant",
  permission: "tenant:delete",
  isDangerous: true,
  input: z.strictObject({ id, slug }),
  locate: locateTenant,
  run: async (write, input) => {
    const row = await tenantToChange(write, input.id);
    refuseRoot(row, "deleted");
    refuseDeleted(row);
    if (input.slug !== row.slug)
      refuse({
        code: "INVALID_INPUT",
        path: ["slug"],
        problem: "This is not the slug of the tenant that the id names.",
        mend: "Give the slug of the tenant that is to be deleted.",
      });
    const deletedAt = write.now;
    const restorableUntil = graceEnd(deletedAt).toISOString();
    const update = {
      status: "suspended",
      deletedAt,
      restoresTo: row.status === "active" ? "active" : "suspended",
    } as const;
    return updateRow(write, row.id, update, { type: "tenant.deleted", ...named(row), restorableUntil });
  },
};

/**
 * Deletes a tenant; its slug is said once more, so that none is deleted by mistake. For seven days it is as if suspended,
 * and can be restored. Then everything it held is erased, and neither its slug nor its issuers are ever given again.
 */
export const deleteTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteTenant, raw);

const RestoreTenant: Operation<{ readonly id: string }, "tenant:delete"> = {
  mutation: "restoreTenant",
  permission: "tenant:delete",
  input: z.strictObject({ id }),
  locate: locateTenant,
  run: async (write, input) => {
    const row = await tenantToChange(write, input.id);
    if (row.deletedAt === null)
      refuse({
        code: "PROTECTED",
        noun: "tenant",
        what: "This tenant is not deleted.",
        mend: "Nothing is to be done.",
      });
    const update = { status: row.restoresTo ?? "suspended", deletedAt: null, restoresTo: null };
    return updateRow(write, row.id, update, { type: "tenant.restored", ...named(row) });
  },
};

/** Takes the deletion of a tenant back within its grace: it is again what it was before, active or suspended. */
export const restoreTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RestoreTenant, raw);

const limit = (most: number) => {
  const message = `A limit is a whole number, 1 to ${most.toLocaleString("en")}.`;
  return z.int(message).min(1, message).max(most, message).nullish();
};

const limitsInput = z.strictObject({ id, workspaceLimit: limit(100_000), clientLimit: limit(10_000_000) });

const SetTenantLimits: Operation<z.infer<typeof limitsInput>, "tenant:write"> = {
  mutation: "setTenantLimits",
  permission: "tenant:write",
  input: limitsInput,
  locate: locateTenant,
  run: async (write, { id: tenantId, ...said }) => {
    const row = await tenantToChange(write, tenantId);
    const given = Object.entries(said).filter(([, value]) => value !== undefined);
    const merged = Object.entries({ ...row.limits, ...Object.fromEntries(given) });
    const limits = Object.fromEntries(merged.filter(([, value]) => value !== null)) as TenantRow["limits"];
    const event = { type: "tenant.limits-changed", ...named(row), limits: Object.fromEntries(given) } as const;
    return updateRow(write, row.id, { limits }, event);
  },
};

/**
 * Says how many custom workspaces and how many clients a tenant may have at most; `null` takes a limit away, what is left
 * out stays. What there is beyond a new limit stays; nothing is added to it.
 */
export const setTenantLimits = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, SetTenantLimits, raw);
