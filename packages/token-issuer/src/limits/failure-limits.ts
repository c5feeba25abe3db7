import { type Failure, type FailureOf, isFailedAuthentication, isFailedRegistration } from "../failure.ts";
import type { Issuer } from "../store.ts";
import { Budgets } from "./budgets.ts";
import { networkOf } from "./network.ts";

/** Failures a minute that are looked into: of one client id from one network, and all from there. */
const OF_ONE_ID = 30;
const OF_A_NETWORK = 300;
/** Looks beyond memory a minute for a network whose failures are used up: so that a client there still gets in. */
const LOOKS = 3000;

/** One failure that was counted. */
export interface CountedFailure {
  /** It was none, as it turned out. */
  takeBack(): void;
}

const notCounted: CountedFailure = { takeBack() {} };

/**
 * Counts failed authentications, and calls of issuers that do not exist, by where they come from. What a used-up budget
 * takes away is the second look, at what may have changed a moment ago: whoever is right at the first one is let in as
 * ever, so nobody is locked out, neither by a stranger who knows a client's id nor by one behind the same address.
 *
 * One id's failures have a budget of their own, so that a machine with an old secret does not use up its network's.
 */
export class FailureLimits {
  readonly #ids = new Budgets();
  readonly #networks = new Budgets();
  readonly #looks = new Budgets();

  /**
   * Counts a failure before it is looked into.
   *
   * @returns what to answer instead where the budget is used up; alike for known and unknown ids
   */
  count(
    failure: Failure,
    issuer: Issuer | undefined,
    address: string,
    at: Date,
  ): CountedFailure | FailureOf<"too_many_failures"> {
    const what = guessOf(failure, issuer);
    if (what === undefined) return notCounted;
    const now = at.getTime();
    const network = networkOf(address);
    const id = `${network} ${what}`;
    const ofId = this.#ids.take(id, OF_ONE_ID, now);
    if (ofId > 0) return tooMany(failure, ofId);
    const ofNetwork = this.#networks.take(network, OF_A_NETWORK, now);
    if (ofNetwork > 0) {
      this.#ids.giveBack(id, OF_ONE_ID);
      return tooMany(failure, ofNetwork);
    }
    return {
      takeBack: () => {
        this.#ids.giveBack(id, OF_ONE_ID);
        this.#networks.giveBack(network, OF_A_NETWORK);
      },
    };
  }

  /** Whether the store may be asked for what it does not have in memory: a stranger's guesses must not use up its loads. */
  mayLook(address: string, at: Date, isAtHand: () => boolean): boolean {
    const now = at.getTime();
    const network = networkOf(address);
    if (!this.#networks.isUsedUp(network, OF_A_NETWORK, now) || isAtHand()) return true;
    return this.#looks.take(network, LOOKS, now) === 0;
  }
}

/** What somebody may be guessing at; `undefined`: nothing. */
export function guessOf(failure: Failure, issuer: Issuer | undefined): string | undefined {
  if (failure.reason === "issuer_not_found") return `${failure.tenant}/${failure.workspace}`;
  if (isFailedRegistration(failure))
    return `${issuer?.workspaceId} ${"claimed" in failure ? failure.claimed : failure.tokenId}`;
  return isFailedAuthentication(failure) ? `${issuer?.workspaceId} ${failure.clientId}` : undefined;
}

const tooMany = ({ reason }: Failure, wait: number): FailureOf<"too_many_failures"> => ({
  reason: "too_many_failures",
  cause: reason,
  retryAfter: Math.ceil(wait / 1000),
});
