import type { Failure, FailureReason } from "./failure.ts";
import { accessTokenSentences } from "./sentences/access-token.ts";
import { certificateSentences } from "./sentences/certificate.ts";
import { clientAuthenticationSentences } from "./sentences/client-authentication.ts";
import { dpopSentences } from "./sentences/dpop.ts";
import { federationSentences } from "./sentences/federation.ts";
import { grantSentences } from "./sentences/grant.ts";
import { passingSentences } from "./sentences/passing.ts";
import { registrationSentences } from "./sentences/registration.ts";
import { requestSentences } from "./sentences/request.ts";
import type { SomeSentences } from "./sentences/words.ts";

/** What each reason says to the caller and to the operator. The compiler keeps the table complete. */
const sentences = {
  ...requestSentences,
  ...registrationSentences,
  ...clientAuthenticationSentences,
  ...federationSentences,
  ...certificateSentences,
  ...dpopSentences,
  ...grantSentences,
  ...accessTokenSentences,
  ...passingSentences,
} satisfies Required<SomeSentences>;

/** All reasons, taken from the table that the compiler keeps complete. */
export const failureReasons = Object.keys(sentences) as readonly FailureReason[];

/** What the caller may be told, in the characters RFC 6749 §5.2 allows for `error_description`. */
export const callerSentence = (failure: Failure): string => errorText(sentenceOf(failure).caller(failure));

/** What happened, for the operator who reads the log or the explanation. */
export const operatorSentence = (failure: Failure): string => sentenceOf(failure).operator(failure);

/** What is a time in evidence that was kept as JSON. */
const instants = /^(?:notBefore|notAfter|expiredAt|revokedAt|tokensNotBefore)$/;

/**
 * The same two sentences for a refusal that was recorded, from its reason and the evidence as `failureEvidence` made it.
 *
 * @returns `undefined` where this version knows no such reason, or an older one kept other evidence for it
 */
export function recordedSentences(
  reason: string,
  evidence: Readonly<Record<string, unknown>>,
): { readonly caller: string; readonly operator: string } | undefined {
  if (!Object.hasOwn(sentences, reason)) return undefined;
  const members = Object.entries(evidence).map(([name, value]) => [
    name,
    instants.test(name) ? new Date(String(value)) : value,
  ]);
  const failure = { ...Object.fromEntries(members), reason } as Failure;
  try {
    return { caller: callerSentence(failure), operator: operatorSentence(failure) };
  } catch {
    return undefined;
  }
}

// The table pairs each reason with functions of its own failure; the compiler cannot follow that pairing through a look-up.
const sentenceOf = (failure: Failure) =>
  sentences[failure.reason] as { caller(failure: Failure): string; operator(failure: Failure): string };

/** Text in %x20-21 / %x23-5B / %x5D-7E; other characters would break the header or the caller's terminal (RFC 6749 §5.2). */
export const errorText = (text: string): string =>
  text
    .replaceAll('"', "'")
    .replaceAll("\\", "/")
    .replace(/[^\x20-\x7e]/g, "?");
