import { createHash } from "node:crypto";
import type { Database, Transaction } from "@mintmark/db";
import { ssoIdentities, users } from "@mintmark/db/schema";
import { eq, type SQL, sql } from "drizzle-orm";

/** Who somebody is: a subject that an issuer names, to one tenant. */
export interface SsoKey {
  readonly tenantId: string;
  readonly issuer: string;
  readonly subject: string;
}

/**
 * The address of such a person's account. Nobody can have it (RFC 6761 §6.4), so no account is ever found by what a
 * provider asserts. The parts are told apart by their lengths.
 */
export function syntheticEmail({ tenantId, issuer, subject }: SsoKey): string {
  const hash = createHash("sha256");
  for (const part of [tenantId, issuer, subject]) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return `${hash.digest("hex")}@sso.invalid`;
}

/** The address that people are shown; the query joins `ssoIdentities` for the tenant. */
export const shownEmail: SQL<string> = sql<string>`coalesce(${ssoIdentities.email}, ${users.email})`;

/** Whether an account is opened by a provider alone. */
export async function isSsoUser(tx: Database | Transaction, userId: string): Promise<boolean> {
  return (await tx.$count(ssoIdentities, eq(ssoIdentities.userId, userId))) > 0;
}

/** For a query over `users`. */
export const isNoSsoUser = (): SQL =>
  sql`not exists (select from ${ssoIdentities} where ${ssoIdentities.userId} = ${users.id})`;
