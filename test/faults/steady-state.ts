import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { expect, inject } from "vitest";
import { askToken, type Credentials } from "../support/token.ts";
import type { World } from "../support/world.ts";

/** One statement that was sent, and how often. */
export interface Sent {
  readonly calls: number;
  readonly text: string;
}

/** What may be sent while tokens are issued, each with how often a second and server. */
const expected: readonly (readonly [name: string, text: RegExp, aSecond: number])[] = [
  ["feed poll with heartbeat", /insert into replicas/, 1.5],
  ["feed poll after a notification", /^with moved as/, 1.5],
  ["token batch with its counters", /insert into token_log/, Number.POSITIVE_INFINITY],
  ["last use, soon after a quiet minute and then once a minute", /set last_used_at/, 0.2],
  ["sources of credentials", /insert into credential_sources/, 0.2],
  ["latencies", /insert into workspace_latencies/, 0.2],
  ["notices that are due, and when the next one is", /^(update notice_deliveries|select min\(due_at\))/, 1 / 60],
  // Housekeeping runs once a minute on one server, and at its start.
  [
    "housekeeping: lease, retention, sums, checkpoints, deleted tenants",
    /leases|^\s*delete from|insert into usage_days|from "audit_heads"|"tenants"."deleted_at" </,
    0.5,
  ],
  [
    "housekeeping's look for what time makes due: keys by workspace, rotations, credentials that end",
    /signing_keys k where|"signing_keys"|jwks_lowered_at|^select "installation"."settings"|"settings" ->>|"auto_retire"|"expires_at" asc/,
    0.5,
  ],
  [
    "transactions and connections",
    /^\s*(begin|commit|rollback|set |select pg_notify|listen|unlisten|select b\.oid)/i,
    1,
  ],
];

/** Sends token requests of these clients for some seconds, and says what the servers asked of the database meanwhile. */
export async function statementsUnderLoad(
  world: World,
  clients: readonly Credentials[],
  seconds: number,
): Promise<{ readonly tokens: number; readonly sent: readonly Sent[] }> {
  const name = new URL(world.server.database.appUrl).pathname.slice(1);
  const sql = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined });
  try {
    // Each server must have met each client before; in another order each time, because connections take turns.
    for (let round = 0; round < 30; round++) {
      const shuffled = clients.toSorted(() => Math.random() - 0.5);
      await Promise.all(shuffled.map((client) => askToken(client)));
    }
    await pause(2500);
    await sql`select pg_stat_statements_reset(0, (select oid from pg_database where datname = ${name}), 0)`;
    const end = performance.now() + seconds * 1000;
    let tokens = 0;
    const ask = async (first: number): Promise<void> => {
      for (let at = first; performance.now() < end; at++) {
        const client = clients[at % clients.length];
        if (client) expect((await askToken(client)).status).toBe(200);
        tokens++;
      }
    };
    await Promise.all([0, 1, 2, 3].map(ask));
    const rows = await sql<{ calls: number; query: string }[]>`
      select s.calls::int as calls, s.query from pg_stat_statements s
      join pg_database d on d.oid = s.dbid and d.datname = ${name} order by s.calls desc`;
    return { tokens, sent: rows.map(({ calls, query }) => ({ calls, text: query.replaceAll(/\s+/g, " ").trim() })) };
  } finally {
    await sql.end();
  }
}

/** What was sent that nobody expects, or too often. */
export const surprises = (sent: readonly Sent[], seconds: number, servers: number): readonly Sent[] =>
  sent.filter(({ calls, text }) => {
    const found = expected.find(([, pattern]) => pattern.test(text));
    // What happens so often may happen once more at each server: the run begins anywhere between two times.
    return !found || calls > (Math.floor(found[2] * seconds) + 1) * servers;
  });

/** The statements by what they are for. */
export const summary = (sent: readonly Sent[]): readonly string[] =>
  expected.flatMap(([name, pattern]) => {
    const calls = sent.filter(({ text }) => pattern.test(text)).reduce((sum, one) => sum + one.calls, 0);
    return calls > 0 ? [`${name}: ${calls}`] : [];
  });
