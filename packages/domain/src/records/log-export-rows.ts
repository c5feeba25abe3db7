import type { logExports } from "@mintmark/db/schema";
import type { Actor } from "../change/actor.ts";
import { type AuditEntry, listAuditEntries } from "../change/audit-log.ts";
import { LARGEST_PAGE, type Page, type PageRequest } from "../paging.ts";
import { maySeeExport } from "./log-export.ts";
import type { ExportRow } from "./log-export-format.ts";
import { listTokenLog, type TokenLogEntry } from "./token-log-list.ts";

type ExportOrder = Pick<typeof logExports.$inferSelect, "id" | "workspaceId" | "log" | "filter" | "createdAt">;

const auditRow = (entry: AuditEntry): ExportRow => ({
  type: entry.type,
  title: entry.type,
  isRefused: entry.outcome === "refused",
  columns: {
    at: entry.at,
    type: entry.type,
    outcome: entry.outcome,
    actor: entry.actor,
    actorName: entry.actorName,
    clientName: entry.clientName,
    resourceName: entry.resourceName,
    address: entry.address ?? null,
    agent: entry.agent ?? null,
    correlationId: entry.correlationId,
    sequence: entry.sequence,
    id: entry.id,
    body: entry.body,
  },
});

const tokenRow = (entry: TokenLogEntry): ExportRow => ({
  type: `token.${entry.outcome}`,
  title: entry.explanation ?? "token issued",
  isRefused: entry.outcome === "refused",
  columns: {
    at: entry.at,
    outcome: entry.outcome,
    reason: entry.reason,
    explanation: entry.explanation,
    client: entry.client,
    clientName: entry.clientName,
    clientId: entry.clientId,
    credentialId: entry.credentialId,
    method: entry.method,
    resource: entry.resource,
    scope: entry.scope,
    kid: entry.kid,
    expiresAt: entry.expiresAt,
    count: entry.count,
    address: entry.address,
    agent: entry.agent,
    correlationId: entry.correlationId,
    id: entry.id,
    evidence: entry.evidence,
  },
});

/** One page of what was asked for, newest first, and never what came after it was asked for; empty for who may not see it. */
export async function exportPage(actor: Actor, order: ExportOrder, page: PageRequest): Promise<Page<ExportRow>> {
  const { workspaceId, filter, createdAt } = order;
  if (order.log === "tokens") {
    const { client: clientId, tokenOutcome: outcome, ...others } = filter;
    const found = await listTokenLog(actor, workspaceId, page, { ...others, clientId, outcome } as never, createdAt);
    return { ...found, items: found.items.map(tokenRow) };
  }
  const ends = filter["to"] === undefined || Date.parse(filter["to"]) > createdAt.getTime();
  const upTo = ends ? { to: createdAt.toISOString() } : {};
  const found = await listAuditEntries(actor, workspaceId, page, { ...filter, ...upTo } as never);
  return { ...found, items: found.items.map(auditRow) };
}

/** The pages of what was asked for, one after the other. `actorNow` is asked before each: who has lost the power gets no more. */
export async function* exportPages(
  actorNow: () => Promise<Actor | undefined>,
  order: ExportOrder,
): AsyncGenerator<readonly ExportRow[]> {
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const actor = await actorNow();
    // A file that ends early must not look whole.
    if (!actor || !(await maySeeExport(actor, order.id))) throw new Error("the caller may not see the log any more");
    const page = await exportPage(actor, order, { first: LARGEST_PAGE, after });
    if (page.items.length > 0) yield page.items;
    after = page.hasNextPage ? page.endCursor : undefined;
  }
}
