import { tenants, workspaces } from "@mintmark/db/schema";
import { and, eq, ilike, inArray, ne, or, type SQL } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../authority/principal.ts";
import {
  type Actor,
  type Answer,
  type Changed,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
} from "../change/actor.ts";
import { containing } from "../change/audit-filter.ts";
import type { Writer } from "../change/handle.ts";
import { id, name, slug } from "../input.ts";
import { newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { effectiveSettingsAt, settingInputs } from "../settings/settings.ts";
import { keyPolicyOf } from "../signing-keys/signing-key-rows.ts";
import { insertWorkspace, planWorkspace, touchedWorkspace } from "./new-workspace.ts";
import { refuseReserved } from "./slug.ts";
import { refuseBeyondLimit } from "./tenant-limits.ts";
import { asWorkspace, findWorkspace, locateWorkspace, type Workspace, workspaceColumns } from "./workspace-row.ts";

export type { Workspace } from "./workspace-row.ts";

/** The workspace with that id, or `undefined` when there is none that the actor may see. */
export async function getWorkspace(actor: Actor, workspaceId: string): Promise<Workspace | undefined> {
  const { tx, tenantId } = readerOf(actor);
  return visible(actor, await findWorkspace(tx, tenantId, workspaceId));
}

/** Workspaces by id, in the order asked for; `undefined` where there is none that the actor may see. */
export async function getWorkspaces(actor: Actor, ids: readonly string[]): Promise<(Workspace | undefined)[]> {
  const { tx, tenantId } = readerOf(actor);
  if (ids.length === 0) return [];
  const are = and(
    eq(workspaces.tenantId, tenantId),
    inArray(workspaces.id, [...ids]),
    ne(workspaces.status, "deleted"),
  );
  const rows = await tx.select(workspaceColumns).from(workspaces).where(are);
  const byId = new Map(rows.map((row) => [row.id, asWorkspace(row)]));
  return ids.map((workspaceId) => visible(actor, byId.get(workspaceId)));
}

/** The workspace with that slug, or `undefined` when there is none that the actor may see. */
export async function workspaceBySlug(actor: Actor, workspaceSlug: string): Promise<Workspace | undefined> {
  const { tx, tenantId } = readerOf(actor);
  const isIt = and(
    eq(workspaces.tenantId, tenantId),
    eq(workspaces.slug, workspaceSlug),
    ne(workspaces.status, "deleted"),
  );
  const [row] = await tx.select(workspaceColumns).from(workspaces).where(isIt);
  return visible(actor, row && asWorkspace(row));
}

/**
 * The tenant's workspaces that the actor may see, newest first.
 *
 * @throws Refusal when the actor may see workspaces nowhere
 */
export async function listWorkspaces(
  actor: Actor,
  page: PageRequest,
  { search }: { readonly search?: string | null | undefined } = {},
): Promise<Page<Workspace>> {
  const { tx, tenantId } = readerOf(actor);
  const seen = seenWorkspaces(actor);
  const cut = newestFirst(workspaces, page);
  const rows = await tx
    .select(workspaceColumns)
    .from(workspaces)
    .where(
      and(
        eq(workspaces.tenantId, tenantId),
        ne(workspaces.status, "deleted"),
        seen === "all" ? undefined : inArray(workspaces.id, [...seen]),
        search ? matches(search.replaceAll("\0", "")) : undefined,
        cut.after,
      ),
    )
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return pageByAge(rows.map(asWorkspace), cut);
}

/** Part of a name or of a slug, or a whole id. */
function matches(search: string): SQL | undefined {
  const pattern = containing(search);
  return or(ilike(workspaces.name, pattern), ilike(workspaces.slug, pattern), eq(workspaces.id, search));
}

/** Where the actor may see workspaces: everywhere, or where an assignment says so. */
function seenWorkspaces(actor: Actor): "all" | readonly string[] {
  const { principal } = actor;
  const anywhere = { workspaceId: "", kind: "custom" } as const;
  const failure = authorise(principal, "workspace:read", anywhere);
  if (!failure) return "all";
  const targets = "powers" in principal ? principal.powers.map((power) => power.target) : [];
  const seen = targets.filter((workspaceId) => mayRead(actor, "workspace:read", { ...anywhere, workspaceId }));
  return seen.length > 0 ? seen : refuse(failure);
}

const visible = (actor: Actor, workspace: Workspace | undefined): Workspace | undefined =>
  workspace && mayRead(actor, "workspace:read", { workspaceId: workspace.id, kind: workspace.kind })
    ? workspace
    : undefined;

const CreateWorkspace: Operation<CreateWorkspaceInput, "workspace:create"> = {
  mutation: "createWorkspace",
  permission: "workspace:create",
  input: z.strictObject({ slug, name, signingAlgorithm: settingInputs.signingAlgorithm }),
  locate: async () => ({ target: null }),
  run: insertCustomWorkspace,
};

interface CreateWorkspaceInput {
  readonly slug: string;
  readonly name: string;
  readonly signingAlgorithm?: "ES256" | "EdDSA" | "PS256" | "RS256" | null | undefined;
}

/** Creates a custom workspace with its first signing key: it can issue at once. */
export const createWorkspace = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateWorkspace, raw);

async function insertCustomWorkspace(write: Writer, input: CreateWorkspaceInput): Promise<Changed> {
  const { tx, tenantId } = write;
  refuseReserved(input.slug);
  await refuseBeyondLimit(write, "workspace");
  const [tenant] = await tx.select().from(tenants).where(eq(tenants.id, tenantId));
  if (!tenant) throw new Error(`tenant ${tenantId} is missing`);
  const inherited = keyPolicyOf(await effectiveSettingsAt(tx, { tenantId }));
  const policy = { ...inherited, alg: input.signingAlgorithm ?? inherited.alg };
  const planned = await planWorkspace(write, tenant, { slug: input.slug, name: input.name, kind: "custom" }, policy);
  const touched = await insertWorkspace(tx, planned);
  const { id: workspaceId } = planned.workspace;
  return {
    id: workspaceId,
    event: { type: "workspace.created", workspaceId, slug: input.slug },
    workspaceId,
    touched,
  };
}

type Update = Partial<Pick<typeof workspaces.$inferInsert, "name" | "status">>;

/** Writes a change of one workspace. */
async function updateRow(
  write: Writer,
  workspaceId: string,
  event: "workspace.updated" | "workspace.suspended" | "workspace.resumed" | "workspace.deleted",
  update: Update,
): Promise<Changed> {
  const isIt = and(eq(workspaces.tenantId, write.tenantId), eq(workspaces.id, workspaceId));
  const [row] = await write.tx.update(workspaces).set(update).where(isIt).returning();
  if (!row) throw new Error(`workspace ${workspaceId} vanished inside a transaction`);
  const touched = touchedWorkspace(asWorkspace(row), row.settings);
  return {
    id: workspaceId,
    event: { type: event, workspaceId, slug: row.slug },
    workspaceId,
    touched: [row.status === "deleted" ? { ...touched, body: null } : touched],
  };
}

/** The tenant could not be managed any more, or only by force: its special workspaces stay. */
async function refuseSpecial(write: Writer, workspaceId: string, done: string): Promise<void> {
  const workspace = await findWorkspace(write.tx, write.tenantId, workspaceId, "lock");
  if (!workspace) return refuse({ code: "NOT_FOUND", noun: "workspace", id: workspaceId, path: ["id"] });
  if (workspace.kind === "custom") return;
  const what = `The ${workspace.kind} workspace cannot be ${done}: the tenant is managed by it.`;
  refuse({ code: "PROTECTED", noun: "workspace", what, mend: "Choose a custom workspace." });
}

const UpdateWorkspace: Operation<{ readonly id: string; readonly name: string }, "workspace:write"> = {
  mutation: "updateWorkspace",
  permission: "workspace:write",
  input: z.strictObject({ id, name }),
  locate: (read, input) => locateWorkspace(read, input.id, ["id"]),
  run: (write, input) => updateRow(write, input.id, "workspace.updated", { name: input.name }),
};

/** Renames a workspace; its slug and issuer never change. */
export const updateWorkspace = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateWorkspace, raw);

/** A change that only names a workspace. */
const named = (
  verb: "suspend" | "resume" | "delete",
  event: Parameters<typeof updateRow>[2],
  status: "active" | "suspended" | "deleted",
): Operation<{ readonly id: string }, "workspace:write" | "workspace:delete"> => ({
  mutation: `${verb}Workspace`,
  permission: verb === "delete" ? "workspace:delete" : "workspace:write",
  ...(verb === "delete" && { isDangerous: true }),
  input: z.strictObject({ id }),
  locate: (read, input) => locateWorkspace(read, input.id, ["id"]),
  run: async (write, input) => {
    await refuseSpecial(write, input.id, event.slice("workspace.".length));
    return updateRow(write, input.id, event, { status });
  },
});

const SuspendWorkspace = named("suspend", "workspace.suspended", "suspended");
const ResumeWorkspace = named("resume", "workspace.resumed", "active");
const DeleteWorkspace = named("delete", "workspace.deleted", "deleted");

/** Stops a workspace: it issues nothing and its tokens are inactive until it is resumed. */
export const suspendWorkspace = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, SuspendWorkspace, raw);

export const resumeWorkspace = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, ResumeWorkspace, raw);

/** Deletes a workspace for good. Its slug stays taken: with it, its old tokens would come alive again. */
export const deleteWorkspace = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, DeleteWorkspace, raw);
