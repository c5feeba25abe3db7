import { apiTokens } from "@mintmark/db/schema";
import { and, eq, isNotNull } from "drizzle-orm";
import { z } from "zod";
import { refuseUnlessOwner } from "../authority/escalation.ts";
import { type Actor, type Answer, type Changed, change, type Operation } from "../change/actor.ts";
import { id } from "../input.ts";
import { locateWorkspace } from "../tenancy/workspace-row.ts";
import { isOfClient, touchedApiToken, withPermissions } from "./api-token-row.ts";
import { isLivingAt } from "./living-credential.ts";

/** How many of them get a version in history: the tenant's counter is locked meanwhile. */
const MOST_VERSIONS = 500;

const input = z.strictObject({ workspaceId: id });

const RevokeWorkspaceApiTokens: Operation<z.infer<typeof input>, "api-token:write"> = {
  mutation: "revokeWorkspaceApiTokens",
  permission: "api-token:write",
  isDangerous: true,
  input,
  locate: (read, { workspaceId }) => locateWorkspace(read, workspaceId, ["workspaceId"]),
  async run(write, { workspaceId }): Promise<Changed> {
    const { tx, tenantId, now } = write;
    const { target } = await locateWorkspace(write, workspaceId, ["workspaceId"]);
    // There are the tokens of those who hold more.
    if (target.kind !== "custom") refuseUnlessOwner(write);
    const isHere = and(eq(apiTokens.tenantId, tenantId), eq(apiTokens.workspaceId, workspaceId));
    const isLiving = isLivingAt(apiTokens, now);
    const revoked = await tx
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(and(isHere, isNotNull(apiTokens.clientId), isLiving))
      .returning();
    const tokens = await withPermissions(write, revoked.slice(0, MOST_VERSIONS).filter(isOfClient));
    return {
      id: workspaceId,
      event: { type: "workspace.api-tokens-revoked", workspaceId, count: revoked.length },
      workspaceId,
      touched: [
        { kind: "apiTokens", id: workspaceId, workspaceId, body: { revokedAt: now } },
        ...tokens.map(touchedApiToken),
      ],
    };
  },
};

/** Stops all API tokens of a workspace, at once and for good. Needs api-token:write. */
export const revokeWorkspaceApiTokens = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokeWorkspaceApiTokens, raw);
