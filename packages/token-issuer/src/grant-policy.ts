import type { Actor } from "./claims.ts";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import type { Binding } from "./confirmation.ts";
import { type Failure, isFailure } from "./failure.ts";
import { type Recorder, silent } from "./recorder.ts";
import { intersectScopes, missingScopes, type ScopeSet } from "./scope.ts";
import { canSeal, type SealingKey } from "./sealed-token.ts";
import { chooseSigningKey } from "./signing-keys.ts";
import type { Client, Issuer, Resource, SigningKey } from "./store.ts";
import type { TokenRequest } from "./token-request.ts";

declare const proof: unique symbol;

/** Leave to issue one token. Only {@link decide} makes one. */
export type Grant = {
  readonly [proof]: "granted";
  readonly issuer: Issuer;
  readonly client: AuthenticatedClient;
  /** The APIs the token is for; its scope counts at each of them. */
  readonly resources: Resources;
  readonly scope: ScopeSet;
  readonly binding: Binding;
  /** Whose token was exchanged for this one; `undefined`: the client asked in its own name. */
  readonly subject: Subject | undefined;
  /** Seconds. */
  readonly lifetime: number;
  /** The instant the decision was made for; becomes `iat`. */
  readonly at: Date;
} & Minting;

/** What the token will be, and the key that makes it so. */
type Minting =
  | { readonly format: "jwt"; readonly key: SigningKey }
  | { readonly format: "opaque"; readonly key: SealingKey };

/** At least one. */
type Resources = readonly [Resource, ...Resource[]];

/** What a token that is to be exchanged says (RFC 8693 §2). */
export interface Subject {
  /** Becomes `sub`. */
  readonly id: string;
  /** Becomes `act`. */
  readonly actor: Actor | undefined;
  /** Its `exp`, in seconds since 1970. */
  readonly endsAt: number;
  /** Resource identifier → scopes that it is good for itself; `undefined`: whatever the client is. */
  readonly bounds: ReadonlyMap<string, ScopeSet> | undefined;
}

/** What was gathered before the decision. */
export interface Facts {
  readonly issuer: Issuer;
  readonly binding: Binding;
  readonly subject?: Subject;
}

/**
 * Decides whether the client gets what it asks for. Pure: the same arguments give the same answer.
 * Refuses by name rather than narrowing in silence.
 */
export function decide(
  request: TokenRequest,
  client: AuthenticatedClient,
  { issuer, binding, subject }: Facts,
  now: Date,
  recorder: Recorder = silent,
): Grant | Failure {
  if (issuer.status === "suspended") return { reason: "issuer_suspended" };
  if (issuer.status === "stopped") return { reason: "issuance_stopped" };

  const resources = chooseResources(request, client.client, issuer);
  if (isFailure(resources)) return resources;
  const beyond = resources.find(({ identifier }) => subject?.bounds?.has(identifier) === false);
  if (beyond) return { reason: "resource_beyond_subject", resource: beyond.identifier };
  const requested = request.resources.length > 0;
  for (const { identifier } of resources) recorder.step({ step: "resource_chosen", resource: identifier, requested });

  const scope = withinSubject(chooseScope(request, client.client, resources), request, resources, subject);
  if (isFailure(scope)) return scope;
  recorder.step({ step: "scope_chosen", scope: [...scope], requested: request.scope !== undefined });

  const lifetime = Math.min(
    issuer.accessTokenLifetime,
    client.client.accessTokenLifetime ?? Number.POSITIVE_INFINITY,
    subject ? Math.floor(subject.endsAt) - Math.floor(now.getTime() / 1000) : Number.POSITIVE_INFINITY,
  );
  if (lifetime < 1) return { reason: "subject_token_refused", why: "token_expired", evidence: [] };
  const minting = chooseMinting(issuer, client.client, now, lifetime);
  if (!minting) return { reason: "no_signing_key", alg: client.client.signingAlgorithm ?? issuer.signingAlgorithm };
  const { kid, alg } = minting.key;
  recorder.step({ step: "key_chosen", kid, alg });
  recorder.step({ step: "granted", lifetime });
  return { issuer, client, resources, scope, binding, subject, lifetime, ...minting, at: now } as Grant;
}

function chooseMinting(issuer: Issuer, client: Client, now: Date, lifetime: number): Minting | undefined {
  const format = client.accessTokenFormat ?? issuer.accessTokenFormat;
  if (format === "jwt") {
    const key = chooseSigningKey(issuer, now, lifetime, client);
    return key && { format, key };
  }
  // A sealed token has no signature: its algorithm is A256GCM, whatever its client chose.
  const key = chooseSigningKey({ ...issuer, keys: issuer.keys.filter(canSeal) }, now, lifetime);
  return key && canSeal(key) ? { format, key } : undefined;
}

/** The APIs the token is for: those named, byte for byte and each of them granted, or the client's only one (RFC 8707 §2.2). */
function chooseResources(request: TokenRequest, client: Client, issuer: Issuer): Resources | Failure {
  const named: Resource[] = [];
  for (const identifier of request.resources) {
    const resource = issuer.resources.get(identifier);
    if (!resource) return { reason: "unknown_resource", resource: identifier };
    if (!client.grants.has(identifier)) return { reason: "resource_not_granted", resource: identifier };
    named.push(resource);
  }
  const [first, ...others] = named;
  if (first) return [first, ...others];
  const usable = [...client.grants.keys()].flatMap((identifier) => {
    const resource = issuer.resources.get(identifier);
    return resource && grantedScopes(client, resource).size > 0 ? [resource] : [];
  });
  const [only, second] = usable;
  if (!only) return { reason: "no_granted_scopes" };
  return second ? { reason: "resource_ambiguous", count: usable.length } : [only];
}

/** One scope for all the APIs of a token: none of them may be given what only another one has. */
function chooseScope(request: TokenRequest, client: Client, [first, ...others]: Resources): ScopeSet | Failure {
  const scope = scopeAt(request, client, first);
  if (isFailure(scope)) return scope;
  for (const other of others) {
    const there = scopeAt(request, client, other);
    if (isFailure(there)) return there;
    const only = [...missingScopes(scope, there), ...missingScopes(there, scope)];
    if (only.length > 0) return { reason: "resource_scopes_differ", scope: only, resource: other.identifier };
  }
  return scope;
}

/** The scope that a subject's token has too: refused by name where it was asked for, else narrowed to it. */
function withinSubject(
  scope: ScopeSet | Failure,
  { scope: wanted }: TokenRequest,
  resources: Resources,
  subject: Subject | undefined,
): ScopeSet | Failure {
  if (isFailure(scope) || !subject?.bounds) return scope;
  const { bounds } = subject;
  const bound = resources.map(({ identifier }) => bounds.get(identifier) ?? new Set<string>()).reduce(intersectScopes);
  const beyond = missingScopes(scope, bound);
  if (beyond.length > 0 && wanted !== undefined) return { reason: "scope_beyond_subject", scope: beyond };
  const both = intersectScopes(scope, bound);
  return both.size > 0 ? both : { reason: "no_granted_scopes" };
}

/** The scopes of the token at one API: the ones asked for if all are granted there, else all that are granted. */
function scopeAt(request: TokenRequest, client: Client, resource: Resource): ScopeSet | Failure {
  const granted = grantedScopes(client, resource);
  if (request.scope === undefined) return granted.size > 0 ? granted : { reason: "no_granted_scopes" };
  const unknown = missingScopes(request.scope, resource.scopes);
  if (unknown.length > 0) return { reason: "unknown_scope", scope: unknown, resource: resource.identifier };
  const missing = missingScopes(request.scope, granted);
  if (missing.length > 0) return { reason: "scope_not_granted", scope: missing, resource: resource.identifier };
  return request.scope;
}

/** A grant of a scope that the resource has lost grants nothing. */
function grantedScopes(client: Client, resource: Resource): ScopeSet {
  const granted = client.grants.get(resource.identifier);
  return granted ? intersectScopes(granted, resource.scopes) : new Set();
}
