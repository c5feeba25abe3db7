import { accounts, passkeys, sessions, twoFactors, users, verifications } from "@mintmark/db/schema";
import { z } from "zod";
import { name } from "../input.ts";

/** The tables that the sign-in library keeps, by the names it has for them. */
export const signInTables = {
  user: users,
  session: sessions,
  account: accounts,
  verification: verifications,
  passkey: passkeys,
  twoFactor: twoFactors,
};

export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;

/** An e-mail address as accounts are kept: in small letters. */
export const email = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .pipe(
    z
      .email("This is no e-mail address; write it like you@example.com.")
      .max(254, "An e-mail address has at most 254 characters."),
  );

/** A password as a person chose it: it is not trimmed, and no kinds of characters are asked for (NIST SP 800-63B §3.1.1). */
export const password = z
  .string()
  .min(SHORTEST_PASSWORD, `A password has at least ${SHORTEST_PASSWORD} characters.`)
  .max(LONGEST_PASSWORD, `A password has at most ${LONGEST_PASSWORD} characters.`);

/** Somebody who has no account yet. */
export const newPerson = { name, email, password };

const isNotTheirEmail = (person: { readonly email?: string | undefined; readonly password?: string | undefined }) =>
  person.password === undefined || person.password.toLowerCase() !== person.email;

/** Refuses the first password that anybody would try. */
export const withoutObviousPassword = <T extends { email?: string | undefined; password?: string | undefined }>(
  schema: z.ZodType<T>,
): z.ZodType<T> =>
  schema.refine(isNotTheirEmail, { message: "The password is the e-mail address.", path: ["password"] });

/** Makes what is stored of a password: argon2id, in the server. */
export type HashPassword = (password: string) => Promise<string>;
