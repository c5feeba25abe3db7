import { timingSafeEqual } from "node:crypto";
import { initialAccessTokenScopes, type initialAccessTokens, resources, scopes } from "@mintmark/db/schema";
import type { ClientAuthenticationMethod } from "@mintmark/token-issuer";
import { and, asc, eq, inArray } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Reader } from "../change/handle.ts";
import type { Keyring } from "../tenancy/keyring.ts";

/** The most that a registered client may be granted at one resource. */
export interface CeilingGrant {
  readonly resourceId: string;
  /** What becomes `aud`. */
  readonly identifier: string;
  readonly name: string;
  /** Names of scopes, sorted. */
  readonly scopes: readonly string[];
}

/** A token that registers clients (RFC 7591 §3). Its value was shown once and is nowhere. */
export interface InitialAccessToken {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  /** The last four of the random part. */
  readonly hint: string;
  /** How many clients it may register in all, and how many more. */
  readonly uses: number;
  readonly usesLeft: number;
  /** How its clients may authenticate; null is whatever the workspace allows. */
  readonly methods: readonly ClientAuthenticationMethod[] | null;
  /** Days that a secret of theirs lives; null is as long as the workspace allows. */
  readonly clientSecretLifetime: number | null;
  /** By resource; what a client asks for beyond it is refused. */
  readonly ceiling: readonly CeilingGrant[];
  readonly createdAt: Date;
  /** Null is "never". */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export type TokenRow = typeof initialAccessTokens.$inferSelect;

export const tokenOf = (row: TokenRow, ceiling: readonly CeilingGrant[]): InitialAccessToken => ({
  id: row.id,
  workspaceId: row.workspaceId,
  name: row.name,
  hint: row.hint,
  uses: row.uses,
  usesLeft: row.usesLeft,
  methods: row.methods as InitialAccessToken["methods"],
  clientSecretLifetime: row.secretLifetime,
  ceiling,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  revokedAt: row.revokedAt,
  lastUsedAt: row.lastUsedAt,
});

/** What history keeps of a token: use is no configuration. */
export function touchedToken({ usesLeft, lastUsedAt, ...body }: InitialAccessToken): Touched {
  return { kind: "initialAccessToken", id: body.id, workspaceId: body.workspaceId, body };
}

/** Each token's ceiling, by the resource's identifier. */
export async function ceilingsOf(
  { tx, tenantId }: Pick<Reader, "tx" | "tenantId">,
  tokenIds: readonly string[],
): Promise<ReadonlyMap<string, readonly CeilingGrant[]>> {
  if (tokenIds.length === 0) return new Map();
  const rows = await tx
    .select({
      tokenId: initialAccessTokenScopes.tokenId,
      resourceId: resources.id,
      identifier: resources.identifier,
      resource: resources.name,
      name: scopes.name,
    })
    .from(initialAccessTokenScopes)
    .innerJoin(
      scopes,
      and(eq(scopes.tenantId, initialAccessTokenScopes.tenantId), eq(scopes.id, initialAccessTokenScopes.scopeId)),
    )
    .innerJoin(resources, and(eq(resources.tenantId, scopes.tenantId), eq(resources.id, scopes.resourceId)))
    .where(
      and(eq(initialAccessTokenScopes.tenantId, tenantId), inArray(initialAccessTokenScopes.tokenId, [...tokenIds])),
    )
    .orderBy(asc(resources.identifier), asc(scopes.name));
  const byToken = [...Map.groupBy(rows, (row) => row.tokenId)].map(([tokenId, own]) => {
    const byResource = [...Map.groupBy(own, (row) => row.resourceId)];
    const ceiling = byResource.map(([resourceId, names]) => ({
      resourceId,
      identifier: names[0]?.identifier ?? "",
      name: names[0]?.resource ?? "",
      scopes: names.map(({ name }) => name),
    }));
    return [tokenId, ceiling] as const;
  });
  return new Map(byToken);
}

const NOTHING = Buffer.alloc(32);

/** Whether a value is the one that a row keeps the digest of; without a row it costs the same. */
export function isValueOf(
  keyring: Keyring,
  row: { readonly digest: Buffer; readonly pepperVersion: number } | undefined,
  value: string,
): boolean {
  const digest = keyring.digest(value, row?.pepperVersion ?? keyring.currentPepperVersion);
  return timingSafeEqual(digest, row?.digest ?? NOTHING);
}
