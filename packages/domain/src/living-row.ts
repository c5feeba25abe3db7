import { violatedConstraint } from "@mintmark/db";
import { workspaces } from "@mintmark/db/schema";
import { and, eq, getTableColumns, type InferSelectModel, inArray, ne } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { WorkspaceTarget } from "./authority/permission.ts";
import type { Reader } from "./change/handle.ts";
import { type Failure, Refusal } from "./failure.ts";
import { type Noun, nounOf } from "./id.ts";
import { findWorkspace, type LocatedRow } from "./tenancy/workspace-row.ts";

/** A table whose rows lie in a workspace. */
type InWorkspace = PgTable & { tenantId: PgColumn; workspaceId: PgColumn; id: PgColumn };

/** A row together with its workspace's kind: as much as a decision about it needs. */
export type LivingRow<T extends InWorkspace> = InferSelectModel<T> & WorkspaceTarget;

/**
 * Rows of the tenant by id; what lies in a deleted workspace is not found.
 *
 * @param lock holds the rows until the transaction ends, so that two changes of one thing follow each other
 */
export async function livingRows<T extends InWorkspace>(
  read: Reader,
  table: T,
  ids: readonly string[],
  lock?: "lock",
): Promise<readonly LivingRow<T>[]> {
  // What is no id of ours cannot be there, and the database would choke on a NUL.
  const possible = ids.filter((id) => nounOf(id) !== undefined);
  if (possible.length === 0) return [];
  const query = read.tx
    .select({ row: getTableColumns(table as InWorkspace), kind: workspaces.kind })
    .from(table as InWorkspace)
    .innerJoin(workspaces, and(eq(workspaces.tenantId, table.tenantId), eq(workspaces.id, table.workspaceId)))
    .where(and(eq(table.tenantId, read.tenantId), inArray(table.id, possible), ne(workspaces.status, "deleted")));
  const found = await (lock ? query.for("no key update", { of: table }) : query);
  return found.map(({ row, kind }) => ({ ...row, kind })) as unknown as readonly LivingRow<T>[];
}

export async function livingRow<T extends InWorkspace>(
  read: Reader,
  table: T,
  id: string,
  lock?: "lock",
): Promise<LivingRow<T> | undefined> {
  const [row] = await livingRows(read, table, [id], lock);
  return row;
}

/** The row, or NOT_FOUND with the member that named it. */
export function found<R>(row: R | undefined, noun: Noun, id: string, path: readonly string[]): R {
  if (row === undefined) throw new Refusal({ code: "NOT_FOUND", noun, id, path });
  return row;
}

export const targetOf = ({ workspaceId, kind }: WorkspaceTarget): WorkspaceTarget => ({ workspaceId, kind });

/** Finds where a change of that row acts. @throws Refusal NOT_FOUND */
export async function locateRow<T extends InWorkspace>(
  read: Reader,
  table: T,
  noun: Noun,
  id: string,
  path: readonly string[],
): Promise<LocatedRow> {
  const row = found(await livingRow(read, table, id), noun, id, path);
  return { target: targetOf(row), row: { noun, id, path } };
}

/** A workspace that is not deleted, as a target. */
export async function livingWorkspace(read: Reader, workspaceId: string): Promise<WorkspaceTarget | undefined> {
  const workspace = await findWorkspace(read.tx, read.tenantId, workspaceId);
  return workspace && { workspaceId, kind: workspace.kind };
}

/** Runs a statement; a violated constraint that is named here becomes that failure instead of an unexpected error. */
export async function naming<T>(failures: Readonly<Record<string, Failure>>, statement: PromiseLike<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    const failure = failures[violatedConstraint(error) ?? ""];
    throw failure ? new Refusal(failure) : error;
  }
}
