import { auditEvents, clients, formerMembers, initialAccessTokens, members } from "@mintmark/db/schema";
import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import type { WorkspaceTarget } from "../authority/permission.ts";
import { nounOf } from "../id.ts";
import { livingWorkspace } from "../living-row.ts";
import {
  emptyPage,
  goingOnAfter,
  highestFirst,
  MOST_LOOKED_AT,
  type Page,
  type PageRequest,
  pageBySequence,
} from "../paging.ts";
import { type Actor, mayRead, readerOf } from "./actor.ts";
import type { AuditEvent } from "./audit-event.ts";
import { type AuditFilter, aboutClient, aboutResource, auditCondition, type NamesSeen } from "./audit-filter.ts";
import type { Reader } from "./handle.ts";

/** One line of a workspace's audit log. */
export interface AuditEntry {
  readonly id: string;
  readonly workspaceId: string;
  /** Its place in the workspace's chain, from 1 without gaps. */
  readonly sequence: number;
  readonly at: Date;
  readonly type: AuditEvent["type"];
  readonly outcome: "done" | "refused";
  /** A client's internal id, a member's id, an initial access token's id, `cli` or `server`. */
  readonly actor: string;
  /** The client's, member's or token's name as it is now; null when they are gone, and for `cli` and `server`. */
  readonly actorName: string | null;
  /** The name, as it is now, of the client that it is about; null when there is none, it is gone, or may not be seen. */
  readonly clientName: string | null;
  /** The same of the resource. */
  readonly resourceName: string | null;
  readonly correlationId: string;
  /** What the event says besides its type. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Undefined once the personal part was erased. */
  readonly address: string | undefined;
  readonly agent: string | undefined;
  /** The number of its change in the tenant's feed; null where nothing configured changed. */
  readonly feedNumber: number | null;
}

const textIn = (personal: Readonly<Record<string, unknown>> | null, key: string): string | undefined => {
  const value = personal?.[key];
  return typeof value === "string" ? value : undefined;
};

const namesSeen = (actor: Actor, workspace: WorkspaceTarget): NamesSeen => ({
  clients: mayRead(actor, "client:read", workspace),
  resources: mayRead(actor, "resource:read", workspace),
});

interface Found {
  readonly row: typeof auditEvents.$inferSelect;
  readonly actorName: string | null;
  readonly clientName: string | null;
  readonly resourceName: string | null;
}

const entryOf = ({ row, actorName, clientName, resourceName }: Found, seen: NamesSeen): AuditEntry => ({
  id: row.id,
  workspaceId: row.workspaceId,
  sequence: row.sequence,
  at: row.at,
  type: row.type as AuditEvent["type"],
  outcome: row.outcome,
  actor: row.actor,
  actorName,
  clientName: seen.clients ? clientName : null,
  resourceName: seen.resources ? resourceName : null,
  correlationId: row.correlationId,
  body: row.body,
  address: textIn(row.personal, "address"),
  agent: textIn(row.personal, "agent"),
  feedNumber: row.feedNumber,
});

const isToken = and(
  eq(initialAccessTokens.tenantId, auditEvents.tenantId),
  eq(initialAccessTokens.id, auditEvents.actor),
);

const isFormer = and(eq(formerMembers.tenantId, auditEvents.tenantId), eq(formerMembers.id, auditEvents.actor));

/** Entries with the names of who acted and of what it is about. */
const selectEntries = ({ tx }: Reader) =>
  tx
    .select({
      row: auditEvents,
      actorName: sql<string | null>`coalesce(${members.displayName}, ${clients.name}, ${initialAccessTokens.name},
        ${formerMembers.displayName})`,
      clientName: aboutClient.name,
      resourceName: aboutResource.name,
    })
    .from(auditEvents)
    .leftJoin(members, and(eq(members.tenantId, auditEvents.tenantId), eq(members.id, auditEvents.actor)))
    .leftJoin(clients, and(eq(clients.tenantId, auditEvents.tenantId), eq(clients.id, auditEvents.actor)))
    .leftJoin(formerMembers, isFormer)
    .leftJoin(initialAccessTokens, isToken)
    .leftJoin(aboutClient, isAbout(aboutClient, "clientId"))
    .leftJoin(aboutResource, isAbout(aboutResource, "resourceId"));

/** The thing that the event names in that member; only of the entry's own workspace, whose readers may see it. */
const isAbout = (table: typeof aboutClient | typeof aboutResource, member: "clientId" | "resourceId") =>
  and(
    eq(table.tenantId, auditEvents.tenantId),
    eq(table.workspaceId, auditEvents.workspaceId),
    sql`${table.id} = ${auditEvents.body} ->> ${member}`,
  );

/** A page of the log. */
export interface AuditPage extends Page<AuditEntry> {
  /** How far back it was looked, where a search ended before the log's end; it goes on from the end cursor. */
  readonly lookedBackTo?: Date | undefined;
}

/**
 * A workspace's audit log, newest first; empty where it may not be seen. Tenant-wide acts are in the admin workspace's.
 * A search looks through so many entries and no more, however long the log is, and says how far it came.
 *
 * @throws Refusal INVALID_INPUT for a bad page or a bad instant
 */
export async function listAuditEntries(
  actor: Actor,
  workspaceId: string,
  page: PageRequest,
  filter: AuditFilter = {},
): Promise<AuditPage> {
  const cut = highestFirst(auditEvents.sequence, page);
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "audit:read", workspace)) return emptyPage;
  const wanted = auditCondition(filter, namesSeen(actor, workspace));
  const here = and(inChain(read, workspaceId), cut.after);
  const [edge] = wanted
    ? await read.tx
        .select({ sequence: auditEvents.sequence, at: auditEvents.at })
        .from(auditEvents)
        .where(here)
        .orderBy(...cut.orderBy)
        .offset(MOST_LOOKED_AT - 1)
        .limit(1)
    : [];
  const rows = await selectEntries(read)
    .where(and(here, edge && gte(auditEvents.sequence, edge.sequence), wanted))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  const found = pageBySequence(
    rows.map((row) => entryOf(row, namesSeen(actor, workspace))),
    cut,
  );
  return edge && !found.hasNextPage ? { ...goingOnAfter(found, [edge.sequence]), lookedBackTo: edge.at } : found;
}

const inChain = ({ tenantId }: Reader, workspaceId: string): SQL | undefined =>
  and(eq(auditEvents.tenantId, tenantId), eq(auditEvents.workspaceId, workspaceId));

/** Which entries of a chain, beside those that a filter wants. */
interface Part {
  readonly within: SQL | undefined;
  readonly orderBy: SQL;
  readonly limit: number;
}

/** So many entries of a part of a workspace's audit log; none where it may not be seen. */
export async function auditEntriesOf(
  actor: Actor,
  workspaceId: string,
  filter: AuditFilter,
  { within, orderBy, limit }: Part,
): Promise<readonly AuditEntry[]> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "audit:read", workspace)) return [];
  const seen = namesSeen(actor, workspace);
  const rows = await selectEntries(read)
    .where(and(inChain(read, workspaceId), within, auditCondition(filter, seen)))
    .orderBy(orderBy)
    .limit(limit);
  return rows.map((found) => entryOf(found, seen));
}

/** The newest entries of a workspace's audit log that fulfil a condition; none where it may not be seen. */
export const auditEntriesWhere = (
  actor: Actor,
  workspaceId: string,
  condition: SQL | undefined,
  limit: number,
): Promise<readonly AuditEntry[]> =>
  auditEntriesOf(actor, workspaceId, {}, { within: condition, orderBy: desc(auditEvents.sequence), limit });

/** One entry by its id, or `undefined` where there is none that the actor may see. */
export async function getAuditEntry(actor: Actor, id: string): Promise<AuditEntry | undefined> {
  if (nounOf(id) !== "auditEvent") return undefined;
  const read = readerOf(actor);
  const isIt = and(eq(auditEvents.tenantId, read.tenantId), eq(auditEvents.id, id));
  const [found] = await selectEntries(read).where(isIt);
  const workspace = found && (await livingWorkspace(read, found.row.workspaceId));
  if (!workspace || !mayRead(actor, "audit:read", workspace)) return undefined;
  return entryOf(found, namesSeen(actor, workspace));
}
