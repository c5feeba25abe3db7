import { nameOf, type SignedIn } from "../authority/principal.ts";
import type { Failure, FailureCode } from "../failure.ts";
import { inTurn } from "../turns.ts";
import { type AuditContext, adminWorkspaceOf, writeAudit } from "./audit.ts";
import { lockShards } from "./change-feed.ts";
import type { Installation } from "./handle.ts";

/** Failures that say somebody tried what they may not; a mistyped input is nobody's audit row. */
const audited: ReadonlySet<FailureCode> = new Set(["FORBIDDEN", "WORKSPACE_CLOSED", "WRONG_API", "MORE_THAN_HELD"]);

const ROWS_A_MINUTE = 10;
const MINUTE_MS = 60_000;

/** Equal refusals: the same principal, mutation and reasons. */
interface Flood {
  minute: number;
  /** Written in that minute. */
  rows: number;
  /** Those that no row stands for yet. */
  pending: number;
  /** Writes a row for the latest, and says how many went unwritten before it. */
  write: (uncounted: number) => Promise<void>;
}

const floods = new Map<string, Flood>();
let minuteEnd: NodeJS.Timeout | undefined;

function floodOf(key: string, minute: number): Flood {
  if (floods.size > 10_000)
    for (const [other, flood] of floods) if (flood.pending === 0 && flood.minute !== minute) floods.delete(other);
  const flood = floods.get(key) ?? { minute, rows: 0, pending: 0, write: async () => {} };
  if (flood.minute !== minute) Object.assign(flood, { minute, rows: 0 });
  floods.set(key, flood);
  return flood;
}

async function writeRow(flood: Flood): Promise<void> {
  const { pending } = flood;
  flood.pending = 0;
  try {
    await flood.write(pending - 1);
  } catch (error) {
    flood.pending += pending;
    throw error;
  }
}

/** Writes what was only counted so far. At the end of each minute with a flood, and before the pool closes. */
export async function writeCountedRefusals(): Promise<void> {
  clearTimeout(minuteEnd);
  minuteEnd = undefined;
  // What cannot be written now stays counted, for the next row.
  await Promise.allSettled([...floods.values()].filter(({ pending }) => pending > 0).map(writeRow));
}

/** Writes a row for one of equal refusals, or only counts it while there is a flood of them. */
export async function countRefusal(key: string, at: Date, write: Flood["write"]): Promise<void> {
  const flood = floodOf(key, Math.floor(at.getTime() / MINUTE_MS));
  flood.pending++;
  flood.write = write;
  if (flood.rows >= ROWS_A_MINUTE) {
    minuteEnd ??= setTimeout(() => void writeCountedRefusals(), MINUTE_MS - (at.getTime() % MINUTE_MS)).unref();
    return;
  }
  flood.rows++;
  await writeRow(flood);
}

/** Audits a refused act in a transaction of its own; a flood of equal ones is counted, not stored one by one. */
export async function recordRefusal(
  actor: Omit<AuditContext, "actor" | "at"> & { readonly installation: Installation },
  principal: SignedIn,
  mutation: string,
  failures: readonly Failure[],
): Promise<void> {
  // Of several things at once each may be refused for the same reason.
  const codes = [...new Set(failures.map((failure) => failure.code).filter((code) => audited.has(code)))];
  if (codes.length === 0) return;
  const { tenantId } = principal;
  const at = actor.installation.now();
  const key = [tenantId, nameOf(principal), mutation, ...codes].join(" ");
  await countRefusal(key, at, (uncounted) =>
    inTurn(tenantId, () =>
      actor.installation.database.transaction(async (tx) => {
        await lockShards(tx, [tenantId]);
        const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
        const context = { ...actor, actor: nameOf(principal), at };
        await writeAudit(tx, chain, context, { type: "act.refused", mutation, codes, uncounted });
      }),
    ),
  );
}
