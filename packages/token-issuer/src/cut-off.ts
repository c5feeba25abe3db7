import type { Call } from "./call.ts";
import type { Failure } from "./failure.ts";
import type { Client } from "./store.ts";

/** Milliseconds a token request waits at most for a cut-off to pass. */
const WAIT_LIMIT = 3000;

/** Whether a token issued at `iat` (seconds) is dead by the client's cut-off. */
export function isCutOff(iat: number, tokensNotBefore: Date | undefined): boolean {
  return tokensNotBefore !== undefined && iat * 1000 < tokensNotBefore.getTime();
}

/**
 * The instant to issue at: now, or as soon as the client's cut-off has passed.
 * A token issued earlier would be born dead, and its holder could not tell why.
 */
export async function awaitCutOff(call: Call, client: Client): Promise<Date | Failure> {
  const { tokensNotBefore } = client;
  const now = call.clock.now();
  if (tokensNotBefore === undefined) return now;
  const until = Math.ceil(tokensNotBefore.getTime() / 1000) * 1000;
  const wait = until - now.getTime();
  if (wait <= 0) return now;
  if (wait > WAIT_LIMIT) return { reason: "cut_off_ahead", tokensNotBefore };
  call.recorder.step({ step: "cut_off_awaited", until: tokensNotBefore });
  await call.clock.sleep(wait);
  const later = call.clock.now();
  // Timers may fire a millisecond early.
  return later.getTime() < until ? new Date(until) : later;
}
