import { tenants } from "@mintmark/db/schema";
import { and, eq, ne } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  type Located,
  mayRead,
  type Operation,
  read,
  readerOf,
  refuse,
  signedIn,
} from "../change/actor.ts";
import type { Installation, Reader, Writer } from "../change/handle.ts";
import { Refusal } from "../failure.ts";
import { id, name, slug } from "../input.ts";
import { newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { automationAccess, createAutomationClient } from "./automation-client.ts";
import { createTenantRows } from "./new-workspace.ts";
import { refuseReserved } from "./slug.ts";

/** A customer of the installation. */
export interface Tenant {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: "active" | "suspended";
  /** The tenant named at set-up: its system workspace manages the others. */
  readonly isRoot: boolean;
  readonly createdAt: Date;
}

const columns = {
  id: tenants.id,
  slug: tenants.slug,
  name: tenants.name,
  status: tenants.status,
  isRoot: tenants.isRoot,
  createdAt: tenants.createdAt,
};

const isLiving = ne(tenants.status, "deleted");

/** The tenant with that id, or `undefined` when there is none that the actor may see. Everyone sees their own. */
export async function getTenant(actor: Actor, tenantId: string): Promise<Tenant | undefined> {
  const { tx } = readerOf(actor);
  if (signedIn(actor).tenantId !== tenantId && !mayRead(actor, "tenant:read", null)) return undefined;
  const [row] = await tx
    .select(columns)
    .from(tenants)
    .where(and(eq(tenants.id, tenantId), isLiving));
  return row as Tenant | undefined;
}

/** The tenant that the actor works in. */
export async function ownTenant(actor: Actor): Promise<Tenant> {
  const { tenantId } = signedIn(actor);
  const tenant = await getTenant(actor, tenantId);
  if (!tenant) throw new Error(`tenant ${tenantId} is missing`);
  return tenant;
}

/**
 * All tenants of the installation, newest first.
 *
 * @throws Refusal when the actor may not see them
 */
export const listTenants = (actor: Actor, page: PageRequest): Promise<Page<Tenant>> =>
  read(actor, "tenant:read", null, async ({ tx }) => {
    const cut = newestFirst(tenants, page);
    const rows = await tx
      .select(columns)
      .from(tenants)
      .where(and(isLiving, cut.after))
      .orderBy(...cut.orderBy)
      .limit(cut.limit);
    return pageByAge(rows as Tenant[], cut);
  });

/** The root tenant, for commands on the server; `undefined` before bootstrap. */
export async function rootTenant({ database }: Pick<Installation, "database">): Promise<Tenant | undefined> {
  const [row] = await database.select(columns).from(tenants).where(eq(tenants.isRoot, true));
  return row as Tenant | undefined;
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
 * Creates a tenant with its admin and system workspace. The answer's secret is the way in, shown once: `clientId` and
 * `clientSecret` of a client with the role owner, its `tokenEndpoint` and `resource`, and its `scopes` (space-separated).
 */
export const createTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateTenant, raw);

async function insertTenant(write: Writer, input: { readonly slug: string; readonly name: string }): Promise<Changed> {
  refuseReserved(input.slug);
  const tenant = await createTenantRows(write, { ...input, isRoot: false });
  const client = await createAutomationClient(write, tenant.admin);
  const access = automationAccess(tenant.admin, false, { clientId: client.id, clientSecret: client.clientSecret });
  return {
    id: tenant.id,
    event: { type: "tenant.created", tenantId: tenant.id, slug: tenant.slug },
    workspaceId: null,
    visitedTenantId: tenant.id,
    touched: [...tenant.touched, ...client.touched],
    secret: { ...access, scopes: access.scopes.join(" ") },
  };
}

async function locateTenant(read: Reader, input: { readonly id: string }): Promise<Located<"tenant:suspend">> {
  const row = { noun: "tenant", id: input.id, path: ["id"] } as const;
  const [found] = await read.tx
    .select({ id: tenants.id })
    .from(tenants)
    .where(and(eq(tenants.id, input.id), isLiving));
  if (!found) throw new Refusal({ code: "NOT_FOUND", ...row });
  return { target: null, row };
}

/** A change between active and suspended. */
const toStatus = (
  mutation: string,
  type: "tenant.suspended" | "tenant.resumed",
  status: Tenant["status"],
): Operation<{ readonly id: string }, "tenant:suspend"> => ({
  mutation,
  permission: "tenant:suspend",
  ...(status === "suspended" && { isDangerous: true }),
  input: z.strictObject({ id }),
  locate: locateTenant,
  run: async ({ tx }, input) => {
    const [row] = await tx.update(tenants).set({ status }).where(eq(tenants.id, input.id)).returning();
    if (!row) throw new Error(`tenant ${input.id} vanished inside a transaction`);
    if (row.isRoot) refuseRoot();
    const { id: tenantId, slug: tenantSlug, name: tenantName, isRoot, settings } = row;
    return {
      id: tenantId,
      event: { type, tenantId, slug: tenantSlug },
      workspaceId: null,
      visitedTenantId: tenantId,
      touched: [
        {
          kind: "tenant",
          id: tenantId,
          workspaceId: null,
          body: { slug: tenantSlug, name: tenantName, isRoot, status, settings },
        },
      ],
    };
  },
});

const refuseRoot = (): never =>
  refuse({
    code: "PROTECTED",
    noun: "tenant",
    what: "The root tenant cannot be suspended: it manages the installation, and nobody could resume it.",
    mend: "Choose another tenant, or stop the server.",
  });

const SuspendTenant = toStatus("suspendTenant", "tenant.suspended", "suspended");
const ResumeTenant = toStatus("resumeTenant", "tenant.resumed", "active");

/** Stops a tenant: it issues nothing, its tokens are inactive, and its API answers nobody until it is resumed. */
export const suspendTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, SuspendTenant, raw);

export const resumeTenant = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, ResumeTenant, raw);
