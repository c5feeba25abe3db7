import { hash, timingSafeEqual, type X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { MOST_BETWEEN, readCertificateChainHeader, readCertificateHeader } from "@mintmark/token-issuer";
import { isFromProxy } from "./client-address.ts";
import type { Config } from "./config.ts";

/** The names of a proxy's headers, in lower case (RFC 9440 §2, and ours). */
const CERTIFICATE = "client-cert";
const CHAIN = "client-cert-chain";
const SECRET = "x-mintmark-proxy-secret";

/** What a request shows as its caller's certificate. */
export interface ShownCertificate {
  /** In DER; empty where a proxy sent one that cannot be read. */
  readonly certificate?: Uint8Array;
  /** In DER: what was shown with it, the one that signed it first; absent: nothing. */
  readonly certificatesBetween?: readonly Uint8Array[];
  /** A header was dropped: its sender may not say who calls. */
  readonly isDropped: boolean;
}

const NONE: ShownCertificate = { isDropped: false };
const DROPPED: ShownCertificate = { isDropped: true };

const peers = new WeakMap<TLSSocket, ShownCertificate>();

/** The certificate of a connection's other end, whose key the handshake has proved; whether to trust it is the issuer's affair. */
function peerCertificate(socket: TLSSocket): ShownCertificate {
  let shown = peers.get(socket);
  if (!shown) {
    // Node forgets the others with the first answer.
    const certificate = socket.getPeerX509Certificate();
    shown = certificate ? { certificate: certificate.raw, ...between(shownWith(certificate)), isDropped: false } : NONE;
    peers.set(socket, shown);
  }
  return shown;
}

/** What a connection's other end sent with its certificate, in its order: Node hangs each on the one before it. */
function shownWith(certificate: X509Certificate): readonly Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let one = certificate.issuerCertificate; one && chain.length < MOST_BETWEEN; one = one.issuerCertificate)
    chain.push(one.raw);
  return chain;
}

const between = (chain: readonly Uint8Array[]): Pick<ShownCertificate, "certificatesBetween"> =>
  chain.length > 0 ? { certificatesBetween: chain } : {};

const digest = (text: string): Buffer => hash("sha256", text, "buffer");

/**
 * The certificate that a caller proved to hold: on the connection itself, or as a trusted proxy says. A proxy is believed
 * by its address *and* its secret; what anybody else says in its header counts as not said.
 */
export function shownCertificate(
  request: IncomingMessage,
  { trustedProxies, mtls }: Pick<Config, "trustedProxies" | "mtls">,
): ShownCertificate {
  const { headers, socket } = request;
  const said = headers[CERTIFICATE];
  if (said === undefined) return socket instanceof TLSSocket ? peerCertificate(socket) : NONE;
  const secret = headers[SECRET];
  const isBelieved =
    !(socket instanceof TLSSocket) &&
    mtls.proxySecret !== undefined &&
    typeof secret === "string" &&
    isFromProxy(request, trustedProxies) &&
    timingSafeEqual(digest(secret), digest(mtls.proxySecret));
  if (!isBelieved) return socket instanceof TLSSocket ? { ...peerCertificate(socket), isDropped: true } : DROPPED;
  // A proxy with nothing to say sends the header empty. Node joins a repeated one with a comma, which no certificate has.
  if (typeof said !== "string" || said === "") return NONE;
  const chain = readCertificateChainHeader([headers[CHAIN] ?? ""].flat().join());
  const certificate = (chain && readCertificateHeader(said)) ?? new Uint8Array();
  return { certificate, ...between(chain ?? []), isDropped: false };
}
