import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { mutationDocument } from "../support/graphql.ts";
import { type MailServer, startMailServer } from "../support/mail-server.ts";
import {
  confirmAddress,
  inDatabase,
  type SignedInPerson,
  signInAgain,
  signInMember,
  signInOwner,
} from "../support/member.ts";
import { codeIn, codeOf, consoleHeaders, freshPassword, newPerson, totpCode } from "../support/person.ts";
import { startServer, type TestServer } from "../support/server.ts";

const login = { user: "mintmark", password: remember(randomBytes(12).toString("base64url")) };
let mail: MailServer;
let server: TestServer;
let owner: SignedInPerson;
beforeAll(async () => {
  mail = await startMailServer({ login, unknown: ["no-mailbox@example.com"] });
  const smtp = `smtp://${login.user}:${login.password}@localhost:${mail.port}`;
  server = await startServer({ SMTP_URL: smtp, MAIL_FROM: "mintmark@example.com", TRUSTED_PROXIES: "127.0.0.0/8,::1" });
  owner = await signInOwner(server);
});
afterAll(() => server.destroy());

const browser = () => newPerson(server.origin);
const member = async () => {
  const person = await signInMember(server, owner, "root", [{ name: "auditor" }]);
  await confirmAddress(server, person);
  return person;
};
/** From a network of its own, unless one is named. */
const forget = (email: string, from = `2001:db8:0:${randomBytes(2).toString("hex")}::1`) =>
  browser().auth("/forgotten-password", { email }, [...consoleHeaders(server.origin), ["X-Forwarded-For", from]]);
const linkIn = (text: string) => /^https?:\S+$/m.exec(text)?.[0] ?? "";
const typedCodeIn = (text: string) => /^[0-9A-Z]{4}-[0-9A-Z]{4}$/m.exec(text)?.[0] ?? "";
const mailedLink = async ({ email }: SignedInPerson): Promise<string> => {
  await forget(email);
  return linkIn((await mail.to(email)).text);
};
const events = async ({ memberId }: SignedInPerson) => {
  const rows = await inDatabase(
    server,
    (sql) => sql`select type from audit_events where actor = ${memberId} order by sequence`,
  );
  return rows.map(({ type }) => String(type));
};
const personalTokensOn = async () => {
  const found = (await owner.graphql("root", '{ workspace(slug: "admin") { id } }')).json() as {
    data: { workspace: { id: string } };
  };
  const on = { input: { workspaceId: found.data.workspace.id, personalTokens: "ON" } };
  await owner.graphql("root", mutationDocument("updateWorkspaceSettings", "__typename"), on);
};
const set = (code: string, password: string) => browser().auth("/new-password/set", { code, password });

test("an address that somebody has, and one that nobody has → one answer; one mail, to the person's own address alone", async () => {
  const person = await member();
  const known = await forget(` ${person.email.toUpperCase()}`);
  const unknown = await forget("nobody@example.com");
  expect([known.status, known.body, unknown.status, unknown.body]).toEqual([200, "{}", 200, "{}"]);
  const { to, headers, text } = await mail.to(person.email);
  expect(to).toEqual([person.email]);
  expect([headers.get("from"), headers.get("auto-submitted")]).toEqual([
    "Mintmark <mintmark@example.com>",
    "auto-generated",
  ]);
  const code = codeIn(linkIn(text));
  expect(linkIn(text)).toBe(`${server.origin}/console/new-password/${code}`);
  await expect.poll(() => events(person)).toContain("member.password-link-mailed");
  const rest = await inDatabase(server, (sql) => sql`select * from verifications`);
  expect(JSON.stringify(rest)).toContain("new-password-");
  expect(JSON.stringify(rest)).not.toContain(code);
  expect(mail.mails.flatMap((one) => one.to)).not.toContain("nobody@example.com");
});

test("incident 17: a forged Host and X-Forwarded-Host → the link still begins with PUBLIC_URL", async () => {
  const person = await member();
  const forged: [string, string][] = [
    ["Host", "evil.example"],
    ["X-Forwarded-Host", "evil.example"],
    ["Forwarded", "host=evil.example;proto=https"],
  ];
  await browser().auth("/forgotten-password", { email: person.email }, [...consoleHeaders(server.origin), ...forged]);
  // Refused outright would be as good: nothing of it may reach a mail.
  const { text } = await mail.to(person.email);
  expect(linkIn(text)).toMatch(new RegExp(`^${server.origin}/console/new-password/\\w+$`));
  expect(text).not.toContain("evil");
});

describe("a mailed link", () => {
  test("→ a new password, once: the person is signed in, and every other session and waiting sign-in has ended", async () => {
    const person = await member();
    const elsewhere = await signInAgain(server, person);
    const code = codeIn(await mailedLink(person));
    expect((await browser().auth("/new-password", { code })).json()).toMatchObject({ email: person.email });
    const short = await set(code, "short");
    expect([short.status, codeOf(short)]).toEqual([400, "INVALID_INPUT"]);
    expect(codeOf(await set(code, person.email))).toBe("INVALID_INPUT");
    const password = freshPassword();
    const here = browser();
    expect((await here.auth("/new-password/set", { code, password })).json()).toEqual({ done: true });
    expect((await here.auth("/account")).json()).toMatchObject({ email: person.email });
    expect([(await person.auth("/account")).status, (await elsewhere.auth("/account")).status]).toEqual([401, 401]);
    const again = await set(code, freshPassword());
    expect([again.status, codeOf(again)]).toEqual([400, "CODE_INVALID"]);
    expect((await browser().auth("/new-password", { code })).json()["errors"]).toEqual(again.json()["errors"]);
    const old = await browser().auth("/sign-in", { email: person.email, password: person.password });
    expect(old.status).toBe(401);
    expect(await events(person)).toContain("member.password-set-by-mail");
  });

  test("→ ends the personal tokens that a session had made, and says how many; passkeys and authenticator stay", async () => {
    const person = await member();
    await personalTokensOn();
    const made = { input: { name: "Thief", permissions: { all: true } } };
    const answer = await person.graphql("root", mutationDocument("createPersonalToken", "secret"), made);
    remember((answer.json() as { data: { createPersonalToken: { secret: string } } }).data.createPersonalToken.secret);
    const code = codeIn(await mailedLink(person));
    expect((await set(code, freshPassword())).status).toBe(200);
    const [left, said] = await inDatabase(server, (sql) =>
      Promise.all([
        sql`select id from api_tokens where member_id = ${person.memberId} and revoked_at is null`,
        sql`select body->'personalTokens' as n from audit_events
          where actor = ${person.memberId} and type = 'member.password-set-by-mail'`,
      ]),
    );
    expect([left.length, said]).toEqual([0, [{ n: 1 }]]);
  });

  test("used while somebody signs in with the old password → that sign-in does not outlive it", async () => {
    const person = await member();
    const code = codeIn(await mailedLink(person));
    const thief = browser();
    // The sign-in has found the old password good when the new one is set: its session's row waits for us.
    const signingIn = await inDatabase(server, async (sql) => {
      const [user] = await sql`select id from users where email = ${person.email}`;
      let answer: ReturnType<typeof thief.auth> | undefined;
      await sql.begin(async (tx) => {
        await tx`lock table sessions in exclusive mode`;
        answer = thief.auth("/sign-in", { email: person.email, password: person.password });
        const waits = () => tx`select 1 from pg_locks where not granted and relation = 'sessions'::regclass`;
        await expect.poll(async () => (await waits()).length).toBe(1);
        await tx`update accounts set password = 'another' where user_id = ${String(user?.["id"])}`;
        await tx`delete from sessions where user_id = ${String(user?.["id"])}`;
      });
      return answer;
    });
    expect(signingIn?.status).toBe(401);
    expect((await thief.auth("/account")).status).toBe(401);
    expect((await set(code, freshPassword())).status).toBe(200);
  });

  test("used while sessions make a token, change the password, remove the authenticator → none of it outlives it", async () => {
    await personalTokensOn();
    const person = await member();
    const [maker, changer, remover] = await Promise.all([1, 2, 3].map(() => signInAgain(server, person)));
    const { uri } = (await person.auth("/totp", { password: person.password })).json() as { uri: string };
    await person.auth("/totp/verify", { code: totpCode(uri) });
    const code = codeIn(await mailedLink(person));
    const [password, thiefs] = [freshPassword(), freshPassword()];
    const token = { input: { name: "Thief", permissions: { all: true } } };
    const answers = await inDatabase(server, (sql) =>
      sql.begin(async (tx) => {
        const waiting = (many: number) =>
          expect
            .poll(async () => (await tx`select 1 from pg_locks where not granted`).length, { timeout: 10_000 })
            .toBeGreaterThanOrEqual(many);
        // The new password is set, but for its audit: so it is the first to go on.
        await tx`select 1 from feed_shards for update`;
        const setting = set(code, password);
        await waiting(1);
        const meanwhile = [
          maker?.graphql("root", mutationDocument("createPersonalToken", "secret"), token),
          changer?.auth("/password", { currentPassword: person.password, newPassword: thiefs }),
          remover?.auth("/totp/remove", { password: person.password }),
        ];
        await waiting(4);
        return { setting, meanwhile };
      }),
    );
    expect((await answers.setting).status).toBe(200);
    const [made, ...others] = await Promise.all(answers.meanwhile);
    expect(made?.body).toContain("UNAUTHENTICATED");
    expect(others.map((answer) => answer?.status)).toEqual([401, 401]);
    // The authenticator was gone before that: whoever looks for it finds who removed it.
    expect(await events(person)).toContain("member.totp-removed");
    for (const thief of [maker, changer, remover]) expect((await thief?.auth("/account"))?.status).toBe(401);
    const signIn = async (typed: string) =>
      (await browser().auth("/sign-in", { email: person.email, password: typed })).status;
    expect([await signIn(thiefs), await signIn(person.password), await signIn(password)]).toEqual([401, 401, 200]);
  });

  test("used by two at once → one password is set", async () => {
    const person = await member();
    const code = codeIn(await mailedLink(person));
    const answers = await Promise.all([set(code, freshPassword()), set(code, freshPassword())]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test("of somebody with a second factor → it is still asked for", async () => {
    const person = await member();
    const { uri } = (await person.auth("/totp", { password: person.password })).json() as { uri: string };
    await person.auth("/totp/verify", { code: totpCode(uri) });
    const here = browser();
    const answer = await here.auth("/new-password/set", {
      code: codeIn(await mailedLink(person)),
      password: freshPassword(),
    });
    expect(answer.json()).toEqual({ done: false, secondFactors: ["totp", "backup-code"] });
    expect((await here.auth("/account")).status).toBe(401);
    expect((await here.auth("/sign-in/totp", { code: totpCode(uri, 1) })).json()).toEqual({ done: true });
  });

  test("asked for three times, by a stranger perhaps → each of them works, and one use ends all", async () => {
    const person = await member();
    const sent = mail.mails.length;
    for (const _ of [1, 2, 3]) await forget(person.email);
    await expect.poll(() => mail.mails.length).toBe(sent + 3);
    const codes = mail.mails.slice(sent).map(({ text }) => codeIn(linkIn(text)));
    const read = () => Promise.all(codes.map(async (code) => (await browser().auth("/new-password", { code })).status));
    expect(await read()).toEqual([200, 200, 200]);
    expect((await set(codes[0] ?? "", freshPassword())).status).toBe(200);
    expect(await read()).toEqual([400, 400, 400]);
  });

  test("after its end, and after a changed password → dead", async () => {
    const person = await member();
    const second = codeIn(await mailedLink(person));
    const changed = { currentPassword: person.password, newPassword: freshPassword() };
    expect((await person.auth("/password", changed)).status).toBe(204);
    expect(codeOf(await set(second, freshPassword()))).toBe("CODE_INVALID");
    const other = await member();
    const late = codeIn(await mailedLink(other));
    await inDatabase(
      server,
      (sql) =>
        sql`update verifications set expires_at = now() - interval '1 second' where identifier like 'new-password-%'`,
    );
    expect(codeOf(await set(late, freshPassword()))).toBe("CODE_INVALID");
  });
});

describe("an invitation", () => {
  const invite = async (input: object, selection = "mailed mailProblem secret invitation { id }") => {
    const { roles } = (await owner
      .graphql("root", '{ workspace(slug: "admin") { roles { nodes { id name } } } }')
      .then((answer) => (answer.json()["data"] as { workspace: { roles: unknown } }).workspace)) as {
      roles: { nodes: { id: string; name: string }[] };
    };
    const roleId = roles.nodes.find(({ name }) => name === "auditor")?.id;
    const given = { roles: [{ roleId, everywhere: true }], ...input };
    const answer = await owner.graphql("root", mutationDocument("createInvitation", selection), { input: given });
    return (answer.json()["data"] as { createInvitation: Invited }).createInvitation;
  };
  interface Invited {
    mailed: boolean | null;
    mailProblem: string | null;
    secret: string | null;
    invitation: { id: string } | null;
    userErrors: { code: string; path: string[] }[];
  }
  const types = async (id: string | undefined) => {
    const rows = await inDatabase(
      server,
      (sql) => sql`select type from audit_events where body->>'invitationId' = ${id ?? ""} order by sequence`,
    );
    return rows.map(({ type }) => String(type));
  };

  test("that goes by mail → its own link, to that address, audited; a repeated call sends nothing twice", async () => {
    const input = { email: "grace@example.com", sendByMail: true, clientMutationId: randomBytes(8).toString("hex") };
    const made = await invite(input);
    expect(made).toMatchObject({ mailed: true, mailProblem: null, userErrors: [] });
    const { to, text } = await mail.to("grace@example.com");
    expect(to).toEqual(["grace@example.com"]);
    expect(linkIn(text)).toMatch(new RegExp(`^${server.origin}/console/invite/\\w+$`));
    expect(linkIn(text)).not.toBe(made.secret);
    expect(await types(made.invitation?.id)).toEqual(["invitation.created", "invitation.mailed"]);
    const sent = mail.mails.length;
    expect(await invite(input)).toMatchObject({ mailed: null, userErrors: [{ code: "ALREADY_SHOWN" }] });
    expect(mail.mails.length).toBe(sent);
  });

  test("used by the mailed link, for its own address → that address is trusted with a new password; any other way → it is not", async () => {
    const join = async (to: string, email: string, by: "mail" | "shown") => {
      const { secret } = await invite({ email: to, sendByMail: true });
      const link = by === "mail" ? linkIn((await mail.to(to)).text) : (secret ?? "");
      const form = { code: codeIn(link), name: "Grace", email, password: freshPassword() };
      expect((await browser().auth("/invitation/accept", form)).status).toBe(201);
      const both = await browser().auth("/invitation", { code: codeIn(secret ?? "") });
      expect(codeOf(both)).toBe("CODE_INVALID");
      const sent = mail.mails.length;
      expect((await forget(email)).body).toBe("{}");
      return async () => mail.mails.slice(sent).filter((one) => one.to.includes(email)).length;
    };
    const shown = await join("passed@example.com", "passed@example.com", "shown");
    const other = await join("typo@example.com", "right@example.com", "mail");
    const own = await join("mailbox@example.com", "mailbox@example.com", "mail");
    await expect.poll(own).toBe(1);
    expect([await shown(), await other()]).toEqual([0, 0]);
  });

  test("that the mail server refuses → made and shown all the same, with the reason, audited", async () => {
    const made = await invite({ email: "no-mailbox@example.com", sendByMail: true });
    expect(made).toMatchObject({ mailed: false, userErrors: [] });
    expect(made.mailProblem).toContain("refuses the address");
    expect(made.secret).toContain("/console/invite/");
    expect(await types(made.invitation?.id)).toEqual(["invitation.created", "invitation.not-mailed"]);
  });

  test("by mail, to no address → refused; with an address but not by mail → nothing is sent", async () => {
    expect(await invite({ sendByMail: true })).toMatchObject({
      userErrors: [{ code: "INVALID_INPUT", path: ["email"] }],
    });
    const sent = mail.mails.length;
    expect(await invite({ email: "quiet@example.com" })).toMatchObject({ mailed: null, userErrors: [] });
    expect(mail.mails.length).toBe(sent);
  });
});

test("a person whom only a provider knows → no mail, whatever their address", async () => {
  const person = await member();
  await inDatabase(
    server,
    (sql) => sql`insert into sso_identities (tenant_id, issuer, subject, user_id)
      select m.tenant_id, 'https://idp.example', ${person.memberId}, m.user_id from members m where m.id = ${person.memberId}`,
  );
  const other = await member();
  const sent = mail.mails.length;
  expect((await forget(person.email)).body).toBe("{}");
  await mailedLink(other);
  expect(mail.mails.slice(sent).flatMap(({ to }) => to)).toEqual([other.email]);
});

test("many addresses of one IPv6 network ask → it waits as one; its neighbour does not", async () => {
  const ask = async (from: string) => (await forget(`${randomBytes(4).toString("hex")}@example.com`, from)).status;
  for (let at = 0; at < 20; at++) await ask(`2001:db8:1:2::${at}`);
  expect([await ask("2001:DB8:1:2:a:b:c:d"), await ask("2001:db8:1:3::1")]).toEqual([429, 200]);
});

test("three mails to one address within 45 minutes → it waits, known or not; another does not", async () => {
  const person = await member();
  for (const email of [person.email, "unknown@example.com"]) {
    const codes = [];
    for (let tries = 0; tries < 4; tries++) codes.push((await forget(email)).status);
    expect(codes).toEqual([200, 200, 200, 429]);
  }
});

test("who never came by mail confirms their address with a mailed code, once → a forgotten password is mailed there from then on", async () => {
  const person = await signInMember(server, owner, "root", [{ name: "auditor" }]);
  const other = await signInMember(server, owner, "root", [{ name: "auditor" }]);
  const isConfirmed = async () => ((await person.auth("/account")).json() as { isConfirmed: boolean }).isConfirmed;
  await forget(person.email);
  expect(await isConfirmed()).toBe(false);
  expect((await person.auth("/mailbox", {})).status).toBe(200);
  const { to, headers, text } = await mail.to(person.email);
  expect([to, headers.get("subject")]).toEqual([[person.email], "Confirm your address"]);
  const code = remember(typedCodeIn(text));
  for (const [who, typed] of [
    [person, "0000-0000"],
    [other, code],
  ] as const) {
    const refused = await who.auth("/mailbox/confirm", { code: typed });
    expect([refused.status, codeOf(refused)]).toEqual([400, "WRONG_CODE"]);
  }
  expect(await isConfirmed()).toBe(false);
  expect((await person.auth("/mailbox/confirm", { code: code.toLowerCase().replace("-", " ") })).status).toBe(204);
  expect(await isConfirmed()).toBe(true);
  expect((await person.auth("/mailbox/confirm", { code })).status).toBe(400);
  expect(await events(person)).toContain("member.mailbox-confirmed");
  await forget(person.email);
  await expect.poll(async () => (await mail.to(person.email)).text).toContain("/console/new-password/");
});

test("a mail server that does not answer → the same answer, and a line in the log without its password", async () => {
  const person = await member();
  await mail.close();
  const answer = await forget(person.email);
  expect([answer.status, answer.body]).toEqual([200, "{}"]);
  await expect.poll(() => server.log()).toContain("cannot be reached");
  const codes = mail.mails.map(({ text }) => typedCodeIn(text) || codeIn(linkIn(text)));
  expect(codes).not.toContain("");
  expect([login.password, ...codes].filter((secret) => server.log().includes(secret))).toEqual([]);
});

test("no SMTP_URL → none of it is there, and the sign-in page can know", async () => {
  await server.stop();
  await server.restart({ SMTP_URL: "", MAIL_FROM: "" });
  expect((await browser().auth("/set-up")).json()).toMatchObject({ sendsMail: false });
  const answer = await forget(owner.email);
  expect([answer.status, codeOf(answer)]).toEqual([404, "TURNED_OFF"]);
  const viewer = await owner.graphql("root", "{ viewer { serverSendsMail } }");
  expect(viewer.json()).toEqual({ data: { viewer: { serverSendsMail: false } } });
});
