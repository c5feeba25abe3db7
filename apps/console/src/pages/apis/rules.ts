/** What the server says of names, said here as a person types. The server decides. */

const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;

/** RFC 6749 §3.3. `undefined`: nothing is wrong. */
export function scopeProblem(name: string): string | undefined {
  if (name === "") return undefined;
  if (/\s/.test(name)) return "Spaces separate scopes, so a name cannot hold one.";
  if (!SCOPE.test(name)) return "Use printable ASCII without quotes and backslashes, such as orders:read.";
  return name.length > 128 ? "A scope has at most 128 characters." : undefined;
}

/** An absolute URI without fragment (RFC 8707 §2). */
export function identifierProblem(uri: string): string | undefined {
  if (uri === "") return undefined;
  if (uri.includes("#")) return "An identifier has no fragment: leave out # and what follows.";
  if (uri.length > 512) return "An identifier has at most 512 characters.";
  const web = /^https?:/i.test(uri);
  const authority = /^[^:]+:\/\//.test(uri);
  const url = authority ? URL.parse(uri) : null;
  const whole = authority ? url !== null && url.hostname !== "" && url.username === "" && url.password === "" : !web;
  return ABSOLUTE.test(uri) && whole
    ? undefined
    : "An identifier is an absolute URI, such as https://api.example.com/orders.";
}

export const nameProblem = (name: string): string | undefined =>
  name.trim().length > 100 ? "A name has at most 100 characters." : undefined;

/** One scope as it is being written. */
export interface Draft {
  readonly name: string;
  readonly description: string;
}

/** Lines of a paste as scopes: `name<tab or spaces>what it allows`; a list mark before the name is left out. */
export const draftsOf = (pasted: string): Draft[] =>
  pasted
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/^[-*•]\s+/, ""))
    .filter(Boolean)
    .map((line) => {
      const [, name = "", description = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
      return { name: name.replace(/[:,]$/, ""), description: description.replace(/^[-–:]\s*/, "") };
    });

/** The place of each name that stands there twice. */
export function repeated(drafts: readonly Draft[]): ReadonlySet<number> {
  const first = new Map<string, number>();
  const twice = new Set<number>();
  for (const [at, { name }] of drafts.entries()) {
    if (name === "") continue;
    if (first.has(name)) twice.add(at);
    else first.set(name, at);
  }
  return twice;
}
