import { authorise } from "../authority/principal.ts";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { Refusal } from "../failure.ts";
import { livingWorkspace } from "../living-row.ts";

/** What must be held to watch something of a workspace. */
export type Watching = "token-log:read" | "audit:read";

/**
 * Lets an actor watch what happens in a workspace.
 *
 * @throws Refusal NOT_FOUND where there is no workspace that they may see, and why they may not watch that
 */
export async function allowWatching(actor: Actor, workspaceId: string, permission: Watching): Promise<void> {
  const workspace = await livingWorkspace(readerOf(actor), workspaceId);
  const failure = workspace && authorise(actor.principal, permission, workspace);
  if (workspace && !failure) return;
  const isSeen = workspace && mayRead(actor, "workspace:read", workspace);
  throw new Refusal(
    isSeen && failure ? failure : { code: "NOT_FOUND", noun: "workspace", id: workspaceId, path: ["workspaceId"] },
  );
}
