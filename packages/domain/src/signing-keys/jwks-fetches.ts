import type { Database } from "@mintmark/db";
import { jwksFetches, signingKeys } from "@mintmark/db/schema";
import { type Issuer, type KeySetFetch, keySetChangedAt } from "@mintmark/token-issuer";
import { and, desc, eq } from "drizzle-orm";
import { type Actor, mayRead, readerOf } from "../change/actor.ts";
import { livingWorkspace } from "../living-row.ts";
import { oneAfterAnother } from "../one-after-another.ts";
import { patient } from "../patience.ts";
import { instantsOf } from "./signing-key.ts";

/** Verifiers kept of one workspace: anybody may fetch a JWK Set under any name. */
const MOST = 200;
/** Verifiers gathered at once; who comes beyond them is not noted. */
const MOST_GATHERED = 5000;
/** Milliseconds until a first fetch, or one after a quiet while, is written. */
const SOON_MS = 500;
/** Milliseconds between two writes while fetches go on. */
const SPAN_MS = 2000;
/** A connection that does not answer must not hold up the end of the server. */
const PATIENCE_MS = 5000;

/** Notes who fetches JWK Sets. */
export interface KeySetFetches {
  /** Never waits and never fails. */
  note(issuer: Issuer, fetch: KeySetFetch): void;
  /** Resolves when everything noted so far was written or given up. */
  close(): Promise<void>;
}

interface Gathered extends KeySetFetch {
  readonly tenantId: string;
  readonly workspaceId: string;
  readonly fetches: number;
}

/**
 * Gathers fetches by verifier and writes them together, every two seconds at most. What the database does not take is
 * lost: a verifier comes again.
 */
export function keySetFetches({ sql }: Pick<Database, "sql">): KeySetFetches {
  let gathered = new Map<string, Gathered>();
  let timer: NodeJS.Timeout | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;

  // One at a time: while the database keeps silent, no more than one gathering waits.
  const flush = oneAfterAnother(async () => {
    clearTimeout(timer);
    timer = undefined;
    writtenAt = performance.now();
    const fetches = [...gathered.values()];
    gathered = new Map();
    if (fetches.length > 0) await patient(write(sql, fetches), PATIENCE_MS).catch(() => {});
  }, 0);
  return {
    note({ tenantId, workspaceId }, fetch) {
      const key = `${workspaceId} ${fetch.address} ${fetch.agent}`;
      const before = gathered.get(key);
      if (!before && gathered.size >= MOST_GATHERED) return;
      gathered.set(key, { tenantId, workspaceId, ...fetch, fetches: (before?.fetches ?? 0) + 1 });
      timer ??= setTimeout(() => void flush(), Math.max(SOON_MS, writtenAt + SPAN_MS - performance.now())).unref();
    },
    close: flush,
  };
}

/** Where a workspace is full, verifiers that were silent for a day make room; who comes while none was is not kept. */
async function write(sql: Database["sql"], fetches: readonly Gathered[]): Promise<void> {
  const rows = fetches.map((one) => ({ ...one, agent: one.agent.toWellFormed().replaceAll("\0", "\ufffd") }));
  const given = sql`json_to_recordset(${JSON.stringify(rows)}::text::json) as g ("tenantId" text, "workspaceId" text,
    address text, agent text, at timestamptz, fetches bigint, "setChangedAt" timestamptz)`;
  await sql`
    with full_ones as (
      select tenant_id, workspace_id from jwks_fetches
      where (tenant_id, workspace_id) in (select "tenantId", "workspaceId" from ${given})
      group by 1, 2 having count(*) >= ${MOST})
    delete from jwks_fetches where (tenant_id, workspace_id) in (select tenant_id, workspace_id from full_ones)
      and last_at < now() - interval '1 day'`;
  await sql`
    with numbered as (
      select g.*, f.address is not null as known,
        (select count(*) from jwks_fetches x where x.tenant_id = g."tenantId" and x.workspace_id = g."workspaceId")
          + count(*) filter (where f.address is null) over (
            partition by g."tenantId", g."workspaceId" order by g.at, g.address, g.agent) as place
      from ${given} left join jwks_fetches f on f.tenant_id = g."tenantId" and f.workspace_id = g."workspaceId"
        and f.address = g.address and f.agent = g.agent)
    insert into jwks_fetches
      (tenant_id, workspace_id, address, agent, first_at, last_at, fetches, set_changed_at)
    select "tenantId", "workspaceId", address, agent, at, at, fetches, "setChangedAt" from numbered
    where known or place <= ${MOST}
    order by 1, 2, 3, 4
    on conflict (tenant_id, workspace_id, address, agent) do update set
      last_at = greatest(jwks_fetches.last_at, excluded.last_at),
      fetches = jwks_fetches.fetches + excluded.fetches,
      set_changed_at = greatest(jwks_fetches.set_changed_at, excluded.set_changed_at)`;
}

/** A verifier: who fetches a workspace's JWK Set from one address under one name. */
export interface JwksFetch {
  readonly address: string;
  /** What it calls itself; empty where it does not. */
  readonly agent: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** How often it came, as far back as the log goes. */
  readonly fetches: number;
  /** Whether the set that it got last is the one of now. */
  readonly isCurrent: boolean;
}

/** Verifiers of a workspace, the last first, at most 200; `undefined` where its token log may not be seen. */
export async function listJwksFetches(actor: Actor, workspaceId: string): Promise<readonly JwksFetch[] | undefined> {
  const read = readerOf(actor);
  const workspace = await livingWorkspace(read, workspaceId);
  if (!workspace || !mayRead(actor, "token-log:read", workspace)) return undefined;
  const { tx, tenantId, now } = read;
  const keys = await tx
    .select()
    .from(signingKeys)
    .where(and(eq(signingKeys.tenantId, tenantId), eq(signingKeys.workspaceId, workspaceId)));
  const changedAt = keySetChangedAt(keys.map(instantsOf), now);
  const rows = await tx
    .select()
    .from(jwksFetches)
    .where(and(eq(jwksFetches.tenantId, tenantId), eq(jwksFetches.workspaceId, workspaceId)))
    .orderBy(desc(jwksFetches.lastAt), desc(jwksFetches.address), desc(jwksFetches.agent))
    .limit(MOST);
  return rows.map(({ address, agent, firstAt, lastAt, fetches, setChangedAt }) => {
    return { address, agent, firstAt, lastAt, fetches, isCurrent: setChangedAt >= changedAt };
  });
}
