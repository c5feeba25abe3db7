import type { KeyObject } from "node:crypto";
import type { RemoteKeySets } from "./client-auth/remote-key-sets.ts";
import type { Clock } from "./clock.ts";
import type { Admission } from "./limits/limits.ts";
import type { Recorder } from "./recorder.ts";
import type { ClientRegistry } from "./registration/registry.ts";
import type { IssuerPath, IssuerRequest } from "./request.ts";
import type { Freshness, Issuer, IssuerStore } from "./store.ts";

/** One request at one issuer, with what the steps may ask of the outside. */
export interface Call {
  readonly store: IssuerStore;
  readonly clock: Clock;
  /** What nonces are made with. */
  readonly nonceKey: KeyObject;
  /** Where callers show certificates; `undefined`: nowhere. */
  readonly mtlsOrigin?: string | undefined;
  /** Who registers clients; absent: nobody. */
  readonly registry?: ClientRegistry | undefined;
  readonly path: IssuerPath;
  readonly issuer: Issuer;
  /** How sure the store is about the issuer and all that belongs to it. */
  readonly freshness: Freshness;
  readonly request: IssuerRequest;
  readonly recorder: Recorder;
  readonly admission: Admission;
  readonly keySets: RemoteKeySets;
}
