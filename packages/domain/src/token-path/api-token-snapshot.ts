import type { Database } from "@mintmark/db";
import { type ApiToken, couldBeApiToken, type Issuer } from "@mintmark/token-issuer";
import { readApiTokenValue } from "../credentials/static-token-value.ts";
import type { Snapshot } from "./snapshot-cache.ts";

interface TokenRow {
  readonly id: string;
  readonly owner: string;
  readonly client_id: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly follows_grants: boolean;
  readonly chosen: readonly { readonly identifier: string; readonly scopes: readonly string[] }[] | null;
}

/**
 * Whether a token with that value could be this issuer's: everything else is unknown without a look. What we made says
 * whose it is, and ends with its checksum.
 */
export function couldBeTokenOf({ tenantId, workspaceId }: Issuer, value: string): boolean {
  if (!/^mm[a-z]_/.test(value)) return couldBeApiToken(value);
  const named = readApiTokenValue(value);
  return named?.tenantId === tenantId && named.workspaceId === workspaceId;
}

/** Loads a static token of a client by the digests that its value has under each pepper. */
export async function loadApiToken(
  { sql }: Pick<Database, "sql">,
  { tenantId, workspaceId }: Issuer,
  digests: readonly Uint8Array[],
): Promise<Snapshot<ApiToken>> {
  const [row] = await sql<TokenRow[]>`
    select t.id, c.id as owner, c.client_id, t.created_at, t.expires_at, t.revoked_at, t.follows_grants,
      (select json_agg(a) from (
        select r.identifier, array_agg(s.name) as scopes from scopes s
        join resources r on r.tenant_id = s.tenant_id and r.id = s.resource_id
        where s.tenant_id = t.tenant_id and s.id = any(t.scope_ids) group by r.identifier) a) as chosen
    from unnest(${digests.map((digest) => Buffer.from(digest).toString("hex"))}::text[]) as w (digest)
    join api_tokens t on t.tenant_id = ${tenantId} and t.workspace_id = ${workspaceId}
      and t.digest = decode(w.digest, 'hex')
    join clients c on c.tenant_id = t.tenant_id and c.id = t.client_id`;
  const validUntil = Number.POSITIVE_INFINITY;
  if (!row) return { value: undefined, tags: [`no token ${workspaceId}`], validUntil };
  // With its client it is gone; scopes that are gone change what it was narrowed to, as they change its client.
  const tags = [row.id, row.owner, `tokens ${workspaceId}`, `clients ${workspaceId}`];
  return { value: tokenOf(row), tags, validUntil };
}

const tokenOf = (row: TokenRow): ApiToken => ({
  id: row.id,
  owner: row.owner,
  clientId: row.client_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at ?? undefined,
  revokedAt: row.revoked_at ?? undefined,
  permissions: row.follows_grants
    ? undefined
    : new Map((row.chosen ?? []).map(({ identifier, scopes }) => [identifier, new Set(scopes)])),
});
