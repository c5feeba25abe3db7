import { type Actor, allowWatching, nameOf, Refusal, signedIn, type Watching } from "@mintmark/domain";
import type { GraphqlContext } from "./builder.ts";
import type { Ended } from "./streams.ts";

/** Somebody who watches, by what they may now; or why they may not any more. */
export async function stillWatching(
  { actor, standing }: GraphqlContext,
  workspaceId: string,
  permission: Watching,
): Promise<Actor | Ended> {
  const principal = await standing.principal();
  if (principal === "signed-out") return { failure: { code: "UNAUTHENTICATED" } };
  if (principal === "no-member") return { failure: { code: "FORBIDDEN", permission, askRole: "owner or admin" } };
  const now = { ...actor, principal };
  try {
    await allowWatching(now, workspaceId, permission);
  } catch (error) {
    const failure = error instanceof Refusal ? error.failures[0] : undefined;
    if (failure) return { failure };
    throw error;
  }
  return now;
}

/** Whoever a stream counts for: a person's whichever tenant they look at. */
export function callerOf(actor: Actor): string {
  const principal = signedIn(actor);
  return principal.kind === "member" ? principal.userId : nameOf(principal);
}
