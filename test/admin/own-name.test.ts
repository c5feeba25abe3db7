import { beforeAll, expect, test } from "vitest";
import { tokenHeader } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { mutationDocument, postGraphQL, type UserError } from "../support/graphql.ts";
import { inDatabase, type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { newPerson } from "../support/person.ts";
import { useWorld } from "../support/world.ts";
import { callerOf, outcomeOf } from "./callers.ts";
import { ofPersons } from "./contract.ts";

const world = useWorld();
let person: SignedInPerson;
beforeAll(async () => {
  const owner = await signInOwner(world.server);
  person = await signInMember(world.server, owner, "root", [{ name: "owner" }]);
});

const document = mutationDocument("updateOwnName", "viewer { name }");
const rename = (input: object, tenant = "root") => person.graphql(tenant, document, { input });

/** What a tenant's people call this person, and what its audit log says that they did. */
async function inTenant(slug: string): Promise<{ name: string; acts: unknown }> {
  const query = `{ viewer { name } workspace(slug: "admin") { auditEntries(first: 3, type: "member.renamed") { nodes { type actorName } } } }`;
  const { data } = (await person.graphql(slug, query)).json() as {
    data: { viewer: { name: string }; workspace: { auditEntries: { nodes: unknown } } };
  };
  return { name: data.viewer.name, acts: data.workspace.auditEntries.nodes };
}

test("[C2] another name, by the public schema → in the account, in each tenant and in its audit log, where the former one is nowhere", async () => {
  const other = await world.tenant().ready();
  const former = ((await person.auth("/account")).json() as { name: string }).name;
  await inDatabase(world.server, async (sql) => {
    await sql`insert into members (tenant_id, id, user_id, display_name)
      select ${other.id}, ${"mem_00000000000007"}, m.user_id, m.display_name from members m where m.id = ${person.memberId}`;
    await sql`insert into assignments (tenant_id, workspace_id, id, role_id, member_id, target_all)
      select r.tenant_id, r.workspace_id, 'asg_00000000000007', r.id, 'mem_00000000000007', true
      from roles r where r.tenant_id = ${other.id} and r.is_built_in and r.name = 'owner'`;
  });
  const renamed = await rename({ name: "  Grace Hopper " });
  expect(renamed.json()).toEqual({ data: { updateOwnName: { viewer: { name: "Grace Hopper" }, userErrors: [] } } });
  expect((await person.auth("/account")).json()).toMatchObject({ name: "Grace Hopper" });
  for (const slug of ["root", other.slug])
    expect([slug, await inTenant(slug)]).toEqual([
      slug,
      { name: "Grace Hopper", acts: [{ type: "member.renamed", actorName: "Grace Hopper" }] },
    ]);
  const bodies = await inDatabase(
    world.server,
    (
      sql,
    ) => sql`select 1 from (select body::text as said from audit_events union all select body::text from history) kept
      where said like ${`%${former}%`} or said like '%Hopper%'`,
  );
  expect(bodies).toEqual([]);
});

test.each([
  ["an empty one", { name: "  " }],
  ["one that is too long", { name: "x".repeat(101) }],
  ["one with invisible characters", { name: "A\u202eda" }],
])("%s → refused at its place, and nothing has changed", async (_, input) => {
  const before = (await person.auth("/account")).json();
  const { data } = (await rename(input)).json() as { data: { updateOwnName: { userErrors: UserError[] } } };
  expect(data.updateOwnName.userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["name"] }]);
  expect((await person.auth("/account")).json()).toEqual(before);
});

test.each([
  ["no name at all", {}, "name"],
  ["one that is no text", { name: 7 }, "input.name"],
  ["a member that is not known", { name: "Ada", email: "ada@example.com" }, "email"],
])("%s → refused by the schema, which names it, and nothing has changed", async (_, input, place) => {
  const before = (await person.auth("/account")).json();
  const answer = (await rename(input)).json() as { data?: unknown; errors: { message: string }[] };
  expect(answer.data ?? null).toBeNull();
  expect(answer.errors[0]?.message).toContain(place);
  expect((await person.auth("/account")).json()).toEqual(before);
});

test("nobody signed in → no name is changed; the former address is gone", async () => {
  const answer = await newPerson(world.origin).graphql("root", document, { input: { name: "Mallory" } });
  expect(answer.status).toBe(401);
  expect((await person.auth("/name", { name: "Mallory" })).status).toBe(404);
});

test("a tenant that the person is not of → refused there, and no name is changed", async () => {
  const other = await world.tenant().ready();
  const before = (await person.auth("/account")).json();
  expect((await rename({ name: "Mallory" }, other.slug)).status).toBe(403);
  expect((await person.auth("/account")).json()).toEqual(before);
});

test("[T7] a client, and a personal token → neither changes a name: only a person who is signed in", async () => {
  // What a person alone may do is tried here, or with personal tokens and clients.
  const others = ofPersons.filter((name) => !/Personal(Client|Token)$/.test(name));
  expect(others).toEqual(["updateOwnName"]);
  const { workspace } = (await world.rootAdmin.run('{ workspace(slug: "admin") { id } }')) as {
    workspace: { id: string };
  };
  const settings = { workspaceId: workspace.id, personalTokens: "ON" };
  await world.rootAdmin.must("updateWorkspaceSettings", settings, "__typename");
  const making = mutationDocument("createPersonalToken", "secret");
  const made = await person.graphql("root", making, { input: { name: "Mine", permissions: { all: true } } });
  const { data } = made.json() as { data: { createPersonalToken: { secret: string } } };
  const value = remember(data.createPersonalToken.secret);
  const caller = await callerOf(world, world.server.bootstrapped);
  const before = (await person.auth("/account")).json();
  const body = { query: document, variables: { input: { name: "Mallory" } } };
  const byToken = await postGraphQL(world.graphqlUrl, body, [tokenHeader(value)]);
  const byClient = await caller.post(document, body.variables);
  expect([outcomeOf(byToken, "updateOwnName"), outcomeOf(byClient, "updateOwnName")]).toEqual([
    "FORBIDDEN",
    "FORBIDDEN",
  ]);
  expect((await person.auth("/account")).json()).toEqual(before);
});
