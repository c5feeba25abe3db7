import { clients, invitations, members, tenants } from "@mintmark/db/schema";
import { and, eq, not, type SQL, sql } from "drizzle-orm";
import { type Actor, mayRead, read, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import { nounOf } from "../id.ts";
import { newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { isOpenAt } from "./invite.ts";
import type { GivenRole } from "./new-member.ts";
import { isOvertaken } from "./owner-link.ts";

/** A one-use link: it makes a member, or gives one a lost account back. Its code was shown once and is nowhere. */
export interface Invitation {
  readonly id: string;
  /** Whom it was made for, as the inviter wrote it; nothing is sent there. */
  readonly email: string | null;
  /** Set where it gives this member a lost account back. */
  readonly memberId: string | null;
  readonly roles: readonly GivenRole[];
  /** Until when whoever uses it has them; null: until they are taken back. */
  readonly rolesExpireAt: Date | null;
  /** A member's or client's id; null where the server itself made it. */
  readonly invitedBy: string | null;
  /** The name as it is now; null when they are gone. */
  readonly inviterName: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
}

const rowsWhere = ({ tx, tenantId }: Reader, condition: SQL | undefined) =>
  tx
    .select({
      id: invitations.id,
      email: invitations.email,
      memberId: sql<string | null>`(select m.id from members m
        where m.tenant_id = ${invitations.tenantId} and m.user_id = ${invitations.userId})`,
      roles: invitations.roles,
      rolesExpireAt: invitations.rolesExpireAt,
      invitedBy: invitations.invitedBy,
      inviterName: sql<string | null>`coalesce(${members.displayName}, ${clients.name})`,
      createdAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
      usedAt: invitations.usedAt,
      revokedAt: invitations.revokedAt,
    })
    .from(invitations)
    .innerJoin(tenants, eq(tenants.id, invitations.tenantId))
    .leftJoin(members, and(eq(members.tenantId, invitations.tenantId), eq(members.id, invitations.invitedBy)))
    .leftJoin(clients, and(eq(clients.tenantId, invitations.tenantId), eq(clients.id, invitations.invitedBy)))
    .where(and(eq(invitations.tenantId, tenantId), condition));

/**
 * The tenant's open links, newest first.
 *
 * @throws Refusal when the actor may not see them, and for a bad page
 */
export const listInvitations = (actor: Actor, page: PageRequest): Promise<Page<Invitation>> =>
  read(actor, "invitation:read", null, async (reader) => {
    const cut = newestFirst(invitations, page);
    const rows = await rowsWhere(reader, and(isOpenAt(reader.now), not(isOvertaken), cut.after))
      .orderBy(...cut.orderBy)
      .limit(cut.limit);
    return pageByAge(rows, cut);
  });

/** A link, open or not; `undefined` where there is none that the actor may see. */
export async function getInvitation(actor: Actor, id: string): Promise<Invitation | undefined> {
  if (nounOf(id) !== "invitation" || !mayRead(actor, "invitation:read", null)) return undefined;
  const [row] = await rowsWhere(readerOf(actor), eq(invitations.id, id));
  return row;
}
