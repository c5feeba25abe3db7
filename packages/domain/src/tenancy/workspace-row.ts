import type { Database, Transaction } from "@mintmark/db";
import { workspaces } from "@mintmark/db/schema";
import { and, eq, ne } from "drizzle-orm";
import type { WorkspaceTarget } from "../authority/permission.ts";
import type { Reader } from "../change/handle.ts";
import { Refusal } from "../failure.ts";
import { type Noun, nounOf } from "../id.ts";

/** A container inside a tenant, with its own issuer and keys. */
export interface Workspace {
  readonly tenantId: string;
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly kind: "admin" | "system" | "custom";
  readonly status: "active" | "suspended";
  /** The exact `iss` of its tokens. */
  readonly issuer: string;
  readonly createdAt: Date;
  /** Tokens issued before are dead, whoever's they are; null: none are by that. */
  readonly tokensNotBefore: Date | null;
}

export const workspaceColumns = {
  tenantId: workspaces.tenantId,
  id: workspaces.id,
  slug: workspaces.slug,
  name: workspaces.name,
  kind: workspaces.kind,
  status: workspaces.status,
  issuer: workspaces.issuer,
  createdAt: workspaces.createdAt,
  tokensNotBefore: workspaces.tokensNotBefore,
};

/** A row of a query that leaves deleted ones out. */
export const asWorkspace = (row: typeof workspaces.$inferSelect | Omit<Workspace, "status">): Workspace =>
  row as Workspace;

/**
 * The workspace with that id in that tenant; deleted ones are not there. Says nothing about who may see it.
 *
 * @param lock holds the row until the transaction ends
 */
export async function findWorkspace(
  tx: Database | Transaction,
  tenantId: string,
  id: string,
  lock?: "lock",
): Promise<Workspace | undefined> {
  // What is no id of a workspace cannot be there, and the database would choke on a NUL.
  if (nounOf(id) !== "workspace") return undefined;
  const isIt = and(eq(workspaces.tenantId, tenantId), eq(workspaces.id, id), ne(workspaces.status, "deleted"));
  const query = tx.select(workspaceColumns).from(workspaces).where(isIt);
  const [row] = await (lock ? query.for("no key update") : query);
  return row && asWorkspace(row);
}

/** Where a change inside a workspace acts, and the name of the row that led there: `Located` of any such permission. */
export interface LocatedRow {
  readonly target: WorkspaceTarget;
  readonly row: { readonly noun: Noun; readonly id: string; readonly path: readonly string[] };
}

/**
 * Where a change inside a workspace acts. `path` is where the id stands in the input.
 *
 * @throws Refusal NOT_FOUND when the tenant has no such workspace
 */
export async function locateWorkspace(read: Reader, workspaceId: string, path: readonly string[]): Promise<LocatedRow> {
  const row = { noun: "workspace", id: workspaceId, path } as const;
  const workspace = await findWorkspace(read.tx, read.tenantId, workspaceId);
  if (!workspace) throw new Refusal({ code: "NOT_FOUND", ...row });
  return { target: { workspaceId, kind: workspace.kind }, row };
}
