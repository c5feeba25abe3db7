import { isIP } from "node:net";

/** The kinds of names that a client's certificate may be known by, besides its subject (RFC 8705 §2.1.2). */
export type AlternativeName = "san_dns" | "san_uri" | "san_ip" | "san_email";

const kinds: Readonly<Record<string, AlternativeName>> = {
  DNS: "san_dns",
  URI: "san_uri",
  "IP Address": "san_ip",
  email: "san_email",
};

export type AlternativeNames = ReadonlyMap<AlternativeName, readonly string[]>;

/** An address in its one spelling; `undefined`: it is none. */
const address = (text: string): string | undefined => {
  const family = isIP(text);
  if (family === 0) return undefined;
  return family === 4 ? text : new URL(`http://[${text}]`).hostname.slice(1, -1);
};

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** A name in the form to compare; `undefined`: it is none of that kind. Only DNS names know no letter case. */
export function comparableName(kind: AlternativeName, text: string): string | undefined {
  switch (kind) {
    case "san_dns": {
      const name = text.toLowerCase();
      return name.length <= 253 && name.split(".").every((label) => LABEL.test(label)) ? name : undefined;
    }
    case "san_uri":
      return /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(text) ? text : undefined;
    case "san_ip":
      return address(text);
    case "san_email":
      return /^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/.test(text) ? text : undefined;
  }
}

const entry = /(?<kind>[A-Za-z ]+):(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^",]*))(?:, |$)/y;

/**
 * The names in Node's print of a certificate's alternative names, where what could be mistaken is quoted as in JSON.
 * A name that is odd counts as itself, unlike every other; a print that is not read to its end counts as no names.
 */
export function readAlternativeNames(text: string | undefined): AlternativeNames {
  const names = new Map<AlternativeName, string[]>();
  if (text === undefined) return names;
  entry.lastIndex = 0;
  while (entry.lastIndex < text.length) {
    const found = entry.exec(text)?.groups;
    if (!found) return new Map();
    const kind = kinds[found["kind"] ?? ""];
    if (kind === undefined) continue;
    const value = found["quoted"] === undefined ? (found["plain"] ?? "") : `"${found["quoted"]}"`;
    const known = names.get(kind) ?? [];
    names.set(kind, [...known, comparableName(kind, value) ?? `odd ${value}`]);
  }
  return names;
}
