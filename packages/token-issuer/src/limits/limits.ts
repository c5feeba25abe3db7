import { TokenLimits } from "./admission.ts";
import { FailedAuthentications } from "./failed-authentications.ts";

/** What one token issuer counts, in memory. */
export interface Limits {
  readonly tokens: TokenLimits;
  readonly failures: FailedAuthentications;
}

/** @param freshReplicas how many servers share the callers now */
export const createLimits = (freshReplicas: () => number): Limits => ({
  tokens: new TokenLimits(freshReplicas),
  failures: new FailedAuthentications(),
});
