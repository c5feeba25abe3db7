import { beforeAll, describe, expect, test } from "vitest";
import { mutationDocument, postGraphQL } from "../support/graphql.ts";
import type { Answer } from "../support/http.ts";
import { inDatabase, type SignedInPerson, signInAgain, signInMember, signInOwner } from "../support/member.ts";
import { codeOf, consoleHeaders, newPerson, totpCode } from "../support/person.ts";
import { bearer, fetchToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld();
let owner: SignedInPerson;
beforeAll(async () => {
  owner = await signInOwner(world.server);
});

const viewer = "{ viewer { memberId } }";
const outcome = (answer: Answer): string => {
  const { data, errors } = answer.json() as {
    data?: Record<string, { userErrors: { code: string }[] }>;
    errors?: unknown;
  };
  if (errors) return `${answer.status} ${codeOf(answer)}`;
  const codes = Object.values(data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
  return codes.length === 0 ? "done" : codes.map(({ code }) => code).join(" ");
};
const mutate = async (person: SignedInPerson, tenant: string, name: string, input: object) =>
  outcome(await person.graphql(tenant, mutationDocument(name, "__typename"), { input }));
const member = (...roles: { name: string; targetWorkspaceId?: string }[]) =>
  signInMember(world.server, owner, "root", roles);
const age = (person: SignedInPerson, column: "authenticated_at" | "last_seen_at" | "expires_at", interval: string) =>
  inDatabase(
    world.server,
    (sql) => sql`update sessions s set ${sql(column)} = now() + ${interval}::interval
      from members m where m.user_id = s.user_id and m.id = ${person.memberId}`,
  );
const fresh = (() => {
  let count = 0;
  return () => `session-${++count}`;
})();

describe("a session at GraphQL", () => {
  test("[C4] the tenant that the address names → a person in it, with name, address, tenants and permissions", async () => {
    const answer = await owner.graphql(
      "root",
      "{ viewer { memberId name email api clientId client { id } tenants { id slug name } tenant { slug } permissions steppedUpUntil } }",
    );
    expect(answer.json()["data"]).toMatchObject({
      viewer: {
        memberId: owner.memberId,
        name: "Ada Owner",
        email: owner.email,
        api: null,
        clientId: null,
        client: null,
        tenants: [{ slug: "root" }],
        tenant: { slug: "root" },
        permissions: expect.arrayContaining(["client:write", "tenant:create"]),
      },
    });
  });

  test("no tenant, several, another's, one that is not there → refused; the last two alike", async () => {
    const { slug } = await world.tenant().ready();
    expect(outcome(await owner.graphql(undefined, viewer))).toBe("400 BAD_REQUEST");
    expect(outcome(await owner.graphql("root&tenant=root", viewer))).toBe("400 BAD_REQUEST");
    for (const odd of ["", "%00", "ROOT", "root%20", "*"])
      expect(outcome(await owner.graphql(odd, viewer))).toBe("403 NOT_A_MEMBER");
    const [foreign, missing] = [await owner.graphql(slug, viewer), await owner.graphql("not-there", viewer)];
    expect([outcome(foreign), outcome(missing)]).toEqual(["403 NOT_A_MEMBER", "403 NOT_A_MEMBER"]);
    const [a, b] = [foreign, missing].map((answer) => answer.body.replace(/req_\w+/g, ""));
    expect(a).toBe(b);
  });

  test("a member of two tenants → in each only what they hold there; a suspended tenant → nothing", async () => {
    const { id, slug } = await world.tenant().ready();
    const person = await member({ name: "auditor" });
    await inDatabase(
      world.server,
      (sql) => sql`insert into members (tenant_id, id, user_id, display_name)
        select ${id}, 'mem_second0000001', user_id, 'Elsewhere' from members where id = ${person.memberId}`,
    );
    const permissions = async (tenant: string) =>
      (
        (await person.graphql(tenant, "{ viewer { permissions } }")).json()["data"] as {
          viewer: { permissions: string[] };
        }
      ).viewer.permissions;
    expect(await permissions("root")).toContain("audit:read");
    // Their own tokens and name are everybody's own affair.
    expect(await permissions(slug)).toEqual(["personal-token:write", "own-name:write"]);
    expect(await mutate(person, slug, "createWorkspace", { slug: "w", name: "W" })).toBe("FORBIDDEN");
    await world.operator.must("suspendTenant", { id }, "__typename");
    expect(outcome(await person.graphql(slug, viewer))).toBe("403 TENANT_SUSPENDED");
  });

  test.each([
    ["no X-CSRF", (all: [string, string][]) => all.slice(1)],
    ["no Origin", (all: [string, string][]) => all.filter(([name]) => name !== "Origin")],
    [
      "another origin",
      (all: [string, string][]) =>
        all.map(([n, v]): [string, string] => [n, n === "Origin" ? "https://evil.example" : v]),
    ],
    [
      "a cross-site fetch",
      (all: [string, string][]) =>
        all.map(([n, v]): [string, string] => [n, n === "Sec-Fetch-Site" ? "cross-site" : v]),
    ],
  ])("%s → 403, and nothing changes", async (_, broken) => {
    const slug = fresh();
    const body = {
      query: mutationDocument("createWorkspace", "__typename"),
      variables: { input: { slug, name: "X" } },
    };
    const headers = [...broken(consoleHeaders(world.origin)), owner.cookie()];
    const answer = await postGraphQL(`${world.graphqlUrl}?tenant=root`, body, headers);
    expect(outcome(answer)).toBe("403 CROSS_SITE");
    const found = await owner.graphql("root", `{ workspace(slug: "${slug}") { id } }`);
    expect(found.json()["data"]).toEqual({ workspace: null });
  });

  test("a token and a session together → 400; a token with a tenant in the address → 400", async () => {
    const token = bearer(await fetchToken(world.server.bootstrapped, { resource: world.server.bootstrapped.resource }));
    const url = `${world.graphqlUrl}?tenant=root`;
    const both = [...consoleHeaders(world.origin), owner.cookie(), token];
    expect(outcome(await postGraphQL(url, { query: viewer }, both))).toBe("400 BAD_REQUEST");
    expect(outcome(await postGraphQL(url, { query: viewer }, [token]))).toBe("400 BAD_REQUEST");
    expect((await postGraphQL(world.graphqlUrl, { query: viewer }, [token])).status).toBe(200);
  });
});

describe("[C5] roles", () => {
  const inA = async () => {
    const story = await world
      .tenant({ ...(await rootTenant()), admin: world.rootAdmin })
      .workspace()
      .ready();
    return story.id;
  };
  const rootTenant = async () => {
    const { tenant } = await world.rootAdmin.run("{ tenant { id slug } }");
    return { ...(tenant as { id: string; slug: string }), adminClient: world.server.bootstrapped };
  };

  test("developer of one workspace → clients there, nowhere else, and nothing of the tenant", async () => {
    const [here, there] = [await inA(), await inA()];
    const person = await member({ name: "developer", targetWorkspaceId: here });
    expect(await mutate(person, "root", "createClient", { workspaceId: here, name: "x" })).toBe("done");
    expect(await mutate(person, "root", "createClient", { workspaceId: there, name: "x" })).toBe("NOT_FOUND");
    expect(await mutate(person, "root", "createWorkspace", { slug: fresh(), name: "x" })).toBe("FORBIDDEN");
    expect(await mutate(person, "root", "deleteWorkspace", { id: here })).toBe("FORBIDDEN");
    expect(await mutate(person, "root", "createTenant", { slug: fresh(), name: "x" })).toBe("FORBIDDEN");
    const { workspace } = (
      await person.graphql(
        "root",
        `query ($id: ID!) { workspace: node(id: $id) { ... on Workspace { viewerPermissions } } }`,
        { id: here },
      )
    ).json()["data"] as { workspace: { viewerPermissions: string[] } };
    expect(workspace.viewerPermissions).toContain("client:write");
    expect(workspace.viewerPermissions).not.toContain("audit:read");
  });

  test.each([
    ["owner", "done", "done", "FORBIDDEN"],
    ["admin", "done", "FORBIDDEN", "FORBIDDEN"],
    ["developer", "done", "FORBIDDEN", "FORBIDDEN"],
    ["auditor", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"],
    ["operator", "NOT_FOUND", "NOT_FOUND", "done"],
  ])("%s → create a client: %s, delete a workspace: %s, create a tenant: %s", async (name, client, remove, tenant) => {
    const workspaceId = await inA();
    const person = await member({ name });
    expect(await mutate(person, "root", "createClient", { workspaceId, name: "x" })).toBe(client);
    expect(await mutate(person, "root", "deleteWorkspace", { id: workspaceId })).toBe(remove);
    expect(await mutate(person, "root", "createTenant", { slug: fresh(), name: "x" })).toBe(tenant);
  });

  test("a role that ended or has not begun → nothing; taken back → nothing at the next request", async () => {
    const workspaceId = await inA();
    const person = await member({ name: "admin" });
    const set = (column: string, interval: string) =>
      inDatabase(
        world.server,
        (sql) =>
          sql`update assignments set ${sql(column)} = now() + ${interval}::interval where member_id = ${person.memberId}`,
      );
    const can = () => mutate(person, "root", "createClient", { workspaceId, name: fresh() });
    expect(await can()).toBe("done");
    await set("expires_at", "-1 second");
    expect(await can()).toBe("NOT_FOUND");
    await set("expires_at", "1 hour");
    await set("not_before", "1 hour");
    expect(await can()).toBe("NOT_FOUND");
    await set("not_before", "-1 hour");
    expect(await can()).toBe("done");
    await inDatabase(world.server, (sql) => sql`delete from assignments where member_id = ${person.memberId}`);
    expect(await can()).toBe("NOT_FOUND");
  });

  test("the admin workspace's clients → closed to an admin, open to an owner", async () => {
    const { workspace } = await world.rootAdmin.run('{ workspace(slug: "admin") { id } }');
    const workspaceId = (workspace as { id: string }).id;
    expect(await mutate(await member({ name: "admin" }), "root", "createClient", { workspaceId, name: "x" })).toBe(
      "WORKSPACE_CLOSED",
    );
    expect(await mutate(await member({ name: "owner" }), "root", "createClient", { workspaceId, name: "x" })).toBe(
      "done",
    );
  });

  test("what a person does → audited under their id, with their name", async () => {
    const workspaceId = await inA();
    await mutate(owner, "root", "createClient", { workspaceId, name: "audited" });
    const query = `query ($id: ID!) { node(id: $id) { ... on Workspace { auditEntries(first: 1) { nodes { type actor actorName } } } } }`;
    const { node } = (await owner.graphql("root", query, { id: workspaceId })).json()["data"] as {
      node: { auditEntries: { nodes: unknown[] } };
    };
    expect(node.auditEntries.nodes).toEqual([
      { type: "client.created", actor: owner.memberId, actorName: "Ada Owner" },
    ]);
  });
});

describe("step-up", () => {
  test("dangerous acts 15 minutes after the proof → STEP_UP_NEEDED, others go on; password → open again", async () => {
    const person = await member({ name: "owner" }, { name: "operator" });
    const dangerous = () => mutate(person, "root", "createTenant", { slug: fresh(), name: "x" });
    await age(person, "authenticated_at", "-14 minutes -50 seconds");
    expect(await dangerous()).toBe("done");
    await age(person, "authenticated_at", "-15 minutes -1 second");
    expect(await dangerous()).toBe("STEP_UP_NEEDED");
    const { id } = await world.tenant().ready();
    expect(await mutate(person, "root", "createTenantOwnerLink", { id })).toBe("STEP_UP_NEEDED");
    const { roles } = await ownRoles();
    const client = world.server.bootstrapped.clientId;
    expect(
      await mutate(person, "root", "createAssignment", { roleId: roles["owner"], clientId: client, everywhere: true }),
    ).toBe("STEP_UP_NEEDED");
    expect(await mutate(person, "root", "createClientSecret", { clientId: client })).toBe("STEP_UP_NEEDED");
    expect(await mutate(person, "root", "createWorkspace", { slug: fresh(), name: "x" })).toBe("done");
    expect(codeOf(await person.auth("/passkey/registration", {}))).toBe("STEP_UP_NEEDED");
    expect((await person.auth("/step-up", { password: "wrong password!" })).status).toBe(401);
    expect(await dangerous()).toBe("STEP_UP_NEEDED");
    expect((await person.auth("/step-up", { password: person.password })).status).toBe(200);
    expect(await dangerous()).toBe("done");
    expect((await person.auth("/passkey/registration", {})).json()).toMatchObject({ rp: { id: "localhost" } });
  });

  test("a grant at our own API that is to end later, or never → STEP_UP_NEEDED; sooner → done", async () => {
    const person = await member({ name: "owner" });
    const { admin } = await world.rootAdmin.run(
      '{ admin: workspace(slug: "admin") { id resources { nodes { id } } } }',
    );
    const { id: workspaceId, resources } = admin as { id: string; resources: { nodes: { id: string }[] } };
    const { client } = await world.rootAdmin.must("createClient", { workspaceId, name: "for a time" }, "client { id }");
    const { id: clientId } = client as { id: string };
    const until = (days: number | null) => ({
      clientId,
      resourceId: resources.nodes[0]?.id,
      scopes: ["workspace:read"],
      expiresAt: days === null ? null : new Date(Date.now() + days * 86_400_000).toISOString(),
    });
    await world.rootAdmin.must("setClientGrant", until(30), "__typename");
    await age(person, "authenticated_at", "-15 minutes -1 second");
    for (const days of [31, null])
      expect(await mutate(person, "root", "setClientGrant", until(days))).toBe("STEP_UP_NEEDED");
    expect(await mutate(person, "root", "setClientGrant", until(29))).toBe("done");
  });

  test("with a second factor → the password alone does not do, a used code neither", async () => {
    const person = await member();
    const { uri } = (await person.auth("/totp", { password: person.password })).json() as { uri: string };
    await person.auth("/totp/verify", { code: totpCode(uri) });
    const { password } = person;
    expect(codeOf(await person.auth("/step-up", { password }))).toBe("INVALID_INPUT");
    expect(codeOf(await person.auth("/step-up", { password, code: "000000" }))).toBe("WRONG_CODE");
    const code = totpCode(uri, 1);
    expect((await person.auth("/step-up", { password, code })).status).toBe(200);
    expect(codeOf(await person.auth("/step-up", { password, code }))).toBe("WRONG_CODE");
  });

  test("five wrong confirmations → wait, right or wrong", async () => {
    const person = await member();
    for (let tries = 0; tries < 5; tries++) await person.auth("/step-up", { password: `wrong ${tries}` });
    expect(codeOf(await person.auth("/step-up", { password: person.password }))).toBe("TOO_MANY_TRIES");
  });

  async function ownRoles(): Promise<{ roles: Record<string, string> }> {
    const { workspace } = await world.rootAdmin.run('{ workspace(slug: "admin") { roles { nodes { id name } } } }');
    const { nodes } = (workspace as { roles: { nodes: { id: string; name: string }[] } }).roles;
    return { roles: Object.fromEntries(nodes.map(({ id, name }) => [name, id])) };
  }
});

describe("the end of a session", () => {
  const works = async (person: { graphql: SignedInPerson["graphql"] }) => (await person.graphql("root", viewer)).status;

  test("sign-out → at once, for the cookie that somebody copied too", async () => {
    const person = await member();
    const copied = person.cookie();
    expect((await person.auth("/sign-out", {})).status).toBe(204);
    expect(await works(person)).toBe(401);
    const again = await postGraphQL(`${world.graphqlUrl}?tenant=root`, { query: viewer }, [
      ...consoleHeaders(world.origin),
      copied,
    ]);
    expect(again.status).toBe(401);
  });

  test("12 hours idle → over; a little less → goes on, and counts from now", async () => {
    const person = await member();
    await age(person, "last_seen_at", "-11 hours -59 minutes");
    expect(await works(person)).toBe(200);
    const [row] = await inDatabase(
      world.server,
      (sql) => sql`select max(s.last_seen_at) > now() - interval '1 minute' as seen
      from sessions s join members m on m.user_id = s.user_id where m.id = ${person.memberId}`,
    );
    expect(row?.["seen"]).toBe(true);
    await age(person, "last_seen_at", "-12 hours -1 second");
    expect(await works(person)).toBe(401);
    await age(person, "last_seen_at", "0 seconds");
    expect(await works(person)).toBe(401);
  });

  test("seven days → over, however busy", async () => {
    const person = await member();
    const [row] = await inDatabase(
      world.server,
      (sql) => sql`select extract(epoch from max(expires_at) - now())::int as s
      from sessions s join members m on m.user_id = s.user_id where m.id = ${person.memberId}`,
    );
    expect(Number(row?.["s"])).toBeGreaterThan(7 * 86_400 - 60);
    expect(Number(row?.["s"])).toBeLessThanOrEqual(7 * 86_400);
    await age(person, "expires_at", "-1 second");
    expect(await works(person)).toBe(401);
  });

  test("the list of sessions → mine only, this one marked, no token; one ended, the others ended → at once", async () => {
    const person = await member();
    const [second, third] = [await signInAgain(world.server, person), await signInAgain(world.server, person)];
    const list = async () =>
      (await person.auth("/sessions")).json()["sessions"] as { id: string; isCurrent: boolean; agent: string }[];
    const sessions = await list();
    expect(sessions).toHaveLength(3);
    expect(Object.keys(sessions[0] ?? {}).sort()).toEqual([
      "address",
      "agent",
      "createdAt",
      "endsAt",
      "id",
      "isCurrent",
      "lastSeenAt",
    ]);
    const [newest] = sessions;
    expect((await person.auth("/sessions/end", { id: newest?.id })).status).toBe(204);
    expect([await works(second), await works(third)]).toEqual([200, 401]);
    const other = await member();
    expect(codeOf(await other.auth("/sessions/end", { id: sessions[1]?.id }))).toBe("NOT_FOUND");
    for (const odd of [{}, { id: "\0" }, { id: 1 }, { id: "x", others: true }, { others: false }])
      expect(codeOf(await person.auth("/sessions/end", odd))).toBe("INVALID_INPUT");
    expect(await works(second)).toBe(200);
    expect((await person.auth("/sessions/end", { others: true })).status).toBe(204);
    expect([await works(second), await works(person)]).toEqual([401, 200]);
    expect(await list()).toMatchObject([{ isCurrent: true }]);
  });

  test("signing in again in the same browser → the session before is over", async () => {
    const person = await member();
    const before = person.cookie();
    await person.auth("/sign-in", { email: person.email, password: person.password });
    const headers = [...consoleHeaders(world.origin), before];
    expect(codeOf(await newPerson(world.origin).auth("/account", undefined, headers))).toBe("UNAUTHENTICATED");
    expect(await works(person)).toBe(200);
  });
});
