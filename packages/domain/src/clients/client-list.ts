import { clientGrantScopes, clientGrants, clients } from "@mintmark/db/schema";
import {
  and,
  count,
  countDistinct,
  eq,
  ilike,
  inArray,
  isNotNull,
  isNull,
  max,
  ne,
  notExists,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import type { Reader } from "../change/handle.ts";
import { everyCredential } from "../credentials/credentials.ts";
import { livingRows, livingWorkspace, targetOf } from "../living-row.ts";
import { emptyPage, type Page, type PageRequest, pageSorted, type Sort, sorted } from "../paging.ts";
import { EXPIRING_DAYS } from "../tenancy/workspace-counts.ts";
import { type Client, clientOf } from "./client-row.ts";
import { isGrantedAt } from "./living-grant.ts";
import { onceForEachState } from "./once-for-each-state.ts";

/** What a list of clients may be narrowed to. The three about credentials look at active clients only. */
export type ClientState =
  | "active"
  | "disabled"
  /** Not approved yet, or refused. */
  | "waiting"
  | "never_used"
  | "credential_expiring"
  | "credential_expired";

export interface ClientFilter {
  /** Part of a name or of a client id, or an id. */
  readonly search?: string | undefined;
  readonly state?: ClientState | undefined;
}

/** By what a list of clients is sorted. Clients never used are the least recently used. */
export type ClientSort = Sort<"created" | "name" | "last_used">;

/** A list of clients, and how many there are in all its pages. */
export interface ClientPage extends Page<Client> {
  readonly count: () => Promise<number>;
}

/** What is known of all credentials of one client of the workspace, in one row a client. */
function credentialUse(read: Reader, workspaceId: string) {
  const all = everyCredential(read);
  return read.tx
    .select({
      clientId: all.clientId,
      lastUsedAt: max(all.lastUsedAt).as("last_used_at"),
      /** The end of the one that lives longest, revoked ones aside; 'infinity' is never, null that there is none. */
      endsAt: sql<string | null>`max(coalesce(${all.expiresAt}, 'infinity'))
        filter (where ${all.revokedAt} is null)`.as("ends_at"),
    })
    .from(all)
    .where(and(eq(all.tenantId, read.tenantId), eq(all.workspaceId, workspaceId)))
    .groupBy(all.clientId)
    .as("credential_use");
}
type CredentialUse = ReturnType<typeof credentialUse>;

/** Part of a name, or of what the client sends, or its id. */
function matches(search: string): SQL | undefined {
  const text = search.replaceAll("\0", "").slice(0, 255);
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return or(ilike(clients.name, pattern), ilike(clients.clientId, pattern), eq(clients.id, text));
}

const isActive = and(eq(clients.status, "active"), eq(clients.approval, "approved"));
const isWaiting = and(eq(clients.status, "active"), ne(clients.approval, "approved"));

function isInState(state: ClientState, { endsAt, lastUsedAt }: CredentialUse, now: Date): SQL | undefined {
  const at = sql`${now.toISOString()}::timestamptz`;
  const soon = sql`${at} + ${`${EXPIRING_DAYS} days`}::interval`;
  switch (state) {
    case "active":
      return isActive;
    case "disabled":
      return eq(clients.status, state);
    case "waiting":
      return isWaiting;
    case "never_used":
      return and(isActive, isNull(lastUsedAt));
    case "credential_expiring":
      return and(isActive, sql`${endsAt} > ${at} and ${endsAt} <= ${soon}`);
    case "credential_expired":
      return and(isActive, sql`${endsAt} <= ${at}`);
  }
}

const ofCredentials: readonly ClientState[] = ["never_used", "credential_expiring", "credential_expired"];

const inWorkspace = (read: Reader, workspaceId: string) =>
  and(eq(clients.tenantId, read.tenantId), eq(clients.workspaceId, workspaceId));

const byAge: ClientSort = { by: "created", direction: "descending" };

/** A workspace's clients, newest first unless sorted otherwise; empty where they may not be seen. */
export async function listClients(
  actor: Actor,
  workspaceId: string,
  page: PageRequest,
  { search, state }: ClientFilter = {},
  sort: ClientSort = byAge,
): Promise<ClientPage> {
  const read = readerOf(actor);
  const use = credentialUse(read, workspaceId);
  const keys = {
    created: { column: clients.createdAt, kind: "instant" },
    name: { column: sql`lower(${clients.name})`, kind: "text" },
    last_used: { column: sql`coalesce(${use.lastUsedAt}, 'epoch')`, kind: "instant" },
  } as const;
  const cut = sorted(keys[sort.by], clients.id, sort.direction, page);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "client:read", workspace)) return { ...emptyPage, count: async () => 0 };
  const isListed = and(
    inWorkspace(read, workspaceId),
    search ? matches(search) : undefined,
    state && isInState(state, use, read.now),
  );
  // Looking at all credentials of a workspace is only worth it where they decide.
  const byCredentials = sort.by === "last_used" || (state !== undefined && ofCredentials.includes(state));
  const query = read.tx.select({ client: clients, key: cut.key }).from(clients).$dynamic();
  const joined = byCredentials ? query.leftJoin(use, eq(use.clientId, clients.id)) : query;
  const rows = await joined
    .where(and(isListed, cut.after))
    .orderBy(...cut.orderBy)
    .limit(cut.limit);
  const countAll = async () => {
    const all = read.tx.select({ count: count() }).from(clients).$dynamic();
    const counted = byCredentials ? all.leftJoin(use, eq(use.clientId, clients.id)) : all;
    return (await counted.where(isListed))[0]?.count ?? 0;
  };
  const listed = rows.map(({ client, key }) => ({ item: clientOf(client), key, id: client.id }));
  const isNarrowed = Boolean(search) || state !== undefined;
  const total = () => (isNarrowed ? countAll() : onceForEachState(read, `clients ${workspaceId}`, countAll));
  return { ...pageSorted(listed, cut), count: total };
}

/** How many clients of a workspace are in each state. */
export type ClientCounts = Readonly<Record<ClientState | "all", number>>;

/** The counts of a workspace's clients, at most two seconds old; `undefined` where they may not be seen. */
export async function clientCounts(actor: Actor, workspaceId: string): Promise<ClientCounts | undefined> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "client:read", workspace)) return undefined;
  return onceForEachState(read, `counts ${workspaceId}`, () => countClients(read, workspaceId));
}

async function countClients(read: Reader, workspaceId: string): Promise<ClientCounts | undefined> {
  // Three narrow looks: the credentials of all clients beside all clients would cost twice as much.
  const [states, used, ending] = [
    countStates(read, workspaceId),
    countUsed(read, workspaceId),
    countEnding(read, workspaceId),
  ];
  const [row] = await read.tx
    .select({
      all: states.all,
      active: states.active,
      disabled: states.disabled,
      waiting: states.waiting,
      never_used: sql<number>`(${states.active} - ${used.active})::int`,
      credential_expiring: ending.expiring,
      credential_expired: ending.expired,
    })
    .from(states)
    .crossJoin(used)
    .crossJoin(ending);
  return row;
}

const countWhere = (condition: SQL | undefined) => sql<number>`(count(*) filter (where ${condition}))::int`;

const countStates = (read: Reader, workspaceId: string) =>
  read.tx
    .select({
      all: sql<number>`count(*)::int`.as("all"),
      active: countWhere(isActive).as("active"),
      waiting: countWhere(isWaiting).as("waiting"),
      disabled: countWhere(eq(clients.status, "disabled")).as("disabled"),
    })
    .from(clients)
    .where(inWorkspace(read, workspaceId))
    .as("states");

/** Active clients of which a credential was ever used. */
function countUsed(read: Reader, workspaceId: string) {
  const all = everyCredential(read);
  const isStopped = or(eq(clients.status, "disabled"), ne(clients.approval, "approved"));
  const stopped = read.tx
    .select({ one: sql`1` })
    .from(clients)
    .where(and(inWorkspace(read, workspaceId), eq(clients.id, all.clientId), isStopped));
  const used = read.tx
    .selectDistinct({ clientId: all.clientId })
    .from(all)
    .where(
      and(
        eq(all.tenantId, read.tenantId),
        eq(all.workspaceId, workspaceId),
        isNotNull(all.lastUsedAt),
        notExists(stopped),
      ),
    )
    .as("used_clients");
  return read.tx
    .select({ active: sql<number>`count(*)::int`.as("used_active") })
    .from(used)
    .as("used");
}

/** Active clients whose every credential, revoked ones aside, ends within `EXPIRING_DAYS` or has ended: by the last of them. */
function countEnding(read: Reader, workspaceId: string) {
  const at = sql`${read.now.toISOString()}::timestamptz`;
  const soon = sql`${new Date(read.now.getTime() + EXPIRING_DAYS * 86_400_000).toISOString()}::timestamptz`;
  const all = everyCredential(read);
  const isHere = and(eq(all.tenantId, read.tenantId), eq(all.workspaceId, workspaceId), isNull(all.revokedAt));
  const ending = read.tx
    .select({ clientId: all.clientId, end: max(all.expiresAt).as("last_end") })
    .from(all)
    .where(and(isHere, sql`${all.expiresAt} <= ${soon}`))
    .groupBy(all.clientId)
    .as("ending");
  const longer = read.tx
    .select({ one: sql`1` })
    .from(all)
    .where(
      and(
        eq(all.tenantId, read.tenantId),
        eq(all.clientId, clients.id),
        isNull(all.revokedAt),
        sql`coalesce(${all.expiresAt}, 'infinity') > ${soon}`,
      ),
    );
  return read.tx
    .select({
      expiring: countWhere(sql`${ending.end} > ${at}`).as("expiring"),
      expired: countWhere(sql`${ending.end} <= ${at}`).as("expired"),
    })
    .from(ending)
    .innerJoin(clients, eq(clients.id, ending.clientId))
    .where(and(inWorkspace(read, workspaceId), isActive, notExists(longer)))
    .as("ends");
}

/** What a list says of one client, beside the client itself. */
export interface ClientSummary {
  /** How many resources it may ask tokens for, and how many scopes there in all. */
  readonly resources: number;
  readonly scopes: number;
  /** When one of its credentials was used last, to the minute; null is never. */
  readonly lastUsedAt: Date | null;
  /** Its credential that lives longest, revoked ones aside; null where it has none. */
  readonly credential: { readonly createdAt: Date; readonly expiresAt: Date | null } | null;
}

/** A summary of each client, in two statements for all; undefined where its credentials may not be seen. In the order of the ids. */
export async function clientSummaries(
  actor: Actor,
  ids: readonly string[],
): Promise<readonly (ClientSummary | undefined)[]> {
  const read = readerOf(actor);
  const living = await livingRows(read, clients, ids);
  const visible = living.filter((row) => mayRead(actor, "client-secret:read", targetOf(row))).map(({ id }) => id);
  if (visible.length === 0) return ids.map(() => undefined);
  const [held, access] = await Promise.all([longestLived(read, visible), accessCounts(read, visible)]);
  const none = { resources: 0, scopes: 0 };
  return ids.map((id) => {
    if (!visible.includes(id)) return undefined;
    return { ...(access.get(id) ?? none), ...(held.get(id) ?? { lastUsedAt: null, credential: null }) };
  });
}

async function longestLived(read: Reader, ids: readonly string[]) {
  const all = everyCredential(read);
  const rows = await read.tx
    .select({
      id: all.clientId,
      createdAt: all.createdAt,
      expiresAt: all.expiresAt,
      revokedAt: all.revokedAt,
      lastUsedAt: all.lastUsedAt,
    })
    .from(all)
    .where(and(eq(all.tenantId, read.tenantId), inArray(all.clientId, [...ids])));
  const end = ({ expiresAt }: { expiresAt: Date | null }) => expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const summaries = [...Map.groupBy(rows, ({ id }) => id)].map(([id, held]) => {
    const longest = held.filter((row) => row.revokedAt === null).toSorted((a, b) => end(b) - end(a))[0];
    const used = held.flatMap(({ lastUsedAt }) => lastUsedAt ?? []).toSorted((a, b) => b.getTime() - a.getTime());
    const credential = longest ? { createdAt: longest.createdAt, expiresAt: longest.expiresAt } : null;
    return [id, { lastUsedAt: used[0] ?? null, credential }] as const;
  });
  return new Map(summaries);
}

/** A grant without a scope, or one that has ended, counts for nothing. */
async function accessCounts(read: Reader, ids: readonly string[]) {
  const isScope = and(
    eq(clientGrantScopes.tenantId, clientGrants.tenantId),
    eq(clientGrantScopes.grantId, clientGrants.id),
  );
  const rows = await read.tx
    .select({ id: clientGrants.clientId, resources: countDistinct(clientGrants.resourceId), scopes: count() })
    .from(clientGrants)
    .innerJoin(clientGrantScopes, isScope)
    .where(
      and(eq(clientGrants.tenantId, read.tenantId), inArray(clientGrants.clientId, [...ids]), isGrantedAt(read.now)),
    )
    .groupBy(clientGrants.clientId);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
