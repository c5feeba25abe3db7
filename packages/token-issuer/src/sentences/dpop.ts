import { claimProblem, type SomeSentences, tokenProblem } from "./words.ts";

const proofProblem = {
  ...tokenProblem,
  forbidden_header: "its header may not have jku, x5u, x5c, crit, b64 or zip",
  no_proof: "there is no DPoP header",
  several_proofs: "there is more than one DPoP header",
  type: "its 'typ' is not dpop+jwt",
  algorithm: "its 'alg' is none that is supported here",
  key: "its 'jwk' is no public key that fits its 'alg'",
  private_key: "its 'jwk' is a private key, which must not leave the client",
  signature: "it is not signed by the key in its header",
} as const;

/** Proofs of a key. */
export const dpopSentences = {
  dpop_proof_needed: {
    caller: () =>
      "Tokens of this client are bound to a key. Send a DPoP header with a proof signed by that key (RFC 9449).",
    operator: () => "Tokens are bound to a key here by the setting dpop, and the request brought no DPoP proof.",
  },
  malformed_dpop_proof: {
    caller: (f) => `The DPoP proof cannot be used: ${proofProblem[f.problem]}. Sign a new one for each request.`,
    operator: (f) => `The DPoP proof could not be used: ${proofProblem[f.problem]}.`,
  },
  wrong_dpop_claim: {
    caller: (f) => `The claim '${f.claim}' of the DPoP proof ${claimProblem[f.problem]}. Expected: ${f.expected}.`,
    operator: (f) => `The claim '${f.claim}' of the DPoP proof ${claimProblem[f.problem]}; expected: ${f.expected}.`,
  },
  dpop_nonce_needed: {
    caller: () => "Sign a new DPoP proof with the nonce of this answer's DPoP-Nonce header, and send it again.",
    operator: (f) =>
      f.problem === "missing"
        ? "The DPoP proof had no nonce; the answer gave one. Libraries repeat the request by themselves."
        : "The DPoP proof had a nonce that is not ours or has passed; the answer gave a new one.",
  },
  dpop_proof_replayed: {
    caller: () => "This DPoP proof was used before. Sign a new one, with a new jti, for each request.",
    operator: () => "A DPoP proof was sent whose jti was used before.",
  },
} satisfies SomeSentences;
