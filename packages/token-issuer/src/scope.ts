import type { Failure } from "./failure.ts";
import { cut } from "./request.ts";

/** Scope names without repeats, in the order given. */
export type ScopeSet = ReadonlySet<string>;

// scope = scope-token *( SP scope-token ), scope-token = 1*( %x21 / %x23-5B / %x5D-7E )   RFC 6749 §3.3
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** Reads a `scope` parameter; repeats collapse, case counts (RFC 6749 §3.3). */
export function parseScope(text: string): ScopeSet | Failure {
  return SCOPE.test(text) ? new Set(text.split(" ")) : { reason: "malformed_scope", scope: cut(text) };
}

/** Prints a set as a `scope` value, sorted so that equal sets look equal. */
export const printScope = (scope: Iterable<string>): string => [...scope].sort().join(" ");

/** What stands in both. */
export function intersectScopes(one: ScopeSet, other: ScopeSet): ScopeSet {
  return new Set([...one].filter((name) => other.has(name)));
}

/** What stands in `wanted` and not in `held`. */
export const missingScopes = (wanted: ScopeSet, held: ScopeSet): string[] =>
  [...wanted].filter((name) => !held.has(name));
