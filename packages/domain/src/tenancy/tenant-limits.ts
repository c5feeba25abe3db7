import { clients, tenants, workspaces } from "@mintmark/db/schema";
import { and, eq, ne, sql } from "drizzle-orm";
import { refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";

/** A deleted workspace keeps its rows, and nobody can free their places. */
export const inLivingWorkspace = sql`exists (select from ${workspaces} where ${workspaces.tenantId} = ${clients.tenantId}
  and ${workspaces.id} = ${clients.workspaceId} and ${workspaces.status} <> 'deleted')`;

/**
 * Refuses one more where the operator of the installation allows the tenant no more. Two at once follow each other: both
 * hold the tenant's row.
 *
 * @throws Refusal TENANT_LIMIT_REACHED
 */
export async function refuseBeyondLimit(
  { tx, tenantId }: Pick<Writer, "tx" | "tenantId">,
  noun: "workspace" | "client",
): Promise<void> {
  const tenant = () => tx.select({ limits: tenants.limits }).from(tenants).where(eq(tenants.id, tenantId));
  const [asked] = await tenant();
  if (asked?.limits[`${noun}Limit`] === undefined) return;
  const [locked] = await tenant().for("no key update");
  const limit = locked?.limits[`${noun}Limit`];
  if (limit === undefined) return;
  const count =
    noun === "client"
      ? await tx.$count(clients, and(eq(clients.tenantId, tenantId), inLivingWorkspace))
      : await tx.$count(
          workspaces,
          and(eq(workspaces.tenantId, tenantId), eq(workspaces.kind, "custom"), ne(workspaces.status, "deleted")),
        );
  if (count >= limit) refuse({ code: "TENANT_LIMIT_REACHED", noun, limit });
}
