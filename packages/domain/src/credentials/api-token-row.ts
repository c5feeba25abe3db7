import { apiTokens, resources, scopes } from "@mintmark/db/schema";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Reader } from "../change/handle.ts";
import { type LivingRow, livingRow } from "../living-row.ts";

/** What a static token was narrowed to at one resource. */
export interface TokenPermission {
  readonly resourceId: string;
  readonly identifier: string;
  readonly resourceName: string;
  /** Names, sorted. */
  readonly scopes: readonly string[];
}

/** A static bearer string of a client. Its value was shown once and is nowhere. */
export interface ApiToken {
  readonly id: string;
  readonly workspaceId: string;
  /** The client's internal id. */
  readonly clientId: string;
  readonly name: string;
  /** The last four of the random part. */
  readonly hint: string;
  readonly createdAt: Date;
  /** Null is "never". */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
  /** It existed elsewhere before: another system may know it too. */
  readonly isImported: boolean;
  readonly isMadeByOperator: boolean;
  /** It may do everything that its client may, as that stands at each use; otherwise `permissions`, as far as still granted. */
  readonly followsGrants: boolean;
  readonly permissions: readonly TokenPermission[];
}

type Row = typeof apiTokens.$inferSelect;
/** A row that is a client's. */
export type ApiTokenRow = Row & { readonly clientId: string };

export const isOfClient = <R extends Row>(row: R | undefined): row is R & { readonly clientId: string } =>
  row !== undefined && row.clientId !== null;

/** A client's token, in a workspace that is not deleted. */
export async function livingApiToken(
  read: Reader,
  id: string,
  lock?: "lock",
): Promise<(LivingRow<typeof apiTokens> & { readonly clientId: string }) | undefined> {
  const row = await livingRow(read, apiTokens, id, lock);
  return isOfClient(row) ? row : undefined;
}

export const apiTokenOf = (row: ApiTokenRow, permissions: readonly TokenPermission[]): ApiToken => ({
  id: row.id,
  workspaceId: row.workspaceId,
  clientId: row.clientId,
  name: row.name,
  hint: row.hint,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  revokedAt: row.revokedAt,
  lastUsedAt: row.lastUsedAt,
  lastUsedAddress: row.lastUsedAddress,
  isImported: row.isImported,
  isMadeByOperator: row.isMadeByOperator,
  followsGrants: row.followsGrants,
  permissions,
});

/** What history keeps of a token: use is no configuration. */
export function touchedApiToken({ lastUsedAt, lastUsedAddress, ...body }: ApiToken): Touched {
  return { kind: "apiToken", id: body.id, workspaceId: body.workspaceId, body };
}

/** The tokens of those rows with what each was narrowed to; a scope that is gone is not there any more. */
export async function withPermissions(
  { tx, tenantId }: Pick<Reader, "tx" | "tenantId">,
  rows: readonly ApiTokenRow[],
): Promise<readonly ApiToken[]> {
  const ids = [...new Set(rows.flatMap((row) => row.scopeIds ?? []))];
  const named = ids.length === 0 ? [] : await scopesById(tx, tenantId, ids);
  return rows.map((row) => {
    const chosen = new Set(row.scopeIds ?? []);
    const own = Map.groupBy(
      named.filter(({ id }) => chosen.has(id)),
      ({ resourceId }) => resourceId,
    );
    const permissions = [...own.values()].map((all): TokenPermission => {
      const { resourceId = "", identifier = "", resourceName = "" } = all[0] ?? {};
      return { resourceId, identifier, resourceName, scopes: all.map(({ name }) => name) };
    });
    return apiTokenOf(row, permissions);
  });
}

const scopesById = (tx: Reader["tx"], tenantId: string, ids: readonly string[]) =>
  tx
    .select({
      id: scopes.id,
      name: scopes.name,
      resourceId: resources.id,
      identifier: resources.identifier,
      resourceName: resources.name,
    })
    .from(scopes)
    .innerJoin(resources, and(eq(resources.tenantId, scopes.tenantId), eq(resources.id, scopes.resourceId)))
    .where(and(eq(scopes.tenantId, tenantId), inArray(scopes.id, [...ids])))
    .orderBy(asc(resources.identifier), asc(scopes.name));
