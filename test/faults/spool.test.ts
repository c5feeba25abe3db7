import { readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import postgres from "postgres";
import { expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { setDatabaseAway } from "../support/postgres.ts";
import { basic, type Credentials, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
const DAY_MS = 86_400_000;

const newClient = (): Promise<StoryClient> => world.tenant().workspace().resource("orders", ["read"]).client();
const folder = () => join(world.server.env["DATA_DIR"] ?? "", "spool");
const jtiOf = (token: string) => String(decodeJwt(token).claims["jti"]);

/** Asks the database past the server. */
async function query<T extends object>(text: string, values: readonly string[] = []): Promise<readonly T[]> {
  const sql = postgres(world.server.database.ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    return (await sql.unsafe(text, [...values])).map((row) => ({ ...row }) as T);
  } finally {
    await sql.end();
  }
}
const rowsOf = async (jtis: readonly string[]): Promise<number> => {
  const rows = await query("select 1 from token_log where jti = any($1)", [`{${jtis.join(",")}}`]);
  return rows.length;
};
const eventuallyRows = (jtis: readonly string[], count: number) =>
  eventually(
    () => rowsOf(jtis),
    (found) => found === count,
    15,
  );

test("[B12] a spooled record that the database refuses for ever is set aside, said and counted, and the others are written", async () => {
  const client = await newClient();
  const ask = async (agent: string): Promise<string> => {
    const answer = await post(client.tokenEndpoint, { grant_type: "client_credentials" }, [
      basic(client),
      ["User-Agent", agent],
    ]);
    expect(answer.status).toBe(200);
    return jtiOf(String(answer.json()["access_token"]));
  };
  await fetchToken(client);
  await query("alter table token_log add constraint nothing_spoilt check (agent is distinct from 'spoilt') not valid");
  await setDatabaseAway(world.server.database, true);
  const good: string[] = [];
  for (let count = 0; count < 10; count++) good.push(await ask("good"));
  const spoilt = [await ask("spoilt"), await ask("spoilt")];
  for (let count = 0; count < 10; count++) good.push(await ask("good"));
  await setDatabaseAway(world.server.database, false);

  await eventuallyRows(good, good.length);
  const aside = async () => (await readdir(folder())).filter((name) => name.endsWith(".rows"));
  const names = await eventually(aside, ({ length }) => length === spoilt.length);
  const rowIn = async (name: string) => {
    const line = await readFile(join(folder(), name), "utf8");
    return [(JSON.parse(line.slice(9)) as { jti: string }).jti, join(folder(), name)];
  };
  const kept = await Promise.all(names.map(rowIn));
  expect(kept.map(([jti]) => jti).toSorted()).toEqual(spoilt.toSorted());
  const told = world.server
    .log()
    .split("\n")
    .filter((line) => line.includes('"level":"error"') && line.includes("nothing_spoilt"))
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(told.map(({ jti, file }) => [jti, file]).toSorted()).toEqual(kept.toSorted());
  expect((await send(`${world.origin}/metrics`)).body).toMatch(/^mintmark_token_records_set_aside_total 2$/m);
  // The counters hold what the log holds.
  expect(await query("select sum(issued)::int as issued from usage_hours where client_id = $1", [client.id])).toEqual([
    { issued: 21 },
  ]);
  expect(await rowsOf(spoilt)).toBe(0);

  // When the reason is gone, and the files are an hour old, they are shipped under other names.
  await query("alter table token_log drop constraint nothing_spoilt");
  for (const name of names) {
    const renamed = join(folder(), name.replace(/rows$/, "spool"));
    await rename(join(folder(), name), renamed);
    await utimes(renamed, 0, 0);
  }
  await world.server.stop();
  await world.server.restart();
  await eventuallyRows(spoilt, 2);
});

/** The name of a spool whose server is gone: of this machine, and of a process that cannot be. */
let left = 0;
const leftName = () => `${encodeURIComponent(hostname())} 1 0 no-boot-${left++}.spool`;

/** Tokens given while the database is away, whose server dies then; and their lines as if it had happened days ago. */
async function spooledBefore(client: Credentials, count: number, days: number) {
  await fetchToken(client);
  await setDatabaseAway(world.server.database, true);
  const jtis: string[] = [];
  for (let token = 0; token < count; token++) jtis.push(jtiOf(await fetchToken(client)));
  await world.server.stop("SIGKILL");
  await setDatabaseAway(world.server.database, false);
  const names = (await readdir(folder())).filter((name) => name.endsWith(".spool"));
  const texts = await Promise.all(names.map((name) => readFile(join(folder(), name), "utf8")));
  await Promise.all(names.map((name) => rm(join(folder(), name))));
  const rows = texts.flatMap((text) => text.trimEnd().split("\n")).map((line) => JSON.parse(line.slice(9)));
  const earlier = (text: string) => new Date(Date.parse(text) - days * DAY_MS).toISOString();
  const lines = rows.map((row: { at: string; expiresAt: string }) => {
    const json = JSON.stringify({ ...row, at: earlier(row.at), expiresAt: earlier(row.expiresAt) });
    return `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;
  });
  return { jtis, text: lines.join("") };
}

const daysOf = (client: StoryClient) =>
  query<{ age: number; issued: number }>(
    `select (now() at time zone 'UTC')::date - day as age, sum(issued)::int as issued
     from usage_days where client_id = $1 group by 1 order by 1`,
    [client.id],
  );

test("[B12] records that come three days late count once in their own day, however often they come", async () => {
  const client = await newClient();
  const first = await spooledBefore(client, 3, 3);
  await writeFile(join(folder(), leftName()), first.text);
  await world.server.restart();
  await eventuallyRows(first.jtis, 3);
  await eventually(
    () => daysOf(client),
    (days) => days.some(({ age, issued }) => age === 3 && issued === 3),
  );
  // Two more of that day; and the first ones again, as after a start that was broken off.
  const second = await spooledBefore(client, 2, 3);
  await writeFile(join(folder(), leftName()), first.text + second.text);
  await world.server.restart();
  await eventuallyRows([...first.jtis, ...second.jtis], 5);
  await eventually(
    () => daysOf(client),
    (days) => days.some(({ age, issued }) => age === 3 && issued === 5),
  );
});

test("[B12] what was counted by the hour before all servers were down for days gets into its day", async () => {
  const client = await newClient();
  for (let token = 0; token < 4; token++) await fetchToken(client);
  await world.server.stop("SIGKILL");
  // Three days pass.
  await query("update usage_hours set hour = hour - interval '3 days' where client_id = $1", [client.id]);
  await query("update leases set expires_at = expires_at - interval '3 days'");
  await query("delete from usage_days where client_id = $1", [client.id]);
  await world.server.restart();
  const days = await eventually(
    () => daysOf(client),
    ({ length }) => length > 0,
  );
  expect(days).toEqual([{ age: 3, issued: 4 }]);
});
