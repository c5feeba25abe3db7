import { X509Certificate } from "node:crypto";
import type { JWK } from "jose";
import { printScope } from "../scope.ts";
import type { Issuer } from "../store.ts";
import { TOKEN_EXCHANGE } from "../token-request.ts";
import { certificateMembers } from "./metadata-credentials.ts";
import type { CertificateRegistration, ClientMetadata, RegisteredCredentials, Registration } from "./registry.ts";

/** Where a client manages its registration (RFC 7592 §3). */
const configurationUri = (issuer: Issuer, clientId: string): string =>
  `${issuer.url}/oauth2/register/${encodeURIComponent(clientId)}`;

/**
 * The client information response (RFC 7591 §3.2.1, RFC 7592 §3): the metadata as they are registered, and nothing else
 * that was sent.
 *
 * @param token the registration access token: made just now, or what the client showed, since nobody keeps its value
 */
export function clientInformation(
  issuer: Issuer,
  { clientId, issuedAt, metadata, secret, secretExpiresAt }: Registration,
  token: string,
): Readonly<Record<string, unknown>> {
  return {
    client_id: clientId,
    client_id_issued_at: seconds(issuedAt),
    ...(secret !== undefined && { client_secret: secret }),
    // 0: never.
    ...(secretExpiresAt !== undefined && { client_secret_expires_at: secretExpiresAt ? seconds(secretExpiresAt) : 0 }),
    registration_access_token: token,
    registration_client_uri: configurationUri(issuer, clientId),
    ...membersOf(metadata),
  };
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

const membersOf = ({ name, methods, credentials, mayExchange, grants, ...bound }: ClientMetadata) => ({
  ...(name !== undefined && { client_name: name }),
  token_endpoint_auth_method: methods[0],
  grant_types: ["client_credentials", ...(mayExchange ? [TOKEN_EXCHANGE] : [])],
  response_types: [],
  // No scope is no text of the grammar (RFC 6749 §3.3).
  ...(grants.size > 0 && {
    scope: printScope(new Set([...grants.values()].flatMap((names) => [...names]))),
    resource: [...grants.keys()].sort(),
  }),
  ...credentialMembers(credentials),
  ...(bound.requiresDpop && { dpop_bound_access_tokens: true }),
  ...(bound.requiresCertificate && { tls_client_certificate_bound_access_tokens: true }),
});

function credentialMembers(credentials: RegisteredCredentials): Readonly<Record<string, unknown>> {
  switch (credentials.kind) {
    case "secret":
      return {};
    case "keys":
      return { jwks: { keys: credentials.keys.map(({ kid, publicJwk }): JWK => ({ ...publicJwk, kid })) } };
    case "key_set":
      return { jwks_uri: credentials.jwksUri };
    case "certificates":
      return Object.assign({}, ...credentials.certificates.map(nameMember), certificateSet(credentials.certificates));
  }
}

const nameMember = ({ subjectType, subject }: CertificateRegistration) => {
  const member = Object.entries(certificateMembers).find(([, type]) => type === subjectType)?.[0];
  return member === undefined ? {} : { [member]: subject };
};

/** RFC 8705 §2.2.2. */
function certificateSet(certificates: readonly CertificateRegistration[]) {
  const keys = certificates.flatMap(({ pem }): JWK[] => {
    if (pem === undefined) return [];
    const x509 = new X509Certificate(pem);
    return [{ ...x509.publicKey.export({ format: "jwk" }), x5c: [x509.raw.toString("base64")] } as JWK];
  });
  return keys.length > 0 ? { jwks: { keys } } : {};
}
