import { randomBytes } from "node:crypto";
import type { Call } from "./call.ts";
import { type AccessTokenClaims, claimsText, signedLength } from "./claims.ts";
import { customClaimsText } from "./custom-claims.ts";
import { type Failure, failureEvidence } from "./failure.ts";
import type { Grant } from "./grant-policy.ts";
import { cut, headerValues, type IssuerRequest } from "./request.ts";
import { printScope } from "./scope.ts";
import { type SealingKey, sealedLength } from "./sealed-token.ts";
import { statusOf } from "./status-list.ts";
import { ReplayedId, type SigningKey, StoreUnavailable } from "./store.ts";
import type { ReplayId, TokenRecord } from "./token-record.ts";

declare const issued: unique symbol;
declare const durable: unique symbol;

/** A token whose row is on its way into the log. Only this file makes one; the signer takes nothing else. */
export type IssuedToken = {
  readonly [issued]: "issued";
  readonly claims: AccessTokenClaims;
  /** As it will be minted: the claims' JSON, in base64url where it is signed. */
  readonly payload: string;
  readonly isExchanged: boolean;
} & ({ readonly format: "jwt"; readonly key: SigningKey } | { readonly format: "opaque"; readonly key: SealingKey });

/** Proof that a token's row is durable. Only this file makes one; no answer leaves without it. */
export interface DurableRow {
  readonly [durable]: "durable";
  readonly jti: string;
}

/** Bytes of a token at most: it has to fit into a header together with everything else. */
const TOKEN_LIMIT = 2048;

/** Starts the row of a granted token. The token may be signed meanwhile; it leaves only with the row's proof. */
export function recordIssued(
  call: Call,
  grant: Grant,
): { readonly token: IssuedToken; readonly row: Promise<DurableRow | Failure> } | Failure {
  const claims = claimsOf(grant);
  const text = claimsText(claims, customClaimsText(grant.issuer, grant.client.client));
  const { format, key } = grant;
  const payload = format === "jwt" ? Buffer.from(text).toString("base64url") : text;
  const bytes = format === "jwt" ? signedLength(key, payload) : sealedLength(key, claims.iss, payload);
  if (bytes > TOKEN_LIMIT) return { reason: "token_too_large", bytes, limit: TOKEN_LIMIT };
  return {
    token: { claims, payload, format, key, isExchanged: grant.subject !== undefined } as IssuedToken,
    row: appendIssued(call, grant, claims),
  };
}

async function appendIssued(call: Call, grant: Grant, claims: AccessTokenClaims): Promise<DurableRow | Failure> {
  try {
    await append(call, issuedRecord(call, grant, claims));
    return { jti: claims.jti } as DurableRow;
  } catch (error) {
    if (!(error instanceof ReplayedId)) throw error;
    if (error.id === grant.binding.replay?.id) return { reason: "dpop_proof_replayed", at: "token" };
    return { reason: "assertion_replayed", clientId: claims.client_id, method: grant.client.method };
  }
}

function issuedRecord(call: Call, grant: Grant, claims: AccessTokenClaims): TokenRecord {
  return {
    ...recordBase(call.request, grant.at),
    outcome: "issued",
    jti: claims.jti,
    client: grant.client.client.id,
    clientId: claims.client_id,
    credentialId: grant.client.credentialId,
    method: grant.client.method,
    resource: identifiersOf(grant).join(" "),
    scope: claims.scope,
    kid: grant.key.kid,
    issuedAt: new Date(claims.iat * 1000),
    expiresAt: new Date(claims.exp * 1000),
    replays: replaysOf(grant),
  };
}

const NONE: readonly ReplayId[] = [];

/** An assertion, a proof, both or neither. */
function replaysOf({ client: { replay }, binding }: Grant): readonly ReplayId[] {
  if (replay === undefined && binding.replay === undefined) return NONE;
  return [replay, binding.replay].filter((one) => one !== undefined);
}

/** Who a refused request was from, as far as it got. */
export interface Refused {
  readonly client: string | undefined;
  readonly clientId: string | undefined;
}

/** Keeps a refusal with its reason and evidence. @returns the correlation id under which it is found */
export async function recordRefused(call: Call, endpoint: string, failure: Failure, who: Refused): Promise<string> {
  const { correlationId } = await append(call, {
    ...recordBase(call.request, call.clock.now()),
    outcome: "refused",
    reason: failure.reason,
    evidence: { endpoint, ...failureEvidence(failure) },
    ...who,
  });
  return correlationId;
}

/** Whatever keeps a row from being durable, the caller may try again: never a 500, never an unrecorded answer. */
async function append({ store, issuer }: Call, record: TokenRecord): Promise<{ readonly correlationId: string }> {
  try {
    return await store.appendToTokenLog(issuer, record);
  } catch (error) {
    throw error instanceof StoreUnavailable || error instanceof ReplayedId
      ? error
      : new StoreUnavailable("The token log failed.", { cause: error });
  }
}

function recordBase(request: IssuerRequest, at: Date) {
  const [agent] = headerValues(request, "user-agent");
  return {
    correlationId: request.correlationId,
    at,
    address: request.address,
    agent: agent === undefined ? undefined : cut(agent, 256),
  };
}

const JTI_BYTES = 16;
let pool = Buffer.alloc(0);
let used = 0;

/** Drawn ahead for many tokens: a call for random bytes costs more than the bytes. */
function newJti(): string {
  if (used === pool.length) {
    pool = randomBytes(256 * JTI_BYTES);
    used = 0;
  }
  used += JTI_BYTES;
  return pool.toString("base64url", used - JTI_BYTES, used);
}

/** No identifier has a space in it. */
const identifiersOf = ({ resources: [first, ...others] }: Grant): readonly [string, ...string[]] => [
  first.identifier,
  ...others.map(({ identifier }) => identifier),
];

/** The claims of RFC 9068 §2.2: nothing but what was granted. */
function claimsOf(grant: Grant): AccessTokenClaims {
  const iat = Math.floor(grant.at.getTime() / 1000);
  const { client } = grant.client;
  const { clientId } = client;
  const status = statusOf(grant.issuer, client, iat);
  const [aud, ...others] = identifiersOf(grant);
  return {
    iss: grant.issuer.url,
    aud: others.length > 0 ? [aud, ...others] : aud,
    sub: grant.subject?.id ?? clientId,
    client_id: clientId,
    iat,
    exp: iat + grant.lifetime,
    // 128 bits: whoever guesses a jti could revoke it or collide with it.
    jti: newJti(),
    scope: printScope(grant.scope),
    ...(grant.binding.cnf && { cnf: grant.binding.cnf }),
    ...(status && { status }),
    ...(grant.subject?.actor && { act: grant.subject.actor }),
  };
}
