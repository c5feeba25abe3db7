import type { Call } from "./call.ts";
import type { CheckedAccessToken } from "./check-access-token.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { judgeProof } from "./dpop/dpop-proof.ts";
import { type Failure, isFailure } from "./failure.ts";
import type { PresentedToken } from "./presented-token.ts";
import { headerValues } from "./request.ts";
import type { JsonObject } from "./strict-json.ts";
import type { ReplayId } from "./token-record.ts";

/** The keys that a token is bound to (RFC 7800 §3.1): whoever shows it has to hold all of them. */
export interface Confirmation {
  /** Thumbprint of the key that signs DPoP proofs (RFC 9449 §6.1). */
  readonly jkt?: string;
}

const MEMBERS: ReadonlySet<string> = new Set(["jkt"] satisfies (keyof Confirmation)[]);

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

const UNBOUND: Binding = { cnf: undefined, replay: undefined };

/** The one place that binds tokens: to the key of the request's proof, where it brings one. */
export function bindingOf(call: Call, { client }: AuthenticatedClient): Binding | Failure {
  const proofs = headerValues(call.request, "dpop");
  const [first] = proofs;
  if (first === undefined) {
    const isNeeded = call.issuer.dpop === "required" || client.dpop === "required";
    return isNeeded ? { reason: "dpop_proof_needed" } : UNBOUND;
  }
  const { url } = call.issuer;
  const proof = judgeProof(call, proofs, {
    at: "token",
    method: "POST",
    urls: [`${url}/oauth2/token`, `${url}/oauth/token`],
  });
  if (isFailure(proof)) return proof;
  call.recorder.step({ step: "token_bound", jkt: proof.jkt });
  return { cnf: { jkt: proof.jkt }, replay: proof.replay };
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
  { scheme, token, proofs }: PresentedToken,
  target: Target | undefined,
): Promise<Failure | undefined> {
  if (scheme === "Bearer") return cnf?.jkt === undefined ? undefined : { reason: "token_bound", jti };
  if (cnf?.jkt === undefined) return { reason: "token_not_bound", jti };
  if (target === undefined) return { reason: "target_unknown" };
  const proof = judgeProof(call, proofs, { at: "resource", method: target.method, urls: [target.url], token });
  if (isFailure(proof)) return proof;
  if (proof.jkt !== cnf.jkt) return { reason: "wrong_dpop_key", jti };
  const isFirst = await call.store.takeReplayId(call.issuer, proof.replay);
  return isFirst ? undefined : { reason: "dpop_proof_replayed", at: "resource" };
}
