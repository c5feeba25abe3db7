import { createPublicKey, type KeyObject } from "node:crypto";
import type { JWK } from "jose";
import { jwkThumbprint } from "../jwk-thumbprint.ts";
import { algorithmNamed, algorithmsOf } from "./find-key.ts";

/** Why a text is not a public key that a client may register. */
export type PublicKeyProblem = "private" | "unreadable" | "kind" | "size" | "kid";

/** A public key, cut down to its public members. */
export interface ReadPublicKey {
  /** Its own `kid`, or its RFC 7638 thumbprint. */
  readonly kid: string;
  readonly publicJwk: JWK;
  /** RFC 7638, by which two spellings of one key are one. */
  readonly thumbprint: string;
}

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/** Longer ones, and great exponents, cost a check more than a hundred of the usual kind. */
const RSA_BITS = { least: 2048, most: 4096 };
const MOST_EXPONENT = 0xffff_ffffn;
/** Printable ASCII: it stands in logs, in lists and in headers. */
const KID = /^[\x20-\x7e]{1,255}$/;

/** Reads a public key as a JWK (RFC 7517) in JSON, or in PEM: P-256, Ed25519, or RSA of 2,048 to 4,096 bits. */
export function readPublicKey(text: string): ReadPublicKey | PublicKeyProblem {
  const isJson = text.trimStart().startsWith("{");
  const given = isJson ? readJwkText(text) : readPem(text);
  return typeof given === "string" ? given : readKey(given);
}

/** The same of a JWK that stands in somebody's JSON. */
export function readPublicJwk(jwk: Readonly<Record<string, unknown>>): ReadPublicKey | PublicKeyProblem {
  const given = readJwk(jwk);
  return typeof given === "string" ? given : readKey(given);
}

function readKey({ key, named }: Given): ReadPublicKey | PublicKeyProblem {
  const jwk = exported(key);
  if (!jwk || algorithmsOf(jwk).length === 0) return "kind";
  if (!hasUsualSize(key)) return "size";
  const thumbprint = jwkThumbprint(jwk);
  const { kid = thumbprint, alg } = named;
  if (typeof kid !== "string" || !KID.test(kid)) return "kid";
  if (alg === undefined) return { kid, thumbprint, publicJwk: jwk };
  const only = algorithmNamed(alg);
  return only && algorithmsOf(jwk).includes(only) ? { kid, thumbprint, publicJwk: { ...jwk, alg: only } } : "kind";
}

function hasUsualSize({ asymmetricKeyDetails }: KeyObject): boolean {
  const { modulusLength, publicExponent } = asymmetricKeyDetails ?? {};
  if (modulusLength === undefined || publicExponent === undefined) return true;
  const isUsualExponent = publicExponent > 2n && publicExponent % 2n === 1n && publicExponent <= MOST_EXPONENT;
  return modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most && isUsualExponent;
}

/** Nothing where JWK knows no such key. */
function exported(key: KeyObject): JWK | undefined {
  try {
    return key.export({ format: "jwk" }) as JWK;
  } catch {
    return undefined;
  }
}

interface Given {
  readonly key: KeyObject;
  readonly named: { readonly kid?: unknown; readonly alg?: unknown };
}

function readJwkText(text: string): Given | PublicKeyProblem {
  try {
    return readJwk(JSON.parse(text) as Record<string, unknown>);
  } catch {
    return "unreadable";
  }
}

function readJwk(jwk: Readonly<Record<string, unknown>>): Given | PublicKeyProblem {
  if (PRIVATE_MEMBERS.some((name) => name in jwk)) return "private";
  try {
    return { key: createPublicKey({ key: jwk as JWK, format: "jwk" }), named: { kid: jwk["kid"], alg: jwk["alg"] } };
  } catch {
    return typeof jwk["kty"] === "string" ? "kind" : "unreadable";
  }
}

function readPem(text: string): Given | PublicKeyProblem {
  // Before it is read: Node would take the public half of it.
  if (/PRIVATE KEY/.test(text)) return "private";
  try {
    return { key: createPublicKey(text), named: {} };
  } catch {
    return "unreadable";
  }
}
