import { authorise } from "../authority/principal.ts";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { Refusal } from "../failure.ts";
import { livingWorkspace } from "../living-row.ts";

/**
 * Lets an actor watch what a workspace's token endpoint does.
 *
 * @throws Refusal NOT_FOUND where there is no workspace that they may see, and why they may not see its token log
 */
export async function allowWatching(actor: Actor, workspaceId: string): Promise<void> {
  const workspace = await livingWorkspace(readerOf(actor), workspaceId);
  const failure = workspace && authorise(actor.principal, "token-log:read", workspace);
  if (workspace && !failure) return;
  const isSeen = workspace && mayRead(actor, "workspace:read", workspace);
  throw new Refusal(
    isSeen && failure ? failure : { code: "NOT_FOUND", noun: "workspace", id: workspaceId, path: ["workspaceId"] },
  );
}
