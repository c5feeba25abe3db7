import type { Confirmation } from "./confirmation.ts";
import { signatureLength } from "./signature.ts";
import type { StatusClaim } from "./status-list.ts";
import type { SigningKey } from "./store.ts";

/** Who acts for a token's subject, and for whom that one acted (RFC 8693 §4.1). `iss` where it is another issuer's. */
export interface Actor {
  readonly iss?: string;
  readonly sub?: string;
  readonly act?: Actor;
}

/** The claims of an access token (RFC 9068 §2.2). Times are seconds since 1970. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly sub: string;
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** Space-separated, sorted. */
  readonly scope: string;
  /** What it is bound to; absent: whoever has it may use it (RFC 7800 §3.1). */
  readonly cnf?: Confirmation;
  /** Where its client's cut-off shows to those who check offline (Token Status List §6). */
  readonly status?: StatusClaim;
  readonly act?: Actor;
}

/** Claims as JSON. `custom`: more members, each with a comma before it; none of them has the name of one of ours. */
export const claimsText = (claims: AccessTokenClaims, custom: string): string => {
  const text = JSON.stringify(claims);
  return custom === "" ? text : `${text.slice(0, -1)}${custom}}`;
};

/** Bytes of the JWT with that payload, known before it is signed. */
export const signedLength = (key: SigningKey, payload: string): number =>
  encodedHeader(key).length + payload.length + signatureLength(key) + 2;

const headers = new WeakMap<SigningKey, string>();

/** The header is the same for every token of a key (RFC 9068 §2.1). */
export function encodedHeader(key: SigningKey): string {
  let header = headers.get(key);
  if (header === undefined) {
    header = Buffer.from(JSON.stringify({ alg: key.alg, typ: "at+jwt", kid: key.kid })).toString("base64url");
    headers.set(key, header);
  }
  return header;
}
