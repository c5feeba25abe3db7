import { workspaces } from "@mintmark/db/schema";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { refuseUnlessOwner } from "../authority/escalation.ts";
import { type Actor, type Answer, type Changed, change, type Operation } from "../change/actor.ts";
import { id } from "../input.ts";
import { touchedWorkspace } from "./new-workspace.ts";
import { asWorkspace, locateWorkspace } from "./workspace-row.ts";

const input = z.strictObject({ workspaceId: id });

const RevokeWorkspaceTokens: Operation<z.infer<typeof input>, "token:revoke"> = {
  mutation: "revokeWorkspaceTokens",
  permission: "token:revoke",
  isDangerous: true,
  input,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  async run(write, { workspaceId }): Promise<Changed> {
    const isIt = and(eq(workspaces.tenantId, write.tenantId), eq(workspaces.id, workspaceId));
    // As for one client: another server may still sign in the current second, and the next token waits until then.
    const cutOff = sql`date_trunc('second', clock_timestamp()) + interval '2 seconds'`;
    const [row] = await write.tx
      .update(workspaces)
      .set({
        tokensNotBefore: sql`greatest(${workspaces.tokensNotBefore}, ${cutOff})`,
        cutOffs: sql`${workspaces.cutOffs} + 1`,
      })
      .where(isIt)
      .returning();
    if (!row?.tokensNotBefore) throw new Error("a cut-off was not stored");
    const { tokensNotBefore: notBefore, kind } = row;
    // There are the tokens of those who hold more.
    if (kind !== "custom") refuseUnlessOwner(write);
    const event = { type: "workspace.tokens-revoked", workspaceId, notBefore: notBefore.toISOString() } as const;
    const touched = { ...touchedWorkspace(asWorkspace(row), row.settings), notBefore };
    return { id: workspaceId, event, workspaceId, touched: [touched] };
  },
};

/** Takes back all tokens that a workspace has issued so far, whoever's they are; its clients get new ones. Needs token:revoke. */
export const revokeWorkspaceTokens = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokeWorkspaceTokens, raw);
