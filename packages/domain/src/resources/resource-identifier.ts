import { z } from "zod";

const MAXIMUM = 512;

/** RFC 3986 §4.3: scheme, then unreserved, reserved and complete percent-encoded characters; no `#`. */
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;

const isAbsolute = (text: string): boolean => {
  if (!ABSOLUTE_URI.test(text)) return false;
  const hasAuthority = /^[^:]+:\/\//.test(text);
  const isWeb = /^https?:/i.test(text);
  if (!hasAuthority) return !isWeb;
  const url = URL.parse(text);
  return url !== null && url.hostname !== "" && url.username === "" && url.password === "";
};

/**
 * A resource identifier: an absolute URI without fragment (RFC 8707 §2), at most 512 characters, compared byte for byte.
 * Text outside ASCII is written percent-encoded, a host in punycode; `urn:` and the like are fine.
 */
export const identifier = z
  .string()
  .max(MAXIMUM, `An identifier has at most ${MAXIMUM} characters.`)
  .refine((text) => !text.includes("#"), {
    error: "An identifier has no fragment (RFC 8707, section 2): leave out # and what follows.",
    abort: true,
  })
  .refine(isAbsolute, "An identifier is an absolute URI, such as https://api.example.com/orders.");
