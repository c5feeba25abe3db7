import type { Call } from "./call.ts";
import { audiencesOf } from "./check-access-token.ts";
import type { AccessTokenClaims } from "./claims.ts";
import type { Failure } from "./failure.ts";
import { couldBeApiToken } from "./static-token.ts";
import { signedClaims } from "./verify-access-token.ts";

/** A token that somebody showed to an API, as whoever checked it here asked about it. */
export interface TokenUse {
  readonly at: Date;
  /** How the API asked: RFC 7662, or through its reverse proxy. */
  readonly by: "introspection" | "forward_auth";
  /** `client_id` of the token's client. */
  readonly clientId: string;
  /** Identifier of the API that was called. */
  readonly resource: string;
  /** What the API needed, where it said so; else what the token was good for there. Empty where it was refused. */
  readonly scope: string;
  /** Of whoever asked: the API or its proxy. */
  readonly address: string;
  /** Why it was refused; absent: it was accepted. */
  readonly reason?: Failure["reason"];
}

/** What a check came to. */
type Outcome = Pick<TokenUse, "by" | "scope" | "reason">;

/** Notes a use at an API whose client is known. */
export function noteUse(call: Call, clientId: string, resource: string, outcome: Outcome): void {
  const { store, issuer, clock, request } = call;
  store.noteTokenUse(issuer, { at: clock.now(), clientId, resource, address: request.address, ...outcome });
}

/**
 * Notes that a token was refused at an API, where it is one of this issuer all the same: expired, revoked, for another API.
 * A text that nobody here made is nobody's use.
 */
export async function noteRefusedUse(
  call: Call,
  token: string,
  resources: (claims: AccessTokenClaims | undefined) => readonly string[],
  outcome: Pick<TokenUse, "by"> & Required<Pick<TokenUse, "reason">>,
): Promise<void> {
  const { store, issuer, clock } = call;
  const isStatic = couldBeApiToken(token);
  const claims = isStatic ? undefined : signedClaims(issuer, token, clock.now());
  const clientId = isStatic ? (await store.findApiToken(issuer, token))?.clientId : claims?.client_id;
  if (clientId === undefined) return;
  for (const resource of resources(claims)) noteUse(call, clientId, resource, { ...outcome, scope: "" });
}

/** The APIs of a token that a resource server answers for. */
export const servedBy = (
  { issuer }: Call,
  callerId: string,
  claims: Pick<AccessTokenClaims, "aud">,
): readonly string[] => audiencesOf(claims).filter((aud) => issuer.resources.get(aud)?.resourceServers.has(callerId));
