import { beforeAll, expect, test } from "vitest";
import { inDatabase, type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { codeOf, newPerson } from "../support/person.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld();
let person: SignedInPerson;
beforeAll(async () => {
  const owner = await signInOwner(world.server);
  person = await signInMember(world.server, owner, "root", [{ name: "owner" }]);
});

/** What a tenant's people call this person, and what its audit log says that they did. */
async function inTenant(slug: string): Promise<{ name: string; acts: unknown }> {
  const query = `{ viewer { name } workspace(slug: "admin") { auditEntries(first: 3, type: "member.renamed") { nodes { type actorName } } } }`;
  const { data } = (await person.graphql(slug, query)).json() as {
    data: { viewer: { name: string }; workspace: { auditEntries: { nodes: unknown } } };
  };
  return { name: data.viewer.name, acts: data.workspace.auditEntries.nodes };
}

test("another name → in the account, in each tenant and in its audit log, where the former one is nowhere", async () => {
  const other = await world.tenant().ready();
  const former = ((await person.auth("/account")).json() as { name: string }).name;
  await inDatabase(world.server, async (sql) => {
    await sql`insert into members (tenant_id, id, user_id, display_name)
      select ${other.id}, ${"mem_00000000000007"}, m.user_id, m.display_name from members m where m.id = ${person.memberId}`;
    await sql`insert into assignments (tenant_id, workspace_id, id, role_id, member_id, target_all)
      select r.tenant_id, r.workspace_id, 'asg_00000000000007', r.id, 'mem_00000000000007', true
      from roles r where r.tenant_id = ${other.id} and r.is_built_in and r.name = 'owner'`;
  });
  expect((await person.auth("/name", { name: "  Grace Hopper " })).status).toBe(204);
  expect((await person.auth("/account")).json()).toMatchObject({ name: "Grace Hopper" });
  for (const slug of ["root", other.slug])
    expect([slug, await inTenant(slug)]).toEqual([
      slug,
      { name: "Grace Hopper", acts: [{ type: "member.renamed", actorName: "Grace Hopper" }] },
    ]);
  const bodies = await inDatabase(
    world.server,
    (sql) => sql`select 1 from audit_events where body::text like ${`%${former}%`} or body::text like '%Hopper%'`,
  );
  expect(bodies).toEqual([]);
});

test.each([
  ["no name at all", {}],
  ["an empty one", { name: "  " }],
  ["one that is too long", { name: "x".repeat(101) }],
  ["one with invisible characters", { name: "A\u202eda" }],
  ["one that is no text", { name: 7 }],
  ["a member that is not known", { name: "Ada", email: "ada@example.com" }],
])("%s → refused at its place, and nothing has changed", async (_, body) => {
  const before = (await person.auth("/account")).json();
  const answer = await person.auth("/name", body);
  expect([answer.status, codeOf(answer)]).toEqual([400, "INVALID_INPUT"]);
  const { errors } = answer.json() as { errors: { path: string[]; message: string }[] };
  expect(errors[0]?.path).toEqual(["email" in body ? "email" : "name"]);
  expect((await person.auth("/account")).json()).toEqual(before);
});

test("nobody signed in → 401", async () => {
  expect((await newPerson(world.origin).auth("/name", { name: "Mallory" })).status).toBe(401);
});
