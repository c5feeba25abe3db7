import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { mutationDocument, type UserError } from "../support/graphql.ts";
import { inviteAs, joinAs, useLink } from "../support/joining.ts";
import { inDatabase, type SignedInPerson, signInAgain } from "../support/member.ts";
import { codeIn, codeOf, freshPassword, newPerson } from "../support/person.ts";
import { useWorld } from "../support/world.ts";
import { type OwnWorkspace, ownWorkspace } from "./callers.ts";
import { makePlace } from "./place.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const stage = useTenancyStage(world);
let owner: SignedInPerson;
const everywhere = (role: string) => [{ roleId: stage.role(role), everywhere: true }];
const join = (role: string) => joinAs(stage.tenant.admin, everywhere(role), stage.tenant.slug);

beforeAll(async () => {
  owner = await join("owner");
}, 120_000);

async function ask(person: SignedInPerson, query: string, variables: object = {}): Promise<Record<string, unknown>> {
  const answer = await person.graphql(stage.tenant.slug, query, variables);
  const { data } = answer.json() as { data: Record<string, unknown> };
  return data;
}

async function act(person: SignedInPerson, name: string, input: object): Promise<string> {
  const answer = await person.graphql(stage.tenant.slug, mutationDocument(name, "__typename"), { input });
  const { data } = answer.json() as { data?: Record<string, { userErrors: UserError[] }> };
  const codes = data?.[name]?.userErrors.map(({ code }) => code) ?? [codeOf(answer)];
  return codes.length === 0 ? "done" : codes.join(" ");
}

const nameOf = async (memberId: string): Promise<string> => {
  const { member } = (await ask(owner, `{ member(id: "${memberId}") { name } }`)) as { member: { name: string } };
  return member.name;
};

describe("who the people are", () => {
  const list =
    "query ($search: String) { members(first: 100, search: $search) { nodes { id name account { email lastSeenAt hasSecondFactor } assignments { role { name } everywhere } } } }";
  interface Listed {
    id: string;
    name: string;
    account: { email: string; lastSeenAt: string | null; hasSecondFactor: boolean } | null;
    assignments: { role: { name: string }; everywhere: boolean }[];
  }
  const found = async (person: SignedInPerson, search?: string) =>
    ((await ask(person, list, { search })) as { members: { nodes: Listed[] } }).members.nodes;

  test("[C5] a developer sees names and roles, an auditor the accounts too", async () => {
    const [developer, auditor] = [await join("developer"), await join("auditor")];
    const mine = (nodes: Listed[]) => nodes.find(({ id }) => id === auditor.memberId);
    const seenByDeveloper = mine(await found(developer));
    expect(seenByDeveloper).toMatchObject({ account: null, assignments: [{ role: { name: "auditor" } }] });
    const seenByAuditor = mine(await found(auditor));
    expect(seenByAuditor?.account?.email).toBe(auditor.email);
    expect(Date.parse(seenByAuditor?.account?.lastSeenAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
    const refusal = await developer.graphql(stage.tenant.slug, "{ invitations { nodes { id } } }");
    expect(codeOf(refusal)).toBe("FORBIDDEN");
  });

  test("[C5] a member narrowed to one workspace sees no members", async () => {
    const roles = [{ roleId: stage.role("developer"), targetWorkspaceId: stage.own.workspaceId }];
    const narrowed = await joinAs(stage.tenant.admin, roles, stage.tenant.slug);
    expect(codeOf(await narrowed.graphql(stage.tenant.slug, list))).toBe("FORBIDDEN");
    expect(await ask(narrowed, `{ member(id: "${owner.memberId}") { id } }`)).toEqual({ member: null });
  });

  test("a search by part of a name, by an address where addresses may be seen, by an id", async () => {
    const [developer, wanted] = [await join("developer"), await join("auditor")];
    const ids = async (person: SignedInPerson, search: string) => (await found(person, search)).map(({ id }) => id);
    const name = await nameOf(wanted.memberId);
    expect(await ids(owner, name.toUpperCase())).toContain(wanted.memberId);
    expect(await ids(owner, wanted.email.slice(0, -8))).toEqual([wanted.memberId]);
    expect(await ids(developer, wanted.email)).toEqual([]);
    expect(await ids(owner, wanted.memberId)).toEqual([wanted.memberId]);
    for (const nothing of ["%", "_", "\\"]) expect(await ids(owner, `${nothing}${wanted.email}`)).toEqual([]);
  });
});

describe("[C5] an invitation", () => {
  test("is shown once, listed while open, and used once", async () => {
    const { id, link } = await inviteAs(stage.tenant.admin, everywhere("developer"));
    const open = async () =>
      (
        (await ask(owner, "{ invitations(first: 100) { nodes { id } } }")) as {
          invitations: { nodes: { id: string }[] };
        }
      ).invitations.nodes.map((one) => one.id);
    expect(await open()).toContain(id);
    const joined = await useLink(link, stage.tenant.slug);
    expect(await open()).not.toContain(id);
    expect(joined.memberId).toMatch(/^mem_/);
    const again = await newPerson(world.origin).auth("/invitation/accept", {
      code: codeIn(link),
      name: "Late",
      email: "late@example.com",
      password: freshPassword(),
    });
    expect(codeOf(again)).toBe("CODE_INVALID");
    expect(await act(owner, "revokeInvitation", { id })).toBe("PROTECTED");
  });

  test("revoked, or over → opens nothing", async () => {
    const [revoked, over] = [
      await inviteAs(stage.tenant.admin, everywhere("auditor")),
      await inviteAs(stage.tenant.admin, everywhere("auditor")),
    ];
    expect(await act(owner, "revokeInvitation", { id: revoked.id })).toBe("done");
    expect(await act(owner, "revokeInvitation", { id: revoked.id })).toBe("done");
    await inDatabase(
      world.server,
      (sql) => sql`update invitations set expires_at = now() - interval '1 second' where id = ${over.id}`,
    );
    for (const { link } of [revoked, over])
      expect(codeOf(await newPerson(world.origin).auth("/invitation", { code: codeIn(link) }))).toBe("CODE_INVALID");
  });

  test("is open for 72 hours unless said otherwise, for 7 days at most", async () => {
    const document = mutationDocument("createInvitation", "invitation { createdAt expiresAt }");
    const hours = async (lifetimeHours?: number) => {
      const input = { roles: everywhere("auditor"), lifetimeHours };
      const answer = await owner.graphql(stage.tenant.slug, document, { input });
      const { data } = answer.json() as {
        data: {
          createInvitation: { invitation: { createdAt: string; expiresAt: string } | null; userErrors: UserError[] };
        };
      };
      const { invitation, userErrors } = data.createInvitation;
      if (!invitation) return userErrors[0]?.path;
      return (Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt)) / 3_600_000;
    };
    expect([await hours(), await hours(1), await hours(168)]).toEqual([72, 1, 168]);
    for (const bad of [0, -1, 169]) expect(await hours(bad)).toEqual(["lifetimeHours"]);
  });

  test("with an end for its roles → it ends by then too, tells its reader, and what it gave ends then", async () => {
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    const made = async (rolesExpireAt: string, lifetimeHours: number) => {
      const input = { roles: everywhere("auditor"), rolesExpireAt, lifetimeHours };
      return stage.tenant.admin.mutate(
        "createInvitation",
        input,
        "invitation { id createdAt expiresAt rolesExpireAt } secret",
      );
    };
    const [soon, late] = [inHours(2), inHours(2000)];
    const first = await made(soon, 72);
    expect(first["invitation"]).toMatchObject({ expiresAt: soon, rolesExpireAt: soon });
    const second = (await made(late, 3))["invitation"] as { createdAt: string; expiresAt: string };
    expect(second).toMatchObject({ rolesExpireAt: late });
    expect(Date.parse(second.expiresAt) - Date.parse(second.createdAt)).toBe(3 * 3_600_000);
    expect((await made(inHours(-1), 3)).userErrors).toMatchObject([{ path: ["rolesExpireAt"] }]);

    const link = String(first["secret"]);
    const page = await newPerson(world.origin).auth("/invitation", { code: codeIn(link) });
    expect(page.json()).toMatchObject({ kind: "join", expiresAt: soon, rolesExpireAt: soon });
    const { memberId } = await useLink(link, stage.tenant.slug);
    const { member } = await ask(owner, `{ member(id: "${memberId}") { assignments { role { name } expiresAt } } }`);
    expect(member).toEqual({ assignments: [{ role: { name: "auditor" }, expiresAt: soon }] });
  });

  test("names and addresses stand in no audit row and in no history", async () => {
    const email = "somebody.private@example.com";
    const input = { roles: everywhere("auditor"), email };
    const made = await stage.tenant.admin.must("createInvitation", input, "invitation { id email } secret");
    expect(made["invitation"]).toMatchObject({ email });
    const joined = await useLink(String(made["secret"]), stage.tenant.slug);
    const name = await nameOf(joined.memberId);
    expect(await act(owner, "removeMember", { id: joined.memberId })).toBe("done");
    const found = await inDatabase(
      world.server,
      (sql) => sql`select 1 from audit_events e where e.body::text ~ ${`${email}|${name}|${joined.email}`}
        union all select 1 from history h where h.body::text ~ ${`${email}|${name}|${joined.email}`}`,
    );
    expect(found).toHaveLength(0);
  });
});

describe("[C5] a role for a time", () => {
  const may = async (person: SignedInPerson) => {
    const { viewer } = (await ask(person, "{ viewer { permissions } }")) as { viewer: { permissions: string[] } };
    return viewer.permissions.includes("client:write");
  };
  const setTo = (memberId: string, column: "not_before" | "expires_at", seconds: number) =>
    inDatabase(
      world.server,
      (sql) => sql`update assignments set ${sql(column)} = clock_timestamp() + ${`${seconds} seconds`}::interval
        where member_id = ${memberId}`,
    );
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test("ends at its instant: a second before it counts, at it and a second after it does not", async () => {
    const person = await join("developer");
    await setTo(person.memberId, "expires_at", 1);
    expect(await may(person)).toBe(true);
    await setTo(person.memberId, "expires_at", 0);
    expect(await may(person)).toBe(false);
    await setTo(person.memberId, "expires_at", -1);
    expect(await may(person)).toBe(false);
    await setTo(person.memberId, "expires_at", 1);
    await wait(1100);
    expect(await may(person)).toBe(false);
  });

  test("begins at its instant", async () => {
    const person = await join("developer");
    await setTo(person.memberId, "not_before", 1);
    expect(await may(person)).toBe(false);
    await wait(1100);
    expect(await may(person)).toBe(true);
    await setTo(person.memberId, "not_before", 0);
    expect(await may(person)).toBe(true);
  });

  test("is given with an end, in one workspace, and taken back at once", async () => {
    const person = await join("auditor");
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const input = {
      roleId: stage.role("developer"),
      memberId: person.memberId,
      targetWorkspaceId: stage.own.workspaceId,
    };
    expect(await act(owner, "createAssignment", { ...input, expiresAt })).toBe("done");
    expect(await act(owner, "createAssignment", input)).toBe("ALREADY_EXISTS");
    const { workspaceId } = stage.own;
    expect(await act(person, "createClient", { workspaceId, name: "Made" })).toBe("done");
    const other = await makePlace(stage.tenant);
    expect(await act(person, "createClient", { workspaceId: other.workspaceId, name: "Made" })).toBe("FORBIDDEN");
    const { member } = (await ask(owner, `{ member(id: "${person.memberId}") { assignments { id expiresAt } } }`)) as {
      member: { assignments: { id: string; expiresAt: string | null }[] };
    };
    const timed = member.assignments.find((one) => one.expiresAt !== null);
    expect(await act(owner, "deleteAssignment", { id: timed?.id })).toBe("done");
    expect(await act(person, "createClient", { workspaceId, name: "Made" })).toBe("FORBIDDEN");
  });
});

describe("[C5] [F3] removing a member", () => {
  test("ends their sessions' power at once, their personal tokens, links and own clients", async () => {
    const person = await join("admin");
    const elsewhere = await signInAgain(world.server, person);
    const client = await stage.admin.place.client();
    const token = `tok_${randomBytes(7).toString("hex")}`;
    await inDatabase(world.server, async (sql) => {
      await sql`update clients set owner_member_id = ${person.memberId} where id = ${client}`;
      await sql`insert into api_tokens (tenant_id, workspace_id, id, hint, digest, pepper_version, member_id, follows_grants)
        select ${stage.tenant.id}, ${stage.admin.place.workspaceId}, ${token}, 'abcd', ${randomBytes(32)}, max(version),
          ${person.memberId}, true from peppers`;
    });
    const { member } = (await ask(
      owner,
      `{ member(id: "${person.memberId}") { account { personalTokens ownClients } } }`,
    )) as { member: { account: object } };
    expect(member.account).toEqual({ personalTokens: 1, ownClients: 1 });
    const document = mutationDocument("createInvitation", "secret");
    const answer = await person.graphql(stage.tenant.slug, document, { input: { roles: everywhere("auditor") } });
    const { data } = answer.json() as { data: { createInvitation: { secret: string } } };
    const code = codeIn(data.createInvitation.secret);

    expect(await act(owner, "removeMember", { id: person.memberId })).toBe("done");
    for (const session of [person, elsewhere]) {
      const next = await session.graphql(stage.tenant.slug, "{ viewer { name } }");
      expect([next.status, codeOf(next)]).toEqual([403, "NOT_A_MEMBER"]);
    }
    const [left] = await inDatabase(
      world.server,
      (sql) => sql<{ tokens: number; status: string; bound: string }[]>`select
        (select count(*)::int from api_tokens where id = ${token}) as tokens, status, owner_member_id as bound
        from clients where id = ${client}`,
    );
    expect(left).toEqual({ tokens: 0, status: "disabled", bound: person.memberId });
    expect(codeOf(await newPerson(world.origin).auth("/invitation", { code }))).toBe("CODE_INVALID");
    expect(await act(owner, "removeMember", { id: person.memberId })).toBe("NOT_FOUND");
    // The account is the person's own: it signs in, and may be invited again.
    const { link } = await inviteAs(stage.tenant.admin, everywhere("auditor"));
    const back = await person.auth("/invitation/accept", { code: codeIn(link) });
    expect(back.status).toBe(201);
  });

  test("the audit log still says who they were", async () => {
    const person = await join("admin");
    const name = await nameOf(person.memberId);
    expect(await act(owner, "removeMember", { id: person.memberId })).toBe("done");
    const document = `query ($actor: ActorId) { workspace(slug: "admin") { auditEntries(first: 5, actor: $actor) { nodes { type actorName } } } }`;
    const { workspace } = (await ask(owner, document, { actor: person.memberId })) as {
      workspace: { auditEntries: { nodes: { type: string; actorName: string }[] } };
    };
    expect(workspace.auditEntries.nodes).toContainEqual({ type: "member.signed-in", actorName: name });
  });

  test("the last owner stays, however they would go", async () => {
    const tenant = await world.tenant().ready();
    const admin = await ownWorkspace(tenant, "admin");
    const roleId = admin.roles.get("owner") ?? "";
    const only = await joinAs(tenant.admin, [{ roleId, everywhere: true }], tenant.slug);
    const call = async (name: string, input: object) => {
      const answer = await only.graphql(tenant.slug, mutationDocument(name, "__typename"), { input });
      const { data } = answer.json() as { data: Record<string, { userErrors: UserError[] }> };
      return data[name]?.userErrors.map(({ code }) => code).join(" ") || "done";
    };
    // The tenant's first client is an owner too.
    expect(await call("deleteClient", { id: tenant.adminClient.clientId })).toBe("done");
    expect(await call("removeMember", { id: only.memberId })).toBe("LAST_OWNER");
    expect(await call("deleteAssignment", { id: await ownersAssignment(only, tenant.slug) })).toBe("LAST_OWNER");
  });

  async function ownersAssignment(person: SignedInPerson, tenant: string): Promise<string> {
    const answer = await person.graphql(tenant, `{ member(id: "${person.memberId}") { assignments { id } } }`);
    const { data } = answer.json() as { data: { member: { assignments: { id: string }[] } } };
    return data.member.assignments[0]?.id ?? "";
  }
});

describe("[C5] a link that gives a lost account back", () => {
  const linkFor = async (memberId: string) => {
    const document = mutationDocument("createMemberResetLink", "secret");
    const answer = await owner.graphql(stage.tenant.slug, document, { input: { id: memberId } });
    const { data } = answer.json() as {
      data: { createMemberResetLink: { secret: string | null; userErrors: UserError[] } };
    };
    return { ...data.createMemberResetLink, code: codeIn(data.createMemberResetLink.secret ?? "") };
  };
  const joinOther = async (person: SignedInPerson) => {
    const other = await world.tenant().ready();
    const admin: OwnWorkspace = await ownWorkspace(other, "admin");
    const { link } = await inviteAs(other.admin, [{ roleId: admin.roles.get("auditor") ?? "", everywhere: true }]);
    expect((await person.auth("/invitation/accept", { code: codeIn(link) })).status).toBe(201);
  };

  test("sets a new password once, and ends every session", async () => {
    const person = await join("developer");
    const { code } = await linkFor(person.memberId);
    const password = freshPassword();
    expect((await newPerson(world.origin).auth("/invitation/accept", { code, password })).status).toBe(201);
    expect(codeOf(await person.graphql(stage.tenant.slug, "{ viewer { name } }"))).toBe("UNAUTHENTICATED");
    await signInAgain(world.server, { email: person.email, password });
    expect(codeOf(await newPerson(world.origin).auth("/invitation/accept", { code, password }))).toBe("CODE_INVALID");
  });

  test("a newer one closes the older", async () => {
    const person = await join("developer");
    const [older, newer] = [await linkFor(person.memberId), await linkFor(person.memberId)];
    const state = async (code: string) => codeOf(await newPerson(world.origin).auth("/invitation", { code }));
    expect([await state(older.code), await state(newer.code)]).toEqual(["CODE_INVALID", ""]);
  });

  test("for somebody who belongs to another tenant as well → refused; who joins one meanwhile → it opens nothing", async () => {
    const person = await join("developer");
    const { code } = await linkFor(person.memberId);
    await joinOther(person);
    const password = freshPassword();
    expect(codeOf(await newPerson(world.origin).auth("/invitation/accept", { code, password }))).toBe("CODE_INVALID");
    expect((await linkFor(person.memberId)).userErrors[0]?.code).toBe("PROTECTED");
    await signInAgain(world.server, person);
  });

  test("for somebody who has become stronger than its maker meanwhile → it opens nothing", async () => {
    const withReset = [{ roleId: await stage.newRole(["member:reset"]), everywhere: true }];
    const help = await joinAs(stage.tenant.admin, withReset, stage.tenant.slug);
    const plain = await joinAs(stage.tenant.admin, withReset, stage.tenant.slug);
    const document = mutationDocument("createMemberResetLink", "secret");
    const answer = await help.graphql(stage.tenant.slug, document, { input: { id: plain.memberId } });
    const { data } = answer.json() as { data: { createMemberResetLink: { secret: string } } };
    const code = codeIn(data.createMemberResetLink.secret);
    const asOwner = { roleId: stage.role("owner"), memberId: plain.memberId, everywhere: true };
    const { assignment } = await stage.tenant.admin.must("createAssignment", asOwner, "assignment { id }");
    const password = freshPassword();
    expect(codeOf(await newPerson(world.origin).auth("/invitation/accept", { code, password }))).toBe("CODE_INVALID");
    await signInAgain(world.server, plain);
    const { id } = assignment as { id: string };
    await stage.tenant.admin.must("deleteAssignment", { id }, "deletedAssignmentId");
  });

  test("for oneself → refused", async () => {
    expect((await linkFor(owner.memberId)).userErrors[0]?.code).toBe("PROTECTED");
  });
});

describe("[S2] a closed workspace says whom to ask", () => {
  const gate = '{ workspace(slug: "admin") { gatekeepers } }';
  const closed = async (person: SignedInPerson) => {
    const input = { workspaceId: stage.admin.place.workspaceId, name: "Mine" };
    const answer = await person.graphql(stage.tenant.slug, mutationDocument("createClient", "__typename"), { input });
    const { data } = answer.json() as { data: { createClient: { userErrors: UserError[] } } };
    return data.createClient.userErrors[0];
  };

  test("who may see names is told the owners' names, by the refusal and by the workspace", async () => {
    const [admin, name] = [await join("admin"), await nameOf(owner.memberId)];
    const refusal = await closed(admin);
    expect(refusal?.code).toBe("WORKSPACE_CLOSED");
    expect(refusal?.fix).toContain(name);
    expect(await ask(admin, gate)).toEqual({ workspace: { gatekeepers: [name] } });
    expect(await ask(owner, gate)).toEqual({ workspace: { gatekeepers: null } });
  });

  test("who may see no names is told to ask an owner", async () => {
    const roleId = await stage.newRole(["client:write", "workspace:read"]);
    const person = await joinAs(stage.tenant.admin, [{ roleId, everywhere: true }], stage.tenant.slug);
    expect((await closed(person))?.fix).toContain("Ask an owner of the tenant to do this");
    expect(await ask(person, gate)).toEqual({ workspace: { gatekeepers: [] } });
  });
});
