import { z } from "zod";

/**
 * A scope's name: RFC 6749 §3.3, `1*( %x21 / %x23-5B / %x5D-7E )`, at most 128 characters. A space would split it in
 * two, a quote or backslash would leave the quoted string of `WWW-Authenticate`.
 */
export const scopeName = z
  .string()
  .min(1, "A scope's name has at least one character.")
  .max(128, "A scope's name has at most 128 characters.")
  .regex(
    /^[\x21\x23-\x5B\x5D-\x7E]*$/,
    "A scope's name has printable ASCII characters without space, quote and backslash.",
  );
