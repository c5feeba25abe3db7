import { hash } from "node:crypto";
import type { Call } from "../call.ts";
import { type Failure, isFailure } from "../failure.ts";
import type { Form } from "../form.ts";
import type { Step } from "../recorder.ts";
import { cut } from "../request.ts";
import type { Client, ClientAuthenticationMethod, Issuer } from "../store.ts";
import type { ReplayId } from "../token-record.ts";
import { type AssertionUse, readAssertionUse } from "./client-assertion.ts";
import { findKey } from "./find-key.ts";
import { findSecret, rememberLettingIn } from "./find-secret.ts";
import { pickMethod } from "./pick-method.ts";
import type { Presented } from "./presented.ts";

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
  const use =
    presented.method === "private_key_jwt"
      ? readAssertionUse(call.issuer, presented.assertion, call.clock.now())
      : undefined;
  if (isFailure(use)) return use;

  const client = await look(call, presented.clientId);
  const proof = prove(call, client, presented, attempt);
  if (!client) return { reason: "unknown_client", ...attempt };
  call.recorder.step({ step: "client_found", client: client.id });
  if (isFailure(proof)) return proof;
  const { credentialId } = proof;
  call.recorder.step(proof.accepted);

  const allowed = allowedMethods(call.issuer, client);
  if (!allowed.includes(method)) return { reason: "method_not_allowed_for_client", ...attempt, allowed };
  call.recorder.step({ step: "method_accepted", method });
  if (client.status === "disabled") return { reason: "client_disabled", ...attempt };
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

/** Whether what was presented is one of the client's credentials. The work is done for a client that is not there too. */
function prove(call: Call, client: Client | undefined, presented: Presented, attempt: Attempt): Proof | Failure {
  const now = call.clock.now();
  if (presented.method === "private_key_jwt") {
    const key = findKey(client, presented.assertion, now);
    const { kid } = presented.assertion.header;
    if (key.state === "unknown") return { reason: "unknown_client_key", ...attempt, kid: cut(String(kid ?? "")) };
    const keyId = key.id;
    if (key.state === "revoked") return { reason: "client_key_revoked", ...attempt, keyId, revokedAt: key.at };
    if (key.state === "expired") return { reason: "client_key_expired", ...attempt, keyId, expiredAt: key.at };
    if (key.state === "early") return { reason: "client_key_not_yet_valid", ...attempt, keyId, notBefore: key.at };
    return { credentialId: keyId, accepted: { step: "key_accepted", keyId } };
  }
  const secret = findSecret(call.store, client, presented.secret, now);
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
