import type { KeyObject } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { FetchDocument } from "./document.ts";
import type { Recorder } from "./recorder.ts";
import type { ClientRegistry } from "./registration/registry.ts";
import type { IssuerPath } from "./request.ts";
import type { Issuer, IssuerStore } from "./store.ts";

/** A verifier got a JWK Set, or was told that it has it already. */
export interface KeySetFetch {
  readonly at: Date;
  readonly address: string;
  /** What it calls itself; empty where it does not. */
  readonly agent: string;
  /** When the set that it holds now had last changed. */
  readonly setChangedAt: Date;
}

/** What a token issuer is made of. */
export interface TokenIssuerOptions {
  readonly store: IssuerStore;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Gets keys at others' addresses: `jwks_uri`, and federated issuers'. Default: none can be had. */
  readonly fetchDocument?: FetchDocument;
  /** What nonces for DPoP proofs are made with (RFC 9449 §8): one key for all servers of a store. Default: one of this process. */
  readonly nonceKey?: KeyObject;
  /** The origin at which callers may show certificates (RFC 8705 §5). Default: they cannot. */
  readonly mtlsOrigin?: string | undefined;
  /** Keeps clients that register themselves (RFC 7591, RFC 7592). Default: nobody may. */
  readonly registry?: ClientRegistry;
  /** How many servers share the callers: each takes its part of every limit. Default: 1. */
  readonly freshReplicas?: () => number;
  /** The address that explains a refusal; goes into `error_uri`. Default: none. */
  readonly errorUri?: (path: IssuerPath, correlationId: string) => string | undefined;
  /** Listens to every request's steps. Default: nobody. */
  readonly recorder?: Recorder;
  /** Hears of each token that is handed out, and how many milliseconds that took from the whole request to its answer. Default: nobody. */
  readonly onIssued?: (issuer: Issuer, milliseconds: number) => void;
  /** Hears of everybody who fetches a JWK Set. Default: nobody. */
  readonly onKeySetFetched?: (issuer: Issuer, fetch: KeySetFetch) => void;
  /** Hears of everything thrown: `StoreUnavailable` (503) and what nobody foresaw (500). The caller learns nothing of it. Default: nobody. */
  readonly onUnexpectedError?: (error: unknown, correlationId: string) => void;
}
