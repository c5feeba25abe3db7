import { createHash, timingSafeEqual } from "node:crypto";
import { apiTokens, clients } from "@mintmark/db/schema";
import { BoundedCache, type Failure } from "@mintmark/token-issuer";
import { and, eq } from "drizzle-orm";
import { permissionNames } from "../authority/permission.ts";
import { clientPrincipal } from "../authority/powers.ts";
import type { ClientPrincipal, MemberPrincipal } from "../authority/principal.ts";
import type { Installation } from "../change/handle.ts";
import { personOfToken } from "../people/member.ts";
import type { CredentialUse } from "../token-log/credential-uses.ts";
import { loadBudget } from "../token-path/load-budget.ts";
import { type ApiTokenRow, isOfClient } from "./api-token-row.ts";
import { ownScopes } from "./personal-token-row.ts";
import { readApiTokenValue, readPersonalTokenValue } from "./static-token-value.ts";

type Row = typeof apiTokens.$inferSelect;

/** Where static tokens come in at Mintmark's own APIs. */
export interface StaticTokenDoor {
  /**
   * Whose power a presented value has. Rejects where the database is away.
   *
   * @param from where the request came from; it is noted as the token's use
   */
  principal(
    value: string,
    from: Pick<CredentialUse, "address" | "agent">,
  ): Promise<ClientPrincipal | MemberPrincipal | Failure>;
}

/** What such a token is refused for where its client is of another workspace than these APIs'. */
const OWN_API = "Mintmark's own APIs";

/** Tokens remembered to have been good; only by a digest, since they are secrets. */
const REMEMBERED = 10_000;
const digestOf = (value: string) => createHash("sha256").update(value).digest("base64url");

/**
 * Opens it. Each request asks the database, as everything about its principal does: so what is revoked is out at once on
 * every server. What nobody could have made is refused without a look, and looks are budgeted; what was good the last
 * time pays nothing, so that a stranger who uses the budget up shuts nobody out who was here before.
 *
 * @param used hears of each use
 */
export function staticTokenDoor(installation: Installation, used: (use: CredentialUse) => void): StaticTokenDoor {
  const budget = loadBudget();
  const good = new BoundedCache<true>(REMEMBERED);
  return {
    async principal(value, from) {
      const named = readApiTokenValue(value) ?? readPersonalTokenValue(value);
      if (!named) return { reason: "unknown_api_token" };
      const digest = digestOf(value);
      if (good.get(digest) === undefined && !budget.take()) return { reason: "store_unavailable" };
      good.delete(digest);
      const row = await findToken(installation, named.tenantId, named.id, value);
      if (!row) return { reason: "unknown_api_token" };
      const failure = tokenFailure(row, installation.now());
      if (failure) return failure;
      const principal = isOfClient(row)
        ? await clientOf(installation, row)
        : await personOfToken(installation, row, await scopesOf(installation, row));
      if ("reason" in principal) return principal;
      good.set(digest, true);
      const { tenantId, workspaceId, id: credentialId } = row;
      used({ tenantId, workspaceId, credentialId, at: installation.now(), ...from });
      return principal;
    },
  };
}

async function clientOf(installation: Installation, row: ApiTokenRow): Promise<ClientPrincipal | Failure> {
  const { tenantId, workspaceId, clientId, id: apiTokenId } = row;
  const tokenScopes = (await scopesOf(installation, row)) ?? new Set(permissionNames);
  const principal = await clientPrincipal(installation, { tenantId, workspaceId, clientId, tokenScopes, apiTokenId });
  return principal ?? refusedClient(installation, row);
}

async function findToken(
  { database, keyring }: Installation,
  tenantId: string,
  id: string,
  value: string,
): Promise<Row | undefined> {
  const isIt = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.id, id));
  const [row] = await database.select().from(apiTokens).where(isIt);
  if (!row || !timingSafeEqual(keyring.digest(value, row.pepperVersion), row.digest)) return undefined;
  return row;
}

function tokenFailure({ id: apiTokenId, revokedAt, expiresAt }: Row, now: Date): Failure | undefined {
  if (revokedAt) return { reason: "api_token_revoked", apiTokenId, revokedAt };
  return expiresAt && expiresAt <= now ? { reason: "api_token_expired", apiTokenId, expiredAt: expiresAt } : undefined;
}

/** The scopes of our own APIs that it was narrowed to; `undefined`: it was not. */
async function scopesOf(
  { database: tx }: Installation,
  { tenantId, followsGrants, scopeIds }: Row,
): Promise<ReadonlySet<string> | undefined> {
  if (followsGrants) return undefined;
  return new Set((await ownScopes({ tx, tenantId }, scopeIds ?? [])).values());
}

/** Why a living token has no principal: its client is disabled, or of a custom workspace. */
async function refusedClient({ database }: Installation, row: ApiTokenRow): Promise<Failure> {
  const isIt = and(eq(clients.tenantId, row.tenantId), eq(clients.id, row.clientId));
  const [client] = await database
    .select({ status: clients.status, approval: clients.approval })
    .from(clients)
    .where(isIt);
  return client?.status === "active" && client.approval === "approved"
    ? { reason: "api_token_ungranted", apiTokenId: row.id, resource: OWN_API }
    : { reason: "api_token_client_disabled", apiTokenId: row.id, clientId: row.clientId };
}
