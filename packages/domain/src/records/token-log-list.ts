import { clients, tokenLog } from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
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
 * @param filter `client`: the id (`cli_…`) of the one client that they are about; one of elsewhere has none here
 */
export async function listTokenLog(
  actor: Actor,
  workspaceId: string,
  page: PageRequest,
  filter: { readonly client?: string | undefined } = {},
): Promise<Page<TokenLogEntry>> {
  const { tx, tenantId } = readerOf(actor);
  const cut = newestFirst({ createdAt: tokenLog.at, id: tokenLog.jti }, page);
  const workspace = await findWorkspace(tx, tenantId, workspaceId);
  if (!workspace || !mayRead(actor, "token-log:read", { workspaceId, kind: workspace.kind })) return emptyPage;
  const rows = await tx
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
    .leftJoin(clients, and(eq(clients.tenantId, tokenLog.tenantId), eq(clients.id, tokenLog.client)))
    .where(
      and(
        eq(tokenLog.tenantId, tenantId),
        eq(tokenLog.workspaceId, workspaceId),
        filter.client === undefined ? undefined : eq(tokenLog.client, keepable(filter.client)),
        cut.after,
      ),
    )
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  const isNamed = mayRead(actor, "client:read", { workspaceId, kind: workspace.kind });
  const found = pageByAge(rows, cut);
  const named = ({ createdAt, clientName, ...entry }: (typeof rows)[number]): TokenLogEntry => ({
    ...entry,
    clientName: isNamed ? clientName : null,
    at: createdAt,
  });
  return { ...found, items: found.items.map(named) };
}
