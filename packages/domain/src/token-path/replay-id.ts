import type { Database } from "@mintmark/db";
import type { Issuer, ReplayId } from "@mintmark/token-issuer";

/** Takes an id that may be used once, for something that becomes no token. @returns whether it was the first */
export async function takeReplayId(
  { sql }: Pick<Database, "sql">,
  { tenantId, workspaceId }: Issuer,
  { id, expiresAt }: ReplayId,
): Promise<boolean> {
  const taken = await sql`
    insert into replay_ids (tenant_id, workspace_id, replay_id, token_jti, expires_at)
    values (${tenantId}, ${workspaceId}, ${id}, '', ${expiresAt})
    on conflict (tenant_id, workspace_id, replay_id) do nothing
    returning replay_id`;
  return taken.length > 0;
}
