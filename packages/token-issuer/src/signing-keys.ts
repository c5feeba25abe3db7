import { createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { JWK } from "jose";
import { jwkThumbprint } from "./jwk-thumbprint.ts";
import type { Client, Issuer, SigningAlgorithm, SigningKey } from "./store.ts";

/** A key's state; it follows from the key's instants and `now` alone, so that replicas agree without talking. */
export type SigningKeyState = "planned" | "next" | "active" | "retiring" | "removed" | "revoked";

/** What decides a key's state. */
export type KeyInstants = Pick<SigningKey, "publishAt" | "activateAt" | "retireAt" | "removeAt" | "revokedAt">;

/** What a key is at `now`. `planned`: not even published. */
export function signingKeyState(key: KeyInstants, now: Date): SigningKeyState {
  const passed = (instant: Date | undefined) => instant !== undefined && instant <= now;
  if (passed(key.revokedAt)) return "revoked";
  if (passed(key.removeAt)) return "removed";
  if (passed(key.retireAt)) return "retiring";
  if (!passed(key.publishAt)) return "planned";
  return passed(key.activateAt) ? "active" : "next";
}

/** Whether verifiers may see the key: published, not removed, not revoked (RFC 7517 §5). */
export function isPublished(key: SigningKey, now: Date): boolean {
  const state = signingKeyState(key, now);
  return state === "next" || state === "active" || state === "retiring";
}

/** When the JWK Set last changed: a key came, left or was revoked. The same on every server, since it follows from time. */
export function keySetChangedAt(keys: readonly KeyInstants[], now: Date): Date {
  const instants = keys.flatMap(({ publishAt, removeAt, revokedAt }) => [publishAt, removeAt, revokedAt]);
  const passed = instants.filter((instant) => instant !== undefined && instant <= now);
  return new Date(Math.max(0, ...passed.map(Number)));
}

/** Which algorithm is wanted, and which one signs while its first key waits. */
export type AlgorithmChoice = Pick<Client, "signingAlgorithm" | "signingAlgorithmBefore">;

/**
 * The key that signs at `now`: the active one of the client's algorithm, where it has one of its own, or of the issuer's;
 * else the former algorithm's, still active while the new one waits; else one that should have retired but has no
 * successor and outlives the token.
 *
 * @param client whose token it is; left out: the issuer's own documents, and opaque tokens
 */
export function chooseSigningKey(
  issuer: Issuer,
  now: Date,
  lifetime: number,
  client?: AlgorithmChoice,
): SigningKey | undefined {
  const end = now.getTime() + lifetime * 1000;
  let chosen: SigningKey | undefined;
  for (const key of issuer.keys) {
    if (key.activateAt === undefined || key.activateAt > now) continue;
    const state = signingKeyState(key, now);
    const outlives = key.removeAt === undefined || key.removeAt.getTime() >= end;
    if (state !== "active" && !(state === "retiring" && outlives)) continue;
    if (chosen === undefined || rank(key, now, issuer, client) > rank(chosen, now, issuer, client)) chosen = key;
  }
  return chosen;
}

/** Active before retiring, then the algorithm, then the latest: an instant in milliseconds is below 10^14. */
function rank(key: SigningKey, now: Date, issuer: Issuer, client: AlgorithmChoice | undefined): number {
  const active = signingKeyState(key, now) === "active" ? 5 : 0;
  return (active + preference(key.alg, issuer, client)) * 1e14 + (key.activateAt?.getTime() ?? 0);
}

/** The client's own algorithm, the one that it had before, then the issuer's two. */
function preference(alg: SigningAlgorithm, issuer: Issuer, client: AlgorithmChoice | undefined): number {
  if (client?.signingAlgorithm !== undefined) {
    if (alg === client.signingAlgorithm) return 4;
    if (alg === client.signingAlgorithmBefore) return 3;
  }
  if (alg === issuer.signingAlgorithm) return 2;
  return alg === issuer.signingAlgorithmBefore ? 1 : 0;
}

/** A fresh key pair, as one keeps it: the private part is PKCS #8 DER, to be wrapped before it rests anywhere. */
export interface GeneratedSigningKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** Public members with `kid`, `alg` and `use`. */
  readonly publicJwk: JWK;
  readonly privateKey: Buffer;
}

const generate = promisify(generateKeyPair);

/** Makes a key pair for an algorithm: P-256, Ed25519, or RSA with 2,048 bits (RFC 7518 §3.3-3.5, RFC 8037). */
export async function generateSigningKey(alg: SigningAlgorithm): Promise<GeneratedSigningKey> {
  const privateKey = await generatePrivateKey(alg);
  const jwk = createPublicKey(privateKey).export({ format: "jwk" }) as JWK;
  const kid = jwkThumbprint(jwk);
  return {
    kid,
    alg,
    publicJwk: publicMembers({ ...jwk, kid, alg }),
    privateKey: privateKey.export({ format: "der", type: "pkcs8" }),
  };
}

async function generatePrivateKey(alg: SigningAlgorithm): Promise<KeyObject> {
  switch (alg) {
    case "ES256":
      return (await generate("ec", { namedCurve: "P-256" })).privateKey;
    case "EdDSA":
      return (await generate("ed25519")).privateKey;
    case "PS256":
    case "RS256":
      return (await generate("rsa", { modulusLength: 2048 })).privateKey;
  }
}

const PUBLIC_MEMBERS = ["kty", "crv", "x", "y", "n", "e", "kid", "alg"] as const;

/** A JWK cut down to what may be published: a private member that slipped in must not leave. */
export function publicMembers(jwk: JWK): JWK {
  const members = PUBLIC_MEMBERS.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]);
  return { ...Object.fromEntries(members), use: "sig" };
}
