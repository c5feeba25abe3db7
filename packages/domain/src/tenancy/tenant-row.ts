import { tenants } from "@mintmark/db/schema";
import { and, eq, ne } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { Refusal } from "../failure.ts";
import type { Noun } from "../id.ts";

/** What the operator of the installation allows a tenant at most; `null`: no limit. */
export interface TenantLimits {
  /** Custom workspaces. */
  readonly workspaceLimit: number | null;
  /** Clients of all its workspaces together. */
  readonly clientLimit: number | null;
}

/** A customer of the installation. */
export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: "active" | "suspended";
  /** The tenant named at set-up: its system workspace manages the others. */
  readonly isRoot: boolean;
  readonly createdAt: Date;
  /** When it was deleted, where it was: it is suspended since. */
  readonly deletedAt: Date | null;
  readonly limits: TenantLimits;
}

const GRACE_DAYS = 7;
const GRACE_MS = GRACE_DAYS * 86_400_000;

/** Until when a tenant that was deleted then can be restored. */
export const graceEnd = (deletedAt: Date): Date => new Date(deletedAt.getTime() + GRACE_MS);

/** Whoever was deleted before that instant has had its grace. */
export const graceStart = (now: Date): Date => new Date(now.getTime() - GRACE_MS);

export const tenantColumns = {
  id: tenants.id,
  slug: tenants.slug,
  name: tenants.name,
  status: tenants.status,
  isRoot: tenants.isRoot,
  createdAt: tenants.createdAt,
  deletedAt: tenants.deletedAt,
  limits: tenants.limits,
};

export type TenantRow = typeof tenants.$inferSelect;

/** A row of a query that leaves erased ones out. */
export const asTenant = ({ limits, ...row }: Pick<TenantRow, keyof typeof tenantColumns>): Tenant => ({
  ...(row as Omit<Tenant, "limits">),
  limits: { workspaceLimit: limits["workspaceLimit"] ?? null, clientLimit: limits["clientLimit"] ?? null },
});

/** It is there: not erased. Within its grace a deleted one is. */
export const isLiving = ne(tenants.status, "deleted");

/** What history keeps of a tenant. */
export const touchedTenant = (row: TenantRow): Touched => {
  const { id, slug, name, isRoot, status, settings, limits, deletedAt } = row;
  return { kind: "tenant", id, workspaceId: null, body: { slug, name, isRoot, status, settings, limits, deletedAt } };
};

/**
 * Where a change of a tenant acts: tenants are managed for the installation as a whole.
 *
 * @param path where the tenant's id stands in the input
 * @throws Refusal NOT_FOUND
 */
export async function locateTenant(
  read: Reader,
  input: { readonly id: string },
  path: readonly string[] = ["id"],
): Promise<{ target: null; row: { noun: Noun; id: string; path: readonly string[] } }> {
  const row = { noun: "tenant", id: input.id, path } as const;
  const isIt = and(eq(tenants.id, input.id), isLiving);
  const [found] = await read.tx.select({ id: tenants.id }).from(tenants).where(isIt);
  if (!found) throw new Refusal({ code: "NOT_FOUND", ...row });
  return { target: null, row };
}

/** The tenant, locked. */
export async function tenantToChange({ tx }: Pick<Writer, "tx">, id: string): Promise<TenantRow> {
  const [row] = await tx
    .select()
    .from(tenants)
    .where(and(eq(tenants.id, id), isLiving))
    .for("no key update");
  if (!row) throw new Refusal({ code: "NOT_FOUND", noun: "tenant", id, path: ["id"] });
  return row;
}

/** What was deleted is not changed, but restored. @throws Refusal PROTECTED */
export function refuseDeleted({ deletedAt }: TenantRow): void {
  if (deletedAt === null) return;
  throw new Refusal({
    code: "PROTECTED",
    noun: "tenant",
    what: `This tenant was deleted, and can be restored until ${graceEnd(deletedAt).toISOString()}.`,
    mend: "Restore it first.",
  });
}
