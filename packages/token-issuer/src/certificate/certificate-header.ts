import { MOST_BETWEEN } from "./certificate-path.ts";
import { LONGEST_CERTIFICATE } from "./client-certificate.ts";

/** Characters of a header at most: a certificate in base64, every sixth character escaped. */
const LONGEST = LONGEST_CERTIFICATE * 2;
/** RFC 9651 §3.3.5; what stands between the colons is base64 with its padding, which may be left out. */
const byteSequence = /^ *:([A-Za-z0-9+/]*={0,2}): *$/;
const pem = /^-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;

/**
 * The certificate in a header of a reverse proxy, as DER: the byte sequence of RFC 9440 §2.1, or PEM with escapes as nginx
 * writes `$ssl_client_escaped_cert`. `undefined`: neither.
 */
export function readCertificateHeader(value: string): Uint8Array | undefined {
  if (value.length > LONGEST) return undefined;
  const sequence = byteSequence.exec(value)?.[1];
  if (sequence !== undefined) return strictBase64(sequence);
  if (!value.startsWith("-----BEGIN%20CERTIFICATE-----")) return undefined;
  const inside = pem.exec(unescapedText(value) ?? "")?.[1];
  return inside === undefined ? undefined : strictBase64(inside.replaceAll(/\s/g, ""));
}

/**
 * The certificates in between in a header of a reverse proxy, as DER: the list of byte sequences of RFC 9440 §2.3, empty where
 * it holds nothing; of a longer list those that come first. `undefined`: it is no such list.
 */
export function readCertificateChainHeader(value: string): readonly Uint8Array[] | undefined {
  if (value.trim() === "") return [];
  if (value.length > LONGEST * MOST_BETWEEN) return undefined;
  // No base64 has a comma in it.
  const items = value.split(",", MOST_BETWEEN);
  const read = items.map((item) => {
    const sequence = byteSequence.exec(item.replaceAll("\t", " "))?.[1];
    return sequence === undefined ? undefined : strictBase64(sequence);
  });
  return read.every((certificate) => certificate !== undefined) ? read : undefined;
}

function unescapedText(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Node's own decoder takes anything: one text has one meaning here, and one certificate one text. */
function strictBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  const bare = text.replace(/=+$/, "");
  if (bytes.length === 0 || bytes.toString("base64").replace(/=+$/, "") !== bare) return undefined;
  return text === bare || text.length % 4 === 0 ? bytes : undefined;
}
