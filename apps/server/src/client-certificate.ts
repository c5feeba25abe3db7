import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { readCertificateHeader } from "@mintmark/token-issuer";
import { isFromProxy } from "./client-address.ts";
import type { Config } from "./config.ts";

/** The names of a proxy's headers, in lower case (RFC 9440 §2.1, and ours). */
const CERTIFICATE = "client-cert";
const SECRET = "x-mintmark-proxy-secret";

/** What a request shows as its caller's certificate. */
export interface ShownCertificate {
  /** In DER; empty where a proxy sent one that cannot be read. */
  readonly certificate?: Uint8Array;
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
    const certificate = socket.getPeerX509Certificate()?.raw;
    shown = certificate ? { certificate, isDropped: false } : NONE;
    peers.set(socket, shown);
  }
  return shown;
}

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
  return { certificate: readCertificateHeader(said) ?? new Uint8Array(), isDropped: false };
}
