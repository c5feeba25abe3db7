import type { Database } from "@mintmark/db";
import { apiTokens } from "@mintmark/db/schema";
import type { ApiToken, Issuer, IssuerRequest } from "@mintmark/token-issuer";
import { and, eq, isNull } from "drizzle-orm";
import type { Installation } from "../change/handle.ts";
import { recordByServer } from "../change/server-act.ts";
import { isOfClient, touchedApiToken, withPermissions } from "./api-token-row.ts";

/** Stops an API token because its own client asked its issuer for that (RFC 7009), audited as the client's act. Idempotent. */
export async function revokeOwnApiToken(
  database: Database,
  installation: Installation,
  { tenantId, workspaceId }: Issuer,
  { id }: ApiToken,
  { correlationId, address, headers }: IssuerRequest,
): Promise<void> {
  await database.transaction(async (tx) => {
    const isRow = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.id, id), isNull(apiTokens.revokedAt));
    const [row] = await tx.update(apiTokens).set({ revokedAt: installation.now() }).where(isRow).returning();
    if (!isOfClient(row)) return;
    const [token] = await withPermissions({ tx, tenantId }, [row]);
    if (!token) return;
    const { clientId, name, hint } = token;
    const [, agent] = headers.find(([header]) => header.toLowerCase() === "user-agent") ?? [];
    await recordByServer(tx, installation, {
      tenantId,
      workspaceId,
      touched: [touchedApiToken(token)],
      event: { type: "api-token.revoked", clientId, tokenId: id, name, hint },
      from: { actor: clientId, correlationId, address, agent: agent?.slice(0, 256) },
    });
  });
}
