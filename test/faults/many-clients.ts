import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import postgres from "postgres";
import { inject } from "vitest";
import { digester } from "../bench/seed.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { basic, type Credentials, post } from "../support/token.ts";
import type { StoryClient, World } from "../support/world.ts";
import type { EachAnswered, EachClient } from "./each-client.ts";

/** Makes copies of a client with its grants, each with a secret of its own, by rows like those that GraphQL makes. */
export async function copyClient({ server }: World, client: StoryClient, count: number): Promise<Credentials[]> {
  const sql = postgres(server.database.ownerUrl, { max: 1, onnotice: () => undefined });
  const digest = await digester(sql, server.env["MINTMARK_MASTER_KEY"] ?? "");
  const nth = (kind: string) => sql.unsafe(`'${kind}_c' || lpad(n::text, 13, '0')`);
  await sql`insert into clients select (jsonb_populate_record(null::clients, to_jsonb(c) ||
    jsonb_build_object('id', ${nth("cli")}, 'client_id', ${nth("cli")}))).*
    from clients c, generate_series(1, ${count}) n where c.id = ${client.id}`;
  await sql`insert into client_grants select (jsonb_populate_record(null::client_grants, to_jsonb(g) ||
    jsonb_build_object('id', ${nth("grt")}, 'client_id', ${nth("cli")}))).*
    from client_grants g, generate_series(1, ${count}) n where g.client_id = ${client.id}`;
  await sql`insert into client_grant_scopes select (jsonb_populate_record(null::client_grant_scopes, to_jsonb(x) ||
    jsonb_build_object('grant_id', ${nth("grt")}))).*
    from client_grant_scopes x join client_grants g on g.tenant_id = x.tenant_id and g.id = x.grant_id,
    generate_series(1, ${count}) n where g.client_id = ${client.id}`;
  const copies = Array.from({ length: count }, (_, at) => {
    const clientId = `cli_c${String(at + 1).padStart(13, "0")}`;
    return { tokenEndpoint: client.tokenEndpoint, clientId, clientSecret: `${clientId} ${client.clientSecret}` };
  });
  await sql`insert into client_secrets select (jsonb_populate_record(null::client_secrets, to_jsonb(s) ||
    jsonb_build_object('id', ${nth("sec")}, 'client_id', ${nth("cli")}, 'digest', '\\x' || d))).*
    from client_secrets s, unnest(${copies.map(({ clientSecret }) => digest(clientSecret))}::text[])
      with ordinality as u (d, n) where s.id = ${client.secretId}`;
  await sql`analyze`;
  await sql.end();
  return copies;
}

/** What a load came to. */
export interface Asked {
  readonly statuses: ReadonlyMap<number, number>;
  /** Milliseconds of each request. */
  readonly times: readonly number[];
  readonly seconds: number;
}

/** Asks for one token for each client, that many at once and each from another address, until there are no more. */
export async function askEach(
  clients: Iterable<Credentials>,
  atOnce: number,
  answered: (client: Credentials, status: number) => void = () => {},
): Promise<Asked> {
  const statuses = new Map<number, number>();
  const times: number[] = [];
  const began = performance.now();
  const left = clients[Symbol.iterator]();
  let sent = 0;
  const ask = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) {
      const from = performance.now();
      const address = `10.${(sent >> 16) % 256}.${(sent >> 8) % 256}.${sent++ % 256}`;
      const { status } = await post(next.value.tokenEndpoint, { grant_type: "client_credentials" }, [
        basic(next.value),
        ["X-Forwarded-For", address],
      ]);
      times.push(performance.now() - from);
      answered(next.value, status);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return { statuses, times, seconds: (performance.now() - began) / 1000 };
}

const FORM = "grant_type=client_credentials";

function tokenRequest(client: Credentials, nth: number): string {
  const { host, pathname } = new URL(client.tokenEndpoint);
  const [, authorization] = basic(client);
  const address = `10.${(nth >> 16) % 256}.${(nth >> 8) % 256}.${nth % 256}`;
  return `${[
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: ${authorization}`,
    `X-Forwarded-For: ${address}`,
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${FORM.length}`,
  ].join("\r\n")}\r\n\r\n${FORM}`;
}

/** As `askEach`, from that many connections of their own, in a thread that takes little of the processor. */
export function askFromThread(clients: readonly Credentials[], connections: number): Promise<EachAnswered> {
  const port = Number(new URL(clients[0]?.tokenEndpoint ?? "").port);
  const workerData: EachClient = { port, connections, requests: clients.map(tokenRequest) };
  const thread = new Worker(new URL("./each-client.ts", import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
}

/** Statements that the servers sent of one kind, and what they cost the database. */
interface Statements {
  readonly calls: number;
  /** Milliseconds. */
  readonly spent: number;
}

/** Counts what a database is asked while something runs, apart from records: by what is looked for. */
export async function countStatements<T>(
  { appUrl }: TestDatabase,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly clients: Statements; readonly looks: Statements; readonly all: Statements }> {
  const name = new URL(appUrl).pathname.slice(1);
  const sql = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined });
  try {
    await sql`select pg_stat_statements_reset(0, (select oid from pg_database where datname = ${name}), 0)`;
    const result = await work();
    await pause(200);
    const count = async (pattern: string): Promise<Statements> => {
      const [row] = await sql<Statements[]>`
        select coalesce(sum(s.calls), 0)::int as calls, coalesce(sum(s.total_exec_time), 0)::float as spent
        from pg_stat_statements s join pg_database d on d.oid = s.dbid and d.datname = ${name}
        where s.query ~ ${pattern} and s.query !~ 'insert into token_log'`;
      return row ?? { calls: 0, spent: 0 };
    };
    return {
      result,
      clients: await count("from client_secrets"),
      looks: await count("^\\s*with\\s+moved as"),
      all: await count("."),
    };
  } finally {
    await sql.end();
  }
}

/** Clients that are not there, without end. */
export function* strangers(tokenEndpoint: string, isOver: () => boolean): Generator<Credentials> {
  for (let at = 0; !isOver(); at++) {
    const clientId = `cli_${Math.random().toString(36).slice(2).padEnd(14, "x").slice(0, 14)}`;
    yield { tokenEndpoint, clientId, clientSecret: `secret-${at}` };
  }
}

export function rank(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

export const spread = (values: Iterable<number>): string =>
  `p50 ${rank(values, 0.5)} ms, p99 ${rank(values, 0.99)} ms, worst ${rank(values, 1)} ms`;

export const told = (statuses: ReadonlyMap<number, number>): string =>
  [...statuses].map(([status, count]) => `${count} × ${status}`).join(", ");
