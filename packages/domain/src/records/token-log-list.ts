import { clients, tokenLog } from "@mintmark/db/schema";
import { recordedSentences } from "@mintmark/token-issuer";
import { and, eq, inArray, lt, min, sql } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import { emptyPage, newestFirst, type Page, type PageRequest, pageByAge } from "../paging.ts";
import { findWorkspace } from "../tenancy/workspace-row.ts";

/** One token decision, as people read it. */
export interface TokenLogEntry {
  /** The token's `jti`, or the correlation id where there is no token. */
  readonly id: string;
  readonly workspaceId: string;
  readonly at: Date;
  readonly outcome: "issued" | "refused";
  readonly correlationId: string;
  /** The client's own id, where one was found, and what the caller sent. */
  readonly client: string | null;
  /** That client's name as it is now; null when it is gone, or may not be seen. */
  readonly clientName: string | null;
  readonly clientId: string | null;
  readonly credentialId: string | null;
  readonly method: string | null;
  readonly resource: string | null;
  /** Space-separated. */
  readonly scope: string | null;
  readonly kid: string | null;
  readonly expiresAt: Date | null;
  readonly reason: string | null;
  readonly evidence: Readonly<Record<string, unknown>> | null;
  /** Reason and evidence in a sentence for whoever reads the log; null for a token. */
  readonly explanation: string | null;
  /** What the caller could read. */
  readonly told: string | null;
  /** How many equal refusals the row stands for. */
  readonly count: number;
  readonly address: string;
  readonly agent: string | null;
}

/** A NUL is kept in no row. */
const keepable = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

/**
 * The decisions of a workspace, newest first; empty where they may not be seen.
 *
 * @param filter `client`: the id (`cli_…`) of the one client that they are about; one of elsewhere has none here.
 *   `before`: only what was decided before that
 */
export async function listTokenLog(
  actor: Actor,
  workspaceId: string,
  page: PageRequest,
  filter: { readonly client?: string | undefined; readonly before?: Date } = {},
): Promise<Page<TokenLogEntry>> {
  const { tx } = readerOf(actor);
  const cut = newestFirst({ createdAt: tokenLog.at, id: tokenLog.jti }, page);
  const place = await readablePlace(actor, workspaceId);
  if (!place) return emptyPage;
  const rows = await entriesOf(tx)
    .where(
      and(
        place.rows,
        filter.client === undefined ? undefined : eq(tokenLog.client, keepable(filter.client)),
        filter.before && lt(tokenLog.at, filter.before),
        cut.after,
      ),
    )
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  const found = pageByAge(rows, cut);
  return { ...found, items: found.items.map(place.named) };
}

/**
 * One decision of a workspace.
 *
 * @param id the token's `jti`, or the correlation id of a refusal
 * @returns `undefined` where there is none, or it may not be seen
 */
export async function findTokenLogEntry(
  actor: Actor,
  workspaceId: string,
  id: string,
): Promise<TokenLogEntry | undefined> {
  const { tx } = readerOf(actor);
  const place = await readablePlace(actor, workspaceId);
  if (!place) return undefined;
  // The key begins with the day, and there are as many days as the workspace keeps.
  const oldest = tx
    .select({ at: min(tokenLog.at) })
    .from(tokenLog)
    .where(place.rows);
  const days = sql`(select generate_series((${oldest})::date - 1, current_date + 1, '1 day')::date)`;
  const [row] = await entriesOf(tx).where(and(inArray(tokenLog.day, days), eq(tokenLog.jti, keepable(id)), place.rows));
  return row && place.named(row);
}

/** A workspace's rows, and how much of one this reader sees; `undefined` where none may be seen. */
async function readablePlace(actor: Actor, workspaceId: string) {
  const { tx, tenantId } = readerOf(actor);
  const workspace = await findWorkspace(tx, tenantId, workspaceId);
  if (!workspace || !mayRead(actor, "token-log:read", { workspaceId, kind: workspace.kind })) return undefined;
  const isNamed = mayRead(actor, "client:read", { workspaceId, kind: workspace.kind });
  return {
    rows: and(eq(tokenLog.tenantId, tenantId), eq(tokenLog.workspaceId, workspaceId)),
    named: ({ createdAt, clientName, ...entry }: EntryRow): TokenLogEntry => ({
      ...entry,
      ...sentencesOf(entry),
      clientName: isNamed ? clientName : null,
      at: createdAt,
    }),
  };
}

function sentencesOf({ reason, evidence }: Pick<EntryRow, "reason" | "evidence">) {
  const sentences = reason === null ? undefined : recordedSentences(reason, evidence ?? {});
  return { explanation: sentences?.operator ?? null, told: sentences?.caller ?? null };
}

type EntryRow = Awaited<ReturnType<typeof entriesOf>>[number];

const entriesOf = (tx: Reader["tx"]) =>
  tx
    .select({
      id: tokenLog.jti,
      createdAt: tokenLog.at,
      workspaceId: tokenLog.workspaceId,
      outcome: tokenLog.outcome,
      correlationId: tokenLog.correlationId,
      client: tokenLog.client,
      clientName: clients.name,
      clientId: tokenLog.clientId,
      credentialId: tokenLog.credentialId,
      method: tokenLog.method,
      resource: tokenLog.resource,
      scope: tokenLog.scope,
      kid: tokenLog.kid,
      expiresAt: tokenLog.expiresAt,
      reason: tokenLog.reason,
      evidence: tokenLog.evidence,
      count: tokenLog.count,
      address: tokenLog.address,
      agent: tokenLog.agent,
    })
    .from(tokenLog)
    .leftJoin(clients, and(eq(clients.tenantId, tokenLog.tenantId), eq(clients.id, tokenLog.client)));
