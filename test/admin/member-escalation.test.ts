import { beforeAll, describe, expect, test } from "vitest";
import { mutationDocument, type UserError } from "../support/graphql.ts";
import { inviteAs, joinAs } from "../support/joining.ts";
import type { SignedInPerson } from "../support/member.ts";
import { inThisRun } from "../support/sample.ts";
import { useWorld } from "../support/world.ts";
import { type OwnWorkspace, ownWorkspace } from "./callers.ts";
import { fresh, idIn } from "./place.ts";
import { changedByRefusal, changedPlaces, useRows } from "./rows.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const rows = useRows(world);
const stage = useTenancyStage(world);

const actors = ["owner", "admin", "developer", "auditor"] as const;
const targets = ["owner", "admin", "developer", "auditor", "operator", "mighty", "meek"] as const;
type Target = (typeof targets)[number];

/** What each act needs of whoever does it, besides holding what it gives, takes or opens. */
const acts = {
  createInvitation: ["invitation:write", "assignment:write"],
  createAssignment: ["member:write", "assignment:write"],
  deleteAssignment: ["member:write", "assignment:write"],
  removeMember: ["member:write"],
  createMemberResetLink: ["member:reset"],
} as const;
type Act = keyof typeof acts;

let system: OwnWorkspace;
const roleIds = new Map<Target, string>();
const scopesOf = new Map<Target, ReadonlySet<string>>();
const people = new Map<(typeof actors)[number], SignedInPerson>();
/** Somebody who has that role, and whom no refused act changes. */
const standing = new Map<Target, string>();

const known = <K, V>(map: ReadonlyMap<K, V>, key: K): V => {
  const found = map.get(key);
  if (found === undefined) throw new Error(`nothing is ${String(key)}`);
  return found;
};
const everywhere = (target: Target) => [{ roleId: known(roleIds, target), everywhere: true }];
const newcomer = async (target: Target): Promise<string> =>
  (await joinAs(stage.tenant.admin, everywhere(target), stage.tenant.slug)).memberId;

async function readScopes(roleId: string): Promise<ReadonlySet<string>> {
  const document = "query ($id: ID!) { node(id: $id) { ... on Role { scopes { name } } } }";
  const { node } = (await stage.tenant.admin.run(document, { id: roleId })) as { node: { scopes: { name: string }[] } };
  return new Set(node.scopes.map(({ name }) => name));
}

beforeAll(async () => {
  system = await ownWorkspace(stage.tenant, "system");
  for (const name of actors) roleIds.set(name, stage.role(name));
  roleIds.set("operator", system.roles.get("operator") ?? "");
  roleIds.set("mighty", await stage.newRole(["workspace:delete"]));
  roleIds.set("meek", await stage.newRole(["workspace:read"]));
  for (const target of targets) scopesOf.set(target, await readScopes(known(roleIds, target)));
  for (const name of actors) people.set(name, await joinAs(stage.tenant.admin, everywhere(name), stage.tenant.slug));
  for (const target of targets) standing.set(target, await newcomer(target));
}, 120_000);

/** By the roles' own scopes: an owner may do all of it, everybody else what they hold, and no owner is touched by others. */
function may(actor: (typeof actors)[number], act: Act, target: Target): boolean {
  const held = known(scopesOf, actor);
  if (!acts[act].every((scope) => held.has(scope))) return false;
  if (actor === "owner") return true;
  return target !== "owner" && [...known(scopesOf, target)].every((scope) => held.has(scope));
}

async function assignmentOf(memberId: string): Promise<string> {
  const { node } = (await stage.tenant.admin.run(
    `{ node(id: "${memberId}") { ... on Member { assignments { id } } } }`,
  )) as {
    node: { assignments: { id: string }[] };
  };
  return node.assignments[0]?.id ?? "";
}

/** What is acted on: somebody new where it will be done, else the one who is there. */
async function inputFor(act: Act, target: Target, isDone: boolean): Promise<object> {
  if (act === "createInvitation") return { roles: everywhere(target) };
  if (act === "createAssignment") {
    // Whoever has another role, so that this one is new to them.
    const memberId = isDone ? await newcomer(target === "meek" ? "auditor" : "meek") : known(standing, "meek");
    return { memberId, ...everywhere(target)[0] };
  }
  const memberId = isDone && act !== "createMemberResetLink" ? await newcomer(target) : known(standing, target);
  return { id: act === "deleteAssignment" ? await assignmentOf(memberId) : memberId };
}

async function outcome(person: SignedInPerson, act: string, input: object): Promise<string> {
  const answer = await person.graphql(stage.tenant.slug, mutationDocument(act, "__typename"), { input });
  const { data } = answer.json() as { data?: Record<string, { userErrors: UserError[] }> };
  const codes = data?.[act]?.userErrors.map(({ code }) => code) ?? [answer.body];
  return codes.length === 0 ? "done" : codes.join(" ");
}

/** Refused with one of these, and nothing changed. */
async function refused(person: SignedInPerson, act: string, input: object, codes: RegExp): Promise<void> {
  const before = await rows.versions();
  expect([act, await outcome(person, act, input)]).toEqual([act, expect.stringMatching(codes)]);
  expect(changedByRefusal(changedPlaces(before, await rows.versions()), stage.tenant.id)).toEqual([]);
}

describe.each(actors)("[C5] nobody escalates among people: %s", (actor) => {
  describe.each(Object.keys(acts) as Act[])("%s", (act) => {
    test.each(inThisRun(targets, 6))("%s", async (target) => {
      const isDone = may(actor, act, target);
      const input = await inputFor(act, target, isDone);
      const person = known(people, actor);
      if (isDone) expect(await outcome(person, act, input)).toBe("done");
      else await refused(person, act, input, /^(FORBIDDEN|NOT_FOUND|MORE_THAN_HELD)$/);
    });
  });
});

describe("[C5] nobody escalates among people", () => {
  const held = (names: readonly string[]) => stage.newRole(names);
  const as = async (roleId: string) => joinAs(stage.tenant.admin, [{ roleId, everywhere: true }], stage.tenant.slug);

  test("the table holds a cell of each kind, done and refused", () => {
    for (const act of Object.keys(acts) as Act[]) {
      const cells = actors.flatMap((actor) => targets.map((target) => may(actor, act, target)));
      expect([act, cells.includes(true), cells.includes(false)]).toEqual([act, true, true]);
    }
    expect(may("admin", "removeMember", "owner")).toBe(false);
    expect(may("admin", "removeMember", "developer")).toBe(true);
  });

  test("who may reset accounts, and holds nothing else → opens no account that can do more", async () => {
    const person = await as(await held(["member:reset"]));
    await refused(person, "createMemberResetLink", { id: known(standing, "owner") }, /^MORE_THAN_HELD$/);
    await refused(person, "createMemberResetLink", { id: known(standing, "meek") }, /^MORE_THAN_HELD$/);
    const equal = (await as(await held(["member:reset"]))).memberId;
    expect(await outcome(person, "createMemberResetLink", { id: equal })).toBe("done");
  });

  test("who may invite, and gives no roles → invites nobody", async () => {
    const person = await as(await held(["invitation:write", "role:read", "workspace:read"]));
    await refused(person, "createInvitation", { roles: everywhere("meek") }, /^FORBIDDEN$/);
  });

  test("a special workspace's contents are opened to a member by owners alone", async () => {
    const admin = known(people, "admin");
    const { workspaceId } = stage.admin.place;
    const input = {
      roleId: known(roleIds, "meek"),
      targetWorkspaceId: workspaceId,
      memberId: await newcomer("auditor"),
    };
    await refused(admin, "createAssignment", input, /^MORE_THAN_HELD$/);
    const { memberId: _, ...role } = input;
    await refused(admin, "createInvitation", { roles: [role] }, /^MORE_THAN_HELD$/);
    expect(await outcome(known(people, "owner"), "createAssignment", input)).toBe("done");
  });

  test("a role of a custom workspace is for clients, and the refusal says so", async () => {
    const roleId = await stage.own.role();
    const input = { roleId, targetWorkspaceId: stage.own.workspaceId, memberId: known(standing, "meek") };
    await refused(known(people, "owner"), "createAssignment", input, /^INVALID_INPUT$/);
  });

  test("to whom or what, one and no more: neither, or both → refused by name", async () => {
    const role = { roleId: known(roleIds, "meek"), everywhere: true };
    const owner = known(people, "owner");
    await refused(owner, "createAssignment", role, /^INVALID_INPUT$/);
    const both = { ...role, memberId: known(standing, "meek"), clientId: await stage.admin.place.client() };
    await refused(owner, "createAssignment", both, /^INVALID_INPUT$/);
  });

  test("an inviter who has lost the power meanwhile → their link opens nothing", async () => {
    const inviter = await joinAs(stage.tenant.admin, everywhere("admin"), stage.tenant.slug);
    const document = mutationDocument("createInvitation", "secret");
    const answer = await inviter.graphql(stage.tenant.slug, document, { input: { roles: everywhere("admin") } });
    const { data } = answer.json() as { data: { createInvitation: { secret: string } } };
    const assignment = await assignmentOf(inviter.memberId);
    const code = data.createInvitation.secret.split("/").at(-1) ?? "";
    expect((await inviter.auth("/invitation", { code })).status).toBe(200);
    await stage.tenant.admin.must("deleteAssignment", { id: assignment }, "__typename");
    expect((await inviter.auth("/invitation", { code })).body).toContain("CODE_INVALID");
    // Less power than the link gives is too little as well.
    const invites = await held(["invitation:write", "assignment:write", "role:read"]);
    await stage.tenant.admin.must(
      "createAssignment",
      { roleId: invites, memberId: inviter.memberId, everywhere: true },
      "__typename",
    );
    expect((await inviter.auth("/invitation", { code })).body).toContain("CODE_INVALID");
    await stage.tenant.admin.must(
      "createAssignment",
      { roleId: known(roleIds, "admin"), memberId: inviter.memberId, everywhere: true },
      "__typename",
    );
    expect((await inviter.auth("/invitation", { code })).status).toBe(200);
  });

  test("a client whose token carries less than inviting → invites nobody", async () => {
    const { id } = await inviteAs(stage.tenant.admin, everywhere("meek"));
    expect(id).toMatch(/^inv_/);
    const name = fresh("role");
    const made = await stage.tenant.admin.must(
      "createRole",
      { workspaceId: stage.admin.place.workspaceId, name, scopeIds: [stage.scope("member:read")] },
      "role { id }",
    );
    const reader = await as(idIn(made, "role"));
    await refused(reader, "revokeInvitation", { id }, /^NOT_FOUND$/);
    await refused(reader, "removeMember", { id: known(standing, "meek") }, /^FORBIDDEN$/);
  });
});
