import { BoundedCache } from "../bounded-cache.ts";
import type { Clock } from "../clock.ts";
import { DocumentUnavailable, type FetchDocument, type KeySetProblem } from "../document.ts";
import { type ForeignKey, readKeySet } from "./read-key-set.ts";

/** Where a set of keys is: at its own address, or where the openid-configuration of an issuer says. */
export type KeySetSource = { readonly jwksUri: string } | { readonly issuer: string };

/** Milliseconds after which a set is fetched anew, beside the requests that use it. */
const FRESH_MS = 10 * 60_000;
/** Milliseconds that a set counts while its host cannot be reached. */
const STALE_MS = 60 * 60_000;
/** Milliseconds between two fetches that unknown keys or failures cause. */
const PAUSE_MS = 30_000;
/** Sets kept, and fetches at once: of a workspace, so that its slow hosts make nobody else wait, and in all. */
const MOST_SETS = 2000;
const AT_ONCE_OF_ONE = 8;
const AT_ONCE = 128;

interface Kept {
  keys: readonly ForeignKey[];
  /** Milliseconds since 1970. */
  fetchedAt: number;
  /** No fetch by an unknown key, or after a failure, before this instant. */
  notBefore: number;
  problem: KeySetProblem | undefined;
  flight: Promise<void> | undefined;
}

/**
 * Keys of others, by their address, in the memory of this process. A set is kept for each workspace apart: what one does
 * with an address says nothing to another and takes nothing from it.
 */
export class RemoteKeySets {
  readonly #fetch: FetchDocument;
  readonly #clock: Clock;
  readonly #sets = new BoundedCache<Kept>(MOST_SETS);
  readonly #running = new Map<string, number>();
  #runningInAll = 0;

  constructor(fetch: FetchDocument, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /**
   * The keys at an address now. They are fetched when none are kept, when the ones kept are an hour old, or, at most once
   * in 30 s, when a `kid` is not among them. Never rejects.
   */
  async find(
    workspaceId: string,
    source: KeySetSource,
    kid: string | undefined,
  ): Promise<readonly ForeignKey[] | KeySetProblem> {
    const set = this.#set(`${workspaceId} ${"issuer" in source ? "issuer" : "set"} ${addressOf(source)}`);
    const lives = () => set.fetchedAt > this.#now() - STALE_MS;
    const isOld = set.fetchedAt <= this.#now() - FRESH_MS;
    const isUnknown = kid !== undefined && !set.keys.some((key) => key.kid === kid);
    if (!lives() || isUnknown) {
      this.#fly(workspaceId, source, set, lives());
      await set.flight;
    } else if (isOld) this.#fly(workspaceId, source, set, false);
    return lives() ? set.keys : (set.problem ?? "unreachable");
  }

  #set(name: string): Kept {
    const kept = this.#sets.get(name);
    if (kept) return kept;
    const none: Kept = {
      keys: [],
      fetchedAt: Number.NEGATIVE_INFINITY,
      notBefore: Number.NEGATIVE_INFINITY,
      problem: undefined,
      flight: undefined,
    };
    this.#sets.set(name, none);
    return none;
  }

  /** Fetches a set, once for all who wait for it, unless it was asked just now. Whoever would be one too many does not wait. */
  #fly(workspaceId: string, source: KeySetSource, set: Kept, isForUnknownKey: boolean): void {
    if (set.flight || this.#now() < set.notBefore) return;
    const running = this.#running.get(workspaceId) ?? 0;
    if (running >= AT_ONCE_OF_ONE || this.#runningInAll >= AT_ONCE) {
      set.problem = "busy";
      return;
    }
    this.#running.set(workspaceId, running + 1);
    this.#runningInAll++;
    set.flight = this.#load(source)
      .then((found) => {
        const isFound = typeof found !== "string";
        if (isFound) Object.assign(set, { keys: found, fetchedAt: this.#now() });
        set.problem = isFound ? undefined : found;
        if (!isFound || isForUnknownKey) set.notBefore = this.#now() + PAUSE_MS;
      })
      .finally(() => {
        set.flight = undefined;
        this.#runningInAll--;
        const left = (this.#running.get(workspaceId) ?? 1) - 1;
        if (left > 0) this.#running.set(workspaceId, left);
        else this.#running.delete(workspaceId);
      });
  }

  async #load(source: KeySetSource): Promise<readonly ForeignKey[] | KeySetProblem> {
    try {
      const jwksUri = "issuer" in source ? await this.#discover(source.issuer) : { jwksUri: source.jwksUri };
      if (typeof jwksUri === "string") return jwksUri;
      const keys = await readKeySet(await this.#fetch(jwksUri.jwksUri));
      return keys.length > 0 ? keys : "no_keys";
    } catch (error) {
      return error instanceof DocumentUnavailable ? error.problem : "unreachable";
    }
  }

  /** OpenID Connect Discovery 1.0 §4.3: the document's `issuer` is the one that was asked, byte for byte. */
  async #discover(issuer: string): Promise<{ readonly jwksUri: string } | KeySetProblem> {
    const document = await this.#fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
    if (document["issuer"] !== issuer) return "issuer_differs";
    const jwksUri = document["jwks_uri"];
    return typeof jwksUri === "string" ? { jwksUri } : "no_keys";
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

const addressOf = (source: KeySetSource): string => ("issuer" in source ? source.issuer : source.jwksUri);
