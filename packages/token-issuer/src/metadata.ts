import { ASSERTION_ALGORITHMS } from "./client-auth/find-key.ts";
import type { Issuer } from "./store.ts";
import { TOKEN_EXCHANGE } from "./token-request.ts";

/**
 * Authorization server metadata (RFC 8414 §2), built from the stored issuer alone: neither Host nor a forwarded header
 * can move an endpoint. Scopes are left out: their names are local to a resource and not everyone's business.
 */
export function metadata(issuer: Issuer, mtlsOrigin: string | undefined): string {
  const methods = supportedMethods(issuer, mtlsOrigin);
  return JSON.stringify({
    issuer: issuer.url,
    token_endpoint: `${issuer.url}/oauth2/token`,
    token_endpoint_auth_methods_supported: methods,
    ...signedBy("token_endpoint", methods),
    jwks_uri: `${issuer.url}/.well-known/jwks.json`,
    introspection_endpoint: `${issuer.url}/oauth2/introspect`,
    introspection_endpoint_auth_methods_supported: methods,
    ...signedBy("introspection_endpoint", methods),
    // RFC 9701 §7.
    introspection_signing_alg_values_supported: signingNow(issuer),
    // RFC 7591 §3: where the workspace has made a token to register with.
    ...(issuer.registersClients && { registration_endpoint: `${issuer.url}/oauth2/register` }),
    revocation_endpoint: `${issuer.url}/oauth2/revoke`,
    revocation_endpoint_auth_methods_supported: methods,
    ...signedBy("revocation_endpoint", methods),
    // RFC 9449 §5.1.
    dpop_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    ...(mtlsOrigin !== undefined && byCertificate(atOrigin(issuer.url, mtlsOrigin))),
    grant_types_supported: ["client_credentials", ...(issuer.tokenExchange === "refused" ? [] : [TOKEN_EXCHANGE])],
    // Required by §2, and empty: there is no authorization endpoint.
    response_types_supported: [],
  });
}

/** What answers are signed with: while a chosen algorithm's first key waits, the one before still signs. */
const signingNow = ({ signingAlgorithm, signingAlgorithmBefore }: Issuer) =>
  signingAlgorithmBefore === undefined ? [signingAlgorithm] : [signingAlgorithm, signingAlgorithmBefore];

/** The registered names of the ways in which clients may authenticate here (RFC 8414 §2). */
export const supportedMethods = (issuer: Issuer, mtlsOrigin: string | undefined): readonly string[] =>
  // One is no registered name: on the wire it is a client_assertion like another.
  [...issuer.clientAuthenticationMethods].filter(
    (method) => method !== "federated_jwt" && (mtlsOrigin !== undefined || !method.endsWith("tls_client_auth")),
  );

/** Required wherever a method has the client sign (RFC 8414 §2). */
const signedBy = (endpoint: string, methods: readonly string[]) =>
  methods.includes("private_key_jwt")
    ? { [`${endpoint}_auth_signing_alg_values_supported`]: ASSERTION_ALGORITHMS }
    : {};

/** RFC 8705 §3.3, §5. */
const byCertificate = (base: string) => ({
  tls_client_certificate_bound_access_tokens: true,
  mtls_endpoint_aliases: {
    token_endpoint: `${base}/oauth2/token`,
    introspection_endpoint: `${base}/oauth2/introspect`,
    revocation_endpoint: `${base}/oauth2/revoke`,
  },
});

/** The same address at another origin. */
export const atOrigin = (url: string, origin: string): string => origin + new URL(url).pathname;
