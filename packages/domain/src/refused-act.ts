import { type AuditContext, adminWorkspaceOf, writeAudit } from "./audit.ts";
import { lockShards } from "./change-feed.ts";
import type { Failure, FailureCode } from "./failure.ts";
import type { Installation } from "./handle.ts";
import { nameOf, type SignedIn } from "./principal.ts";
import { inTurn } from "./turns.ts";

/** Failures that say somebody tried what they may not; a mistyped input is nobody's audit row. */
const audited: ReadonlySet<FailureCode> = new Set(["FORBIDDEN", "WORKSPACE_CLOSED", "WRONG_API", "MORE_THAN_HELD"]);

const ROWS_A_MINUTE = 10;
const floods = new Map<string, { minute: number; rows: number; uncounted: number }>();

/** Counts an equal refusal; answers how many went unwritten before this one, or `undefined` when this one is only counted. */
function admit(key: string, minute: number): number | undefined {
  const seen = floods.get(key);
  if (seen?.minute === minute && seen.rows >= ROWS_A_MINUTE) {
    seen.uncounted++;
    return undefined;
  }
  if (floods.size > 10_000) floods.clear();
  floods.set(key, { minute, rows: seen?.minute === minute ? seen.rows + 1 : 1, uncounted: 0 });
  return seen?.uncounted ?? 0;
}

/** Audits a refused act in a transaction of its own; a flood of equal ones is counted, not stored one by one. */
export async function recordRefusal(
  actor: Omit<AuditContext, "actor" | "at"> & { readonly installation: Installation },
  principal: SignedIn,
  mutation: string,
  failures: readonly Failure[],
): Promise<void> {
  const codes = failures.map((failure) => failure.code).filter((code) => audited.has(code));
  if (codes.length === 0) return;
  const { tenantId } = principal;
  const at = actor.installation.now();
  const uncounted = admit(
    [tenantId, nameOf(principal), mutation, ...codes].join(" "),
    Math.floor(at.getTime() / 60_000),
  );
  if (uncounted === undefined) return;
  const write = () =>
    actor.installation.database.transaction(async (tx) => {
      await lockShards(tx, [tenantId]);
      const chain = { tenantId, workspaceId: await adminWorkspaceOf(tx, tenantId) };
      const context = { ...actor, actor: nameOf(principal), at };
      await writeAudit(tx, chain, context, { type: "act.refused", mutation, codes, uncounted });
    });
  await inTurn(tenantId, write);
}
