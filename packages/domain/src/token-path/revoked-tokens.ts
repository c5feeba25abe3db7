import type { Database, Sql } from "@mintmark/db";
import { revokedTokens } from "@mintmark/db/schema";
import type { Issuer, Revocation } from "@mintmark/token-issuer";
import { announce } from "../change/change-feed.ts";

const SWEEP_MS = 60_000;

/** Single tokens that were taken back and have not ended yet, in memory. */
export class RevokedTokens {
  /** By workspace and `jti`: milliseconds since 1970 at which the token ends. */
  readonly #ends = new Map<string, number>();
  #sweptAt = 0;

  has({ workspaceId }: Issuer, jti: string): boolean {
    return this.#ends.has(`${workspaceId} ${jti}`);
  }

  add(workspaceId: string, jti: string, end: number, now: number): void {
    this.#ends.set(`${workspaceId} ${jti}`, end);
    if (now - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = now;
    for (const [key, ending] of this.#ends) if (ending < now) this.#ends.delete(key);
  }

  /** Reads them all: at the start, and when the feed was lost. */
  async load(sql: Sql, now: Date): Promise<void> {
    const rows = await sql<{ workspace_id: string; jti: string; expires_at: Date }[]>`
      select workspace_id, jti, expires_at from revoked_tokens where expires_at > ${now}`;
    // Added to what is there: what is heard of while this runs must stay, and what was once taken back stays so.
    for (const row of rows) this.#ends.set(`${row.workspace_id} ${row.jti}`, row.expires_at.getTime());
  }
}

/** Takes tokens of a workspace back for good: their rows and the word to every server in one transaction. Idempotent. */
export async function writeRevocations(
  database: Database,
  { tenantId, workspaceId }: Pick<Issuer, "tenantId" | "workspaceId">,
  revocations: readonly Revocation[],
  now: Date,
): Promise<void> {
  await database.transaction(async (tx) => {
    const rows = revocations.map((revocation) => ({ tenantId, workspaceId, ...revocation, revokedAt: now }));
    const made = await tx.insert(revokedTokens).values(rows).onConflictDoNothing().returning();
    if (made.length === 0) return;
    const tokens = made.map(({ jti, expiresAt }) => ({
      kind: "token",
      id: jti,
      workspaceId,
      until: expiresAt.toISOString(),
    }));
    await announce(tx, tenantId, workspaceId, tokens, now);
  });
}
