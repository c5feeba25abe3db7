import { hash } from "node:crypto";
import type { Call } from "../call.ts";
import { findAuthority } from "../certificate/certificate-path.ts";
import type { CompactJws } from "../compact-jws.ts";
import type { KeySetProblem } from "../document.ts";
import { type Failure, isFailure } from "../failure.ts";
import type { Form } from "../form.ts";
import type { Step } from "../recorder.ts";
import { cut } from "../request.ts";
import type { Client, ClientAuthenticationMethod, ClientKey, Issuer } from "../store.ts";
import type { ReplayId } from "../token-record.ts";
import { type AssertionUse, readAssertionUse, readEnd } from "./client-assertion.ts";
import { findBySubject, findSelfSigned } from "./find-certificate.ts";
import { findKey, isSignerMissing, judge } from "./find-key.ts";
import { findSecret, rememberLettingIn } from "./find-secret.ts";
import { foreignTokenFailure, judgeForeignToken } from "./foreign-token.ts";
import { pickMethod } from "./pick-method.ts";
import type {
  Presented,
  PresentedAssertion,
  PresentedCertificate,
  PresentedForeignToken,
  PresentedSecret,
} from "./presented.ts";

declare const proof: unique symbol;

/** A client that proved itself in this request. Only this file makes one. */
export interface AuthenticatedClient {
  readonly [proof]: "authenticated";
  readonly client: Client;
  readonly method: ClientAuthenticationMethod;
  /** The id of the credential that was accepted. */
  readonly credentialId: string;
  /** What it presented and may present only once. */
  readonly replay: ReplayId | undefined;
}

/**
 * Authenticates the client of a request (RFC 6749 §2.3).
 * The failures tell the operator what was wrong; on the wire they look alike, and every path costs the same work.
 */
export async function authenticateClient(call: Call, form: Form): Promise<AuthenticatedClient | Failure> {
  const presented = pickMethod(call.request, form);
  if (isFailure(presented)) return presented;
  const { method } = presented;
  const attempt = { clientId: cut(presented.clientId), method };
  call.recorder.step({ step: "client_presented", ...attempt });
  const use = useOf(call, presented);
  if (isFailure(use)) return use;

  const client = await look(call, presented.clientId);
  const proof = await prove(call, client, presented, attempt);
  if (!client) return { reason: "unknown_client", ...attempt };
  call.recorder.step({ step: "client_found", client: client.id });
  if (isFailure(proof)) return proof;
  const { credentialId } = proof;
  call.recorder.step(proof.accepted);
  if (use?.isForEndpoint && !client.acceptsTokenEndpointAudience)
    return { reason: "token_endpoint_audience", ...attempt, expected: call.issuer.url };

  const allowed = allowedMethods(call.issuer, client);
  if (!allowed.includes(method)) return { reason: "method_not_allowed_for_client", ...attempt, allowed };
  call.recorder.step({ step: "method_accepted", method });
  if (client.status === "disabled") return { reason: "client_disabled", ...attempt };
  if (client.status === "unapproved") return { reason: "client_not_approved", ...attempt };
  call.recorder.step({ step: "client_authenticated", client: client.id });
  proof.letIn?.();
  return { client, method, credentialId, replay: use && replayOf(client, use) } as AuthenticatedClient;
}

interface Proof {
  readonly credentialId: string;
  readonly accepted: Step;
  /** To be called when the client is let in. */
  readonly letIn?: () => void;
}

/** What can be judged of an assertion without knowing the client. Only its own is to be used once: a workload's token is read from a file, again and again. */
function useOf({ issuer, clock }: Call, presented: Presented): AssertionUse | Failure | undefined {
  if (presented.method === "private_key_jwt") return readAssertionUse(issuer, presented.assertion, clock.now());
  if (presented.method !== "federated_jwt") return undefined;
  const end = readEnd(presented.token.payload, clock.now());
  return isFailure(end) ? end : undefined;
}

type Proving = Promise<Proof | Failure> | Proof | Failure;

/** Whether what was presented is one of the client's credentials. The work is done for a client that is not there too. */
function prove(call: Call, client: Client | undefined, presented: Presented, attempt: Attempt): Proving {
  switch (presented.method) {
    case "private_key_jwt":
      return proveKey(call, client, presented, attempt);
    case "federated_jwt":
      return proveWorkload(call, client, presented, attempt);
    case "tls_client_auth":
    case "self_signed_tls_client_auth":
      return proveCertificate(call, client, presented, attempt);
    default:
      return proveSecret(call, client, presented, attempt);
  }
}

function proveSecret(
  call: Call,
  client: Client | undefined,
  presented: PresentedSecret,
  attempt: Attempt,
): Proof | Failure {
  const secret = findSecret(call.store, client, presented.secret, call.clock.now());
  if (secret.state === "unknown") return { reason: "unknown_secret", ...attempt };
  const secretId = secret.id;
  if (secret.state === "revoked") return { reason: "secret_revoked", ...attempt, secretId, revokedAt: secret.at };
  if (secret.state === "expired") return { reason: "secret_expired", ...attempt, secretId, expiredAt: secret.at };
  if (secret.state === "early") return { reason: "secret_not_yet_valid", ...attempt, secretId, notBefore: secret.at };
  return {
    credentialId: secretId,
    accepted: { step: "secret_accepted", secretId },
    letIn: () => client && rememberLettingIn(client, secret),
  };
}

async function proveKey(
  call: Call,
  client: Client | undefined,
  { assertion }: PresentedAssertion,
  attempt: Attempt,
): Promise<Proof | Failure> {
  const { keys, unreachable } = await keysOf(call, client, assertion);
  const key = findKey(keys, assertion, call.clock.now());
  if (key.state === "unknown") {
    const { kid } = assertion.header;
    return unreachable
      ? { reason: "key_set_unavailable", ...attempt, ...unreachable }
      : { reason: "unknown_client_key", ...attempt, kid: cut(String(kid ?? "")) };
  }
  const keyId = key.id;
  if (key.state === "revoked") return { reason: "client_key_revoked", ...attempt, keyId, revokedAt: key.at };
  if (key.state === "expired") return { reason: "client_key_expired", ...attempt, keyId, expiredAt: key.at };
  if (key.state === "early") return { reason: "client_key_not_yet_valid", ...attempt, keyId, notBefore: key.at };
  return { credentialId: keyId, accepted: { step: "key_accepted", keyId } };
}

interface Keys {
  readonly keys: readonly ClientKey[];
  readonly unreachable?: { readonly credentialId: string; readonly address: string; readonly problem: KeySetProblem };
}

/** A client's keys with those at its addresses, which are asked only where none of its own is named, or signed. */
async function keysOf(call: Call, client: Client | undefined, assertion: CompactJws): Promise<Keys> {
  const own = client?.keys ?? [];
  const now = call.clock.now();
  const sets = (client?.keySets ?? []).filter((set) => judge(set, now).state === "live");
  if (sets.length === 0 || !isSignerMissing(own, assertion)) return { keys: own };
  const found = await Promise.all(sets.map((set) => call.keySets.find(call.issuer, set, assertion)));
  const keys = sets.flatMap((set, at) => {
    const there = found[at];
    return typeof there === "object" ? there.map((key) => ({ ...set, ...key })) : [];
  });
  const [unreachable] = sets.flatMap(({ id: credentialId, jwksUri: address }, at) => {
    const problem = found[at];
    return typeof problem === "string" ? [{ credentialId, address, problem }] : [];
  });
  return { keys: [...own, ...keys], ...(unreachable && { unreachable }) };
}

async function proveWorkload(
  call: Call,
  client: Client | undefined,
  { token }: PresentedForeignToken,
  attempt: Attempt,
): Promise<Proof | Failure> {
  const judged = await judgeForeignToken(call, client?.federated ?? [], token);
  if (judged.state !== "trusted") return { ...attempt, ...foreignTokenFailure(judged, token) };
  const { id: credentialId, issuer } = judged.credential;
  return { credentialId, accepted: { step: "foreign_token_accepted", credentialId, issuer } };
}

/** What everybody's certificate is judged by comes first: it costs the same for a client that is not there. */
function proveCertificate(
  { issuer, clock }: Call,
  client: Client | undefined,
  { method, certificate, between }: PresentedCertificate,
  attempt: Attempt,
): Proof | Failure {
  const now = clock.now();
  const isPinned = method === "self_signed_tls_client_auth";
  const { notBefore, notAfter, thumbprint, subject = "" } = certificate;
  const path = isPinned ? undefined : findAuthority(certificate, between, issuer.clientAuthorities, now);
  if (path && "problem" in path) {
    const { problem } = path;
    const signer = { issuer: cut(certificate.issuer, 256), between: between.length, ...(problem && { problem }) };
    return { reason: "certificate_untrusted", ...attempt, ...signer };
  }
  if (now < notBefore || now >= notAfter) return { reason: "certificate_not_now", ...attempt, notBefore, notAfter };
  if (!certificate.isForClients) return { reason: "certificate_not_for_clients", ...attempt };
  const find = isPinned ? findSelfSigned : findBySubject;
  const found = find(client?.certificates ?? [], certificate, now);
  if (found.state === "unknown")
    return { reason: "unknown_certificate", ...attempt, thumbprint, subject: cut(subject, 256) };
  if (found.state === "ambiguous")
    return { reason: "certificate_ambiguous", ...attempt, kind: found.kind, count: found.count };
  const credentialId = found.id;
  const it = { ...attempt, credentialId };
  if (found.state === "revoked") return { reason: "certificate_revoked", ...it, revokedAt: found.at };
  if (found.state === "expired") return { reason: "certificate_expired", ...it, expiredAt: found.at };
  if (found.state === "early") return { reason: "certificate_not_yet_valid", ...it, notBefore: found.at };
  return { credentialId, accepted: { step: "certificate_accepted", credentialId, thumbprint } };
}

interface Attempt {
  readonly clientId: string;
  readonly method: ClientAuthenticationMethod;
}

/** The id by which a second use of an assertion is noticed: of one length, whatever the client chose as its `jti`. */
const replayOf = (client: Client, { jti, endsAt }: AssertionUse): ReplayId => ({
  id: `assertion ${client.id} ${hash("sha256", jti, "base64url")}`,
  expiresAt: endsAt,
});

/** The client, unless too many failures came from there to look beyond memory: those are told apart at the second look. */
function look({ store, issuer, freshness, admission, clock }: Call, clientId: string) {
  const isAtHand = () => store.hasClient?.(issuer, clientId) ?? true;
  const mayLook = freshness === "confirmed" || admission.mayLook(clock.now(), isAtHand);
  return mayLook ? store.findClient(issuer, clientId) : undefined;
}

/** The client's own choice narrows what the issuer allows; it never widens it. */
function allowedMethods(issuer: Issuer, client: Client): ClientAuthenticationMethod[] {
  const own = client.clientAuthenticationMethods;
  return [...issuer.clientAuthenticationMethods].filter((method) => own === undefined || own.has(method));
}
