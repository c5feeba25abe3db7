import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useWorld } from "../support/world.ts";
import { makePlace, type Place } from "./place.ts";

const world = useWorld();
let app: postgres.Sql;
let own: Place;
let neighbour: Place;
let stranger: Place;

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  own = await makePlace(tenant);
  neighbour = await makePlace(tenant);
  stranger = await makePlace(await world.tenant().ready());
  app = postgres(world.server.database.appUrl, { max: 2, onnotice: () => undefined });
});
afterAll(() => app?.end());

type Row = Readonly<Record<string, unknown>>;

/** Inserts as the application role and takes it back; answers the SQLSTATE, or "inserted". */
async function insert(table: string, row: Row): Promise<string> {
  let answer = "inserted";
  await app
    .begin(async (tx) => {
      await tx`insert into ${tx(table)} ${tx(row as Record<string, never>)}`;
      throw new Error("taken back");
    })
    .catch((error: unknown) => {
      if (error instanceof postgres.PostgresError) answer = error.code;
    });
  return answer;
}

const credentialOf = (place: Place, clientId: string): Row => ({
  ...place.key,
  id: "x",
  client_id: clientId,
  hint: "hint",
});
const digest = { digest: Buffer.alloc(32, 7), pepper_version: 1 };

/** A notice that went to another webhook. */
async function noticeIn(at: Place): Promise<string> {
  const id = await at.webhook();
  await at.owner.must("sendTestNotice", { id }, "__typename");
  const document = "query ($id: ID!) { node(id: $id) { ... on Webhook { deliveries { messageId } } } }";
  const { node } = (await at.owner.run(document, { id })) as { node: { deliveries: { messageId: string }[] } };
  return node.deliveries[0]?.messageId ?? "";
}

/** A row of each table that joins things, and which of its members name one of another place. */
const joins: Readonly<Record<string, (at: Place) => Promise<{ row: Row; foreign: (from: Place) => Promise<Row[]> }>>> =
  {
    scopes: async (at) => ({
      row: { ...at.key, id: "x", resource_id: await at.resource(), name: "new" },
      foreign: async (from) => [{ resource_id: await from.resource() }],
    }),
    client_grants: async (at) => ({
      row: { ...at.key, id: "x", client_id: await at.client(), resource_id: await at.resource() },
      foreign: async (from) => [{ client_id: await from.client() }, { resource_id: await from.resource() }],
    }),
    client_grant_scopes: async (at) => {
      const [resource, client] = [await at.resource(), await at.client()];
      const grant = await at.grant(client, resource);
      return {
        row: { ...at.key, resource_id: resource, grant_id: grant, scope_id: await at.scope(resource) },
        foreign: async (from) => [
          { scope_id: await from.scope() },
          { grant_id: await from.grant() },
          { resource_id: await from.resource() },
        ],
      };
    },
    role_scopes: async (at) => ({
      row: { ...at.key, role_id: await at.role(), scope_id: await at.scope() },
      foreign: async (from) => [{ scope_id: await from.scope() }, { role_id: await from.role() }],
    }),
    assignments: async (at) => ({
      row: {
        ...at.key,
        id: "x",
        role_id: await at.role(),
        client_id: await at.client(),
        target_all: false,
        target_workspace_id: at.workspaceId,
      },
      foreign: async (from) => [{ role_id: await from.role() }, { client_id: await from.client() }],
    }),
    resource_servers: async (at) => ({
      row: { ...at.key, resource_id: await at.resource(), client_id: await at.client() },
      foreign: async (from) => [{ resource_id: await from.resource() }, { client_id: await from.client() }],
    }),
    client_secrets: async (at) => ({
      row: { ...credentialOf(at, await at.client()), ...digest },
      foreign: async (from) => [{ client_id: await from.client() }],
    }),
    client_keys: async (at) => ({
      row: { ...credentialOf(at, await at.client()), jwks_uri: "https://keys.example.com/" },
      foreign: async (from) => [{ client_id: await from.client() }],
    }),
    client_certificates: async (at) => ({
      row: { ...credentialOf(at, await at.client()), subject_type: "san_dns", subject: "a.example.com" },
      foreign: async (from) => [{ client_id: await from.client() }],
    }),
    federated_credentials: async (at) => ({
      row: {
        ...credentialOf(at, await at.client()),
        issuer: "https://issuer.example.com",
        audience: "https://audience.example.com",
        claims: app.json({}),
      },
      foreign: async (from) => [{ client_id: await from.client() }],
    }),
    initial_access_token_scopes: async (at) => ({
      row: { ...at.key, token_id: await at.initialAccessToken(), scope_id: await at.scope() },
      foreign: async (from) => [{ token_id: await from.initialAccessToken() }, { scope_id: await from.scope() }],
    }),
    client_registrations: async (at) => ({
      row: {
        ...at.key,
        ...digest,
        client_id: await at.client(),
        token_id: await at.initialAccessToken(),
        hint: "hint",
        credential_ids: [],
      },
      foreign: async (from) => [{ client_id: await from.client() }, { token_id: await from.initialAccessToken() }],
    }),
    notice_deliveries: async (at) => {
      const webhook = await at.webhook();
      return {
        row: { ...at.key, notice_id: await noticeIn(at), receiver: webhook, webhook_id: webhook },
        foreign: async (from) => {
          const other = await from.webhook();
          return [{ notice_id: await noticeIn(from) }, { receiver: other, webhook_id: other }];
        },
      };
    },
    api_tokens: async (at) => ({
      row: { ...credentialOf(at, await at.client()), ...digest, follows_grants: true },
      foreign: async (from) => [{ client_id: await from.client() }],
    }),
  };

describe("[S12] the database refuses a row that joins things of two workspaces, for the application too", () => {
  test.each(Object.entries(joins))("%s", async (table, make) => {
    const { row, foreign } = await make(own);
    expect(await insert(table, row), "a row within one workspace is fine").toBe("inserted");
    for (const from of [neighbour, stranger]) {
      for (const member of await foreign(from)) {
        expect([Object.keys(member), await insert(table, { ...row, ...member })]).toEqual([
          Object.keys(member),
          "23503",
        ]);
      }
      // The whole row moved to the other workspace, its parts left behind.
      expect(await insert(table, { ...row, ...from.key })).toBe("23503");
    }
  });

  test("a role's target lies in the role's tenant", async () => {
    const { row } = (await joins["assignments"]?.(own)) ?? { row: {} };
    const target = { target_workspace_id: stranger.workspaceId };
    expect(await insert("assignments", { ...row, ...target })).toBe("23503");
  });

  test("every foreign key between rows of tenants begins with the tenant, and names the workspace where both have one", async () => {
    const keys = await app<{ name: string; columns: string[]; source: string[]; target: string[] }[]>`
      with columns as (select attrelid, array_agg(attname::text) as names from pg_attribute where attnum > 0 group by 1)
      select k.conname as name, s.names as source, t.names as target,
        array(select a.attname::text from unnest(k.confkey) with ordinality u (n, i)
          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by i) as columns
      from pg_constraint k
        join columns s on s.attrelid = k.conrelid join columns t on t.attrelid = k.confrelid
      where k.contype = 'f' and k.connamespace = 'public'::regnamespace and 'tenant_id' = any (s.names)
        and 'tenant_id' = any (t.names)`;
    expect(keys.length).toBeGreaterThan(20);
    for (const { name, columns, source, target } of keys) {
      expect([name, columns[0]]).toEqual([name, "tenant_id"]);
      const both = source.includes("workspace_id") && target.includes("workspace_id");
      expect([name, columns.includes("workspace_id")]).toEqual([name, both]);
    }
  });
});

/** Runs one statement as the application role; answers its SQLSTATE, or "done". */
const attempt = (statement: string): Promise<string> =>
  app.unsafe(statement).then(
    () => "done",
    (error: unknown) => (error instanceof postgres.PostgresError ? error.code : String(error)),
  );

describe("the application role", () => {
  test("owns nothing and has no attribute of power", async () => {
    const [role] = await app`
      select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,
        (select count(*) from pg_class where relowner = r.oid)::int as owned,
        (select count(*) from pg_database where datdba = r.oid)::int as databases,
        (select count(*) from pg_auth_members where member = r.oid)::int as memberships
      from pg_roles r where rolname = current_user`;
    expect(role).toEqual({
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolbypassrls: false,
      rolreplication: false,
      owned: 0,
      databases: 0,
      memberships: 0,
    });
  });

  test.each([
    "create table mine (id int)",
    "create schema mine",
    "drop table clients",
    "alter table clients add column mine int",
    "alter table clients disable trigger all",
    "truncate clients",
    "update audit_events set body = '{}'",
    "update history set body = null",
    "delete from history",
    "update change_feed set mark = ''",
    "delete from change_feed",
    "update schema_migrations set id = id",
    "set session_replication_role = replica",
    "create function mine() returns int language sql as 'select 1'",
  ])("may not: %s", async (statement) => {
    expect(await attempt(statement)).toMatch(/^42(501|703)$/);
  });

  test("[A10] may delete no entry of the audit log that is younger than thirty days", async () => {
    const [before] = await app`select count(*)::int as entries from audit_events`;
    expect(before?.["entries"]).toBeGreaterThan(0);
    expect(await app`delete from audit_events returning id`).toHaveLength(0);
  });
});
