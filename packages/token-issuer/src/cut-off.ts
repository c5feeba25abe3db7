import type { Call } from "./call.ts";
import type { Failure } from "./failure.ts";
import type { Client } from "./store.ts";

/** Milliseconds a token request waits at most for a cut-off to pass. */
const WAIT_LIMIT = 3000;

/** Whether a token issued at `iat` (seconds) is dead by the client's cut-off. */
export function isCutOff(iat: number, tokensNotBefore: Date | undefined): boolean {
  return tokensNotBefore !== undefined && iat * 1000 < tokensNotBefore.getTime();
}

/** Milliseconds until the client's cut-off has passed: a token issued earlier would be born dead. */
function cutOffAhead({ clock }: Call, { tokensNotBefore }: Client): number {
  if (tokensNotBefore === undefined) return 0;
  const until = Math.ceil(tokensNotBefore.getTime() / 1000) * 1000;
  return Math.max(0, until - clock.now().getTime());
}

/**
 * Waits until the client's cut-off has passed. Whoever waited must be judged anew: meanwhile the secret, the client or
 * its grants may have been taken back.
 *
 * @returns whether it waited
 */
export async function awaitCutOff(call: Call, client: Client, mayWait: boolean): Promise<boolean | Failure> {
  const { tokensNotBefore } = client;
  const wait = cutOffAhead(call, client);
  if (wait === 0 || tokensNotBefore === undefined) return false;
  if (!mayWait || wait > WAIT_LIMIT) return { reason: "cut_off_ahead", tokensNotBefore };
  call.recorder.step({ step: "cut_off_awaited", until: tokensNotBefore });
  // Timers may fire a millisecond early.
  for (let rest = wait; rest > 0; rest = cutOffAhead(call, client)) await call.clock.sleep(rest);
  return true;
}
