/** One attribute of a name: its type in lower case, its value without escapes. */
type Attribute = readonly [type: string, value: string];
/** A relative name: mostly one attribute. */
type Rdn = readonly Attribute[];

/** What people write for what OpenSSL prints. */
const ALIASES: Readonly<Record<string, string>> = {
  e: "emailaddress",
  email: "emailaddress",
  s: "st",
  surname: "sn",
  "2.5.4.3": "cn",
  "2.5.4.5": "serialnumber",
  "2.5.4.6": "c",
  "2.5.4.7": "l",
  "2.5.4.8": "st",
  "2.5.4.10": "o",
  "2.5.4.11": "ou",
  "0.9.2342.19200300.100.1.1": "uid",
  "0.9.2342.19200300.100.1.25": "dc",
  "1.2.840.113549.1.9.1": "emailaddress",
};

const TYPE = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)$/;

/** Cuts at a separator that no backslash takes away. */
function cutAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") part += text.slice(at, ++at + 1);
    else if (text.startsWith(separator, at)) {
      parts.push(part);
      part = "";
      at += separator.length - 1;
    } else part += text[at];
  }
  return [...parts, part];
}

/** A value without its escapes (RFC 4514 §3: a character, or the bytes of UTF-8 in hexadecimal); `undefined`: it is none. */
function unescaped(text: string): string | undefined {
  if (/^#/.test(text) || /(?:^|[^\\])(?:\\\\)*\\$/.test(text)) return undefined;
  const bytes: Buffer[] = [];
  for (const [piece, hex, character] of text.matchAll(/\\([0-9a-f]{2})|\\(.)|[^\\]+/gisu))
    bytes.push(hex === undefined ? Buffer.from(character ?? piece) : Buffer.from(hex, "hex"));
  const value = Buffer.concat(bytes).toString("utf8");
  return value.includes("\ufffd") ? undefined : value;
}

/** Spaces at the ends say nothing unless they are escaped (RFC 4514 §2.4). By hand: a pattern would take its time over many. */
function bare(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === " ") start++;
  while (end > start && text[end - 1] === " " && !isEscaped(text, end - 1)) end--;
  return text.slice(start, end);
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}

function attributeOf(text: string): Attribute | undefined {
  const equals = text.indexOf("=");
  if (equals < 0) return undefined;
  const type = text.slice(0, equals).trim().toLowerCase();
  const value = unescaped(bare(text.slice(equals + 1)));
  return TYPE.test(type) && value !== undefined ? [ALIASES[type] ?? type, value] : undefined;
}

/** The name in the one form in which names are kept and compared: RFC 4514, most specific first, every doubt escaped. */
function printed(rdns: readonly Rdn[]): string {
  const escaped = (value: string) => value.replace(/\p{Cc}/gu, hexOf).replace(/[,+"\\<>;=#]|^ | $/g, "\\$&");
  const rdn = (attributes: Rdn) => attributes.map(([type, value]) => `${type}=${escaped(value)}`).toSorted();
  return rdns.map((attributes) => rdn(attributes).join("+")).join(",");
}

const hexOf = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");

const whole = (attributes: readonly (Attribute | undefined)[]): Rdn | undefined =>
  attributes.length > 0 && attributes.every((attribute) => attribute !== undefined) ? (attributes as Rdn) : undefined;

function nameOf(rdns: readonly (Rdn | undefined)[]): string | undefined {
  return rdns.length > 0 && rdns.every((rdn) => rdn !== undefined) ? printed(rdns as Rdn[]) : undefined;
}

/** A name that somebody wrote (RFC 4514), in the form to compare; `undefined`: it is none. Letter case of values counts. */
export function readDistinguishedName(text: string): string | undefined {
  const rdn = (part: string) => whole(cutAt(part, "+").map(attributeOf));
  return text.trim() === "" ? undefined : nameOf(cutAt(text.replace(/[\r\n]+$/, ""), ",").map(rdn));
}

/**
 * The subject of a certificate in the same form, from the lines that Node prints of it: most general first, an attribute a
 * line, values escaped as in RFC 2253, line ends too, so that no value can pass for an attribute.
 */
export function readSubjectLines(lines: string): string | undefined {
  const rdn = (line: string) => whole(cutAt(line, " + ").map(attributeOf));
  return lines === "" ? undefined : nameOf(lines.split("\n").toReversed().map(rdn));
}
