import { clients, tokenLog } from "@mintmark/db/schema";
import { recordedSentences } from "@mintmark/token-issuer";
import { and, eq, inArray, lt, min, type SQL, sql } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import {
  emptyPage,
  goingOnAfter,
  MOST_LOOKED_AT,
  newestFirst,
  type Page,
  type PageRequest,
  pageByAge,
} from "../paging.ts";
import { findWorkspace } from "../tenancy/workspace-row.ts";
import { keepable, type TokenLogFilter, tokenLogConditions } from "./token-log-filter.ts";

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

/** A page of the log. */
export interface TokenLogPage extends Page<TokenLogEntry> {
  /** How far back it was looked, where a search ended before the log's end; it goes on from the end cursor. */
  readonly lookedBackTo?: Date | undefined;
}

/**
 * The decisions of a workspace, newest first; empty where they may not be seen. A search looks through so many rows and no
 * more, however long the log is, and says how far it came.
 *
 * @param before only what was decided before that
 * @throws Refusal INVALID_INPUT for a bad page or a bad instant
 */
export async function listTokenLog(
  actor: Actor,
  workspaceId: string,
  page: PageRequest,
  filter: TokenLogFilter = {},
  before?: Date,
): Promise<TokenLogPage> {
  const { tx } = readerOf(actor);
  const cut = newestFirst({ createdAt: tokenLog.at, id: tokenLog.jti }, page);
  const place = await readablePlace(actor, workspaceId);
  if (!place) return emptyPage;
  const { led, looked } = tokenLogConditions(filter);
  const isThisToken = typeof filter.tokenId === "string" ? isId(tx, place.rows, filter.tokenId) : undefined;
  const here = and(place.rows, isThisToken, led, before && lt(tokenLog.at, before), cut.after);
  const [edge] = looked
    ? await tx
        .select({ at: tokenLog.at, id: tokenLog.jti })
        .from(tokenLog)
        .where(here)
        .orderBy(...cut.orderBy)
        .offset(MOST_LOOKED_AT - 1)
        .limit(1)
    : [];
  const rows = await entriesOf(tx)
    .where(and(here, edge && isNoOlderThan(edge), looked))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  const found = pageByAge(rows, cut);
  const named = { ...found, items: found.items.map(place.named) };
  if (!edge || found.hasNextPage) return named;
  return { ...goingOnAfter(named, [edge.at.getTime(), edge.id]), lookedBackTo: edge.at };
}

/** Rows from that one on. */
export const isNoOlderThan = ({ at, id }: { readonly at: Date; readonly id: string }): SQL =>
  sql`(${tokenLog.at}, ${tokenLog.jti}) >= (${at.toISOString()}::timestamptz, ${id})`;

/** The key begins with the day, and there are as many days as the workspace keeps. */
function isId(tx: Reader["tx"], rows: SQL | undefined, id: string): SQL | undefined {
  const oldest = tx
    .select({ at: min(tokenLog.at) })
    .from(tokenLog)
    .where(rows);
  const days = sql`(select generate_series((${oldest})::date - 1, current_date + 1, '1 day')::date)`;
  return and(inArray(tokenLog.day, days), eq(tokenLog.jti, keepable(id)));
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
  const [row] = await entriesOf(tx).where(and(place.rows, isId(tx, place.rows, id)));
  return row && place.named(row);
}

/** A workspace's rows, and how much of one this reader sees; `undefined` where none may be seen. */
export async function readablePlace(actor: Actor, workspaceId: string) {
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

/** Rows with the names that are shown beside them. */
export const entriesOf = (tx: Reader["tx"]) =>
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
