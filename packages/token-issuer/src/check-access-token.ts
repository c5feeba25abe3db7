import type { Call } from "./call.ts";
import type { AccessTokenClaims } from "./claims.ts";
import { cutOffOf, isCutOff } from "./cut-off.ts";
import type { Failure } from "./failure.ts";
import { isFailure } from "./failure.ts";
import type { ScopeSet } from "./scope.ts";
import type { Client, Issuer } from "./store.ts";
import { verifyAccessToken } from "./verify-access-token.ts";

/** A token that is good now, with what the store knows of it. */
export interface CheckedAccessToken {
  readonly issuer: Issuer;
  /** The token's client as it is now; its grants may have shrunk since the token was signed. */
  readonly client: Client;
  readonly claims: AccessTokenClaims;
  /** The scopes the token was signed with. */
  readonly scope: ScopeSet;
}

/**
 * Checks a token offline first, then against the store: suspended issuer, disabled client, cut-off, revocation.
 * `audience` is the identifier of the API that was called; `undefined` only where the audience is judged elsewhere.
 *
 * @throws StoreUnavailable when the store cannot answer.
 */
export async function checkAccessToken(
  { store, clock, issuer }: Pick<Call, "store" | "clock" | "issuer">,
  token: string,
  audience: string | undefined,
): Promise<CheckedAccessToken | Failure> {
  const verified = verifyAccessToken(issuer, token, clock.now());
  if (isFailure(verified)) return verified;
  const { claims } = verified;
  const { jti, client_id: clientId } = claims;
  if (issuer.status === "suspended") return { reason: "token_issuer_suspended" };
  if (audience !== undefined && !audiencesOf(claims).includes(audience)) {
    return { reason: "wrong_audience", audience: audiencesOf(claims), expected: audience };
  }

  const client = await livingClient({ store, issuer }, claims, clientId);
  if (isFailure(client)) return client;
  // Who is acted for must be there still too.
  const subject = claims.sub === clientId ? client : await livingClient({ store, issuer }, claims, claims.sub);
  if (isFailure(subject)) return subject;
  if (await store.isTokenRevoked(issuer, jti)) return { reason: "token_revoked", jti };
  return { issuer, client, claims, scope: new Set(claims.scope.split(" ")) };
}

/** The client of that id, unless its tokens of that time are dead. */
async function livingClient(
  { store, issuer }: Pick<Call, "store" | "issuer">,
  { iat, jti }: AccessTokenClaims,
  clientId: string,
): Promise<Client | Failure> {
  const client = await store.findClient(issuer, clientId);
  if (!client) return { reason: "token_client_unknown", clientId };
  if (client.status !== "active") return { reason: "token_client_disabled", clientId };
  const tokensNotBefore = cutOffOf(issuer, client);
  return tokensNotBefore && isCutOff(iat, tokensNotBefore) ? { reason: "token_cut_off", jti, tokensNotBefore } : client;
}

/** `aud` as a list, whichever of its two forms the token uses (RFC 7519 §4.1.3). */
export const audiencesOf = ({ aud }: Pick<AccessTokenClaims, "aud">): readonly string[] =>
  typeof aud === "string" ? [aud] : aud;
