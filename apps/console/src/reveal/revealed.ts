/** One API that a client may ask a token for, by the words of the token request. */
export interface Target {
  /** The resource's identifier: becomes `aud`. */
  readonly resource: string;
  readonly name: string;
  readonly scopes: readonly string[];
}

/** The issuer's addresses, as they stand in tokens and snippets. */
export interface Issuer {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
}

/** A client with the secret that was just made for it. It lives in the state of the open sheet and nowhere else. */
export interface Revealed {
  /** What it sends as `client_id`. */
  readonly clientId: string;
  readonly name: string;
  readonly secret: string;
  readonly issuer: Issuer;
  readonly targets: readonly Target[];
  /** Where the secret goes in a token request: the form body, or the Authorization header where only that is allowed. */
  readonly method: "post" | "basic";
  /** Whether its tokens have to be bound to a key (RFC 9449): then nothing works without a proof. */
  readonly dpop: boolean;
}

/** Where a client asks what one of its tokens says (RFC 7662). */
export const introspectionAddress = ({ issuer }: Issuer): string => `${issuer}/oauth2/introspect`;

/**
 * The issuer's own question for reverse proxies: is this token good for that API, with those scopes?
 *
 * @param request which a DPoP proof is for
 */
export function verifyAddress(
  { issuer }: Issuer,
  target: Target,
  request?: { readonly method: string; readonly url: string },
): string {
  const query = new URLSearchParams({ resource: target.resource, ...request });
  if (target.scopes.length > 0) query.set("scope", target.scopes.join(" "));
  return `${issuer}/oauth2/verify?${query}`;
}
