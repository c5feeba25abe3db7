export type { TokenAnswer } from "./access-token.ts";
export { BoundedCache } from "./bounded-cache.ts";
export type { AlternativeName } from "./certificate/alternative-names.ts";
export { comparableName } from "./certificate/alternative-names.ts";
export { readCertificateChainHeader, readCertificateHeader } from "./certificate/certificate-header.ts";
export { MOST_BETWEEN } from "./certificate/certificate-path.ts";
export type { AuthorityProblem } from "./certificate/client-certificate.ts";
export { readAuthority, readCertificate, readOnePem } from "./certificate/client-certificate.ts";
export { readDistinguishedName } from "./certificate/distinguished-name.ts";
export type { CheckedAccessToken } from "./check-access-token.ts";
export { audiencesOf } from "./check-access-token.ts";
export type { AccessTokenClaims } from "./claims.ts";
export type { DifferenceKind } from "./client-auth/difference.ts";
export type { ForeignKey } from "./client-auth/read-key-set.ts";
export { readKeySet } from "./client-auth/read-key-set.ts";
export type { PublicKeyProblem, ReadPublicKey } from "./client-auth/read-public-key.ts";
export { readPublicKey } from "./client-auth/read-public-key.ts";
export type { ForeignTokenTest, TestedCredential, TestedRule } from "./client-auth/test-foreign-token.ts";
export type { Clock } from "./clock.ts";
export { systemClock } from "./clock.ts";
export type { Confirmation, Target } from "./confirmation.ts";
export type { ClaimValue, CustomClaimProblem, CustomClaims } from "./custom-claims.ts";
export { customClaimProblem } from "./custom-claims.ts";
export type { DocumentProblem, FetchDocument, KeySetProblem } from "./document.ts";
export { DocumentUnavailable, isHttpsAddress } from "./document.ts";
export type { Explanation } from "./explain.ts";
export type { Evidence, Failure, FailureOf, FailureReason } from "./failure.ts";
export { failureEvidence, isFailure } from "./failure.ts";
export type { FailureContext } from "./failure-response.ts";
export { renderFailure } from "./failure-response.ts";
export { callerSentence, failureReasons, operatorSentence, recordedSentences } from "./failure-sentences.ts";
export { type ExpectedIdToken, type IdToken, type IdTokenProblem, IdTokenReader } from "./id-token.ts";
export { jwkThumbprint } from "./jwk-thumbprint.ts";
export { MemoryStore } from "./memory-store.ts";
export type {
  NewApiToken,
  NewClient,
  NewFederatedCredential,
  NewIssuer,
  NewKey,
  NewSecret,
} from "./memory-store-input.ts";
export type { KeySetFetch, TokenIssuerOptions } from "./options.ts";
export type { PresentedStaticToken, PresentedToken } from "./presented-token.ts";
export { notBearer, readPresentedToken, schemeOf } from "./presented-token.ts";
export type { RecipientKey } from "./recipient-key.ts";
export { readRecipientKey, recipientKey, sealTo } from "./recipient-key.ts";
export type { Recorder, Step } from "./recorder.ts";
export { CollectingRecorder, silent } from "./recorder.ts";
export type {
  CertificateRegistration,
  ClientMetadata,
  ClientRegistry,
  Grants,
  InitialAccess,
  ManagedClient,
  NewRegistration,
  Provenance,
  RegisteredCredentials,
  RegisteredKey,
  Registration,
} from "./registration/registry.ts";
export type { IssuerPath, IssuerRequest, IssuerResponse } from "./request.ts";
export { BODY_LIMIT } from "./request.ts";
export { resourceProblem } from "./resource-indicator.ts";
export { resourceMetadataUrl } from "./resource-metadata.ts";
export type { ScopeSet } from "./scope.ts";
export { parseScope, printScope } from "./scope.ts";
export type { GeneratedSigningKey, KeyInstants, SigningKeyState } from "./signing-keys.ts";
export { chooseSigningKey, generateSigningKey, isPublished, keySetChangedAt, signingKeyState } from "./signing-keys.ts";
export { couldBeApiToken, isAccessTokenForm } from "./static-token.ts";
export type { StatusClaim } from "./status-list.ts";
export { STATUS_PLACES } from "./status-list.ts";
export type {
  AccessTokenFormat,
  ApiToken,
  CertificateCredential,
  Client,
  ClientAuthenticationMethod,
  ClientAuthority,
  ClientKey,
  ClientKeySet,
  ClientSecret,
  FederatedCredential,
  Freshness,
  Issuer,
  IssuerStore,
  Resource,
  Revocation,
  SigningAlgorithm,
  SigningKey,
} from "./store.ts";
export { ReplayedId, StoreUnavailable } from "./store.ts";
export type { IssuerEndpoint, TokenIssuer } from "./token-issuer.ts";
export { createTokenIssuer } from "./token-issuer.ts";
export type { IssuedRecord, RefusedRecord, ReplayId, TokenRecord } from "./token-record.ts";
export type { TokenUse } from "./token-use.ts";
export { unverifiedIssuer } from "./verify-access-token.ts";
