import { apiTokens, clients, members, passkeys, ssoIdentities, ssoProviders, users } from "@mintmark/db/schema";
import { and, count, eq, ilike, inArray, isNotNull, or, sql } from "drizzle-orm";
import { type Actor, mayRead, read, readerOf } from "../change/actor.ts";
import { containing } from "../change/audit-filter.ts";
import { isLivingAt } from "../credentials/living-credential.ts";
import { nounOf } from "../id.ts";
import { newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { shownEmail } from "../sso/sso-identity.ts";

/** A person in the tenant, as everybody may know them who may see members. */
export interface Member {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

const columns = { id: members.id, name: members.displayName, createdAt: members.createdAt };

/**
 * The tenant's members, newest first.
 *
 * @param search part of a name, or of an e-mail address where the actor may see those; a whole id
 * @throws Refusal when the actor may not see members, and for a bad page
 */
export const listMembers = (actor: Actor, page: PageRequest, search?: string | null): Promise<Page<Member>> =>
  read(actor, "member:read", null, async ({ tx, tenantId }) => {
    const cut = newestFirst(members, page);
    const pattern = search ? containing(search) : undefined;
    const seesAddresses = mayRead(actor, "member-account:read", null);
    const isFound = pattern
      ? or(
          ilike(members.displayName, pattern),
          seesAddresses ? ilike(shownEmail, pattern) : undefined,
          nounOf(search ?? "") === "member" ? eq(members.id, search ?? "") : undefined,
        )
      : undefined;
    const rows = await tx
      .select(columns)
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .leftJoin(
        ssoIdentities,
        and(eq(ssoIdentities.tenantId, members.tenantId), eq(ssoIdentities.userId, members.userId)),
      )
      .where(and(eq(members.tenantId, tenantId), isFound, cut.after))
      .orderBy(...cut.orderBy)
      .limit(cut.limit);
    return pageByAge(rows, cut);
  });

/** Each member that is there and may be seen, in the order of the ids. */
export async function getMembers(actor: Actor, ids: readonly string[]): Promise<readonly (Member | undefined)[]> {
  const { tx, tenantId } = readerOf(actor);
  const possible = mayRead(actor, "member:read", null) ? ids.filter((id) => nounOf(id) === "member") : [];
  if (possible.length === 0) return ids.map(() => undefined);
  const rows = await tx
    .select(columns)
    .from(members)
    .where(and(eq(members.tenantId, tenantId), inArray(members.id, possible)));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id));
}

export async function getMember(actor: Actor, id: string): Promise<Member | undefined> {
  const [member] = await getMembers(actor, [id]);
  return member;
}

/** What only those see who look after the tenant's people. */
export interface MemberAccount {
  readonly email: string;
  /** A passkey, or codes of an app. */
  readonly hasSecondFactor: boolean;
  /** The provider that they are known by, where they sign in by single sign-on alone; its address where it is gone. */
  readonly provider: string | null;
  /** When they last worked in this tenant; null: not since this is kept. */
  readonly lastSeenAt: Date | null;
  /** Personal tokens that work now: they end with the membership. */
  readonly personalTokens: number;
  /** Clients that are bounded by this member's power and work now: they are disabled when the member is removed. */
  readonly ownClients: number;
}

/** The accounts of those members, in the order of the ids; `undefined` where they may not be seen. */
export async function accountsOfMembers(
  actor: Actor,
  ids: readonly string[],
): Promise<readonly (MemberAccount | undefined)[]> {
  if (ids.length === 0 || !mayRead(actor, "member-account:read", null)) return ids.map(() => undefined);
  const { tx, tenantId, now } = readerOf(actor);
  const hasPasskey = sql<boolean>`exists (select from ${passkeys} where ${passkeys.userId} = ${users.id})`;
  const accounts = await tx
    .select({
      id: members.id,
      email: shownEmail,
      hasSecondFactor: sql<boolean>`${users.twoFactorEnabled} or ${hasPasskey}`,
      provider: sql<string | null>`coalesce(${ssoProviders.name}, ${ssoIdentities.issuer})`,
      lastSeenAt: members.lastSeenAt,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(
      ssoIdentities,
      and(eq(ssoIdentities.tenantId, members.tenantId), eq(ssoIdentities.userId, members.userId)),
    )
    .leftJoin(
      ssoProviders,
      and(eq(ssoProviders.tenantId, ssoIdentities.tenantId), eq(ssoProviders.issuer, ssoIdentities.issuer)),
    )
    .where(and(eq(members.tenantId, tenantId), inArray(members.id, [...ids])));
  const tokens = await tx
    .select({ id: apiTokens.memberId, count: count() })
    .from(apiTokens)
    .where(and(eq(apiTokens.tenantId, tenantId), inArray(apiTokens.memberId, [...ids]), isLivingAt(apiTokens, now)))
    .groupBy(apiTokens.memberId);
  const isOwned = and(isNotNull(clients.ownerMemberId), inArray(clients.ownerMemberId, [...ids]));
  const owned = await tx
    .select({ id: clients.ownerMemberId, count: count() })
    .from(clients)
    .where(and(eq(clients.tenantId, tenantId), isOwned, eq(clients.status, "active")))
    .groupBy(clients.ownerMemberId);
  return ids.map((id) => {
    const found = accounts.find((account) => account.id === id);
    if (!found) return undefined;
    const { id: _, ...account } = found;
    const countIn = (rows: readonly { id: string | null; count: number }[]) =>
      rows.find((row) => row.id === id)?.count ?? 0;
    return { ...account, personalTokens: countIn(tokens), ownClients: countIn(owned) };
  });
}
