import type { Zone } from "../../format.ts";
import { dayStart } from "./view.ts";

/** The filter of the token log as it stands in the address. Dates are whole days, `2026-11-22`. */
export interface TokenSearch {
  /** Words: IDs, an address, scopes, an API. What each is its form says. */
  readonly q?: string | undefined;
  readonly outcome?: string | undefined;
  readonly reason?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

type Kind =
  | "clientId"
  | "sentClientId"
  | "credentialId"
  | "correlationId"
  | "tokenId"
  | "address"
  | "resource"
  | "scope";

const FORMS: readonly (readonly [form: RegExp, kind: Kind])[] = [
  [/^client_id:/, "sentClientId"],
  [/^req_/, "correlationId"],
  [/^cli_/, "clientId"],
  [/^(sec|key|crt|fed|tok|ptk)_/, "credentialId"],
  [/^\d+(\.\d+){3}$|^[\da-f]*:[\da-f.]*:[\da-f:.]*$/i, "address"],
  [/^(https?|urn):/, "resource"],
  [/^[\w-]{22}$/, "tokenId"],
  [/:/, "scope"],
];

/** What a word of a search names. Pure. */
export const kindOf = (word: string): Kind => FORMS.find(([form]) => form.test(word))?.[1] ?? "sentClientId";

/** The word for what was sent as client_id, which may look like anything. */
export const sentAs = (clientId: string): string => `client_id:${clientId}`;

const wordsOf = (q: string | undefined): readonly string[] => q?.split(/\s+/).filter(Boolean) ?? [];

/** The search with one more word, in the place of one of its kind. Pure. */
export const withWord = (q: string | undefined, word: string): string =>
  [...wordsOf(q).filter((other) => kindOf(other) !== kindOf(word)), word].join(" ");

/** The filter as the server takes it. Of two words of one kind the later one counts. */
export const tokenFilterOf = (search: TokenSearch, zone: Zone) => {
  const named: Partial<Record<Kind, string>> = {};
  for (const word of wordsOf(search.q)) named[kindOf(word)] = word.replace(/^client_id:/, "");
  const outcome = search.outcome === "ISSUED" || search.outcome === "REFUSED" ? search.outcome : null;
  return {
    ...named,
    outcome: outcome as "ISSUED" | "REFUSED" | null,
    reason: search.reason || null,
    from: dayStart(search.from, zone),
    to: dayStart(search.to, zone, 1),
  };
};

export const isTokenFiltered = (search: TokenSearch): boolean =>
  [search.q, search.outcome, search.reason, search.from, search.to].some(Boolean);
