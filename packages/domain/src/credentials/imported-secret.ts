import { createHash } from "node:crypto";
import { z } from "zod";

const SHORTEST = 32;
/** A random text of 32 characters has more than this of different ones, even of hexadecimal digits. */
const FEWEST_DIFFERENT = 8;

/** How salted and slow hashes look where they are kept. Their value cannot be looked up by what a client sends. */
const FOREIGN_HASHES: readonly (readonly [RegExp, string])[] = [
  [/^\$2[abxy]?\$/, "bcrypt"],
  [/^\$argon2/i, "argon2"],
  [/^\$(scrypt|7|y|gy)\$|^scrypt[:$]/i, "scrypt or yescrypt"],
  [/^\$?pbkdf2/i, "PBKDF2"],
  [/^\$(1|5|6|apr1|sha1|md5)\$/i, "a crypt(3) hash"],
  [/^\{[A-Za-z0-9.+_-]{2,20}\}/, "an LDAP password hash"],
  [/^(bcrypt|bcrypt_sha256|argon2)[:$]/i, "a slow password hash"],
  [/^(md5|sha1|sha256|sha512)[:$][^:$]*[:$]/i, "a salted hash"],
];

const foreignHash = (text: string): string | undefined => FOREIGN_HASHES.find(([form]) => form.test(text))?.[1];

const refuseForeignHash = (text: string, context: z.RefinementCtx): boolean => {
  const kind = foreignHash(text.trim());
  if (kind === undefined) return false;
  const message = `This looks like ${kind}: salted and slow hashes cannot be imported, because a token request would have to try each one. Give the value itself, or its plain SHA-256.`;
  context.addIssue({ code: "custom", message });
  return true;
};

/** What import needs of a secret: its SHA-256, in hexadecimal, and what its owner recognises it by. */
export interface ImportedSecret {
  readonly sha256: string;
  readonly hint: string;
}

/** RFC 6749 appendix A.2: `client-secret = *VSCHAR`. Only the hash leaves this parser. */
export const importedValue = z.string().transform((text, context): ImportedSecret => {
  const problem = (message: string) => context.addIssue({ code: "custom", message });
  if (!refuseForeignHash(text, context)) {
    if (text.length < SHORTEST) problem(`A secret to import has at least ${SHORTEST} characters.`);
    else if (text.length > 512) problem("A secret to import has at most 512 characters.");
    else if (!/^[\x20-\x7E]*$/.test(text))
      problem("A secret has printable ASCII characters only (RFC 6749, appendix A.2).");
    else if (new Set(text).size < FEWEST_DIFFERENT)
      problem("This secret repeats a few characters and could be guessed. Import a random one.");
  }
  return { sha256: createHash("sha256").update(text).digest("hex"), hint: text.slice(-4) };
});

/** An unsalted SHA-256 as 64 hexadecimal digits or 43 characters of base64url. */
const sha256 = z.string().transform((text, context): ImportedSecret => {
  if (/^[0-9A-Fa-f]{64}$/.test(text)) return fromHash(Buffer.from(text, "hex"));
  const bytes = Buffer.from(text.slice(0, 64), "base64url");
  if (/^[0-9A-Za-z_-]{43}$/.test(text) && bytes.toString("base64url") === text) return fromHash(bytes);
  if (!refuseForeignHash(text, context))
    context.addIssue({
      code: "custom",
      message: "This is no SHA-256: give 64 hexadecimal digits or 43 characters of base64url, without salt or prefix.",
    });
  return fromHash(bytes);
});

/** The value is not known, so its end cannot be the hint: the hash's end is, and says so. */
const fromHash = (bytes: Buffer): ImportedSecret => {
  const hex = bytes.toString("hex");
  return { sha256: hex, hint: `sha256:${hex.slice(-4)}` };
};

/** The members that bring a secret along; exactly one is given. */
export const importedSecret = { value: importedValue.nullish(), sha256: sha256.nullish() };

/** The one that was given. */
export const givenSecret = (input: {
  readonly value?: ImportedSecret | null | undefined;
  readonly sha256?: ImportedSecret | null | undefined;
}): ImportedSecret | undefined =>
  input.value && input.sha256 ? undefined : (input.value ?? input.sha256 ?? undefined);
