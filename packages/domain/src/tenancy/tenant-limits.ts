import { clients, tenants, workspaces } from "@mintmark/db/schema";
import { and, eq, ne, sql } from "drizzle-orm";
import { refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";

/** A deleted workspace keeps its rows, and nobody can free their places. */
export const inLivingWorkspace = sql`exists (select from ${workspaces} where ${workspaces.tenantId} = ${clients.tenantId}
  and ${workspaces.id} = ${clients.workspaceId} and ${workspaces.status} <> 'deleted')`;

/** How many more there may be of what an operator limits. */
export interface Room {
  readonly limit: number;
  readonly left: number;
}

/**
 * How many more the operator of the installation allows the tenant; undefined: any number. Two at once follow each other:
 * both hold the tenant's row.
 */
export async function roomFor(
  { tx, tenantId }: Pick<Writer, "tx" | "tenantId">,
  noun: "workspace" | "client",
): Promise<Room | undefined> {
  const tenant = () => tx.select({ limits: tenants.limits }).from(tenants).where(eq(tenants.id, tenantId));
  const [asked] = await tenant();
  if (asked?.limits[`${noun}Limit`] === undefined) return undefined;
  const [locked] = await tenant().for("no key update");
  const limit = locked?.limits[`${noun}Limit`];
  if (limit === undefined) return undefined;
  const count =
    noun === "client"
      ? await tx.$count(clients, and(eq(clients.tenantId, tenantId), inLivingWorkspace))
      : await tx.$count(
          workspaces,
          and(eq(workspaces.tenantId, tenantId), eq(workspaces.kind, "custom"), ne(workspaces.status, "deleted")),
        );
  return { limit, left: Math.max(limit - count, 0) };
}

/**
 * Refuses one more where the operator of the installation allows the tenant no more.
 *
 * @throws Refusal TENANT_LIMIT_REACHED
 */
export async function refuseBeyondLimit(
  write: Pick<Writer, "tx" | "tenantId">,
  noun: "workspace" | "client",
): Promise<void> {
  const room = await roomFor(write, noun);
  if (room?.left === 0) refuse({ code: "TENANT_LIMIT_REACHED", noun, limit: room.limit });
}
