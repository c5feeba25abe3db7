import { revokedTokens, tokenLog } from "@mintmark/db/schema";
import { and, eq, gte, sql } from "drizzle-orm";
import { z } from "zod";
import { type Actor, type Answer, type Changed, change, type Operation, refuse } from "../change/actor.ts";
import { clientToChange } from "../clients/client-row.ts";
import { id, tokenId } from "../input.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";

const input = z.strictObject({ workspaceId: id, id: tokenId });

const RevokeToken: Operation<z.infer<typeof input>, "token:revoke"> = {
  mutation: "revokeToken",
  permission: "token:revoke",
  input,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  async run(write, { workspaceId, id: jti }): Promise<Changed> {
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
  },
};

/**
 * Takes one token back, by its `jti` as the token log has it; the client's others live on. Whoever introspects sees it, a
 * status list does not. Twice changes nothing. Needs token:revoke.
 */
export const revokeToken = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RevokeToken, raw);
