import type { Failure, FormProblem } from "./failure.ts";
import { isFailure } from "./failure.ts";
import { BODY_LIMIT, cut, headerValues, type IssuerRequest } from "./request.ts";

/** Parameters of one form; an empty value counts as absent (RFC 6749 §3.2). */
export interface Form {
  /** The parameter's one value, or `undefined` when absent or empty. */
  get(name: string): string | undefined;
  /** All non-empty values, for the parameters that may repeat (RFC 8707 §2). */
  all(name: string): readonly string[];
}

const PARAMETER_LIMIT = 100;
const REPEATABLE: ReadonlySet<string> = new Set(["resource", "audience"]);
const NONE: readonly string[] = [];
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a POSTed form, strictly: everything a careless reader would guess at is refused (RFC 6749 §3.2, Appendix B). */
export function readForm(request: IssuerRequest): Form | Failure {
  const [contentType = "", second] = headerValues(request, "content-type");
  if (second !== undefined || !FORM_TYPE.test(contentType)) {
    return { reason: "wrong_content_type", contentType: cut(contentType) };
  }
  const [contentEncoding = "identity"] = headerValues(request, "content-encoding");
  if (contentEncoding.toLowerCase() !== "identity") {
    return { reason: "encoded_content", contentEncoding: cut(contentEncoding) };
  }
  if (request.body === "too-large" || request.body.length > BODY_LIMIT) {
    return { reason: "body_too_large", limit: BODY_LIMIT };
  }
  return parseForm(request.body);
}

/** Parses `application/x-www-form-urlencoded` bytes. Repeats are refused but for `resource` and `audience`. */
export function parseForm(body: Uint8Array): Form | Failure {
  const text = decodeUtf8(body);
  return isFailure(text) ? text : parseParameters(text, REPEATABLE);
}

/** Parses a query; nothing may repeat. */
export const parseQuery = (query: string): Form | Failure => parseParameters(query, new Set());

function parseParameters(text: string, repeatable: ReadonlySet<string>): Form | Failure {
  const values = new Map<string, string[]>();
  let start = 0;
  for (let count = 1; start < text.length; count++) {
    if (count > PARAMETER_LIMIT) return { reason: "too_many_parameters", limit: PARAMETER_LIMIT };
    const end = indexOr(text, "&", start, text.length);
    const equals = Math.min(indexOr(text, "=", start, end), end);
    const name = decodeComponent(text.slice(start, equals));
    const value = decodeComponent(text.slice(equals + 1, end));
    if (isFailure(name)) return name;
    if (isFailure(value)) return value;
    const known = values.get(name);
    if (known && !repeatable.has(name)) return { reason: "duplicated_parameter", parameter: cut(name) };
    if (known) known.push(value);
    else values.set(name, [value]);
    start = end + 1;
  }
  return {
    get: (name) => values.get(name)?.[0] || undefined,
    all: (name) => values.get(name)?.filter((value) => value !== "") ?? NONE,
  };
}

function indexOr(text: string, character: string, from: number, otherwise: number): number {
  const index = text.indexOf(character, from);
  return index === -1 ? otherwise : index;
}

/** Undoes form encoding of one name or value (RFC 6749 Appendix B). */
export function decodeComponent(text: string): string | Failure {
  if (text.includes("\0")) return malformed("nul");
  if (!text.includes("%")) return text.includes("+") ? text.replaceAll("+", " ") : text;
  if (BROKEN_ESCAPE.test(text)) return malformed("percent_encoding");
  try {
    const decoded = decodeURIComponent(text.replaceAll("+", " "));
    return decoded.includes("\0") ? malformed("nul") : decoded;
  } catch {
    return malformed("utf8");
  }
}

/** Strict UTF-8: a replacement character would let two different secrets or ids look equal. */
export function decodeUtf8(bytes: Uint8Array): string | Failure {
  try {
    return utf8.decode(bytes);
  } catch {
    return malformed("utf8");
  }
}

const malformed = (problem: FormProblem): Failure => ({ reason: "malformed_form", problem });
