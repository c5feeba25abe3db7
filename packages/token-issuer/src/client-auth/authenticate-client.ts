import type { Call } from "../call.ts";
import { type Failure, isFailure } from "../failure.ts";
import type { Form } from "../form.ts";
import { cut } from "../request.ts";
import type { Client, ClientAuthenticationMethod, Issuer } from "../store.ts";
import { findSecret, rememberLettingIn } from "./find-secret.ts";
import { pickMethod } from "./pick-method.ts";

declare const proof: unique symbol;

/** A client that proved itself in this request. Only this file makes one. */
export interface AuthenticatedClient {
  readonly [proof]: "authenticated";
  readonly client: Client;
  readonly method: ClientAuthenticationMethod;
  /** The id of the credential that was accepted. */
  readonly credentialId: string;
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

  const client = await look(call, presented.clientId);
  const secret = findSecret(call.store, client, presented.secret, call.clock.now());
  if (!client) return { reason: "unknown_client", ...attempt };
  call.recorder.step({ step: "client_found", client: client.id });

  if (secret.state === "unknown") return { reason: "unknown_secret", ...attempt };
  const secretId = secret.id;
  if (secret.state === "revoked") return { reason: "secret_revoked", ...attempt, secretId, revokedAt: secret.at };
  if (secret.state === "expired") return { reason: "secret_expired", ...attempt, secretId, expiredAt: secret.at };
  if (secret.state === "early") return { reason: "secret_not_yet_valid", ...attempt, secretId, notBefore: secret.at };
  call.recorder.step({ step: "secret_accepted", secretId });

  const allowed = allowedMethods(call.issuer, client);
  if (!allowed.includes(method)) return { reason: "method_not_allowed_for_client", ...attempt, allowed };
  call.recorder.step({ step: "method_accepted", method });
  if (client.status === "disabled") return { reason: "client_disabled", ...attempt };
  call.recorder.step({ step: "client_authenticated", client: client.id });
  rememberLettingIn(client, secret);
  return { client, method, credentialId: secretId } as AuthenticatedClient;
}

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
