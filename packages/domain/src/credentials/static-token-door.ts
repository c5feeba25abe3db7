import { timingSafeEqual } from "node:crypto";
import { apiTokens, clients, resources, scopes } from "@mintmark/db/schema";
import type { Failure } from "@mintmark/token-issuer";
import { and, eq, inArray } from "drizzle-orm";
import { permissionNames } from "../authority/permission.ts";
import { clientPrincipal } from "../authority/powers.ts";
import type { ClientPrincipal } from "../authority/principal.ts";
import type { Installation } from "../change/handle.ts";
import type { CredentialUse } from "../token-log/credential-uses.ts";
import { loadBudget } from "../token-path/load-budget.ts";
import { type ApiTokenRow, isOfClient } from "./api-token-row.ts";
import { readApiTokenValue } from "./static-token-value.ts";

/** Where static tokens come in at Mintmark's own APIs. */
export interface StaticTokenDoor {
  /**
   * Whose power a presented value has. Rejects where the database is away.
   *
   * @param from where the request came from; it is noted as the token's use
   */
  principal(value: string, from: Pick<CredentialUse, "address" | "agent">): Promise<ClientPrincipal | Failure>;
}

/** What such a token is refused for where its client is of another workspace than these APIs'. */
const OWN_API = "Mintmark's own APIs";

/**
 * Opens it. Each request asks the database, as everything about its principal does: so what is revoked is out at once on
 * every server. What nobody could have made is refused without a look, and looks are budgeted.
 *
 * @param used hears of each use
 */
export function staticTokenDoor(installation: Installation, used: (use: CredentialUse) => void): StaticTokenDoor {
  const budget = loadBudget();
  return {
    async principal(value, from) {
      const named = readApiTokenValue(value);
      if (!named) return { reason: "unknown_api_token" };
      if (!budget.take()) return { reason: "store_unavailable" };
      const row = await findToken(installation, named.tenantId, named.id, value);
      if (!row) return { reason: "unknown_api_token" };
      const failure = tokenFailure(row, installation.now());
      if (failure) return failure;
      const { tenantId, workspaceId, clientId, id: apiTokenId } = row;
      const tokenScopes = new Set(row.followsGrants ? permissionNames : await scopesOf(installation, row));
      const principal = await clientPrincipal(installation, {
        tenantId,
        workspaceId,
        clientId,
        tokenScopes,
        apiTokenId,
      });
      if (!principal) return refusedClient(installation, row);
      used({ tenantId, workspaceId, credentialId: apiTokenId, at: installation.now(), ...from });
      return principal;
    },
  };
}

async function findToken(
  { database, keyring }: Installation,
  tenantId: string,
  id: string,
  value: string,
): Promise<ApiTokenRow | undefined> {
  const isIt = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.id, id));
  const [row] = await database.select().from(apiTokens).where(isIt);
  if (!isOfClient(row) || !timingSafeEqual(keyring.digest(value, row.pepperVersion), row.digest)) return undefined;
  return row;
}

function tokenFailure({ id: apiTokenId, revokedAt, expiresAt }: ApiTokenRow, now: Date): Failure | undefined {
  if (revokedAt) return { reason: "api_token_revoked", apiTokenId, revokedAt };
  return expiresAt && expiresAt <= now ? { reason: "api_token_expired", apiTokenId, expiredAt: expiresAt } : undefined;
}

/** The scopes of our own APIs that it was narrowed to. */
async function scopesOf({ database }: Installation, { tenantId, scopeIds }: ApiTokenRow): Promise<string[]> {
  if (!scopeIds || scopeIds.length === 0) return [];
  const rows = await database
    .select({ name: scopes.name })
    .from(scopes)
    .innerJoin(resources, and(eq(resources.tenantId, scopes.tenantId), eq(resources.id, scopes.resourceId)))
    .where(and(eq(scopes.tenantId, tenantId), inArray(scopes.id, scopeIds), eq(resources.isOwnApi, true)));
  return rows.map(({ name }) => name);
}

/** Why a living token has no principal: its client is disabled, or of a custom workspace. */
async function refusedClient({ database }: Installation, row: ApiTokenRow): Promise<Failure> {
  const isIt = and(eq(clients.tenantId, row.tenantId), eq(clients.id, row.clientId));
  const [client] = await database.select({ status: clients.status }).from(clients).where(isIt);
  return client?.status === "active"
    ? { reason: "api_token_ungranted", apiTokenId: row.id, resource: OWN_API }
    : { reason: "token_client_disabled", clientId: row.clientId };
}
