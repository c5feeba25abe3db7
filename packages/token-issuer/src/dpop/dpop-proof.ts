import { hash } from "node:crypto";
import type { Call } from "../call.ts";
import { algorithmNamed, algorithmsOf } from "../client-auth/find-key.ts";
import { readPublicJwk } from "../client-auth/read-public-key.ts";
import { type CompactJws, readCompactJws } from "../compact-jws.ts";
import {
  type ClaimProblem,
  type Failure,
  isFailure,
  type ProofClaim,
  type ProofPlace,
  type ProofProblem,
} from "../failure.ts";
import { verifyBytes } from "../signature.ts";
import type { ReplayId } from "../token-record.ts";
import { isLivingNonce } from "./nonce.ts";

/** Seconds that a proof may be old, and that its maker's clock may be wrong. */
const OLDEST = 60;
const SKEW = 30;
const JTI_LIMIT = 255;
/** Seconds that a used proof is remembered beyond its end: servers' clocks differ, and a request may have to wait. */
const MARGIN = 300;

/** Which request a proof has to be for. */
export interface ProvenRequest {
  readonly at: ProofPlace;
  readonly method: string;
  /** Its address; several where one endpoint has several. */
  readonly urls: readonly string[];
  /** The access token beside it. */
  readonly token?: string;
}

/** A proof that is right. */
export interface DpopProof {
  /** The thumbprint of its key. */
  readonly jkt: string;
  readonly replay: ReplayId;
}

/**
 * Judges the `DPoP` headers of a request by all of RFC 9449 §4.3 but for what only the caller knows: whether the key is
 * the token's, and whether the proof was used before. The token endpoint wants a nonce of its own in it (§8).
 */
export function judgeProof(
  call: Pick<Call, "clock" | "issuer" | "nonceKey">,
  proofs: readonly string[],
  wanted: ProvenRequest,
): DpopProof | Failure {
  const { at } = wanted;
  const signed = readProof(proofs);
  if (typeof signed === "string") return { reason: "malformed_dpop_proof", problem: signed, at };
  const now = call.clock.now();
  const use = judgeClaims(signed.proof, wanted, now.getTime() / 1000);
  if (isFailure(use)) return use;
  if (at === "token") {
    const { nonce } = signed.proof.payload;
    if (nonce === undefined) return { reason: "dpop_nonce_needed", problem: "missing" };
    const isLiving = typeof nonce === "string" && isLivingNonce(call.nonceKey, call.issuer, nonce, now);
    if (!isLiving) return { reason: "dpop_nonce_needed", problem: "passed" };
  }
  const { jkt } = signed;
  const id = `dpop ${jkt} ${hash("sha256", use.jti, "base64url")}`;
  return { jkt, replay: { id, expiresAt: new Date((use.iat + OLDEST + SKEW + MARGIN) * 1000) } };
}

/** The one proof, signed by the key in its own header: checks 1, 2, 4, 5, 6 and 7 of §4.3. */
function readProof(proofs: readonly string[]): { readonly proof: CompactJws; readonly jkt: string } | ProofProblem {
  const [text, second] = proofs;
  if (text === undefined) return "no_proof";
  if (second !== undefined) return "several_proofs";
  const proof = readCompactJws(text, "jwk");
  if (typeof proof === "string") return proof;
  const { typ, alg, jwk } = proof.header;
  if (typeof typ !== "string" || typ.toLowerCase() !== "dpop+jwt") return "type";
  const algorithm = algorithmNamed(alg);
  if (algorithm === undefined) return "algorithm";
  const key = typeof jwk === "object" && jwk !== null ? readPublicJwk(jwk as Record<string, unknown>) : "unreadable";
  if (key === "private") return "private_key";
  if (typeof key === "string" || !algorithmsOf(key.publicJwk).includes(algorithm)) return "key";
  const isSigned = verifyBytes({ alg: algorithm, publicJwk: key.publicJwk }, proof.signed, proof.signature);
  return isSigned ? { proof, jkt: key.thumbprint } : "signature";
}

/** Checks 3, 8, 9, 11 and 12a of §4.3: for this request, now, and with this token. */
function judgeClaims(
  { payload }: CompactJws,
  { at, method, urls, token }: ProvenRequest,
  seconds: number,
): { readonly jti: string; readonly iat: number } | Failure {
  const wrong = (claim: ProofClaim, problem: ClaimProblem, expected: string): Failure => ({
    reason: "wrong_dpop_claim",
    claim,
    problem,
    expected,
    at,
  });
  const { htm, htu, iat, exp, nbf, jti, ath } = payload;
  if (htm !== method) return wrong("htm", htm === undefined ? "missing" : "differs", method);
  const address = typeof htu === "string" ? bareAddress(htu) : undefined;
  if (address === undefined || !urls.some((url) => bareAddress(url) === address))
    return wrong("htu", address === undefined ? "missing" : "differs", urls[0] ?? "");
  if (typeof iat !== "number" || !Number.isFinite(iat)) return wrong("iat", "missing", "seconds since 1970");
  if (iat <= seconds - OLDEST - SKEW) return wrong("iat", "passed", `at most ${OLDEST} seconds ago`);
  if (iat > seconds + SKEW) return wrong("iat", "ahead", "an instant that has come");
  // A proof needs neither; where one stands it counts as in any JWT (RFC 7519 §4.1.4, §4.1.5).
  if (exp !== undefined && !(typeof exp === "number" && exp > seconds - SKEW))
    return wrong("exp", "passed", "an instant to come, or left out");
  if (nbf !== undefined && !(typeof nbf === "number" && nbf <= seconds + SKEW))
    return wrong("nbf", "ahead", "an instant that has come, or left out");
  if (typeof jti !== "string" || jti === "" || jti.length > JTI_LIMIT)
    return wrong("jti", "missing", `1 to ${JTI_LIMIT} characters, new for each request`);
  if (token !== undefined && ath !== hash("sha256", token, "base64url"))
    return wrong("ath", ath === undefined ? "missing" : "differs", "the SHA-256 of the access token in base64url");
  return { jti, iat };
}

/** An address without query and fragment, as two spellings of it are compared (RFC 3986 §6.2.2, §6.2.3). */
function bareAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  url.search = "";
  url.hash = "";
  return url.href;
}
