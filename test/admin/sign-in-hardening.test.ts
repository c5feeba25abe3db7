import { execFile } from "node:child_process";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mutationDocument } from "../support/graphql.ts";
import { inDatabase, type SignedInPerson, signInAgain, signInMember, signInOwner } from "../support/member.ts";
import { codeIn, codeOf, freshPassword, newPerson, totpCode } from "../support/person.ts";
import { builtMain, startServer, type TestServer } from "../support/server.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld();
let owner: SignedInPerson;
beforeAll(async () => {
  owner = await signInOwner(world.server);
});

const browser = () => newPerson(world.origin);
const member = () => signInMember(world.server, owner, "root", []);
async function withTotp() {
  const person = await member();
  const begun = (await person.auth("/totp", { password: person.password })).json();
  const { uri, backupCodes } = begun as { uri: string; backupCodes: string[] };
  expect((await person.auth("/totp/verify", { code: totpCode(uri) })).status).toBe(204);
  return { person, uri, backupCodes };
}
const half = async ({ email, password }: SignedInPerson) => {
  const next = browser();
  expect((await next.auth("/sign-in", { email, password })).json()).toMatchObject({ done: false });
  return next;
};
/** As if the proof were older than its fifteen minutes. */
const age = ({ memberId }: SignedInPerson) =>
  inDatabase(
    world.server,
    (sql) => sql`update sessions s set authenticated_at = now() - interval '2 hours'
      from members m where m.user_id = s.user_id and m.id = ${memberId}`,
  );
const statuses = (answers: readonly { status: number }[]) =>
  answers.map(({ status }) => status).sort((one, other) => one - other);

describe("the second factor of whoever knows the password", () => {
  test("wrong codes at step-up, each with the right password → after five the person waits", async () => {
    const { person, uri } = await withTotp();
    const tried = [];
    for (let tries = 0; tries < 6; tries++)
      tried.push(await person.auth("/step-up", { password: person.password, code: `00000${tries}` }));
    expect(tried.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 429]);
    const right = await person.auth("/step-up", { password: person.password, code: totpCode(uri, 1) });
    expect(codeOf(right)).toBe("TOO_MANY_TRIES");
  });

  test("an old proof → new password, authenticator and backup codes ask for step-up; with the code they go on", async () => {
    const { person, uri } = await withTotp();
    await age(person);
    const { password } = person;
    const acts: [string, object][] = [
      ["/password", { currentPassword: password, newPassword: freshPassword() }],
      ["/totp/remove", { password }],
      ["/backup-codes", { password }],
    ];
    for (const [path, body] of acts) {
      const answer = await person.auth(path, body);
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 403, "STEP_UP_NEEDED"]);
    }
    expect((await person.auth("/account")).json()).toMatchObject({ hasTotp: true });
    expect((await person.auth("/step-up", { password, code: totpCode(uri, 1) })).status).toBe(200);
    expect((await person.auth("/backup-codes", { password })).status).toBe(200);
    expect((await person.auth("/totp/remove", { password })).status).toBe(204);
  });

  test("a new password → is no new proof, and cannot be the old one", async () => {
    const person = await member();
    await age(person);
    const same = { currentPassword: person.password, newPassword: person.password };
    expect(codeOf(await person.auth("/password", same))).toBe("INVALID_INPUT");
    const changed = await person.auth("/password", { ...same, newPassword: freshPassword() });
    expect(changed.status).toBe(204);
    expect(codeOf(await person.auth("/passkey/registration", {}))).toBe("STEP_UP_NEEDED");
  });
});

describe("codes", () => {
  test("one backup code, in four sign-ins at once → opens one", async () => {
    const { person, backupCodes } = await withTotp();
    const [code] = backupCodes;
    const waiting = [await half(person), await half(person), await half(person), await half(person)];
    const answers = await Promise.all(waiting.map((next) => next.auth("/sign-in/backup-code", { code })));
    expect(statuses(answers)).toEqual([200, 400, 400, 400]);
  });

  test("one TOTP code, in four sign-ins at once → opens one", async () => {
    const { person, uri } = await withTotp();
    const waiting = [await half(person), await half(person), await half(person), await half(person)];
    const code = totpCode(uri, 1);
    const answers = await Promise.all(waiting.map((next) => next.auth("/sign-in/totp", { code })));
    expect(statuses(answers)).toEqual([200, 400, 400, 400]);
  });

  test("the code that made the authenticator count → opens nothing more", async () => {
    const person = await member();
    const { uri } = (await person.auth("/totp", { password: person.password })).json() as { uri: string };
    const code = totpCode(uri);
    expect((await person.auth("/totp/verify", { code })).status).toBe(204);
    expect(codeOf(await person.auth("/step-up", { password: person.password, code }))).toBe("WRONG_CODE");
  });

  test("a new password → a sign-in that waits for its second factor is over", async () => {
    const { person, uri } = await withTotp();
    const waiting = await half(person);
    const newPassword = freshPassword();
    const changed = await person.auth("/password", { currentPassword: person.password, newPassword });
    expect(changed.status).toBe(204);
    const answer = await waiting.auth("/sign-in/totp", { code: totpCode(uri, 1) });
    expect([answer.status, codeOf(answer)]).toEqual([401, "UNAUTHENTICATED"]);
  });
});

describe("a link that resets", () => {
  const reset = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [builtMain, "owner", "reset"], {
      env: world.server.env,
    });
    return codeIn(stdout.trim());
  };

  test("used where the same person is signed in → signed in again, with the new password", async () => {
    const person = await signInAgain(world.server, owner);
    const answer = await person.auth("/invitation/accept", { code: await reset(), password: owner.password });
    expect(answer.status).toBe(201);
    expect((await person.auth("/account")).json()).toMatchObject({ email: owner.email });
  });

  test("used where somebody else is signed in → theirs ends there", async () => {
    const other = await member();
    const [, cookie] = other.cookie();
    expect((await other.auth("/invitation/accept", { code: await reset(), password: owner.password })).status).toBe(
      201,
    );
    expect((await other.auth("/account")).json()).toMatchObject({ email: owner.email });
    const old: [string, string][] = [
      ["X-CSRF", "1"],
      ["Origin", world.origin],
      ["Cookie", cookie],
    ];
    expect(codeOf(await browser().auth("/account", undefined, old))).toBe("UNAUTHENTICATED");
  });
});

test("twenty wrong passwords at once → five are looked at", async () => {
  const { email, password } = await member();
  const guesses = Array.from({ length: 20 }, (_, at) => ({ email, password: `wrong password ${at}` }));
  const answers = await Promise.all(guesses.map((guess) => browser().auth("/sign-in", guess)));
  expect(statuses(answers)).toEqual([...Array(5).fill(401), ...Array(15).fill(429)]);
  expect(codeOf(await browser().auth("/sign-in", { email, password }))).toBe("TOO_MANY_TRIES");
});

test("an old proof → nobody and nothing gets more of Mintmark's own APIs; with step-up it does, and losing needs none", async () => {
  const person = await signInMember(world.server, owner, "root", [{ name: "owner" }]);
  const mutate = async (name: string, input: object, select = "__typename") => {
    const document = mutationDocument(name, select);
    const { data } = (await person.graphql("root", document, { input })).json() as { data: Record<string, object> };
    return data[name] as { userErrors: { code: string }[] } & Record<string, { id: string }>;
  };
  const outcome = async (name: string, input: object) => (await mutate(name, input)).userErrors[0]?.code ?? "done";
  const found = await world.rootAdmin.run(`{ workspace(slug: "admin") { id
    roles { nodes { id name } } resources { nodes { id isOwnApi scopes { id name } } } } }`);
  const {
    id: workspaceId,
    roles,
    resources,
  } = found["workspace"] as {
    id: string;
    roles: { nodes: { id: string; name: string }[] };
    resources: { nodes: { id: string; isOwnApi: boolean; scopes: { id: string; name: string }[] }[] };
  };
  const api = resources.nodes.find(({ isOwnApi }) => isOwnApi);
  const [first, second] = api?.scopes ?? [];
  const { client } = await mutate("createClient", { workspaceId, name: "machine" }, "client { id }");
  const { role } = await mutate("createRole", { workspaceId, name: "few", scopeIds: [first?.id] }, "role { id }");
  const clientId = client?.id;
  const given = { roleId: role?.id, clientId, everywhere: true };
  expect(await outcome("createAssignment", given)).toBe("done");
  const auditor = roles.nodes.find(({ name }) => name === "auditor")?.id;
  const raise: [string, object][] = [
    ["setClientGrant", { clientId, resourceId: api?.id, scopes: [first?.name] }],
    ["createAssignment", { roleId: auditor, clientId, everywhere: true }],
    ["updateRole", { id: role?.id, scopeIds: [first?.id, second?.id] }],
  ];
  await age(person);
  for (const [name, input] of raise) expect([name, await outcome(name, input)]).toEqual([name, "STEP_UP_NEEDED"]);
  expect((await person.auth("/step-up", { password: person.password })).status).toBe(200);
  for (const [name, input] of raise) expect([name, await outcome(name, input)]).toEqual([name, "done"]);
  await age(person);
  expect(await outcome("setClientGrant", { clientId, resourceId: api?.id, scopes: [] })).toBe("done");
});

describe("a server that nobody owns", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.destroy());

  test("set-up and two links at once → one owner, and nobody sees an error of the server", async () => {
    const reset = await promisify(execFile)(process.execPath, [builtMain, "owner", "reset"], { env: server.env });
    const setUpCode = /Set-up code: (\S+)/.exec(server.log())?.[1] ?? "";
    const links = [server.bootstrapped.ownerInvite, reset.stdout.trim()].map(codeIn);
    const form = (code: string, at: number) => ({
      code,
      name: "Ada",
      email: `a${at}@example.com`,
      password: freshPassword(),
    });
    const answers = await Promise.all([
      newPerson(server.origin).auth("/set-up", form(setUpCode, 0)),
      ...links.map((code, at) => newPerson(server.origin).auth("/invitation/accept", form(code, at + 1))),
    ]);
    expect(statuses(answers).filter((status) => status >= 500)).toEqual([]);
    expect(statuses(answers).filter((status) => status === 201)).toHaveLength(1);
  });

  test("what nobody foresaw → an error in the shape of all others, and in the log under its id", async () => {
    const sql = postgres(server.database.ownerUrl, { max: 1 });
    await sql`alter table invitations rename to elsewhere`;
    const answer = await newPerson(server.origin).auth("/invitation", { code: "0".repeat(28) });
    await sql`alter table elsewhere rename to invitations`;
    await sql.end();
    expect([answer.status, codeOf(answer)]).toEqual([500, "INTERNAL"]);
    const { correlationId } = answer.json() as { correlationId: string };
    expect(server.log()).toContain(correlationId);
  });

  test("codes for no sign-in, and passwords until the address waits → passkeys stay open", async () => {
    const stranger = newPerson(server.origin);
    const codes = await Promise.all(
      Array.from({ length: 61 }, () => stranger.auth("/sign-in/totp", { code: "000000" })),
    );
    expect(new Set(statuses(codes))).toEqual(new Set([401]));
    const guess = (at: number) => stranger.auth("/invitation", { code: `no link ${at}` });
    const guesses = await Promise.all(Array.from({ length: 61 }, (_, at) => guess(at)));
    expect(statuses(guesses).at(-1)).toBe(429);
    expect((await stranger.auth("/passkey/challenge", {})).status).toBe(200);
  });
});
