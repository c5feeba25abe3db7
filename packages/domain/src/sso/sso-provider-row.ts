import { clients, members, sessions, ssoIdentities, type ssoProviders } from "@mintmark/db/schema";
import { and, eq, inArray } from "drizzle-orm";
import type { Touched } from "../change/change-feed.ts";
import type { Installation, Writer } from "../change/handle.ts";
import { endPersonalClients, isUnended } from "../credentials/personal-client-row.ts";
import type { GivenRole } from "../people/new-member.ts";

/** Whether people become members by signing in, or by a link that they open on the way. */
export type SsoJoining = "invited" | "anyone";

/** Whom a tenant trusts to say who somebody is. Its secret is told to nobody. */
export interface SsoProvider {
  readonly id: string;
  readonly name: string;
  /** Its `iss`, byte for byte. */
  readonly issuer: string;
  readonly clientId: string;
  /** Asked for besides `openid`. */
  readonly scopes: readonly string[];
  /** Addresses that may join; empty: any, and no address at all. */
  readonly emailDomains: readonly string[];
  readonly joining: SsoJoining;
  /** What whoever joins by themselves gets. */
  readonly roles: readonly GivenRole[];
  readonly isRequired: boolean;
  readonly isActive: boolean;
  /** Where it sends people back to: it must know this address. */
  readonly redirectUri: string;
  readonly createdAt: Date;
}

export type SsoProviderRow = typeof ssoProviders.$inferSelect;

/** One address for each provider, so that an answer of one is never taken for another's (RFC 9700 §4.4.2). */
export const redirectUriOf = ({ origin }: Pick<Installation, "origin">, id: string): string =>
  `${origin}/console/sso/${id}`;

export const ssoProviderOf = (
  installation: Pick<Installation, "origin">,
  { tenantId: _, wrappedSecret: __, rolesBy: ___, ...row }: SsoProviderRow,
): SsoProvider => ({ ...row, redirectUri: redirectUriOf(installation, row.id) });

/** Where a sealed client secret belongs. */
export const ssoSecretPlace = (tenantId: string, id: string): string => `sso-provider|${tenantId}|${id}`;

export const touchedProvider = ({ id, tenantId: _, wrappedSecret: __, ...body }: SsoProviderRow): Touched => ({
  kind: "ssoProvider",
  id,
  workspaceId: null,
  body,
});

/**
 * Ends what an issuer's people have in the tenant: their sessions, and for good the client credentials that they generated.
 * Their personal tokens ask at each use whether the provider is on.
 *
 * @returns the clients' ids, and what history keeps of each
 */
export async function endOfProvider(write: Writer, issuer: string): ReturnType<typeof endPersonalClients> {
  const { tx, tenantId } = write;
  const people = await tx
    .select({ userId: ssoIdentities.userId, memberId: members.id })
    .from(ssoIdentities)
    .leftJoin(members, and(eq(members.tenantId, ssoIdentities.tenantId), eq(members.userId, ssoIdentities.userId)))
    .where(and(eq(ssoIdentities.tenantId, tenantId), eq(ssoIdentities.issuer, issuer)));
  const userIds = people.map(({ userId }) => userId);
  const memberIds = people.flatMap(({ memberId }) => memberId ?? []);
  // Who is about to generate one holds their row: it is waited for, and seen.
  const areTheirs = and(eq(members.tenantId, tenantId), inArray(members.id, memberIds));
  await tx.select({ id: members.id }).from(members).where(areTheirs).orderBy(members.id).for("no key update");
  await tx.delete(sessions).where(and(eq(sessions.tenantId, tenantId), inArray(sessions.userId, userIds)));
  return endPersonalClients(write, and(inArray(clients.ownerMemberId, memberIds), isUnended));
}
