import type { Clock } from "../clock.ts";
import type { CompactJws } from "../compact-jws.ts";
import { DocumentUnavailable, type FetchDocument, type KeySetProblem } from "../document.ts";
import { SharedCache } from "../shared-cache.ts";
import { isSignerMissing } from "./find-key.ts";
import { type ForeignKey, readKeySet } from "./read-key-set.ts";

/** Where a set of keys is: at its own address, or where the openid-configuration of an issuer says. */
export type KeySetSource = { readonly jwksUri: string } | { readonly issuer: string };

/** Who looks at somebody else's keys: a workspace, or a tenant as such. */
export interface KeySetOwner {
  readonly tenantId: string;
  readonly workspaceId?: string;
}

/** Milliseconds after which a set is fetched anew, beside the requests that use it. */
const FRESH_MS = 10 * 60_000;
/** Milliseconds that a set counts while its host cannot be reached. */
const STALE_MS = 60 * 60_000;
/** Milliseconds between two fetches that unknown keys or failures cause. */
const PAUSE_MS = 30_000;
/** Sets kept in all, and fetches at once: of a workspace, so that its slow hosts make nobody else wait, and in all. */
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
 * with an address says nothing to another. Where there are too many, the tenant with the most of them loses one.
 */
export class RemoteKeySets {
  readonly #fetch: FetchDocument;
  readonly #clock: Clock;
  readonly #sets = new SharedCache<Kept>(MOST_SETS);
  readonly #running = new Map<string, number>();
  #runningInAll = 0;

  constructor(fetch: FetchDocument, clock: Clock) {
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /**
   * The keys at an address now. They are fetched when none are kept, when the ones kept are an hour old, or, at most once
   * in 30 s, when a token's key is not among them: the one that it names, or where it names none, any that fits its
   * signature. Never rejects.
   */
  async find(
    owner: KeySetOwner,
    source: KeySetSource,
    token: Pick<CompactJws, "header" | "signed" | "signature">,
  ): Promise<readonly ForeignKey[] | KeySetProblem> {
    const place = owner.workspaceId ?? owner.tenantId;
    const set = this.#set(owner.tenantId, `${place} ${"issuer" in source ? "issuer" : "set"} ${addressOf(source)}`);
    const lives = () => set.fetchedAt > this.#now() - STALE_MS;
    const isOld = set.fetchedAt <= this.#now() - FRESH_MS;
    // A signature is worth a check more only where a fetch may follow.
    const mayAsk = set.flight !== undefined || this.#now() >= set.notBefore;
    if (!lives() || (mayAsk && isSignerMissing(set.keys, token))) {
      this.#fly(place, source, set, lives());
      await set.flight;
    } else if (isOld) this.#fly(place, source, set, false);
    return lives() ? set.keys : (set.problem ?? "unreachable");
  }

  #set(tenantId: string, name: string): Kept {
    const kept = this.#sets.get(tenantId, name);
    if (kept) return kept;
    const none: Kept = {
      keys: [],
      fetchedAt: Number.NEGATIVE_INFINITY,
      notBefore: Number.NEGATIVE_INFINITY,
      problem: undefined,
      flight: undefined,
    };
    this.#sets.set(tenantId, name, none);
    return none;
  }

  /** Fetches a set, once for all who wait for it, unless it was asked just now. Whoever would be one too many does not wait. */
  #fly(place: string, source: KeySetSource, set: Kept, isForUnknownKey: boolean): void {
    if (set.flight || this.#now() < set.notBefore) return;
    const running = this.#running.get(place) ?? 0;
    if (running >= AT_ONCE_OF_ONE || this.#runningInAll >= AT_ONCE) {
      set.problem = "busy";
      return;
    }
    this.#running.set(place, running + 1);
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
        const left = (this.#running.get(place) ?? 1) - 1;
        if (left > 0) this.#running.set(place, left);
        else this.#running.delete(place);
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
