import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import { newCorrelationId } from "@mintmark/domain";
import { clientAddress } from "./client-address.ts";

/** What the server knows of every request, whichever route it takes. */
export interface RequestContext {
  readonly correlationId: string;
  readonly address: string;
  /** Pairs in order, repeated names kept: two `Authorization` headers must be seen as two. */
  readonly headers: readonly (readonly [string, string])[];
}

/** Names a request and says where it came from. */
export function contextOf(request: IncomingMessage, trustedProxies: BlockList): RequestContext {
  const { rawHeaders } = request;
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  return { correlationId: newCorrelationId(), address: clientAddress(request, trustedProxies), headers };
}
