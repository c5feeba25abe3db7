import type { TokenProblem } from "./failure.ts";
import { decodeUtf8 } from "./form.ts";
import { type JsonObject, type JsonProblem, parseJsonObject } from "./strict-json.ts";

/** Characters that are looked at. */
export const LENGTH_LIMIT = 16_384;
/** Members that are texts wherever they stand (RFC 7515 §4.1). */
const NAMES = ["alg", "kid", "typ"];
const PART = /^[A-Za-z0-9_-]+$/;
/** Members that would let the token choose its key or its meaning (RFC 7515 §4.1, RFC 7797). */
const FORBIDDEN_HEADERS: readonly string[] = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "zip"];

/** A JWS whose signature nobody has checked yet. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly signature: Uint8Array;
  readonly signed: Uint8Array;
}

/**
 * Reads a JWS in its compact form (RFC 7515 §7.1), strictly; nothing of it is to be believed before its signature is
 * checked with a key that is known otherwise.
 *
 * @param besides a member of the header that is not forbidden here
 */
export function readCompactJws(token: string, besides?: "jwk"): CompactJws | TokenProblem {
  if (token.length > LENGTH_LIMIT) return "too_long";
  const [first, second, third, more] = token.split(".");
  if (first === undefined || second === undefined || third === undefined || more !== undefined)
    return "not_three_parts";
  const signature = decodePart(third);
  if (signature === undefined) return "encoding";
  const header = decodeObject(first);
  if (typeof header === "string") return header;
  if (NAMES.some((name) => name in header && typeof header[name] !== "string")) return "header";
  if (FORBIDDEN_HEADERS.some((name) => name !== besides && name in header)) return "forbidden_header";
  const payload = decodeObject(second);
  if (typeof payload === "string") return payload;
  return { header, payload, signature, signed: Buffer.from(`${first}.${second}`, "latin1") };
}

/** base64url without padding and without stray bits: one token has one spelling (RFC 7515 §2). */
export function decodePart(part: string): Buffer | undefined {
  if (!PART.test(part)) return undefined;
  const bytes = Buffer.from(part, "base64url");
  return bytes.toString("base64url") === part ? bytes : undefined;
}

export function decodeObject(part: string): JsonObject | JsonProblem | "encoding" {
  const bytes = decodePart(part);
  const text = bytes && decodeUtf8(bytes);
  return typeof text === "string" ? parseJsonObject(text) : "encoding";
}
