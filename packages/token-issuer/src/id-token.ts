import { findKey } from "./client-auth/find-key.ts";
import { RemoteKeySets } from "./client-auth/remote-key-sets.ts";
import type { Clock } from "./clock.ts";
import { type CompactJws, readCompactJws } from "./compact-jws.ts";
import type { FetchDocument, KeySetProblem } from "./document.ts";
import type { JsonObject } from "./strict-json.ts";

/** What an ID token must say to whoever asked for it. */
export interface ExpectedIdToken {
  /** The provider, byte for byte. */
  readonly issuer: string;
  /** Whom it was asked for by. */
  readonly clientId: string;
  /** What was sent along with the question. */
  readonly nonce: string;
}

/** Who signed in somewhere else, as their provider said it and as it was checked. */
export interface IdToken {
  /** Never given to anybody else by this issuer. */
  readonly subject: string;
  /** What the provider asserts; nobody is found by it. */
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly name: string | undefined;
  /** When the person last proved who they are, where the provider says so. */
  readonly authTime: Date | undefined;
}

/** Why an ID token is not believed. */
export type IdTokenProblem =
  | "malformed"
  | "kind"
  | "algorithm"
  | "unknown_key"
  | "issuer"
  | "audience"
  | "authorized_party"
  | "subject"
  | "expired"
  | "early"
  | "old"
  | "nonce";

/** How far another server's clock may be ahead, in seconds. */
const SKEW_S = 60;
/** An ID token is read as soon as it is made; an older one was kept by somebody. Seconds. */
const OLDEST_S = 600;
/** OpenID Connect Core 1.0 §2: at most 255 ASCII characters. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;
const ALGORITHMS: ReadonlySet<unknown> = new Set(["ES256", "EdDSA", "Ed25519", "PS256", "RS256"]);

/**
 * What is wrong with the claims (OpenID Connect Core 1.0 §3.1.3.7). Pure. Its audience is this client and nobody else: no
 * other one is trusted here.
 */
export function idTokenProblem(claims: JsonObject, expected: ExpectedIdToken, now: Date): IdTokenProblem | undefined {
  const { iss, aud, azp, sub, exp, iat, nbf, nonce } = claims;
  const seconds = now.getTime() / 1000;
  const audience = Array.isArray(aud) ? aud : [aud];
  if (iss !== expected.issuer) return "issuer";
  if (audience.length !== 1 || audience[0] !== expected.clientId) return "audience";
  if (azp !== undefined && azp !== expected.clientId) return "authorized_party";
  if (typeof sub !== "string" || !SUBJECT.test(sub)) return "subject";
  if (!isInstant(exp) || exp <= seconds) return "expired";
  if (nbf !== undefined && (!isInstant(nbf) || nbf > seconds + SKEW_S)) return "early";
  if (!isInstant(iat) || iat > seconds + SKEW_S) return "early";
  if (iat < seconds - OLDEST_S) return "old";
  return nonce === expected.nonce ? undefined : "nonce";
}

const isInstant = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value > 0;

/** What is wrong with its header, before any key is looked for. */
function headerProblem({ typ, alg }: CompactJws["header"]): IdTokenProblem | undefined {
  // A provider's tokens of other kinds are signed by the same keys (RFC 8725 §3.11).
  if (typ !== undefined && !/^(?:application\/)?jwt$/i.test(String(typ))) return "kind";
  return ALGORITHMS.has(alg) ? undefined : "algorithm";
}

/** Reads ID tokens of other people's providers, with the keys that those publish. */
export class IdTokenReader {
  readonly #keySets: RemoteKeySets;
  readonly #clock: Clock;

  constructor(fetchDocument: FetchDocument, clock: Clock) {
    this.#keySets = new RemoteKeySets(fetchDocument, clock);
    this.#clock = clock;
  }

  /**
   * Checks a token and its signature. Never rejects.
   *
   * @param place the tenant whose provider this is: what one does with an address says nothing to another
   */
  async read(
    token: string,
    { place, jwksUri }: { readonly place: string; readonly jwksUri: string },
    expected: ExpectedIdToken,
  ): Promise<IdToken | { readonly problem: IdTokenProblem } | { readonly keys: KeySetProblem }> {
    const jws = readCompactJws(token);
    if (typeof jws === "string") return { problem: "malformed" };
    const wrong = headerProblem(jws.header);
    if (wrong) return { problem: wrong };
    const keys = await this.#keySets.find({ tenantId: place }, { jwksUri }, jws);
    if (typeof keys === "string") return { keys };
    const now = this.#clock.now();
    const always = { notBefore: now, expiresAt: undefined, revokedAt: undefined };
    const living = keys.map((key) => ({ ...key, id: key.kid, ...always }));
    if (findKey(living, jws, now).state !== "live") return { problem: "unknown_key" };
    const problem = idTokenProblem(jws.payload, expected, now);
    return problem ? { problem } : idTokenOf(jws.payload);
  }
}

function idTokenOf(claims: JsonObject): IdToken {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const { auth_time: authTime } = claims;
  return {
    subject: String(claims["sub"]),
    email: text(claims["email"]),
    // Some providers write it as text.
    emailVerified: claims["email_verified"] === true || claims["email_verified"] === "true",
    name: text(claims["name"]),
    authTime: isInstant(authTime) ? new Date(authTime * 1000) : undefined,
  };
}
