import type { Failure } from "../failure.ts";
import type { IssuerRequest } from "../request.ts";
import type { Client, Issuer } from "../store.ts";
import { Budgets } from "./budgets.ts";
import { FailureLimits } from "./failure-limits.ts";
import { TokenLimits } from "./token-limits.ts";

/** What one token issuer counts, in memory. */
export interface Limits {
  readonly tokens: TokenLimits;
  readonly failures: FailureLimits;
  /** By the token that registers, or the client that changes its registration. */
  readonly registrations: Budgets;
}

/** Registrations a minute that are made with one token, or changed by one client: each is a transaction. */
const REGISTRATIONS = 120;

/** @param freshReplicas how many servers share the callers now */
export const createLimits = (freshReplicas: () => number): Limits => ({
  tokens: new TokenLimits(freshReplicas),
  failures: new FailureLimits(),
  registrations: new Budgets(),
});

/** What the limits say of one request, at its steps. */
export interface Admission {
  /** Whether the store may be asked for what is not in memory. */
  mayLook(at: Date, isAtHand: () => boolean): boolean;
  /** Counts a token request of a proven client, once, however often it is judged. */
  admit(issuer: Issuer, client: Client, at: Date): Failure | undefined;
  /** Counts a registration that was let in, once, however often it is judged. */
  admitRegistration(issuer: Issuer, id: string, at: Date): Failure | undefined;
  /** Takes what may be used once, once for this request, however often it is judged. */
  once(take: () => Promise<boolean>): Promise<boolean>;
}

/** For what is only explained. */
export const unlimited: Admission = {
  mayLook: () => true,
  admit: () => undefined,
  admitRegistration: () => undefined,
  once: (take) => take(),
};

/** For one request. */
export function admissionOf({ tokens, failures, registrations }: Limits, { address }: IssuerRequest): Admission {
  let isCounted = false;
  let taken: Promise<boolean> | undefined;
  return {
    mayLook: (at, isAtHand) => failures.mayLook(address, at, isAtHand),
    admit(issuer, client, at) {
      if (isCounted) return undefined;
      isCounted = true;
      return tokens.take(issuer, client, at);
    },
    admitRegistration(issuer, id, at) {
      if (isCounted) return undefined;
      isCounted = true;
      const wait = registrations.take(`${issuer.workspaceId} ${id}`, REGISTRATIONS, at.getTime());
      if (wait === 0) return undefined;
      return { reason: "registration_limit_reached", limit: REGISTRATIONS, retryAfter: Math.ceil(wait / 1000) };
    },
    once: (take) => (taken ??= take()),
  };
}
