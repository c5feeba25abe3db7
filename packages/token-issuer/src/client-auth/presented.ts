import type { ClientCertificate } from "../certificate/client-certificate.ts";
import type { CompactJws } from "../compact-jws.ts";

/** What a client showed, whatever the way: not yet believed. */
export type Presented = PresentedSecret | PresentedAssertion | PresentedForeignToken | PresentedCertificate;

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

/** A JWT that somebody else signed about the client's workload. */
export interface PresentedForeignToken {
  readonly method: "federated_jwt";
  /** The parameter `client_id`: the token knows nothing of it. */
  readonly clientId: string;
  readonly token: CompactJws;
}

/** A certificate whose key the caller holds (RFC 8705 §2). Which of the two ways it is, it says itself. */
export interface PresentedCertificate {
  readonly method: "tls_client_auth" | "self_signed_tls_client_auth";
  readonly clientId: string;
  readonly certificate: ClientCertificate;
  /** Shown with it: they may lead to an authority. */
  readonly between: readonly ClientCertificate[];
}
