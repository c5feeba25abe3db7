import { importRows } from "@mintmark/db/schema";
import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { targetOf } from "../living-row.ts";
import { emptyPage, LARGEST_PAGE, lowestLineFirst, type Page, type PageRequest, pageByLine } from "../paging.ts";
import type { ExportRow } from "../records/log-export-format.ts";
import { livingImport } from "./import.ts";
import type { ImportFormat } from "./import-file.ts";

/** What became of one line. */
export interface ImportedRow {
  readonly line: number;
  /** What the line called its client. */
  readonly name: string;
  /** The client that was made; null where the line was refused. */
  readonly clientId: string | null;
  /** What that client sends as `client_id`. */
  readonly oauthClientId: string | null;
  /** Why it was refused, and what to do. */
  readonly code: string | null;
  readonly problem: string | null;
  readonly fix: string | null;
}

type Outcome = "made" | "refused";

const isOutcome = (outcome: Outcome | undefined) =>
  outcome && (outcome === "made" ? isNotNull(importRows.clientId) : isNull(importRows.clientId));

async function rowsOf(actor: Actor, importId: string, page: PageRequest, outcome: Outcome | undefined) {
  const { tx, tenantId } = readerOf(actor);
  const cut = lowestLineFirst(importRows.line, page);
  const isOfImport = and(eq(importRows.tenantId, tenantId), eq(importRows.importId, importId));
  const rows = await tx
    .select()
    .from(importRows)
    .where(and(isOfImport, isOutcome(outcome), cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  return pageByLine(rows, cut);
}

/** What became of a file's lines, in their order; empty where it may not be seen. */
export async function listImportedRows(
  actor: Actor,
  importId: string,
  page: PageRequest,
  outcome?: Outcome,
): Promise<Page<ImportedRow>> {
  const job = await livingImport(readerOf(actor), importId);
  if (!job || !mayRead(actor, "client:read", targetOf(job))) return emptyPage;
  const found = await rowsOf(actor, importId, page, outcome);
  return { ...found, items: found.items.map(({ tenantId, importId, sealedSecret, ...row }) => row) };
}

/** The report of an import as a file: in its own format. */
export interface ImportReport {
  readonly id: string;
  readonly format: ImportFormat;
}

/** The report that the actor may fetch: it holds the sealed secrets, so it needs what making them needs. */
export async function findImportReport(actor: Actor, importId: string): Promise<ImportReport | undefined> {
  const job = await livingImport(readerOf(actor), importId);
  return job && mayRead(actor, "client-secret:write", targetOf(job)) ? { id: job.id, format: job.format } : undefined;
}

const reported = (row: typeof importRows.$inferSelect): ExportRow => ({
  type: "",
  title: "",
  isRefused: row.clientId === null,
  columns: {
    line: row.line,
    outcome: row.clientId === null ? "refused" : "made",
    name: row.name,
    clientId: row.oauthClientId,
    id: row.clientId,
    sealedSecret: row.sealedSecret,
    code: row.code,
    problem: row.problem,
    fix: row.fix,
  },
});

/** The report, part by part. `actorNow` is asked before each: who has lost the power gets no more. */
export async function* importReportPages(
  actorNow: () => Promise<Actor | undefined>,
  { id }: ImportReport,
): AsyncGenerator<readonly ExportRow[]> {
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const actor = await actorNow();
    // A file that ends early must not look whole.
    if (!actor || !(await findImportReport(actor, id))) throw new Error("the caller may not see the report any more");
    const page = await rowsOf(actor, id, { first: LARGEST_PAGE, after }, undefined);
    if (page.items.length > 0) yield page.items.map(reported);
    after = page.hasNextPage ? page.endCursor : undefined;
  }
}
