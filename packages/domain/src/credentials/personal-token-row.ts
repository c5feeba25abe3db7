import type { Transaction } from "@mintmark/db";
import { apiTokens, resources, scopes } from "@mintmark/db/schema";
import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Reader } from "../change/handle.ts";
import { nounOf } from "../id.ts";

/** A static bearer string of a person in a tenant. Its value was shown once and is nowhere. */
export interface PersonalToken {
  readonly id: string;
  readonly memberId: string;
  readonly name: string;
  /** The last four of the random part. */
  readonly hint: string;
  readonly createdAt: Date;
  /** Null is "never". */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
  /** It may do everything that the member may, as that stands at each use; otherwise `scopes`, as far as still held. */
  readonly followsPower: boolean;
  /** Names of permissions, sorted. */
  readonly scopes: readonly string[];
}

export type PersonalTokenRow = typeof apiTokens.$inferSelect & { readonly memberId: string };

export const isOfMember = (row: typeof apiTokens.$inferSelect | undefined): row is PersonalTokenRow =>
  row !== undefined && row.memberId !== null;

/** What history keeps of a token: use is no configuration, and its name is a person's word, which history would not forget. */
export function touchedPersonalToken({ name, lastUsedAt, lastUsedAddress, ...body }: PersonalToken): Touched {
  return { kind: "personalToken", id: body.id, workspaceId: null, body };
}

/** Ends every personal token of a member; answers what history keeps of each. */
export async function endPersonalTokens(
  tx: Transaction,
  tenantId: string,
  memberId: string,
  now: Date,
): Promise<readonly Touched[]> {
  const isLiving = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.memberId, memberId), isNull(apiTokens.revokedAt));
  const rows = await tx.update(apiTokens).set({ revokedAt: now }).where(isLiving).returning();
  return (await personalTokensOf({ tx, tenantId }, rows.filter(isOfMember))).map(touchedPersonalToken);
}

/** A token of that person; another one's is not there. */
export async function ownToken(
  { tx, tenantId }: Pick<Reader, "tx" | "tenantId">,
  memberId: string,
  id: string,
  lock?: "lock",
): Promise<PersonalTokenRow | undefined> {
  if (nounOf(id) !== "personalToken") return undefined;
  const isIt = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.id, id), eq(apiTokens.memberId, memberId));
  const query = tx.select().from(apiTokens).where(isIt);
  const [row] = await (lock ? query.for("no key update") : query);
  return isOfMember(row) ? row : undefined;
}

/** The scopes of Mintmark's own APIs by those ids. */
export async function ownScopes(
  { tx, tenantId }: Pick<Reader, "tx" | "tenantId">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const isOne = and(eq(scopes.tenantId, tenantId), inArray(scopes.id, [...ids]), eq(resources.isOwnApi, true));
  const rows = await tx
    .select({ id: scopes.id, name: scopes.name })
    .from(scopes)
    .innerJoin(resources, and(eq(resources.tenantId, scopes.tenantId), eq(resources.id, scopes.resourceId)))
    .where(isOne)
    .orderBy(asc(scopes.name));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The tokens of those rows with the names of what each was narrowed to. */
export async function personalTokensOf(
  read: Pick<Reader, "tx" | "tenantId">,
  rows: readonly PersonalTokenRow[],
): Promise<readonly PersonalToken[]> {
  const names = await ownScopes(read, [...new Set(rows.flatMap((row) => row.scopeIds ?? []))]);
  return rows.map((row) => ({
    id: row.id,
    memberId: row.memberId,
    name: row.name,
    hint: row.hint,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    revokedAt: row.revokedAt,
    lastUsedAt: row.lastUsedAt,
    lastUsedAddress: row.lastUsedAddress,
    followsPower: row.followsGrants,
    scopes: (row.scopeIds ?? []).flatMap((id) => names.get(id) ?? []).sort(),
  }));
}
