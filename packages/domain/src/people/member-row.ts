import { members } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { holds } from "../authority/principal.ts";
import type { Located } from "../change/actor.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { Refusal } from "../failure.ts";
import { nounOf } from "../id.ts";
import { found } from "../living-row.ts";

export type MemberRow = typeof members.$inferSelect;

const isMember = ({ tenantId }: Reader, id: string) => and(eq(members.tenantId, tenantId), eq(members.id, id));

/**
 * The member, locked, so that nothing is given to somebody who is being removed.
 *
 * @throws Refusal NOT_FOUND where there is none, or members may not be seen
 */
export async function lockedMember(write: Writer, id: string, path: readonly string[]): Promise<MemberRow> {
  const isSeen = nounOf(id) === "member" && holds(write.principal, "member:read", null);
  const [row] = isSeen ? await write.tx.select().from(members).where(isMember(write, id)).for("no key update") : [];
  return found(row, "member", id, path);
}

/** Finds where a change of that member acts: the tenant as a whole. @throws Refusal NOT_FOUND */
export async function locateMember(
  read: Reader,
  { id }: { readonly id: string },
): Promise<Located<"member:write" | "member:reset" | "member:erase">> {
  const row = { noun: "member", id, path: ["id"] } as const;
  const [member] =
    nounOf(id) === "member" ? await read.tx.select({ id: members.id }).from(members).where(isMember(read, id)) : [];
  if (!member) throw new Refusal({ code: "NOT_FOUND", ...row });
  return { target: null, row };
}
