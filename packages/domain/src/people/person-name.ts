import { members, tenants, users } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, change, type Operation } from "../change/actor.ts";
import { personOf } from "../credentials/personal-limit.ts";
import { name } from "../input.ts";

const input = z.strictObject({ name });

/** What each tenant of the person is told; the name itself is in no chain, and in no history, which outlives a person. */
const told = (memberId: string) => ({
  event: { type: "member.renamed", memberId } as const,
  touched: [{ kind: "member", id: memberId, workspaceId: null, body: { id: memberId } }],
});

const UpdateOwnName: Operation<z.infer<typeof input>, "own-name:write"> = {
  mutation: "updateOwnName",
  permission: "own-name:write",
  input,
  locate: async () => ({ target: null }),
  async run(write, { name: displayName }) {
    const { tx, tenantId, now } = write;
    const { memberId, userId } = personOf(write);
    await tx.update(users).set({ name: displayName, updatedAt: now }).where(eq(users.id, userId));
    await tx.update(members).set({ displayName }).where(eq(members.userId, userId));
    const memberships = await tx
      .select({ tenantId: members.tenantId, memberId: members.id })
      .from(members)
      .innerJoin(tenants, eq(tenants.id, members.tenantId))
      .where(and(eq(members.userId, userId), eq(tenants.status, "active")));
    const others = memberships.filter((one) => one.tenantId !== tenantId);
    return {
      id: memberId,
      ...told(memberId),
      workspaceId: null,
      elsewhere: others.map((one) => ({ tenantId: one.tenantId, actor: one.memberId, ...told(one.memberId) })),
    };
  },
};

/**
 * Gives the person who is signed in another name, in their account and in every tenant that they belong to; each of them
 * is told in the same transaction. Needs a session.
 */
export const updateOwnName = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, UpdateOwnName, raw);
