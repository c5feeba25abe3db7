import { formerMembers } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { type Actor, mayRead, read, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import { nounOf } from "../id.ts";
import { newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";

/** Somebody who was removed from the tenant: what the audit log calls them from then on. */
export interface FormerMember {
  /** The id that they had as a member: what they did stays under it. */
  readonly id: string;
  /** Their name, or what stands for it once they were erased. */
  readonly name: string;
  readonly removedAt: Date;
  readonly erasedAt: Date | null;
}

export type FormerMemberRow = typeof formerMembers.$inferSelect;

const columns = {
  id: formerMembers.id,
  name: formerMembers.displayName,
  removedAt: formerMembers.removedAt,
  erasedAt: formerMembers.erasedAt,
};

const isIt = ({ tenantId }: Reader, id: string) => and(eq(formerMembers.tenantId, tenantId), eq(formerMembers.id, id));

/** The row of a former member; `undefined` where there is none. Locked, so that of two who erase them one waits. */
export async function formerMemberRow(reader: Reader, id: string, lock?: "lock"): Promise<FormerMemberRow | undefined> {
  if (nounOf(id) !== "member") return undefined;
  const query = reader.tx.select().from(formerMembers).where(isIt(reader, id));
  const [row] = await (lock ? query.for("update") : query);
  return row;
}

/**
 * Who was removed from the tenant, the latest first.
 *
 * @throws Refusal when the actor may not see people's accounts, and for a bad page
 */
export const listFormerMembers = (actor: Actor, page: PageRequest): Promise<Page<FormerMember>> =>
  read(actor, "member-account:read", null, async ({ tx, tenantId }) => {
    const cut = newestFirst({ createdAt: formerMembers.removedAt, id: formerMembers.id }, page);
    const rows = await tx
      .select(columns)
      .from(formerMembers)
      .where(and(eq(formerMembers.tenantId, tenantId), cut.after))
      .orderBy(...cut.orderBy)
      .limit(cut.limit);
    return pageByAge(
      rows.map((row) => ({ ...row, createdAt: row.removedAt })),
      cut,
    );
  });

/** A former member; `undefined` where there is none whom the actor may see. */
export async function getFormerMember(actor: Actor, id: string): Promise<FormerMember | undefined> {
  if (!mayRead(actor, "member-account:read", null)) return undefined;
  const row = await formerMemberRow(readerOf(actor), id);
  return row && { id: row.id, name: row.displayName, removedAt: row.removedAt, erasedAt: row.erasedAt };
}
