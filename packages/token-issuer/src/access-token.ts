import { type AccessTokenClaims, encodedHeader } from "./claims.ts";
import { seal } from "./sealed-token.ts";
import { signParts } from "./sign-jwt.ts";
import type { DurableRow, IssuedToken } from "./token-log.ts";
import { ACCESS_TOKEN_TYPE } from "./token-request.ts";

/** A minted token that may not leave yet. Only {@link mintAccessToken} makes one. */
export interface MintedToken {
  readonly text: string;
  readonly claims: AccessTokenClaims;
  readonly isExchanged: boolean;
}

/** Signs or seals a recorded token. */
export async function mintAccessToken({
  claims,
  format,
  key,
  payload,
  isExchanged,
}: IssuedToken): Promise<MintedToken> {
  const text = format === "opaque" ? seal(key, claims.iss, payload) : await signParts(key, encodedHeader(key), payload);
  return { claims, text, isExchanged };
}

/** How a token is sent (RFC 6750 §2.1, RFC 9449 §5). */
export const tokenTypeOf = ({ cnf }: AccessTokenClaims): "Bearer" | "DPoP" =>
  cnf?.jkt === undefined ? "Bearer" : "DPoP";

/** The success answer of RFC 6749 §5.1. It takes the proof of the token's row, so that none leaves unrecorded. */
export function tokenAnswer({ text, claims, isExchanged }: MintedToken, _proof: DurableRow) {
  return {
    access_token: text,
    token_type: tokenTypeOf(claims),
    expires_in: claims.exp - claims.iat,
    scope: claims.scope,
    ...(isExchanged && { issued_token_type: ACCESS_TOKEN_TYPE }),
  } as const;
}

/** The answer as JSON, by hand: nothing in a token has to be escaped, and a library would look at each of its characters. */
export const tokenAnswerText = ({
  access_token,
  token_type,
  expires_in,
  scope,
  issued_token_type,
}: TokenAnswer): string => {
  const type = issued_token_type === undefined ? "" : `,"issued_token_type":"${issued_token_type}"`;
  return `{"access_token":"${access_token}","token_type":"${token_type}","expires_in":${expires_in},"scope":${JSON.stringify(scope)}${type}}`;
};

/** The body of a token answer (RFC 6749 §5.1). */
export type TokenAnswer = ReturnType<typeof tokenAnswer>;
