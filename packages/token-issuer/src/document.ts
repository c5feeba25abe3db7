import type { JsonObject } from "./strict-json.ts";

/** Why a document at somebody else's address could not be had. */
export type DocumentProblem =
  | "address"
  | "not_public"
  | "certificate"
  | "unreachable"
  | "slow"
  | "redirect"
  | "status"
  | "type"
  | "too_large"
  | "json";

/** Why the keys at an address could not be had: the document's problem, or what it says; `busy`: too many are being fetched. */
export type KeySetProblem = DocumentProblem | "issuer_differs" | "no_keys" | "busy";

/** A document that could not be had now. What was sent instead is nowhere in it. */
export class DocumentUnavailable extends Error {
  override readonly name = "DocumentUnavailable";
  readonly problem: DocumentProblem;
  constructor(address: string, problem: DocumentProblem, options?: ErrorOptions) {
    super(`${address} could not be read: ${problem}`, options);
    this.problem = problem;
  }
}

/**
 * Gets a JSON object by its https address: the one way in which the issuer reaches out. Whoever gives it guards where it
 * leads, follows no redirects, and bounds time and size.
 *
 * @throws DocumentUnavailable
 */
export type FetchDocument = (address: string) => Promise<JsonObject>;

/** Whether the issuer may be sent there: https, printable ASCII, no user, no fragment. Where it leads is judged at each use. */
export function isHttpsAddress(text: string): boolean {
  const url = text.length <= 2048 && /^https:\/\/[\x21-\x7e]+$/.test(text) && !text.includes("#") && URL.parse(text);
  return url ? url.username === "" && url.password === "" : false;
}
