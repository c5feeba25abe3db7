import type { Failure } from "../failure.ts";
import type { Client, Issuer } from "../store.ts";
import { Budgets } from "./budgets.ts";

const NONE = Number.POSITIVE_INFINITY;

/**
 * Counts the token requests of clients and of issuers on this replica, which takes its share of each limit.
 *
 * Only requests of clients that proved themselves are counted: a stranger must not be able to use a limit up. A request
 * that is refused here counts for neither.
 */
export class TokenLimits {
  readonly #clients = new Budgets();
  readonly #issuers = new Budgets();
  readonly #freshReplicas: () => number;

  constructor(freshReplicas: () => number) {
    this.#freshReplicas = freshReplicas;
  }

  /** Counts one request, or says which limit was reached. */
  take(issuer: Issuer, client: Client, at: Date): Failure | undefined {
    const ofClient = Math.min(client.tokenLimit ?? NONE, issuer.clientTokenLimit ?? NONE);
    const ofIssuer = issuer.tokenLimit ?? NONE;
    const now = at.getTime();
    const replicas = Math.max(1, this.#freshReplicas());
    const key = ofClient === NONE ? "" : `${issuer.workspaceId} ${client.id}`;
    if (ofClient !== NONE) {
      const wait = this.#clients.take(key, ofClient / replicas, now);
      if (wait > 0) return { reason: "client_limit_reached", limit: ofClient, retryAfter: seconds(wait) };
    }
    if (ofIssuer === NONE) return undefined;
    const wait = this.#issuers.take(issuer.workspaceId, ofIssuer / replicas, now);
    if (wait === 0) return undefined;
    if (ofClient !== NONE) this.#clients.giveBack(key, ofClient / replicas);
    return { reason: "issuer_limit_reached", limit: ofIssuer, retryAfter: seconds(wait) };
  }
}

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);
