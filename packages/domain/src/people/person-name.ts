import { members, users } from "@mintmark/db/schema";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { adminWorkspaceOf, writeAudit } from "../change/audit.ts";
import { lockShards } from "../change/change-feed.ts";
import type { Installation } from "../change/handle.ts";
import type { PersonContext } from "../change/member-event.ts";
import { name, parseInput } from "../input.ts";
import { membershipsOf } from "./member.ts";

const input = z.strictObject({ name });

/**
 * Gives a person another name, in their account and in every tenant that they belong to; each of them is told in the
 * same transaction. The name itself is not in the chain.
 *
 * @throws Refusal INVALID_INPUT
 */
export async function renamePerson(
  installation: Installation,
  userId: string,
  raw: unknown,
  context: PersonContext,
): Promise<void> {
  const { input: wanted } = parseInput(input, raw);
  const at = installation.now();
  const memberships = await membershipsOf(installation, userId);
  await installation.database.transaction(async (tx) => {
    await tx.update(users).set({ name: wanted.name, updatedAt: at }).where(eq(users.id, userId));
    await tx.update(members).set({ displayName: wanted.name }).where(eq(members.userId, userId));
    await lockShards(
      tx,
      memberships.map(({ tenantId }) => tenantId),
    );
    for (const { tenantId, memberId } of memberships) {
      const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
      await writeAudit(tx, chain, { ...context, actor: memberId, at }, { type: "member.renamed", memberId });
    }
  });
}
