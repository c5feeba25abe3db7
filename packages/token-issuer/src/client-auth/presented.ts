import type { CompactJws } from "../compact-jws.ts";

/** What a client showed, whatever the way: not yet believed. */
export type Presented = PresentedSecret | PresentedAssertion;

/** An id with a secret (RFC 6749 §2.3.1). */
export interface PresentedSecret {
  readonly method: "client_secret_basic" | "client_secret_post";
  readonly clientId: string;
  readonly secret: string;
}

/** A JWT that the client signed (RFC 7523 §2.2). */
export interface PresentedAssertion {
  readonly method: "private_key_jwt";
  /** Its `sub`. */
  readonly clientId: string;
  readonly assertion: CompactJws;
}
