import type { Call } from "./call.ts";
import { readCertificate } from "./certificate/client-certificate.ts";
import type { CheckedAccessToken } from "./check-access-token.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { type DpopProof, judgeProof } from "./dpop/dpop-proof.ts";
import { type Failure, isFailure } from "./failure.ts";
import { atOrigin } from "./metadata.ts";
import type { PresentedToken } from "./presented-token.ts";
import { headerValues } from "./request.ts";
import type { JsonObject } from "./strict-json.ts";
import type { ReplayId } from "./token-record.ts";

/** The keys that a token is bound to (RFC 7800 §3.1): whoever shows it has to hold all of them. */
export interface Confirmation {
  /** Thumbprint of the key that signs DPoP proofs (RFC 9449 §6.1). */
  readonly jkt?: string;
  /** Thumbprint of the certificate that is shown with the token (RFC 8705 §3.1). */
  readonly "x5t#S256"?: string;
}

const MEMBERS: ReadonlySet<string> = new Set(["jkt", "x5t#S256"] satisfies (keyof Confirmation)[]);

/** Whether a `cnf` of a token is one of ours: a member that is not known here could not be checked. */
export const isConfirmation = (cnf: unknown): cnf is Confirmation =>
  typeof cnf === "object" &&
  cnf !== null &&
  Object.entries(cnf as JsonObject).every(([name, value]) => MEMBERS.has(name) && typeof value === "string");

/** What a token will be bound to, by what its request has shown. */
export interface Binding {
  /** `undefined`: a bearer token. */
  readonly cnf: Confirmation | undefined;
  /** The proof, which may be used once. */
  readonly replay: ReplayId | undefined;
}

/** The one place that binds tokens: to the key of the request's proof and to its certificate, where it brings them. */
export function bindingOf(call: Call, client: AuthenticatedClient): Binding | Failure {
  const certificate = certificateBinding(call, client);
  if (isFailure(certificate)) return certificate;
  const proof = proofBinding(call, client);
  if (isFailure(proof)) return proof;
  if (certificate === undefined && proof === undefined) return { cnf: undefined, replay: undefined };
  const cnf: Confirmation = {
    ...(proof && { jkt: proof.jkt }),
    ...(certificate !== undefined && { "x5t#S256": certificate }),
  };
  call.recorder.step({ step: "token_bound", cnf });
  return { cnf, replay: proof?.replay };
}

const byCertificate: ReadonlySet<string> = new Set(["tls_client_auth", "self_signed_tls_client_auth"]);

/** The certificate of a client that came by it, or whose tokens have to be bound to one (RFC 8705 §3). */
function certificateBinding(
  { issuer, request }: Call,
  { client, method }: AuthenticatedClient,
): string | undefined | Failure {
  const isNeeded = issuer.certificateBinding === "required" || client.certificateBinding === "required";
  if (!isNeeded && !byCertificate.has(method)) return undefined;
  if (request.certificate === undefined) return { reason: "certificate_needed" };
  return readCertificate(request.certificate)?.thumbprint ?? { reason: "malformed_certificate" };
}

function proofBinding(call: Call, { client }: AuthenticatedClient): DpopProof | undefined | Failure {
  const proofs = headerValues(call.request, "dpop");
  if (proofs[0] === undefined) {
    const isNeeded = call.issuer.dpop === "required" || client.dpop === "required";
    return isNeeded ? { reason: "dpop_proof_needed" } : undefined;
  }
  const { url } = call.issuer;
  // Whoever shows a certificate asks at another address, and may name either.
  const origins = call.mtlsOrigin === undefined ? [url] : [url, atOrigin(url, call.mtlsOrigin)];
  const urls = origins.flatMap((base) => [`${base}/oauth2/token`, `${base}/oauth/token`]);
  return judgeProof(call, proofs, { at: "token", method: "POST", urls });
}

/** The request that a token came with, as its sender knows it (RFC 9449 §4.2). */
export interface Target {
  readonly method: string;
  readonly url: string;
}

/**
 * The one place that checks bindings: what keeps the sender of a good token from using it in this request, or
 * `undefined`. A bound token shown as a bearer token is as good as none, and so is a bearer token under DPoP (RFC 9449 §7.1).
 *
 * @throws StoreUnavailable when the store cannot say whether a proof was used
 */
export async function holderProblem(
  call: Pick<Call, "store" | "clock" | "issuer" | "nonceKey">,
  { claims: { cnf, jti } }: CheckedAccessToken,
  { scheme, token, proofs, thumbprint }: PresentedToken,
  target: Target | undefined,
): Promise<Failure | undefined> {
  const certificate = cnf?.["x5t#S256"];
  if (certificate !== undefined && thumbprint === undefined) return { reason: "token_without_certificate", jti };
  if (certificate !== undefined && thumbprint !== certificate)
    return { reason: "wrong_certificate", jti, thumbprint: thumbprint ?? "" };
  if (scheme === "Bearer") return cnf?.jkt === undefined ? undefined : { reason: "token_bound", jti };
  if (cnf?.jkt === undefined) return { reason: "token_not_bound", jti };
  if (target === undefined) return { reason: "target_unknown" };
  const proof = judgeProof(call, proofs, { at: "resource", method: target.method, urls: [target.url], token });
  if (isFailure(proof)) return proof;
  if (proof.jkt !== cnf.jkt) return { reason: "wrong_dpop_key", jti };
  const isFirst = await call.store.takeReplayId(call.issuer, proof.replay);
  return isFirst ? undefined : { reason: "dpop_proof_replayed", at: "resource" };
}
