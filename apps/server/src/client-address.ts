import type { IncomingMessage } from "node:http";
import { type BlockList, isIP, type Socket } from "node:net";

/** `::ffff:192.0.2.1` is the same machine as `192.0.2.1`. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");

const isTrusted = (proxies: BlockList, address: string): boolean =>
  isIP(address) > 0 && proxies.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

interface Peer {
  readonly address: string;
  readonly isTrusted: boolean;
}

const peers = new WeakMap<Socket, Peer>();

/** Who is at the other end of a connection: found out once for all of its requests. */
function peerOf(socket: Socket, trustedProxies: BlockList): Peer {
  let peer = peers.get(socket);
  if (!peer) {
    const address = plain(socket.remoteAddress ?? "unknown");
    peer = { address, isTrusted: isTrusted(trustedProxies, address) };
    peers.set(socket, peer);
  }
  return peer;
}

/**
 * Where a request came from: the socket's address, or, when that is a trusted proxy, the rightmost address in
 * `X-Forwarded-For` that is none. Whatever stands further left was written by the caller.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: BlockList): string {
  const peer = peerOf(request.socket, trustedProxies);
  if (!peer.isTrusted) return peer.address;
  const hops = [request.headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  let nearest = peer.address;
  for (const hop of hops.reverse().map((text) => plain(text.trim()))) {
    if (isIP(hop) === 0) return nearest;
    if (!isTrusted(trustedProxies, hop)) return hop;
    nearest = hop;
  }
  return nearest;
}

/** Whether the peer of a connection is one of the trusted proxies. */
export const isFromProxy = (request: IncomingMessage, trustedProxies: BlockList): boolean =>
  peerOf(request.socket, trustedProxies).isTrusted;
