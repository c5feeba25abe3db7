import { BoundedCache } from "@mintmark/token-issuer";
import type { Installation, Reader } from "../change/handle.ts";

/** What time and use alone change may be so old, in milliseconds. */
const KEPT_MS = 2_000;
/** Answers kept at once. */
const MOST = 1_000;

interface Kept {
  readonly feedNumber: number;
  readonly until: number;
  readonly value: Promise<unknown>;
}

const answersOf = new WeakMap<Installation["database"], BoundedCache<Kept>>();

/**
 * What costs a look at all clients of a workspace, asked once for each state of the tenant: a list that is searched letter
 * by letter asks for the same again and again. Its reader must have been judged.
 *
 * @param name what is asked, and of which workspace
 */
export function onceForEachState<T>(
  { installation, tenantId }: Reader,
  name: string,
  ask: () => Promise<T>,
): Promise<T> {
  const { database, feedNumber } = installation;
  if (!feedNumber) return ask();
  const answers = answersOf.get(database) ?? new BoundedCache<Kept>(MOST);
  answersOf.set(database, answers);
  const key = `${tenantId} ${name}`;
  const now = performance.now();
  const current = feedNumber(tenantId);
  const known = answers.get(key);
  if (known && known.feedNumber === current && known.until > now) return known.value as Promise<T>;
  const value = ask();
  answers.set(key, { feedNumber: current, until: now + KEPT_MS, value });
  value.catch(() => answers.delete(key));
  return value;
}
