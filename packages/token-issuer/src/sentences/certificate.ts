import type { PathProblem } from "../certificate/certificate-path.ts";
import { notAuthenticated, type SomeSentences } from "./words.ts";

/** A name that Node prints in lines, in one. */
const oneLine = (text: string): string => text.replaceAll("\n", ", ");

const pathProblem = {
  not_ca: "Whoever signed it, or a certificate in between, may not sign others: it is no authority's.",
  not_now: "Whoever signed it, or a certificate in between, is not valid now.",
  weak_key: "Its key, or that of whoever signed it, is too short: RSA has at least 2,048 bits here, a curve 256.",
  weak_signature: "It, or a certificate in between, is signed over SHA-1 or another digest that is not taken here.",
  path_length:
    "Between it and an authority stand more certificates than that authority, or one of them, allows below it.",
  bound: "A certificate in between is bound to names, policies or something else that cannot be checked here.",
  not_for_clients: "A certificate in between is not for clients: its extended key usage lacks clientAuth.",
} satisfies Record<PathProblem, string>;

/** Who the client is, by a certificate. */
export const certificateSentences = {
  certificate_untrusted: {
    caller: notAuthenticated,
    operator: (f) =>
      `The certificate of client '${f.clientId}' leads to none of the workspace's authorities for clients. It was signed by: ${oneLine(f.issuer)}. ` +
      (f.problem ? pathProblem[f.problem] : `With it came ${f.between} others that could lead on.`),
  },
  certificate_not_now: {
    caller: notAuthenticated,
    operator: (f) =>
      `The certificate of client '${f.clientId}' is valid from ${f.notBefore.toISOString()} to ${f.notAfter.toISOString()} only.`,
  },
  certificate_not_for_clients: {
    caller: notAuthenticated,
    operator: (f) =>
      `The certificate of client '${f.clientId}' is not for clients: its extended key usage lacks clientAuth.`,
  },
  unknown_certificate: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' showed a certificate that it is not registered with: subject ${f.subject}, SHA-256 ${f.thumbprint}.`,
  },
  certificate_ambiguous: {
    caller: notAuthenticated,
    operator: (f) =>
      `The certificate of client '${f.clientId}' has ${f.count} names of the kind ${f.kind}. One that stands for a client has exactly one.`,
  },
  certificate_not_yet_valid: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' used certificate ${f.credentialId}, which starts here at ${f.notBefore.toISOString()}.`,
  },
  certificate_expired: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' used certificate ${f.credentialId}, which expired here at ${f.expiredAt.toISOString()}.`,
  },
  certificate_revoked: {
    caller: notAuthenticated,
    operator: (f) =>
      `Client '${f.clientId}' used certificate ${f.credentialId}, which was revoked at ${f.revokedAt.toISOString()}.`,
  },
  malformed_certificate: {
    caller: () => "The client certificate cannot be read.",
    operator: () => "What came as the client's certificate is none, or too long.",
  },
  certificate_needed: {
    caller: () =>
      "Tokens of this client are bound to a certificate. Show it: the metadata's mtls_endpoint_aliases say where.",
    operator: () =>
      "Tokens are bound to a certificate here by the setting certificateBinding, and the request showed none.",
  },
} satisfies SomeSentences;
