import { beforeAll, describe, expect, test } from "vitest";
import { inDatabase } from "../support/member.ts";
import { useWorld } from "../support/world.ts";
import { idIn, makePlace, type Place } from "./place.ts";
import { useRows } from "./rows.ts";

const world = useWorld();
const rows = useRows(world);
let place: Place;

const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
/** Name, days until its secret ends (null never, undefined without one). */
const people = [
  ["Zeta", 90],
  ["alpha", null],
  ["Beta", 5],
  ["gamma_1", 30],
  ["delta", undefined],
  ["Epsilon", 20],
] as const;
const ids = new Map<string, string>();

beforeAll(async () => {
  place = await makePlace(await world.tenant().ready());
  const resource = await place.resource();
  for (const [name, days] of people) {
    const secret = days === undefined ? {} : { secret: { expiresAt: days === null ? null : inDays(days) } };
    const grants = name === "Zeta" ? { grants: [{ resourceId: resource, scopes: ["a:read"] }] } : {};
    const input = { workspaceId: place.workspaceId, name, ...secret, ...grants };
    ids.set(name, idIn(await place.owner.must("createClient", input, "client { id }"), "client"));
  }
  await place.owner.must("disableClient", { id: ids.get("Epsilon") }, "__typename");
  const made = await place.owner.must("createClientSecret", { clientId: ids.get("gamma_1") }, "clientSecret { id }");
  await place.owner.must("revokeClientSecret", { id: (made["clientSecret"] as { id: string }).id }, "__typename");
}, 60_000);

interface List {
  readonly totalCount: number;
  readonly nodes: readonly { readonly name: string; readonly summary: unknown }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

async function list(args: string, more = ""): Promise<List> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { clients${args} {
    totalCount nodes { name ${more} } pageInfo { endCursor hasNextPage } } } } }`;
  const { node } = (await place.owner.run(document, { id: place.workspaceId })) as { node: { clients: List } };
  return node.clients;
}

const names = async (args: string) => (await list(args)).nodes.map(({ name }) => name);

const stateOf = {
  active: "ACTIVE",
  disabled: "DISABLED",
  neverUsed: "NEVER_USED",
  credentialExpiring: "CREDENTIAL_EXPIRING",
  credentialExpired: "CREDENTIAL_EXPIRED",
} as const;

async function countsOf({ owner, workspaceId }: Place): Promise<object> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { clientCounts {
    all active disabled neverUsed credentialExpiring credentialExpired } } } }`;
  const { node } = (await owner.run(document, { id: workspaceId })) as { node: { clientCounts: object } };
  return node.clientCounts;
}

async function totalOf({ owner, workspaceId }: Place, args: string): Promise<number> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { clients(first: 1${args}) { totalCount } } } }`;
  const { node } = (await owner.run(document, { id: workspaceId })) as { node: { clients: { totalCount: number } } };
  return node.clients.totalCount;
}

/** Days until the end of a credential; null never. */
const ends = [null, -40, -1, 3, 13, 15, 90];
const everyCredential = ends.flatMap((end) =>
  [false, true].flatMap((used) => [false, true].map((revoked) => ({ end, used, revoked }))),
);

/** Clients with every pair of a secret and a key, with one of them and with none; every fifth disabled. */
async function addEveryPair({ owner, workspaceId }: Place): Promise<void> {
  const model = idIn(
    await owner.must("createClient", { workspaceId, name: "model", secret: {} }, "client { id }"),
    "client",
  );
  const some = [undefined, ...everyCredential];
  const list = some
    .flatMap((one) => some.map((two) => [one, two]))
    .map((pair, at) => ({
      id: `cli_${String(at).padStart(14, "0")}`,
      status: at % 5 === 0 ? "disabled" : "active",
      pair: pair.map((one) => one ?? null),
    }));
  await inDatabase(world.server, async (sql) => {
    await sql`insert into clients select (jsonb_populate_record(null::clients, to_jsonb(c) || jsonb_build_object(
        'id', n->>'id', 'client_id', n->>'id', 'name', n->>'id', 'status', n->>'status'))).*
      from clients c, jsonb_array_elements(${sql.json(list)}) n where c.id = ${model}`;
    const dates = sql`now() + (one->>'end')::int * interval '1 day' as expires_at,
      case when (one->>'used')::boolean then now() end as last_used_at,
      case when (one->>'revoked')::boolean then now() end as revoked_at`;
    await sql`insert into client_secrets select (jsonb_populate_record(null::client_secrets, to_jsonb(s) || to_jsonb(d) ||
        jsonb_build_object('id', replace(n->>'id', 'cli_', 'sec_'), 'client_id', n->>'id',
        'digest', '\\x' || encode(sha256((n->>'id')::bytea), 'hex')))).*
      from client_secrets s, jsonb_array_elements(${sql.json(list)}) n, lateral (select n->'pair'->0 as one) o,
        lateral (select ${dates}) d where s.client_id = ${model} and jsonb_typeof(one) = 'object'`;
    await sql`insert into client_keys (tenant_id, workspace_id, id, client_id, hint, public_jwk, expires_at, last_used_at, revoked_at)
      select c.tenant_id, c.workspace_id, replace(n->>'id', 'cli_', 'key_'), n->>'id', 'hint', '{}'::jsonb, d.*
      from clients c, jsonb_array_elements(${sql.json(list)}) n, lateral (select n->'pair'->1 as one) o,
        lateral (select ${dates}) d where c.id = ${model} and jsonb_typeof(one) = 'object'`;
  });
}

describe("a list of clients", () => {
  test("newest first, by name, and by last use; both ways", async () => {
    const made = people.map(([name]) => name as string);
    expect(await names("")).toEqual(made.toReversed());
    expect(await names("(direction: ASCENDING)")).toEqual(made);
    const byName = ["alpha", "Beta", "delta", "Epsilon", "gamma_1", "Zeta"];
    expect(await names("(sort: NAME)")).toEqual(byName);
    expect(await names("(sort: NAME, direction: DESCENDING)")).toEqual(byName.toReversed());
    expect((await names("(sort: LAST_USED)")).length).toBe(made.length);
  });

  test("each sort in pages of two is the same list, each client once", async () => {
    for (const sort of ["CREATED", "NAME", "LAST_USED"]) {
      for (const direction of ["ASCENDING", "DESCENDING"]) {
        const whole = await names(`(sort: ${sort}, direction: ${direction})`);
        const parts: string[] = [];
        for (let after = "", more = true; more; ) {
          const cursor = after && `, after: "${after}"`;
          const part = await list(`(first: 2, sort: ${sort}, direction: ${direction}${cursor})`);
          expect(part.totalCount).toBe(people.length);
          parts.push(...part.nodes.map(({ name }) => name));
          after = part.pageInfo.endCursor;
          more = part.pageInfo.hasNextPage;
        }
        expect([sort, direction, parts]).toEqual([sort, direction, whole]);
      }
    }
  });

  test("a cursor of another sort is refused or harmless, nonsense is refused", async () => {
    const { pageInfo } = await list("(first: 1, sort: NAME)");
    await expect(list(`(first: 1, sort: CREATED, after: "${pageInfo.endCursor}")`)).rejects.toThrow(/cursor/);
    await expect(list('(first: 1, sort: NAME, after: "bm9uc2Vuc2U")')).rejects.toThrow(/cursor/);
  });

  test("by state, and the counts say the same", async () => {
    const states: Readonly<Record<string, readonly string[]>> = {
      ACTIVE: ["Beta", "Zeta", "alpha", "delta", "gamma_1"],
      DISABLED: ["Epsilon"],
      NEVER_USED: ["Beta", "Zeta", "alpha", "delta", "gamma_1"],
      CREDENTIAL_EXPIRING: ["Beta"],
      CREDENTIAL_EXPIRED: [],
    };
    for (const [state, expected] of Object.entries(states)) {
      const found = await list(`(state: ${state})`);
      expect([state, found.nodes.map(({ name }) => name).sort()]).toEqual([state, expected]);
      expect([state, found.totalCount]).toEqual([state, expected.length]);
    }
    expect(await countsOf(place)).toEqual({
      all: 6,
      active: 5,
      disabled: 1,
      neverUsed: 5,
      credentialExpiring: 1,
      credentialExpired: 0,
    });
  });

  test("the counts say the same as the lists, whatever secret and key a client has and whatever became of them", async () => {
    const other = await makePlace(await world.tenant().ready());
    await addEveryPair(other);
    const totals: Record<string, number> = { all: await totalOf(other, "") };
    for (const [name, state] of Object.entries(stateOf)) totals[name] = await totalOf(other, `, state: ${state}`);
    expect(Object.values(totals).every((total) => total > 20)).toBe(true);
    expect(await countsOf(other)).toEqual(totals);
  });

  test("by words, where a wildcard is a letter like any other", async () => {
    expect(await names('(search: "ETA", sort: NAME)')).toEqual(["Beta", "Zeta"]);
    expect(await names('(search: "a_1")')).toEqual(["gamma_1"]);
    expect(await names('(search: "%")')).toEqual([]);
    expect(await names(`(search: "${ids.get("delta")}")`)).toEqual(["delta"]);
    expect(await names('(search: "eta", state: CREDENTIAL_EXPIRING)')).toEqual(["Beta"]);
  });

  test("with a summary of each: access, last use, and the credential that lives longest; revoked ones do not count", async () => {
    const { nodes } = await list("(sort: NAME)", "summary { resources scopes lastUsedAt credential { expiresAt } }");
    const summaries = new Map(nodes.map(({ name, summary }) => [name, summary]));
    const none = { resources: 0, scopes: 0, lastUsedAt: null };
    expect(summaries.get("delta")).toEqual({ ...none, credential: null });
    expect(summaries.get("alpha")).toEqual({ ...none, credential: { expiresAt: null } });
    expect(summaries.get("gamma_1")).toEqual({ ...none, credential: { expiresAt: expect.any(String) } });
    expect(summaries.get("Zeta")).toMatchObject({ resources: 1, scopes: 1 });
  });

  test("puts what was used last on top, and what never was last", async () => {
    const { issuer } = place;
    const clientId = ids.get("Zeta") ?? "";
    const made = await place.owner.must("createClientSecret", { clientId }, "secret");
    const form = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId });
    form.append("client_secret", String(made["secret"]));
    const answer = await fetch(`${issuer}/oauth2/token`, { method: "POST", body: form });
    expect(answer.status).toBe(200);
    const use = "select last_used_at from client_secrets where client_id = $1 and last_used_at is not null";
    await expect.poll(() => rows.select(use, [clientId]), { timeout: 10_000 }).toHaveLength(1);
    expect((await names("(sort: LAST_USED)"))[0]).toBe("Zeta");
    expect(await names("(state: NEVER_USED)")).not.toContain("Zeta");
  });
});
