import { beforeAll, describe, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { inDatabase, type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { codeOf, consoleHeaders, freshPassword, newPerson, totpCode } from "../support/person.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld({ LOG_LEVEL: "trace" });
let owner: SignedInPerson;
beforeAll(async () => {
  owner = await signInOwner(world.server);
});

const browser = () => newPerson(world.origin);
const member = (...roles: { name: string }[]) => signInMember(world.server, owner, "root", roles);
const events = async (memberId: string): Promise<string[]> => {
  const rows = await inDatabase(
    world.server,
    (sql) => sql`select type, outcome from audit_events where actor = ${memberId} order by sequence`,
  );
  return rows.map(({ type, outcome }) => `${type} ${outcome}`);
};

describe("password", () => {
  test("the right one → the cookie: __Host-, Secure, HttpOnly, SameSite=Strict, no Domain, seven days", async () => {
    const person = browser();
    const answer = await person.auth("/sign-in", { email: ` ${owner.email.toUpperCase()}`, password: owner.password });
    expect(answer.json()).toEqual({ done: true });
    expect(answer.headers["cache-control"]).toBe("no-store");
    const [cookie = ""] = person.setCookies;
    const [pair = "", ...attributes] = cookie.split("; ");
    expect(pair).toMatch(/^__Host-mintmark\.session_token=/);
    expect(attributes.map((part) => part.toLowerCase()).sort()).toEqual([
      "httponly",
      "max-age=604800",
      "path=/",
      "samesite=strict",
      "secure",
    ]);
    expect((await person.auth("/account")).json()).toMatchObject({ email: owner.email, hasTotp: false });
    expect(await events(owner.memberId)).toContain("member.signed-in done");
  });

  test("a wrong one, an unknown address and no address → the same refusal; the wrong one is audited", async () => {
    const person = await member();
    const wrong = await browser().auth("/sign-in", { email: person.email, password: "wrong password!" });
    const unknown = await browser().auth("/sign-in", { email: "nobody@example.com", password: "wrong password!" });
    const none = await browser().auth("/sign-in", { email: "nobody", password: "wrong password!" });
    expect([wrong.status, codeOf(wrong)]).toEqual([401, "WRONG_CREDENTIALS"]);
    expect([unknown, none].map((answer) => answer.json()["errors"])).toEqual(
      [wrong, wrong].map((a) => a.json()["errors"]),
    );
    expect(wrong.headers["set-cookie"]).toBeUndefined();
    await expect.poll(() => events(person.memberId)).toContain("member.sign-in-refused refused");
  });

  test("five wrong ones → that address waits, right or wrong, known or not; others do not", async () => {
    const person = await member();
    for (const email of [person.email, "unknown@example.com"]) {
      for (let tries = 0; tries < 5; tries++) await browser().auth("/sign-in", { email, password: `wrong ${tries}` });
      const locked = await browser().auth("/sign-in", { email, password: person.password });
      expect([locked.status, codeOf(locked)]).toEqual([429, "TOO_MANY_TRIES"]);
      expect(Number(locked.headers["retry-after"])).toBeGreaterThan(200);
    }
    expect((await browser().auth("/sign-in", { email: owner.email, password: owner.password })).status).toBe(200);
    expect((await person.auth("/account")).status).toBe(200);
  });

  test("a cookie that was changed, cut or made up → nobody", async () => {
    const [, cookie] = owner.cookie();
    const [name = "", value = ""] = cookie.split(/=(.*)/);
    const flipped = `${value.startsWith("A") ? "B" : "A"}${value.slice(1)}`;
    for (const forged of [flipped, value.slice(0, -4), value.split(".")[0] ?? "", "x", `${value}x`]) {
      const headers = [...consoleHeaders(world.origin), ["Cookie", `${name}=${forged}`] as [string, string]];
      expect(codeOf(await browser().auth("/account", undefined, headers))).toBe("UNAUTHENTICATED");
    }
  });

  test("a new password → needs the old one, ends other sessions, keeps this one; the old one is dead", async () => {
    const person = await member();
    const other = browser();
    await other.auth("/sign-in", { email: person.email, password: person.password });
    const newPassword = freshPassword();
    const wrong = await person.auth("/password", { currentPassword: "wrong password!", newPassword });
    expect([wrong.status, codeOf(wrong)]).toEqual([401, "WRONG_CREDENTIALS"]);
    const short = await person.auth("/password", { currentPassword: person.password, newPassword: "short" });
    expect(codeOf(short)).toBe("INVALID_INPUT");
    expect((await person.auth("/password", { currentPassword: person.password, newPassword })).status).toBe(204);
    expect((await person.auth("/account")).status).toBe(200);
    expect((await other.auth("/account")).status).toBe(401);
    expect((await browser().auth("/sign-in", { email: person.email, password: person.password })).status).toBe(401);
    expect((await browser().auth("/sign-in", { email: person.email, password: newPassword })).status).toBe(200);
    expect(await events(person.memberId)).toContain("member.password-changed done");
  });
});

describe("second factor", () => {
  const withTotp = async () => {
    const person = await member();
    const begun = await person.auth("/totp", { password: person.password });
    const { uri, backupCodes } = begun.json() as { uri: string; backupCodes: string[] };
    expect((await person.auth("/account")).json()).toMatchObject({ hasTotp: false });
    expect(codeOf(await person.auth("/totp/verify", { code: "000000" }))).toBe("WRONG_CODE");
    expect((await person.auth("/totp/verify", { code: totpCode(uri) })).status).toBe(204);
    expect((await person.auth("/account")).json()).toMatchObject({ hasTotp: true });
    return { person, uri, backupCodes };
  };
  const half = async (person: SignedInPerson) => {
    const next = browser();
    const answer = await next.auth("/sign-in", { email: person.email, password: person.password });
    expect(answer.json()).toEqual({ done: false, secondFactors: ["totp", "backup-code"] });
    expect(next.setCookies.filter((line) => /session_token=[^;]/.test(line))).toEqual([]);
    expect(codeOf(await next.auth("/account"))).toBe("UNAUTHENTICATED");
    return next;
  };

  test("password alone → no session; with a code → signed in; the same code again → refused", async () => {
    const { person, uri } = await withTotp();
    const first = await half(person);
    expect(codeOf(await first.auth("/sign-in/totp", { code: "000000" }))).toBe("WRONG_CODE");
    const code = totpCode(uri, 1);
    expect((await first.auth("/sign-in/totp", { code })).json()).toEqual({ done: true });
    expect((await first.auth("/account")).status).toBe(200);
    const second = await half(person);
    expect(codeOf(await second.auth("/sign-in/totp", { code }))).toBe("WRONG_CODE");
    expect(codeOf(await second.auth("/account"))).toBe("UNAUTHENTICATED");
    const seen = await events(person.memberId);
    expect(seen).toEqual(expect.arrayContaining(["member.totp-enabled done", "member.sign-in-refused refused"]));
  });

  test("a code without the password before it, or with another person's → refused", async () => {
    const { uri } = await withTotp();
    expect((await browser().auth("/sign-in/totp", { code: totpCode(uri) })).status).toBe(401);
    const { person: other } = await withTotp();
    expect(codeOf(await (await half(other)).auth("/sign-in/totp", { code: totpCode(uri) }))).toBe("WRONG_CODE");
  });

  test("five wrong codes → the person waits, also after a new password", async () => {
    const { person, uri } = await withTotp();
    const next = await half(person);
    for (let tries = 0; tries < 5; tries++) await next.auth("/sign-in/totp", { code: `00000${tries}` });
    expect(codeOf(await (await half(person)).auth("/sign-in/totp", { code: totpCode(uri) }))).toBe("TOO_MANY_TRIES");
  });

  test("a backup code → opens once; renewed codes → the old ones are dead", async () => {
    const { person, backupCodes } = await withTotp();
    expect(backupCodes).toHaveLength(10);
    const [first = "", second = ""] = backupCodes;
    const next = await half(person);
    expect((await next.auth("/sign-in/backup-code", { code: first })).json()).toEqual({ done: true });
    expect(codeOf(await (await half(person)).auth("/sign-in/backup-code", { code: first }))).toBe("WRONG_CODE");
    const renewed = (await next.auth("/backup-codes", { password: person.password })).json();
    expect(codeOf(await (await half(person)).auth("/sign-in/backup-code", { code: second }))).toBe("WRONG_CODE");
    const [fresh] = renewed["backupCodes"] as string[];
    expect((await (await half(person)).auth("/sign-in/backup-code", { code: fresh })).json()).toEqual({ done: true });
  });

  test("removed with the password → the password alone opens again", async () => {
    const { person } = await withTotp();
    expect((await person.auth("/totp/remove", { password: "wrong password!" })).status).toBe(401);
    expect((await person.auth("/totp/remove", { password: person.password })).status).toBe(204);
    const answer = await browser().auth("/sign-in", { email: person.email, password: person.password });
    expect(answer.json()).toEqual({ done: true });
  });
});

describe("routes", () => {
  test.each([
    "sign-up/email",
    "sign-in/email",
    "sign-in/social",
    "get-session",
    "list-sessions",
    "revoke-session",
    "update-user",
    "delete-user",
    "change-email",
    "change-password",
    "set-password",
    "request-password-reset",
    "reset-password",
    "verify-email",
    "link-social",
    "list-accounts",
    "account-info",
    "two-factor/enable",
    "two-factor/disable",
    "two-factor/verify-totp",
    "two-factor/get-totp-uri",
    "two-factor/send-otp",
    "passkey/generate-register-options",
    "passkey/verify-authentication",
    "passkey/delete-passkey",
    "ok",
    "error",
    "callback/github",
    "toString",
    "..%2fsign-in",
  ])("%s of the library, or of nobody → 404, signed in or not", async (path) => {
    for (const person of [owner, browser()]) {
      const answers = [await person.auth(`/${path}`, {}), await person.auth(`/${path}`)];
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    }
  });

  test("open sign-up → there is none: no account without a link or a set-up code", async () => {
    const form = { name: "Eve", email: "eve@example.com", password: freshPassword() };
    for (const path of ["/sign-up", "/sign-up/email", "/register"])
      expect((await browser().auth(path, form)).status).toBe(404);
    expect(codeOf(await browser().auth("/invitation/accept", { ...form, code: "0".repeat(28) }))).toBe("CODE_INVALID");
    const [row] = await inDatabase(
      world.server,
      (sql) => sql`select count(*)::int as n from users where email = 'eve@example.com'`,
    );
    expect(row?.["n"]).toBe(0);
  });

  const good = () => consoleHeaders(world.origin);
  test.each([
    ["without X-CSRF", () => good().slice(1)],
    ["without Origin", () => good().filter(([name]) => name !== "Origin")],
    [
      "from another origin",
      () => [
        ["X-CSRF", "1"],
        ["Origin", "https://evil.example"],
      ],
    ],
    ["by a cross-site fetch", () => [...good().slice(0, 2), ["Sec-Fetch-Site", "cross-site"]]],
  ] as [string, () => [string, string][]][])("a sign-in %s → refused, and no session begins", async (_, headers) => {
    const answer = await browser().auth("/sign-in", { email: owner.email, password: owner.password }, headers());
    expect([answer.status, codeOf(answer)]).toEqual([403, "CROSS_SITE"]);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  test("a form, an array, no JSON, too much → refused", async () => {
    const url = `${world.origin}/console/auth/sign-in`;
    const post = (type: string, body: string) =>
      send(url, { method: "POST", headers: [...good(), ["Content-Type", type]], body });
    expect((await post("application/x-www-form-urlencoded", "email=a")).status).toBe(415);
    expect((await post("text/plain", "{}")).status).toBe(415);
    expect((await post("application/json", "[]")).status).toBe(400);
    expect((await post("application/json", "{")).status).toBe(400);
    expect((await post("application/json", JSON.stringify({ email: "x".repeat(40_000) }))).status).toBe(413);
  });
});

test("an address that another machine claims → the session says the socket's", async () => {
  const person = browser();
  const headers = [...consoleHeaders(world.origin), ["X-Forwarded-For", "203.0.113.9"], ["X-Client-IP", "203.0.113.9"]];
  const sent = headers as [string, string][];
  expect((await person.auth("/sign-in", { email: owner.email, password: owner.password }, sent)).status).toBe(200);
  const { sessions } = (await person.auth("/sessions")).json() as {
    sessions: { isCurrent: boolean; address: string }[];
  };
  expect(sessions.find(({ isCurrent }) => isCurrent)?.address).toMatch(/^(127\.0\.0\.1|::1|0000:.*0001|0:.*:1)$/);
});

test("canary: passwords, TOTP secrets, backup codes, cookies and codes → in no log, not even at its finest", async () => {
  const person = await member();
  const begun = (await person.auth("/totp", { password: person.password })).json() as {
    uri: string;
    backupCodes: string[];
  };
  const secret = new URL(begun.uri).searchParams.get("secret") ?? "";
  const wrongPassword = freshPassword();
  await browser().auth("/sign-in", { email: person.email, password: wrongPassword });
  await person.auth("/totp/verify", { code: totpCode(begun.uri) });
  const next = browser();
  await next.auth("/sign-in", { email: person.email, password: person.password });
  await next.auth("/sign-in/backup-code", { code: begun.backupCodes[0] });
  const cookies = [...person.setCookies, ...next.setCookies].map((line) => /=([^;]*)/.exec(line)?.[1] ?? "");
  const canaries = [
    owner.password,
    wrongPassword,
    secret,
    ...begun.backupCodes,
    ...cookies.filter((text) => text.length > 8),
  ];
  const log = world.server.log();
  expect(log).toContain("/console/auth/sign-in");
  expect(canaries.filter((canary) => canary.length < 8 || log.includes(canary))).toEqual([]);
  const [stored] = await inDatabase(
    world.server,
    (sql) => sql`
    select jsonb_agg(a.password) as passwords, (select jsonb_agg(t) from two_factors t) as factors from accounts a`,
  );
  const rest = JSON.stringify(stored);
  expect(rest).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
  expect([owner.password, secret, ...begun.backupCodes].filter((canary) => rest.includes(canary))).toEqual([]);
});
