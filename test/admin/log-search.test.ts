import { beforeAll, describe, expect, test } from "vitest";
import { inDatabase } from "../support/member.ts";
import { askToken, fetchToken } from "../support/token.ts";
import { type StoryClient, type StoryTenant, useWorld } from "../support/world.ts";
import { type Caller, callerOf, newCaller, ownWorkspace } from "./callers.ts";

const world = useWorld();
let tenant: StoryTenant;
let owner: Caller;
let client: StoryClient;

beforeAll(async () => {
  tenant = await world.tenant().ready();
  owner = await callerOf(world, tenant.adminClient);
  client = await world.tenant(tenant).workspace().resource("orders", ["read", "write"]).client();
}, 120_000);

interface Found {
  readonly nodes: readonly { readonly id: string; readonly type?: string }[];
  readonly lookedBackTo: string | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function search(log: "tokenLog" | "auditEntries", slug: string, args: string): Promise<Found> {
  const selection = `nodes { id ${log === "auditEntries" ? "type" : ""} } lookedBackTo pageInfo { hasNextPage endCursor }`;
  const query = `query ($slug: Slug!) { workspace(slug: $slug) { ${log}${args && `(${args})`} { ${selection} } } }`;
  const { workspace } = (await owner.graphql.run(query, { slug })) as { workspace: Record<string, Found> };
  return workspace[log] as Found;
}

describe("[A10] the token log", () => {
  /** As many decisions, each unlike the others in one thing. */
  const rows: readonly Readonly<Record<string, string>>[] = [
    {},
    { client: "cli_0K3v9aQxT2mZ7b" },
    { client_id: "another" },
    { credential_id: "sec_0K3v9aQxT2mZ7b" },
    { outcome: "refused", reason: "unknown_scope" },
    { outcome: "refused", reason: "unknown_secret" },
    { resource: "https://other.example" },
    { scope: "stock:count orders:write" },
    { address: "10.9.8.7" },
    { correlation_id: "req_one" },
    { jti: "the-one" },
    { at: "2026-01-02T03:04:05.678Z" },
  ];
  const idOf = (at: number): string => rows[at]?.["jti"] ?? `row-${at}`;
  let slug: string;

  beforeAll(async () => {
    const workspace = await world.tenant(tenant).workspace().ready();
    slug = workspace.slug;
    const base = {
      ...{ tenant_id: tenant.id, workspace_id: workspace.id, at: new Date().toISOString(), outcome: "issued" },
      ...{ correlation_id: "req_other", client: client.id, client_id: client.clientId, credential_id: client.secretId },
      ...{ resource: "https://orders.example", scope: "orders:read", address: "10.0.0.1", feed_number: 1, count: 1 },
    };
    await inDatabase(world.server, async (sql) => {
      for (const [at, row] of rows.entries()) {
        const whole = { ...base, jti: idOf(at), ...row };
        await sql`insert into token_log ${sql({ ...whole, day: whole.at.slice(0, 10) })}`;
      }
    });
  });
  const find = async (args: string) => (await search("tokenLog", slug, args)).nodes.map(({ id }) => id).sort();

  test.each([
    ["clientId", 'clientId: "cli_0K3v9aQxT2mZ7b"', [1]],
    ["sentClientId", 'sentClientId: "another"', [2]],
    ["credentialId", 'credentialId: "sec_0K3v9aQxT2mZ7b"', [3]],
    ["outcome", "outcome: REFUSED", [4, 5]],
    ["reason", 'reason: "unknown_scope"', [4]],
    ["resource", 'resource: "https://other.example"', [6]],
    ["scope", 'scope: "orders:write"', [7]],
    ["address", 'address: "10.9.8.7"', [8]],
    ["correlationId", 'correlationId: "req_one"', [9]],
    ["tokenId", 'tokenId: "the-one"', [10]],
    ["to", 'to: "2026-01-02T03:04:05.679Z"', [11]],
    ["from", 'from: "2026-01-02T03:04:05.679Z"', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ["two that one row fulfils", 'outcome: REFUSED, reason: "unknown_secret"', [5]],
    ["two that no row fulfils", 'reason: "unknown_scope", address: "10.9.8.7"', []],
    ["an outcome and what the others have", `outcome: ISSUED, to: "2026-01-03T00:00:00Z"`, [11]],
  ])("by %s → those decisions and no others", async (_, args, wanted) => {
    expect(await find(args)).toEqual(wanted.map(idOf).sort());
  });

  test("of another place, or of nobody → nothing", async () => {
    const foreign = await world.tenant().workspace().resource("orders", ["read"]).client();
    await fetchToken(foreign);
    const nothing = ["%", "", "\u0000"].map((text) => `sentClientId: ${JSON.stringify(text)}`);
    for (const args of [`clientId: "${foreign.id}"`, `credentialId: "${foreign.secretId}"`, ...nothing])
      expect([args, await find(args)]).toEqual([args, []]);
  });

  test("longer than one search looks through → it says how far back it looked, and goes on from there", async () => {
    const { id: workspaceId, slug } = await world.tenant(tenant).workspace().ready();
    await inDatabase(
      world.server,
      (sql) => sql`
        insert into token_log (day, jti, tenant_id, workspace_id, at, outcome, correlation_id, address, feed_number)
        select '2026-05-01', ${workspaceId} || '-' || n, ${tenant.id}, ${workspaceId},
          '2026-05-01T00:00:00Z'::timestamptz + n * interval '10 ms', 'issued', 'req_' || n,
          case when n in (5, 60000) then '10.0.0.5' else '10.0.0.1' end, 1
        from generate_series(1, 60001) n`,
    );
    const first = await search("tokenLog", slug, 'first: 50, address: "10.0.0.5"');
    expect(first.nodes.map(({ id }) => id)).toEqual([`${workspaceId}-60000`]);
    expect(first.lookedBackTo).toBe(new Date(Date.UTC(2026, 4, 1) + 10_002 * 10).toISOString());
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await search("tokenLog", slug, `first: 50, address: "10.0.0.5", after: "${first.pageInfo.endCursor}"`);
    expect(rest).toMatchObject({ nodes: [{ id: `${workspaceId}-5` }], lookedBackTo: null });
    expect(rest.pageInfo.hasNextPage).toBe(false);
    // Whoever narrows nothing is told nothing of it.
    expect(await search("tokenLog", slug, "first: 1")).toMatchObject({ lookedBackTo: null });
  });

  test("a file of it holds what the search finds; what narrows the other log is refused", async () => {
    await askToken(client, { scope: "orders:none" });
    const order = { workspaceId: client.workspace.id, log: "TOKENS", format: "CSV" };
    const bad = await owner.call("createLogExport", { ...order, target: client.id });
    expect(bad.body).toContain("narrows the other log");
    const given = { ...order, tokenOutcome: "REFUSED", reason: "unknown_scope", address: "127.0.0.1" };
    expect((await owner.call("createLogExport", given)).body).toContain('"userErrors":[]');
  });
});

describe("[A10] the audit log, also by", () => {
  const find = async (slug: string, args: string) =>
    (await search("auditEntries", slug, args)).nodes.map(({ type }) => type);

  test("what it is about → the acts on that thing", async () => {
    const { slug } = client.workspace;
    expect(await find(slug, `target: "${client.id}"`)).toEqual([
      "client-secret.created",
      "client-grant.changed",
      "client.created",
    ]);
    expect(await find(slug, 'target: "client.created"')).toEqual([]);
  });

  test("why it was refused, from where, and the request → those refusals", async () => {
    const admin = await ownWorkspace(tenant, "admin");
    const blind = await newCaller(world, admin, { grants: ["client:read"] });
    await blind.call("createClient", { workspaceId: client.workspace.id, name: "x" });
    const actor = `actor: "${blind.clientId}"`;
    expect(await find("admin", `${actor}, reason: "FORBIDDEN"`)).toEqual(["act.refused"]);
    expect(await find("admin", `${actor}, reason: "WRONG_API"`)).toEqual([]);
    expect(await find("admin", `${actor}, address: "127.0.0.1"`)).toContain("act.refused");
    expect(await find("admin", `${actor}, address: "10.0.0.1"`)).toEqual([]);
    const { workspace } = (await owner.graphql.run(
      `{ workspace(slug: "admin") { auditEntries(${actor}, outcome: REFUSED) { nodes { correlationId } } } }`,
    )) as { workspace: { auditEntries: { nodes: readonly { readonly correlationId: string }[] } } };
    const request = workspace.auditEntries.nodes[0]?.correlationId;
    expect(await find("admin", `correlationId: "${request}"`)).toEqual(["act.refused"]);
  });
});
