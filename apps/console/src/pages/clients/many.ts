import type { Failure } from "../../server/ask.ts";
import { sentence } from "../../server/ask.ts";
import type { ListedClient } from "./documents.ts";
import { words } from "./text.ts";

/** Clients that one act takes. */
export const MOST = 200;
/** Reasons that a question has room for. */
const SHOWN = 3;

const DAY = 86_400_000;

/** How many of them asked for a token in the last day. */
export const busyOf = (clients: readonly ListedClient[], now: number): number =>
  clients.filter(({ summary }) => summary?.lastUsedAt && now - Date.parse(summary.lastUsedAt) < DAY).length;

/** Why an act on some clients was refused: each by its name, the first few of them. Pure. */
export function refusalOf(failures: readonly Failure[], clients: readonly ListedClient[]): string {
  const reasons = failures.map((failure) => {
    const [member, at] = failure.path;
    const name = member === "ids" ? clients[Number(at)]?.name : undefined;
    return name === undefined ? sentence(failure) : `${name}: ${sentence(failure)}`;
  });
  const more = reasons.length - SHOWN;
  return [words.many.nothing, ...reasons.slice(0, SHOWN), ...(more > 0 ? [words.many.others(String(more))] : [])].join(
    " ",
  );
}
