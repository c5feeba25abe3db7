import { execFile } from "node:child_process";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graphqlAs } from "../support/graphql.ts";
import { codeIn, codeOf, freshPassword, newPerson } from "../support/person.ts";
import { builtMain, startServer, startUnowned, type TestServer, type UnownedServer } from "../support/server.ts";

const run = promisify(execFile);
const command = async (server: UnownedServer, ...args: string[]) =>
  run(process.execPath, [builtMain, ...args], { env: server.env }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, out: error.stderr }),
  );

const printedCode = (server: UnownedServer): string =>
  server
    .log()
    .match(/Set-up code: (\S+)/g)
    ?.at(-1)
    ?.slice(13) ?? "";

const sqlOn = async <T>(server: UnownedServer, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> => {
  const sql = postgres(server.database.ownerUrl, { max: 1 });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
};

describe("a server that nobody owns", () => {
  let server: UnownedServer;
  beforeAll(async () => {
    server = await startUnowned();
  });
  afterAll(() => server.destroy());

  const form = (code: string) => ({
    code,
    tenantSlug: "acme",
    tenantName: "Acme",
    name: "Ada",
    email: "Ada@Example.com",
    password: "correct horse battery",
  });
  const setUp = (body: object) => newPerson(server.origin).auth("/set-up", body);

  test("start → prints a code of at least 128 bits; only its digest rests", async () => {
    const code = printedCode(server);
    expect(code.replaceAll("-", "")).toMatch(/^[0-9A-HJKMNP-TV-Z]{28}$/);
    const [row] = await sqlOn(server, (sql) => sql`select * from installation`);
    expect(JSON.stringify(row)).not.toContain(code.replaceAll("-", ""));
    expect(row?.["setup_code_digest"]).toHaveLength(32);
    const state = await newPerson(server.origin).auth("/set-up");
    expect(state.json()).toEqual({
      needed: true,
      tenant: null,
      origin: server.origin,
      issuerOrigin: server.origin,
      sendsMail: false,
    });
  });

  test("wrong code, no code, expired code → the same refusal, and nothing is made", async () => {
    const wrong = await setUp(form("0000-0000-0000-0000-0000-0000-0000"));
    expect([wrong.status, codeOf(wrong)]).toEqual([400, "CODE_INVALID"]);
    expect(codeOf(await setUp({ ...form(""), code: undefined }))).toBe("INVALID_INPUT");
    await sqlOn(server, (sql) => sql`update installation set setup_code_expires_at = now() - interval '1 second'`);
    const expired = await setUp(form(printedCode(server)));
    expect(expired.json()["errors"]).toEqual(wrong.json()["errors"]);
    await sqlOn(server, (sql) => sql`update installation set setup_code_expires_at = now() + interval '1 minute'`);
    const rows = await sqlOn(
      server,
      (sql) => sql`select (select count(*) from users) + (select count(*) from tenants) n`,
    );
    expect(Number(rows[0]?.["n"])).toBe(0);
  });

  test("ten tries → the right code is dead too; a new start prints another, and the old one stays dead", async () => {
    for (let tries = 0; tries < 10; tries++) await setUp(form("wrong"));
    const first = printedCode(server);
    expect(codeOf(await setUp(form(first)))).toBe("CODE_INVALID");
    await server.stop();
    await server.restart();
    expect(printedCode(server)).not.toBe(first);
    expect(codeOf(await setUp(form(first)))).toBe("CODE_INVALID");
  });

  test.each([
    ["a short password", { password: "short" }, "password"],
    ["the e-mail as password", { password: "ada@example.com" }, "password"],
    ["no e-mail", { email: "ada" }, "email"],
    ["a name that cannot be seen", { name: "\u200b" }, "name"],
    ["a reserved slug", { tenantSlug: "console" }, "tenantSlug"],
    ["an unknown member", { isRoot: true }, "isRoot"],
  ])("%s → refused by its path, without a try", async (_, change, path) => {
    const answer = await setUp({ ...form(printedCode(server)), ...change });
    expect(answer.status).toBe(400);
    expect((answer.json()["errors"] as { path: string[] }[])[0]?.path).toEqual([path]);
  });

  test("two at once with the right code → one owner, signed in, of both special workspaces; then it is closed", async () => {
    const people = [newPerson(server.origin), newPerson(server.origin)];
    const code = printedCode(server).toLowerCase().replaceAll("-", " ");
    const answers = await Promise.all(
      people.map((person, at) => person.auth("/set-up", { ...form(code), email: `ada${at}@example.com` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const owner = people[answers[0]?.status === 201 ? 0 : 1] ?? newPerson(server.origin);
    const viewer = await owner.graphql("acme", "{ viewer { name permissions tenant { slug isRoot } } }");
    const { permissions, ...rest } = (viewer.json()["data"] as { viewer: { permissions: string[] } }).viewer;
    expect(rest).toMatchObject({ name: "Ada", tenant: { slug: "acme", isRoot: true } });
    expect(permissions).toEqual(expect.arrayContaining(["workspace:delete", "tenant:create"]));
    const state = await newPerson(server.origin).auth("/set-up");
    expect(state.json()).toMatchObject({ needed: false, tenant: null });
    expect(codeOf(await setUp(form(printedCode(server))))).toBe("ALREADY_OWNED");
    const [row] = await sqlOn(server, (sql) => sql`select count(*)::int as n from members`);
    expect(row?.["n"]).toBe(1);
  });

  test("a start after that → prints no code; bootstrap → changes nothing and exits 3", async () => {
    const before = server.log().length;
    await server.stop();
    await server.restart();
    expect(server.log().slice(before)).not.toContain("Set-up code");
    expect((await command(server, "bootstrap", "--json")).code).toBe(3);
  });
});

describe("a server that bootstrap made", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.destroy());
  const grace = { name: "Grace", email: "grace@example.com", password: freshPassword() };

  test("somebody invited as auditor, or as owner for a day, before anybody owns the server → joins, and the owner's link stays good", async () => {
    const { graphql, ...client } = server.bootstrapped;
    const admin = graphqlAs(graphql, client);
    const { workspace } = (await admin.run('{ workspace(slug: "admin") { roles { nodes { id name } } } }')) as {
      workspace: { roles: { nodes: { id: string; name: string }[] } };
    };
    const rolesExpireAt = new Date(Date.now() + 86_400_000).toISOString();
    for (const [role, end] of [["auditor"], ["owner", { rolesExpireAt }]] as const) {
      const roleId = workspace.roles.nodes.find(({ name }) => name === role)?.id;
      const made = await admin.must("createInvitation", { roles: [{ roleId, everywhere: true }], ...end }, "secret");
      const code = codeIn(String(made["secret"]));
      const form = { name: role, email: `${role}@example.com`, password: freshPassword() };
      const person = newPerson(server.origin);
      expect((await person.auth("/invitation/accept", { code, ...form })).status).toBe(201);
      const { tenants } = (await person.auth("/account")).json() as { tenants: { memberId: string }[] };
      await admin.must("removeMember", { id: tenants[0]?.memberId }, "removedMemberId");
    }
    expect((await newPerson(server.origin).auth("/set-up")).json()).toMatchObject({ needed: true });
    const owners = codeIn(server.bootstrapped.ownerInvite);
    expect((await newPerson(server.origin).auth("/invitation", { code: owners })).json()).toMatchObject({
      kind: "join",
    });
  });

  test("the owner's link → says what it is for, makes the owner once, and set-up is closed", async () => {
    const code = codeIn(server.bootstrapped.ownerInvite);
    expect(server.bootstrapped.ownerInvite).toBe(`${server.origin}/console/invite/${code}`);
    expect((await newPerson(server.origin).auth("/set-up")).json()).toMatchObject({
      needed: true,
      tenant: { slug: "root" },
    });
    const view = (await newPerson(server.origin).auth("/invitation", { code })).json();
    expect(view).toMatchObject({ kind: "join", tenant: { slug: "root" }, email: null });
    const people = [1, 2].map(() => newPerson(server.origin));
    const answers = await Promise.all(
      people.map((person, at) => person.auth("/invitation/accept", { code, ...grace, email: `${at}${grace.email}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400]);
    const again = await newPerson(server.origin).auth("/invitation", { code });
    const random = await newPerson(server.origin).auth("/invitation", { code: "0".repeat(28) });
    expect(again.json()["errors"]).toEqual(random.json()["errors"]);
    expect((await newPerson(server.origin).auth("/set-up")).json()).toMatchObject({ needed: false });
    const setUpCode = printedCode(server);
    expect(codeOf(await newPerson(server.origin).auth("/set-up", { code: setUpCode, ...grace }))).toBe("ALREADY_OWNED");
  });

  test("the link in the address bar → its code is in no log", async () => {
    await fetch(server.bootstrapped.ownerInvite).then((answer) => answer.text());
    await expect.poll(() => server.log()).toContain("/console/invite/…");
    expect(server.log()).not.toContain(codeIn(server.bootstrapped.ownerInvite));
  });

  test("owner reset → a link that gives the owner a new password once; sessions end; audited as cli", async () => {
    const [row] = await sqlOn(server, (sql) => sql`select email from users where name = ${grace.name}`);
    const email = row?.["email"] as string;
    const before = newPerson(server.origin);
    expect((await before.auth("/sign-in", { email, password: grace.password })).status).toBe(200);
    expect((await command(server, "owner", "reset", "--email", "nobody@example.com")).out).toContain(email);
    const older = codeIn((await command(server, "owner", "reset")).out.trim());
    const code = codeIn((await command(server, "owner", "reset")).out.trim());
    expect(codeOf(await newPerson(server.origin).auth("/invitation", { code: older }))).toBe("CODE_INVALID");
    const password = freshPassword();
    const person = newPerson(server.origin);
    expect((await person.auth("/invitation", { code })).json()).toMatchObject({ kind: "reset", email });
    expect((await person.auth("/invitation/accept", { code, password })).status).toBe(201);
    expect((await person.auth("/account")).json()).toMatchObject({ email, tenants: [{ slug: "root" }] });
    expect(codeOf(await before.auth("/account"))).toBe("UNAUTHENTICATED");
    expect(codeOf(await person.auth("/invitation/accept", { code, password }))).toBe("CODE_INVALID");
    expect(codeOf(await newPerson(server.origin).auth("/sign-in", { email, password: grace.password }))).toBe(
      "WRONG_CREDENTIALS",
    );
    expect((await command(server, "owner", "reset", "--tenant", "nowhere")).out).toContain(
      "There is no tenant nowhere",
    );
    const events = await sqlOn(server, (sql) => sql`select type, actor from audit_events order by sequence`);
    expect(events.filter(({ type }) => type === "invitation.created").some(({ actor }) => actor === "cli")).toBe(true);
    expect(events.map(({ type }) => type)).toContain("member.account-reset");
  });
});
