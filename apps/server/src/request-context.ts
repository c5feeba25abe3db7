import type { IncomingMessage } from "node:http";
import { newCorrelationId } from "@mintmark/domain";
import { clientAddress } from "./client-address.ts";
import { shownCertificate } from "./client-certificate.ts";
import type { Config } from "./config.ts";

/** What the server knows of every request, whichever route it takes. */
export interface RequestContext {
  readonly correlationId: string;
  readonly address: string;
  /** Pairs in order, repeated names kept: two `Authorization` headers must be seen as two. */
  readonly headers: readonly (readonly [string, string])[];
  /** In DER: the certificate whose key the caller has proved to hold; absent: it showed none. */
  readonly certificate?: Uint8Array;
  /** In DER: what was shown with it. */
  readonly certificatesBetween?: readonly Uint8Array[];
  /** It sent a certificate in a header, which only a trusted proxy may. */
  readonly droppedCertificate?: true;
}

/** Names a request and says where it came from. */
export function contextOf(request: IncomingMessage, config: Pick<Config, "trustedProxies" | "mtls">): RequestContext {
  const { rawHeaders } = request;
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  const { certificate, certificatesBetween, isDropped } = shownCertificate(request, config);
  return {
    correlationId: newCorrelationId(),
    address: clientAddress(request, config.trustedProxies),
    headers,
    ...(certificate && { certificate }),
    ...(certificatesBetween && { certificatesBetween }),
    ...(isDropped && { droppedCertificate: true }),
  };
}
