import { mapExchange } from "urql";

/** The member of a payload that holds what is shown once; the schema calls it so everywhere. */
const MEMBER = "secret";

const taken = new Map<number, unknown>();

/** Takes the shown-once members out of an answer, in place: what is left may be kept by anybody. */
export function takeOut(data: Record<string, unknown> | null | undefined): unknown {
  let found: unknown = null;
  for (const payload of Object.values(data ?? {})) {
    if (typeof payload !== "object" || payload === null || !(MEMBER in payload)) continue;
    const holder = payload as Record<string, unknown>;
    found ??= holder[MEMBER];
    holder[MEMBER] = null;
  }
  return found;
}

/** Stands between the cache and the server, and keeps secrets from everything but the one caller who asked. */
export const shownOnceExchange = mapExchange({
  onResult: (result) => {
    if (result.operation.kind !== "mutation") return;
    const secret = takeOut(result.data);
    if (secret !== null) taken.set(result.operation.key, secret);
  },
});

/** Hands over what the answer to this operation held; only the first asker gets it. */
export function collectShownOnce(key: number): unknown {
  const secret = taken.get(key) ?? null;
  taken.delete(key);
  return secret;
}
