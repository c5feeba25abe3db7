import { createHash, randomBytes } from "node:crypto";

/** Without I, L, O and U, so that nobody mistakes one character for another (Crockford's base 32). */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 28;

/**
 * A code that is used once: 140 random bits, or five for each character. Only its digest is kept; a slow hash is for what
 * people choose.
 */
export function newOneTimeCode(length = LENGTH): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte & 31]).join("");
}

/** For a person to copy from a screen: groups of four. */
export const grouped = (code: string): string => code.match(/.{4}/g)?.join("-") ?? code;

/** SHA-256 of a code; how it was typed (small letters, dashes, spaces) does not matter. */
export const digestOfCode = (typed: string): Buffer =>
  createHash("sha256").update(typed.toUpperCase().replace(/[\s-]/g, "")).digest();
