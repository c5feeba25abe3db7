import { clients, members } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { adminWorkspaceOf, writeAudit } from "../change/audit.ts";
import { appendToFeed, lockShards } from "../change/change-feed.ts";
import type { PersonContext } from "../change/member-event.ts";
import { endPersonalClients, isUnended } from "../credentials/personal-client-row.ts";
import { endPersonalTokens } from "../credentials/personal-token-row.ts";
import type { Making } from "../tenancy/new-workspace.ts";

/** How somebody lost their account, or a thief did. */
type Why =
  | { readonly type: "member.account-reset"; readonly invitationId: string }
  | { readonly type: "member.password-set-by-mail" };

/**
 * Ends the personal tokens and clients of a person everywhere: whoever had one of their sessions may have made them. Every
 * tenant that they belong to is told, and how many ended there.
 */
export async function endPersonalAccess(
  { tx, now }: Making,
  userId: string,
  context: PersonContext,
  why: Why,
): Promise<void> {
  const places = await tx
    .select({ tenantId: members.tenantId, id: members.id })
    .from(members)
    .where(eq(members.userId, userId));
  await lockShards(
    tx,
    places.map(({ tenantId }) => tenantId),
  );
  for (const { tenantId, id: memberId } of places) {
    const tokens = await endPersonalTokens(tx, tenantId, memberId, now);
    const own = await endPersonalClients({ tx, tenantId, now }, and(eq(clients.ownerMemberId, memberId), isUnended));
    const ended = [...tokens, ...own.touched];
    const feedNumber = ended.length > 0 ? await appendToFeed(tx, tenantId, null, ended, now) : null;
    const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
    const counts = { personalTokens: tokens.length, personalClients: own.ids.length };
    await writeAudit(tx, chain, { ...context, actor: memberId, at: now }, { ...why, memberId, ...counts }, feedNumber);
  }
}
