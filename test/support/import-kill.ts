import { expect } from "vitest";
import { eventually } from "./http.ts";
import {
  ended,
  type Importer,
  ndjsonOf,
  newImport,
  opened,
  progressOf,
  reportOf,
  sealingPair,
  sendFile,
} from "./imports.ts";
import { inDatabase } from "./member.ts";
import { fetchToken } from "./token.ts";
import type { StoryWorkspace, World } from "./world.ts";

/** What an import that was killed half-way came to. */
export interface Survived {
  /** Clients that were there when the server was killed. */
  readonly before: number;
  /** Of sending the file again, with what the kill took, in seconds. */
  readonly seconds: number;
  /** Clients a second while nothing was killed. */
  readonly rate: number;
}

/**
 * Imports so many clients, kills the server when half of them are made, sends the same file again, and expects each client exactly
 * once, with its access, one secret, its place in audit log and history, and one line of the report.
 */
export async function surviveKill(
  world: World,
  workspace: StoryWorkspace,
  importer: () => Promise<Importer>,
  count: number,
): Promise<Survived> {
  const { identifier } = workspace.resource("orders");
  const names = Array.from({ length: count }, (_, at) => `Sensor ${String(at).padStart(6, "0")}`);
  const grants = [{ resource: identifier, scopes: ["orders:read"] }];
  const file = ndjsonOf(names.map((name) => ({ name, grants })));
  const { publicJwk, privateKey } = sealingPair();
  let by = await importer();
  const job = await newImport(by, workspace.id, "NDJSON", publicJwk);
  expect((await sendFile(world.origin, by, job, file)).status).toBe(202);
  await eventually(
    () => progressOf(by, job.id),
    (progress) => (progress?.made ?? 0) >= count / 2,
    120,
  );
  await world.server.stop("SIGKILL");
  const before = await inDatabase(world.server, async (sql) => {
    const [row] = await sql<{ made: number; there: number }[]>`select made,
      (select count(*)::int from clients c where c.workspace_id = i.workspace_id and c.name like 'Sensor %') as there
      from imports i where id = ${job.id}`;
    // What is made and what the mark says are one.
    expect(row?.there).toBe(row?.made);
    return row?.made ?? 0;
  });
  expect(before).toBeGreaterThanOrEqual(count / 2);
  expect(before).toBeLessThan(count);
  const killed = performance.now();
  await world.server.restart();
  by = await importer();
  // Another file does not go on there.
  const other = await sendFile(world.origin, by, job, file.replace("000000", "Another"));
  expect([other.status, other.body]).toEqual([409, expect.stringContaining("another file")]);
  const sent = performance.now();
  expect((await sendFile(world.origin, by, job, file)).status).toBe(202);
  expect(await ended(by, job.id, 300)).toMatchObject({ state: "DONE", made: count, refused: 0, read: file.length });
  const done = performance.now();
  await expectEachOnce(world, workspace, job.id, names);
  const report = await reportOf(world.origin, by, job);
  expect(report.map(({ line, name, outcome }) => [line, name, outcome])).toEqual(
    names.map((name, at) => [at + 1, name, "made"]),
  );
  // One of before the kill, and one of after.
  for (const line of [report[0], report.at(-1)]) {
    if (!line) throw new Error("the report is empty");
    const access = await opened(line, privateKey);
    expect(access.clientId).toBe(line.clientId);
    const client = { ...access, tokenEndpoint: `${workspace.issuer}/oauth2/token` };
    expect(await fetchToken(client, { scope: "orders:read" })).toMatch(/^eyJ/);
  }
  return { before, seconds: (done - killed) / 1000, rate: (count - before) / ((done - sent) / 1000) };
}

async function expectEachOnce(
  world: World,
  workspace: StoryWorkspace,
  importId: string,
  names: readonly string[],
): Promise<void> {
  await inDatabase(world.server, async (sql) => {
    const rows = await sql<{ name: string; secrets: number; scopes: number; versions: number }[]>`
      select c.name,
        (select count(*)::int from client_secrets s where s.client_id = c.id) as secrets,
        (select count(*)::int from client_grants g join client_grant_scopes gs on gs.grant_id = g.id
          where g.client_id = c.id) as scopes,
        (select count(*)::int from history h where h.kind = 'client' and h.id = c.id) as versions
      from clients c where c.workspace_id = ${workspace.id} and c.name like 'Sensor %' order by c.name`;
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect(rows.filter(({ secrets, scopes, versions }) => secrets !== 1 || scopes !== 1 || versions !== 1)).toEqual([]);
    const [audited] = await sql<{ ids: number; distinct: number }[]>`
      select count(*)::int as ids, count(distinct made.id)::int as distinct
      from audit_events e cross join jsonb_array_elements_text(e.body -> 'clientIds') as made (id)
      where e.type = 'clients.imported' and e.body ->> 'importId' = ${importId}`;
    expect(audited).toEqual({ ids: names.length, distinct: names.length });
  });
}
