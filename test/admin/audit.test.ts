import postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { inThisRun } from "../support/sample.ts";
import { useWorld } from "../support/world.ts";
import { type AuditRow, brokenLinks } from "./audit-chain.ts";
import { type Caller, callerOf, newCaller, type OwnWorkspace, outcomeOf, ownWorkspace } from "./callers.ts";
import { cases, type Input } from "./cases.ts";
import { mutations } from "./contract.ts";
import { fresh, makePlace, type Place } from "./place.ts";
import { changedPlaces, useRows } from "./rows.ts";

const world = useWorld();
const rows = useRows(world);
let own: Place;
let admin: OwnWorkspace;
let owner: Caller;
let root: Caller;
let operator: Caller;
let auditor: Caller;
/** Every value that an answer showed once, or that was imported. */
const secrets: string[] = [];

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  own = await makePlace(tenant);
  admin = await ownWorkspace(tenant, "admin");
  owner = await callerOf(world, tenant.adminClient);
  root = await callerOf(world, world.server.bootstrapped.system);
  operator = await newCaller(world, await ownWorkspace(tenant, "system"), { role: "operator" });
  auditor = await newCaller(world, admin, { role: "auditor" });
}, 120_000);

/** Who does it: an act of the System API is for the tenant's own operator, or for that of the installation. */
const callerFor = (name: string, api: "ADMIN" | "SYSTEM" | undefined): Caller =>
  api === "SYSTEM" ? (cases[name]?.inTenant ? operator : root) : owner;

interface Records {
  readonly audit: readonly (AuditRow & { xmin: string })[];
  readonly feed: readonly { shard: number; number: string; tenant_id: string; xmin: string }[];
  readonly history: readonly { tenant_id: string; feed_number: string; shard: number; xmin: string; kind: string }[];
}

const counts = async (): Promise<Record<string, number>> => {
  const [row] = await rows.select<Record<string, number>>(
    `select (select count(*)::int from audit_events) as audit, (select count(*)::int from change_feed) as feed,
      (select count(*)::int from history) as history`,
  );
  return row ?? {};
};

/** The records with a transaction id newer than those that were there: what one call wrote. */
async function writtenBy(call: () => Promise<unknown>): Promise<Records> {
  const known = new Set((await rows.select<{ id: string }>("select id from audit_events")).map(({ id }) => id));
  const before = new Set(
    (await rows.select<{ key: string }>("select shard || ' ' || number as key from change_feed")).map(({ key }) => key),
  );
  await call();
  const audit = await rows.select<AuditRow & { xmin: string }>(
    "select *, xmin::text from audit_events order by sequence",
  );
  const feed = await rows.select<Records["feed"][number]>("select *, xmin::text from change_feed");
  const newFeed = feed.filter(({ shard, number }) => !before.has(`${shard} ${number}`));
  const history = await rows.select<Records["history"][number]>("select *, xmin::text from history");
  const isNew = ({ shard, feed_number }: Records["history"][number]) => !before.has(`${shard} ${feed_number}`);
  return { audit: audit.filter(({ id }) => !known.has(id)), feed: newFeed, history: history.filter(isNew) };
}

describe("a change and its records are one transaction", () => {
  test.each(inThisRun(mutations, 6).map(({ name, api }) => [name, api] as const))("%s", async (name, api) => {
    const known = cases[name];
    if (!known) throw new Error(`${name} has no case`);
    const input: Input = await known.input(own, world);
    const caller = callerFor(name, api);
    const { audit, feed, history } = await writtenBy(async () => {
      const answer = await caller.call(name, input);
      expect([name, outcomeOf(answer, name)]).toEqual([name, "done"]);
      secrets.push(
        ...(answer.body.match(/mm[a-z]_[0-9A-Za-z]+/g) ?? []),
        ...[input["value"], input["sha256"]].map(String),
      );
    });
    expect(audit.map(({ type, outcome, actor }) => ({ type, outcome, actor }))).toEqual(
      Array.from({ length: known.visits ? 2 : 1 }, () => ({
        type: known.event,
        outcome: "done",
        actor: caller.clientId,
      })),
    );
    if (known.visits) expect(new Set(audit.map(({ tenant_id }) => tenant_id)).size).toBe(2);
    expect(audit.every(({ correlation_id }) => /^req_[0-9A-Za-z]{22}$/.test(correlation_id))).toBe(true);
    expect(feed).toHaveLength(1);
    expect(history.length).toBeGreaterThan(0);
    const transactions = [...audit, ...feed, ...history].map(({ xmin }) => xmin);
    expect(new Set(transactions).size).toBe(1);
    const numbers = history.map(({ shard, feed_number }) => `${shard} ${feed_number}`);
    expect([...new Set(numbers)]).toEqual(feed.map(({ shard, number }) => `${shard} ${number}`));
  });

  test("where the audit row cannot be written, no mutation changes anything", async () => {
    const inputs = new Map<string, Input>();
    for (const { name } of mutations) inputs.set(name, (await cases[name]?.input(own, world)) ?? {});
    const sql = postgres(world.server.database.ownerUrl, { max: 1 });
    const role = new URL(world.server.database.appUrl).username;
    await sql.unsafe(`revoke insert on audit_events from ${role}`);
    try {
      const before = await rows.digest();
      for (const { name, api } of mutations) {
        const answer = await callerFor(name, api).call(name, inputs.get(name));
        expect([name, outcomeOf(answer, name)]).not.toEqual([name, "done"]);
        expect(answer.body).not.toMatch(/audit_events|permission denied/);
      }
      expect(changedPlaces(before, await rows.digest())).toEqual([]);
    } finally {
      await sql.unsafe(`grant insert on audit_events to ${role}`);
      await sql.end();
    }
  }, 180_000);
});

describe("a refused act", () => {
  const refused = () =>
    rows.select<AuditRow>("select * from audit_events where tenant_id = $1 and outcome = 'refused' order by sequence", [
      own.tenant.id,
    ]);

  test("is recorded with who, what and why, and writes nothing else", async () => {
    const input = await cases["updateClient"]?.input(own, world);
    const { audit, feed, history } = await writtenBy(() => auditor.call("updateClient", input));
    expect(audit).toHaveLength(1);
    expect(audit[0]).toMatchObject({
      type: "act.refused",
      outcome: "refused",
      actor: auditor.clientId,
      workspace_id: admin.place.workspaceId,
      body: { mutation: "updateClient", codes: ["FORBIDDEN"] },
    });
    expect([feed, history]).toEqual([[], []]);
  });

  test("that was only mistyped is nobody's record", async () => {
    const before = await counts();
    await owner.call("createClient", { workspaceId: own.workspaceId, name: "" });
    await owner.call("updateClient", { id: "cli_000000000000Aa", name: "x" });
    expect(await counts()).toEqual(before);
  });

  test("that floods is counted, not stored one by one", async () => {
    const before = (await refused()).length;
    const input = { id: await own.role() };
    for (let round = 0; round < 4; round++)
      await Promise.all(Array.from({ length: 10 }, () => auditor.call("deleteRole", input)));
    const written = (await refused()).length - before;
    expect(written).toBeGreaterThan(0);
    // Ten a minute; a minute may end while the test runs.
    expect(written).toBeLessThanOrEqual(20);
  });
});

describe("the chain", () => {
  async function chains(): Promise<{ chain: AuditRow[]; head: { sequence: number; hash: Buffer } }[]> {
    const events = await rows.select<AuditRow>("select * from audit_events order by sequence");
    const heads = await rows.select<{ workspace_id: string; sequence: string; hash: Buffer }>(
      "select * from audit_heads",
    );
    return heads.map(({ workspace_id, sequence, hash }) => ({
      chain: events.filter((event) => event.workspace_id === workspace_id),
      head: { sequence: Number(sequence), hash },
    }));
  }

  test("of every workspace verifies by recomputation, and every row is in one", async () => {
    const all = await chains();
    expect(all.length).toBeGreaterThan(3);
    for (const { chain, head } of all) expect(brokenLinks(chain, head)).toEqual([]);
    const stored = (await counts())["audit"];
    expect(all.reduce((sum, { chain }) => sum + chain.length, 0)).toBe(stored);
  });

  test("shows each altered, deleted, moved, relabelled and cut row", async () => {
    const found = (await chains()).find(({ chain }) => chain.length > 10);
    const { chain, head } = found ?? { chain: [], head: { sequence: 0, hash: Buffer.alloc(0) } };
    const changes: Readonly<Record<string, unknown>> = {
      tenant_id: "ten_00000000",
      workspace_id: "wsp_00000000",
      id: "evt_00000000000000",
      at: new Date(0),
      type: "audit.forged",
      outcome: chain[5]?.outcome === "done" ? "refused" : "done",
      actor: "cli_00000000000000",
      correlation_id: "req_0000000000000000000000",
      body: {},
    };
    for (const [member, value] of Object.entries(changes)) {
      const altered = chain.map((row, at) => (at === 5 ? { ...row, [member]: value } : row));
      expect([member, brokenLinks(altered as AuditRow[], head)]).not.toEqual([member, []]);
    }
    const [first, second, ...others] = chain as [AuditRow, AuditRow, ...AuditRow[]];
    for (const wrong of [chain.slice(1), [second, first, ...others], chain.slice(0, -1), chain.toSpliced(5, 1)])
      expect(brokenLinks(wrong, head)).not.toEqual([]);
  });

  test("is read by those who may, newest first", async () => {
    const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { auditEntries(first: 100) { nodes { sequence type } } } } }`;
    const answer = (await owner.post(document, { id: own.workspaceId })).json() as {
      data: { node: { auditEntries: { nodes: { sequence: number; type: string }[] } } };
    };
    const { nodes } = answer.data.node.auditEntries;
    expect(nodes.length).toBeGreaterThan(20);
    expect(nodes.map(({ sequence }) => sequence)).toEqual(
      nodes.map(({ sequence }) => sequence).toSorted((a, b) => b - a),
    );
  });
});

describe("what is kept", () => {
  test("holds no secret and no digest, in history, audit, feed and idempotency", async () => {
    const canary = fresh("canary");
    const made = await owner.call("createClient", {
      workspaceId: own.workspaceId,
      name: canary,
      clientMutationId: canary,
    });
    expect(outcomeOf(made, "createClient")).toBe("done");
    // Not every mutation that shows something is tried in each run.
    for (let made = 0; made < 3; made++) {
      const { secret } = await owner.graphql.must("createClientSecret", { clientId: await own.client() }, "secret");
      secrets.push(String(secret));
    }
    const kept = await rows.select<{ text: string }>(`
      select to_jsonb(t)::text as text from history t union all select to_jsonb(t)::text from audit_events t
      union all select to_jsonb(t)::text from change_feed t union all select to_jsonb(t)::text from idempotency t`);
    const text = kept.map((row) => row.text).join("\n");
    expect(text).toContain(canary);
    const digests = await rows.select<{ digest: Buffer }>("select digest from client_secrets");
    const known = secrets.filter((secret) => secret !== "undefined");
    expect(known.length).toBeGreaterThan(2);
    expect(digests.length).toBeGreaterThan(2);
    const shapes = digests.flatMap(({ digest }) =>
      (["hex", "base64", "base64url"] as const).map((shape) => digest.toString(shape)),
    );
    expect([...known, ...shapes].filter((value) => text.includes(value))).toEqual([]);
    expect(text).not.toMatch(/mm[a-z]_[0-9A-Za-z]{20}/);
  });
});
