import type { Call } from "./call.ts";
import type { Failure } from "./failure.ts";
import type { Client, Issuer } from "./store.ts";

/** Milliseconds a token request waits at most for a cut-off to pass. */
const WAIT_LIMIT = 3000;

/** Which tokens of a client are dead: those from before its own cut-off or its workspace's, whichever is later. */
export function cutOffOf(
  { tokensNotBefore: ofAll }: Pick<Issuer, "tokensNotBefore">,
  { tokensNotBefore: own }: Pick<Client, "tokensNotBefore">,
): Date | undefined {
  return ofAll && (!own || ofAll > own) ? ofAll : own;
}

/** Whether a token issued at `iat` (seconds) is dead by a cut-off. */
export function isCutOff(iat: number, tokensNotBefore: Date | undefined): boolean {
  return tokensNotBefore !== undefined && iat * 1000 < tokensNotBefore.getTime();
}

/** Milliseconds until a cut-off has passed: a token issued earlier would be born dead. */
function cutOffAhead({ clock }: Call, tokensNotBefore: Date): number {
  const until = Math.ceil(tokensNotBefore.getTime() / 1000) * 1000;
  return Math.max(0, until - clock.now().getTime());
}

/**
 * Waits until the cut-off of the client or its workspace has passed. Whoever waited must be judged anew: meanwhile the secret, the client or
 * its grants may have been taken back.
 *
 * @returns whether it waited
 */
export async function awaitCutOff(call: Call, client: Client, mayWait: boolean): Promise<boolean | Failure> {
  const tokensNotBefore = cutOffOf(call.issuer, client);
  const wait = tokensNotBefore ? cutOffAhead(call, tokensNotBefore) : 0;
  if (wait === 0 || tokensNotBefore === undefined) return false;
  if (!mayWait || wait > WAIT_LIMIT) return { reason: "cut_off_ahead", tokensNotBefore };
  call.recorder.step({ step: "cut_off_awaited", until: tokensNotBefore });
  // Timers may fire a millisecond early.
  for (let rest = wait; rest > 0; rest = cutOffAhead(call, tokensNotBefore)) await call.clock.sleep(rest);
  return true;
}
