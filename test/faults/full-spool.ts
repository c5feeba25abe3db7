import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { expect } from "vitest";
import { eventually } from "../support/http.ts";
import { setDatabaseAway } from "../support/postgres.ts";
import { askToken, basic, type Credentials, decodeJwt, fetchToken, post } from "../support/token.ts";
import type { World } from "../support/world.ts";

const MOST_REQUESTS = 400_000;

/** Bytes in a server's spools. */
export const spooledBytes = (dataDir: string): number =>
  readdirSync(join(dataDir, "spool"))
    .filter((name) => name.endsWith(".spool"))
    .reduce((sum, name) => sum + statSync(join(dataDir, "spool", name)).size, 0);

export const jtiOf = (token: string) => String(decodeJwt(token).claims["jti"]);

/**
 * Asks for tokens while the database is away until the spool takes no more, and gives the database back: what was full is
 * 503, each token that was received has exactly one row, and all of it works again, a second time as well.
 */
export async function fillSpool(world: World, client: Credentials, callers: number) {
  const { database, env } = world.server;
  const received: string[] = [];
  await fetchToken(client);
  await setDatabaseAway(database, true);
  let isFull = false;
  const ask = async (): Promise<void> => {
    while (!isFull && received.length < MOST_REQUESTS) {
      const answer = await askToken(client);
      if (answer.status === 200) received.push(jtiOf(String(answer.json()["access_token"])));
      else {
        isFull = true;
        expect(answer.json()).toMatchObject({ error: "temporarily_unavailable" });
        expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, ask));
  expect(isFull).toBe(true);
  const bytes = spooledBytes(env["DATA_DIR"] ?? "");
  // Nothing that needs no record is touched by it, and a refusal is never a false one.
  const introspection = await post(client.tokenEndpoint.replace(/token$/, "introspect"), { token: "none" }, [
    basic(client),
  ]);
  expect(introspection.status).toBe(200);
  for (let more = 0; more < 20; more++) {
    const answer = await askToken(client);
    // A short row may still fit where a long batch did not.
    if (answer.status === 200) received.push(jtiOf(String(answer.json()["access_token"])));
    else expect(answer.status).toBe(503);
  }
  const back = performance.now();
  await setDatabaseAway(database, false);
  await eventually(
    async () => (await askToken(client)).status,
    (status) => status === 200,
    10,
  );
  const againMs = performance.now() - back;
  await expectRows(world, received);
  const shippedMs = performance.now() - back;
  return { received: received.length, bytes, againMs, shippedMs };
}

/** Waits until the spool is shipped: then each of these tokens has exactly one row. */
export async function expectRows({ server }: World, jtis: readonly string[]): Promise<void> {
  await eventually(
    async () => spooledBytes(server.env["DATA_DIR"] ?? ""),
    (left) => left === 0,
    60,
  );
  const sql = postgres(server.database.ownerUrl, { max: 1 });
  const [found] = await sql<{ rows: number; jtis: number }[]>`
    select count(*)::int as rows, count(distinct jti)::int as jtis from token_log where jti = any(${jtis}::text[])`;
  await sql.end();
  expect(found).toEqual({ rows: jtis.length, jtis: jtis.length });
}
