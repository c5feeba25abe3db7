import type { Database } from "@mintmark/db";
import { tokenUses } from "@mintmark/db/schema";
import { type Issuer, StoreUnavailable, type TokenUse } from "@mintmark/token-issuer";
import { and, desc, eq } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { getClient } from "../clients/client.ts";
import { livingWorkspace } from "../living-row.ts";
import { oneAfterAnother } from "../one-after-another.ts";
import { patient } from "../patience.ts";

/** Kinds of uses kept of one client: the newest. */
const MOST = 100;
/**
 * Kinds of uses gathered at once, and those of one tenant; what comes beyond them is not noted. Of one client no more are
 * gathered than are kept, so that the holder of one token takes no room of others.
 */
const [MOST_GATHERED, MOST_OF_TENANT] = [5000, 1000];
/** Characters of the scope that are kept: it is part of the key, and a static token may have kilobytes of it. */
const LONGEST_SCOPE = 500;
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
 *
 * @param complain told why it did not take them
 */
export function tokenUseNotes({ sql }: Pick<Database, "sql">, complain: (error: unknown) => void): TokenUses {
  let gathered = new GatheredUses();
  let timer: NodeJS.Timeout | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const save = (uses: readonly Gathered[]) => patient(write(sql, uses), PATIENCE_MS);

  // One at a time: while the database keeps silent, no more than one gathering waits.
  const flush = oneAfterAnother(async () => {
    clearTimeout(timer);
    timer = undefined;
    writtenAt = performance.now();
    const byTenant = Map.groupBy(gathered.all, ({ tenantId }) => tenantId);
    gathered = new GatheredUses();
    if (byTenant.size === 0) return;
    try {
      await save([...byTenant.values()].flat());
    } catch (error) {
      complain(error);
      // What the database does not take of one tenant costs no other its uses.
      if (!(error instanceof StoreUnavailable) && byTenant.size > 1)
        for (const uses of byTenant.values()) await save(uses).catch(complain);
    }
  }, 0);
  return {
    note({ tenantId, workspaceId }, use) {
      if (gathered.add(tenantId, workspaceId, use))
        timer ??= setTimeout(() => void flush(), Math.max(SOON_MS, writtenAt + SPAN_MS - performance.now())).unref();
    },
    close: flush,
  };
}

/** Uses by kind, until they are written. */
export class GatheredUses {
  /** By client, each client's by kind, the longest unused first. */
  readonly #clients = new Map<string, Map<string, Gathered>>();
  readonly #kindsOf = new Map<string, number>();
  #kinds = 0;

  get all(): readonly Gathered[] {
    return [...this.#clients.values()].flatMap((kinds) => [...kinds.values()]);
  }

  /** @returns false where there is no room for one more kind */
  add(tenantId: string, workspaceId: string, use: TokenUse): boolean {
    const { clientId, resource, by, address, reason = "" } = use;
    const scope = shortScope(use.scope);
    const client = `${workspaceId} ${clientId}`;
    const own = this.#clients.get(client) ?? new Map<string, Gathered>();
    const kind = [resource, by, scope, address, reason].join("\n");
    const before = own.get(kind);
    const oldest = before ? kind : own.size >= MOST ? own.keys().next().value : undefined;
    if (oldest === undefined && !this.#takeRoom(tenantId)) return false;
    if (oldest !== undefined) own.delete(oldest);
    own.set(kind, { tenantId, workspaceId, ...use, scope, uses: (before?.uses ?? 0) + 1 });
    this.#clients.set(client, own);
    return true;
  }

  #takeRoom(tenantId: string): boolean {
    const ofTenant = this.#kindsOf.get(tenantId) ?? 0;
    if (this.#kinds >= MOST_GATHERED || ofTenant >= MOST_OF_TENANT) return false;
    this.#kindsOf.set(tenantId, ofTenant + 1);
    this.#kinds++;
    return true;
  }
}

async function write(sql: Database["sql"], uses: readonly Gathered[]): Promise<void> {
  const given = sql`json_to_recordset(${JSON.stringify(uses)}::text::json) as g ("tenantId" text, "workspaceId" text,
    "clientId" text, resource text, by text, scope text, address text, reason text, at timestamptz, uses bigint)`;
  const isOne = sql`c.tenant_id = g."tenantId" and c.workspace_id = g."workspaceId" and c.client_id = g."clientId"`;
  await sql`
    insert into token_uses
      (tenant_id, workspace_id, client, resource, checked_by, scope, address, reason, first_at, last_at, uses)
    select c.tenant_id, c.workspace_id, c.id, g.resource, g.by, g.scope, g.address, coalesce(g.reason, ''), g.at, g.at, g.uses
    from ${given} join clients c on ${isOne}
    order by 1, 2, 3, 4, 5, 6, 7, 8
    on conflict (tenant_id, workspace_id, client, resource, checked_by, scope, address, reason) do update set
      last_at = greatest(token_uses.last_at, excluded.last_at), uses = token_uses.uses + excluded.uses`;
  // A row that another server has just used again is another version by then, and stays.
  await sql`
    delete from token_uses where ctid in (
      select old from (
        select u.ctid as old,
          row_number() over (partition by u.tenant_id, u.workspace_id, u.client order by u.last_at desc) as place
        from token_uses u join (select distinct c.tenant_id, c.workspace_id, c.id from ${given} join clients c on ${isOne}) n
          on n.tenant_id = u.tenant_id and n.workspace_id = u.workspace_id and n.id = u.client) ranked
      where place > ${MOST})`;
}

/** As many whole names as fit, and a mark where that is not all. */
export function shortScope(scope: string): string {
  if (scope.length <= LONGEST_SCOPE) return scope;
  return `${scope.slice(0, scope.lastIndexOf(" ", LONGEST_SCOPE - 2))} …`;
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
