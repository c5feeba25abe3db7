import { revokedTokens, tokenLog } from "@mintmark/db/schema";
import { and, eq, gte, sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import { clientToChange } from "../clients/client-row.ts";
import { id, tokenId } from "../input.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";

/** Which token: its `jti`, and the workspace that issued it. */
export const tokenInput = z.strictObject({ workspaceId: id, id: tokenId });
export type TokenInput = z.infer<typeof tokenInput>;

const RevokeToken: Operation<TokenInput, "token:revoke"> = {
  mutation: "revokeToken",
  permission: "token:revoke",
  input: tokenInput,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  run: revokeOne,
};

/** Takes a living token back inside a change. @throws Refusal NOT_FOUND, MORE_THAN_HELD */
export async function revokeOne(write: Writer, { workspaceId, id: jti }: TokenInput): Promise<Changed> {
  const { tx, tenantId, now } = write;
  const [token] = await tx
    .select({ client: tokenLog.client, clientId: tokenLog.clientId, expiresAt: tokenLog.expiresAt })
    .from(tokenLog)
    .where(
      and(
        // The key begins with the day; none lives longer than one, and clocks differ by less than another.
        gte(tokenLog.day, sql`current_date - 2`),
        eq(tokenLog.jti, jti),
        eq(tokenLog.tenantId, tenantId),
        eq(tokenLog.workspaceId, workspaceId),
        eq(tokenLog.outcome, "issued"),
      ),
    );
  const { client, clientId, expiresAt } = token ?? {};
  if (!client || !clientId || !expiresAt || expiresAt <= now)
    return refuse({ code: "NOT_FOUND", noun: "token", id: jti, path: ["id"] });
  await clientToChange(write, client, ["id"]);
  await tx
    .insert(revokedTokens)
    .values({ tenantId, workspaceId, jti, clientId, expiresAt, revokedAt: now })
    .onConflictDoNothing();
  const touched = { kind: "token", id: jti, workspaceId, until: expiresAt, body: { client, expiresAt } };
  const event = { type: "token.revoked", tokenId: jti, clientId: client } as const;
  return { id: jti, event, workspaceId, touched: [touched] };
}

/**
 * Takes one token back, by its `jti` as the token log has it; the client's others live on. Whoever introspects sees it, a
 * status list does not. Twice changes nothing. Needs token:revoke.
 */
export const revokeToken = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RevokeToken, raw);
