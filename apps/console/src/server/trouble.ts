import type { CombinedError } from "urql";
import { text } from "../text.ts";
import type { Failure } from "./ask.ts";

/** A request that failed as a whole, in the shape of every other failure. */
export interface Trouble {
  readonly failure: Failure;
  readonly correlationId: string | undefined;
}

const word = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Reads the server's top-level errors, or the network's. The code is `UNREACHABLE` when nothing answered. */
export function trouble(error: CombinedError): Trouble {
  const [first] = error.graphQLErrors;
  if (first) {
    const { code, fix, correlationId } = first.extensions;
    const failure = { code: word(code) ?? "UNKNOWN", message: first.message, fix: word(fix) ?? "", path: [] };
    return { failure, correlationId: word(correlationId) };
  }
  const offline = { code: "UNREACHABLE", message: text.error.offline, fix: text.error.offlineTodo, path: [] };
  return { failure: offline, correlationId: undefined };
}
