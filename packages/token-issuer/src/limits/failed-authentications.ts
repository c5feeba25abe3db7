import { type Failure, type FailureOf, isFailedAuthentication } from "../failure.ts";
import type { Issuer } from "../store.ts";
import { Budgets } from "./budgets.ts";
import { networkOf } from "./network.ts";

/** Failures a minute that are looked into: of one client id from one network, and of all ids from there. */
const OF_ONE_ID = 30;
const OF_A_NETWORK = 300;

/** One failed authentication that was counted. */
export interface CountedFailure {
  /** It was none, as it turned out. */
  takeBack(): void;
}

/**
 * Counts failed authentications by where they come from. What a used-up budget takes away is the second look, at what may
 * have changed a moment ago: whoever is right at the first one is let in as ever, so nobody is locked out, neither by a
 * stranger who knows a client's id nor by one behind the same address.
 *
 * One id's failures have a budget of their own, so that a machine with an old secret does not use up its network's.
 */
export class FailedAuthentications {
  readonly #ids = new Budgets();
  readonly #networks = new Budgets();

  /**
   * Counts a failure before it is looked into.
   *
   * @returns what to answer instead where the budget is used up; alike for known and unknown ids
   */
  count(
    failure: Failure,
    { workspaceId }: Issuer,
    address: string,
    at: Date,
  ): CountedFailure | FailureOf<"too_many_failures"> {
    if (!isFailedAuthentication(failure)) return { takeBack() {} };
    const now = at.getTime();
    const network = networkOf(address);
    const id = `${network} ${workspaceId} ${failure.clientId}`;
    const takeBack = () => {
      this.#ids.giveBack(id, OF_ONE_ID);
      this.#networks.giveBack(network, OF_A_NETWORK);
    };
    const ofId = this.#ids.take(id, OF_ONE_ID, now);
    if (ofId > 0) return tooMany(failure, ofId);
    const ofNetwork = this.#networks.take(network, OF_A_NETWORK, now);
    if (ofNetwork === 0) return { takeBack };
    this.#ids.giveBack(id, OF_ONE_ID);
    return tooMany(failure, ofNetwork);
  }
}

const tooMany = ({ reason }: Failure, wait: number): FailureOf<"too_many_failures"> => ({
  reason: "too_many_failures",
  cause: reason,
  retryAfter: Math.ceil(wait / 1000),
});
