import type { Database } from "@mintmark/db";
import { tokenUses } from "@mintmark/db/schema";
import type { Issuer, TokenUse } from "@mintmark/token-issuer";
import { and, desc, eq } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { getClient } from "../clients/client.ts";
import { livingWorkspace } from "../living-row.ts";
import { oneAfterAnother } from "../one-after-another.ts";
import { patient } from "../patience.ts";

/** Kinds of uses kept of one client: what was not seen for a day makes room. */
const MOST = 100;
/** Kinds of uses gathered at once; what comes beyond them is not noted. */
const MOST_GATHERED = 5000;
/** Milliseconds until a first use, or one after a quiet while, is written; and between two writes while uses go on. */
const [SOON_MS, SPAN_MS] = [500, 2000];
/** A connection that does not answer must not hold up the end of the server. */
const PATIENCE_MS = 5000;

/** Notes uses of tokens at APIs. */
export interface TokenUses {
  /** Never waits and never fails. */
  note(issuer: Issuer, use: TokenUse): void;
  /** Resolves when everything noted so far was written or given up. */
  close(): Promise<void>;
}

interface Gathered extends TokenUse {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly uses: number;
}

/**
 * Gathers uses of one kind (who, at which API, with what, from where, how it came out) and writes them together, every two
 * seconds at most: an API may ask about each of its requests. What the database does not take then is lost.
 */
export function tokenUseNotes({ sql }: Pick<Database, "sql">): TokenUses {
  let gathered = new Map<string, Gathered>();
  let timer: NodeJS.Timeout | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;

  // One at a time: while the database keeps silent, no more than one gathering waits.
  const flush = oneAfterAnother(async () => {
    clearTimeout(timer);
    timer = undefined;
    writtenAt = performance.now();
    const uses = [...gathered.values()];
    gathered = new Map();
    if (uses.length > 0) await patient(write(sql, uses), PATIENCE_MS).catch(() => {});
  }, 0);
  return {
    note({ tenantId, workspaceId }, use) {
      const { clientId, resource, by, scope, address, reason = "" } = use;
      const key = [workspaceId, clientId, resource, by, scope, address, reason].join("\n");
      const before = gathered.get(key);
      if (!before && gathered.size >= MOST_GATHERED) return;
      gathered.set(key, { tenantId, workspaceId, ...use, uses: (before?.uses ?? 0) + 1 });
      timer ??= setTimeout(() => void flush(), Math.max(SOON_MS, writtenAt + SPAN_MS - performance.now())).unref();
    },
    close: flush,
  };
}

async function write(sql: Database["sql"], uses: readonly Gathered[]): Promise<void> {
  const given = sql`json_to_recordset(${JSON.stringify(uses)}::text::json) as g ("tenantId" text, "workspaceId" text,
    "clientId" text, resource text, by text, scope text, address text, reason text, at timestamptz, uses bigint)`;
  await sql`
    with named as (select c.tenant_id, c.workspace_id, c.id from clients c join (select distinct "tenantId", "workspaceId",
        "clientId" from ${given}) g on c.tenant_id = g."tenantId" and c.workspace_id = g."workspaceId" and c.client_id = g."clientId"),
      full_ones as (select u.tenant_id, u.workspace_id, u.client from token_uses u
        join named n on n.tenant_id = u.tenant_id and n.workspace_id = u.workspace_id and n.id = u.client
        group by 1, 2, 3 having count(*) >= ${MOST})
    delete from token_uses where (tenant_id, workspace_id, client) in (select * from full_ones)
      and last_at < now() - interval '1 day'`;
  await sql`
    with named as (
      select c.id as client, g.*, coalesce(g.reason, '') as why from ${given}
      join clients c on c.tenant_id = g."tenantId" and c.workspace_id = g."workspaceId" and c.client_id = g."clientId"),
    numbered as (
      select n.*, u.client is not null as known,
        (select count(*) from token_uses x where x.tenant_id = n."tenantId" and x.workspace_id = n."workspaceId" and x.client = n.client)
          + count(*) filter (where u.client is null) over (partition by n."tenantId", n."workspaceId", n.client
            order by n.at, n.resource, n.by, n.scope, n.address, n.why) as place
      from named n left join token_uses u on u.tenant_id = n."tenantId" and u.workspace_id = n."workspaceId"
        and u.client = n.client and u.resource = n.resource and u.checked_by = n.by and u.scope = n.scope
        and u.address = n.address and u.reason = n.why)
    insert into token_uses
      (tenant_id, workspace_id, client, resource, checked_by, scope, address, reason, first_at, last_at, uses)
    select "tenantId", "workspaceId", client, resource, by, scope, address, why, at, at, uses from numbered
    where known or place <= ${MOST}
    order by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict (tenant_id, workspace_id, client, resource, checked_by, scope, address, reason) do update set
      last_at = greatest(token_uses.last_at, excluded.last_at), uses = token_uses.uses + excluded.uses`;
}

/** How a token of a client was used at an API, as far as its checks were asked for here. */
export interface ClientTokenUse {
  /** Identifier of the API. */
  readonly resource: string;
  readonly checkedBy: "introspection" | "forward_auth";
  /** What the API needed, or what the token was good for there; null where it was refused. */
  readonly scope: string | null;
  /** Of the API, or of its proxy. */
  readonly address: string;
  /** Why it was refused; null: it was accepted. */
  readonly reason: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly uses: number;
}

/** Uses of a client's tokens, the last first, at most 100; `undefined` where the token log may not be seen. */
export async function listTokenUses(actor: Actor, clientId: string): Promise<readonly ClientTokenUse[] | undefined> {
  const read = readerOf(actor);
  const client = await getClient(actor, clientId);
  const workspace = client && (await livingWorkspace(read, client.workspaceId));
  if (!workspace || !mayRead(actor, "token-log:read", workspace)) return undefined;
  const { tx, tenantId } = read;
  const rows = await tx
    .select()
    .from(tokenUses)
    .where(
      and(
        eq(tokenUses.tenantId, tenantId),
        eq(tokenUses.workspaceId, client.workspaceId),
        eq(tokenUses.client, client.id),
      ),
    )
    .orderBy(desc(tokenUses.lastAt), desc(tokenUses.resource), desc(tokenUses.scope), desc(tokenUses.address))
    .limit(MOST);
  return rows.map(({ resource, checkedBy, scope, address, reason, firstAt, lastAt, uses }) => {
    return { resource, checkedBy, scope: scope || null, address, reason: reason || null, firstAt, lastAt, uses };
  });
}
