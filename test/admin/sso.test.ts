import { createHmac } from "node:crypto";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { eventually } from "../support/http.ts";
import { inDatabase, type SignedInPerson, signInOwner } from "../support/member.ts";
import { type Forgery, newSigningKey } from "../support/open-id-provider.ts";
import { codeOf, consoleHeaders } from "../support/person.ts";
import { backFrom, type Trusted, useSsoStage } from "./sso-stage.ts";

const stage = useSsoStage();
const { world, staff, hostile, browser, signIn, visit } = stage;
let owner: SignedInPerson;
let trusted: Trusted;
beforeAll(async () => {
  owner = await signInOwner(world.server);
  trusted = await stage.trust(stage.acme, staff);
});
afterEach(() => {
  staff.tamper(undefined);
  staff.breakDown(undefined);
});

const viewer = "{ viewer { name email tenants { slug } } tenant { slug } }";
const sessions = async (): Promise<number> => {
  const [row] = await inDatabase(world.server, (sql) => sql`select count(*)::int as count from sessions`);
  return row?.["count"] as number;
};

describe("single sign-on", () => {
  test("the sign-in page of a tenant offers its providers by name; an unknown tenant has none", async () => {
    const offered = async (tenant: string) => (await browser().auth("/sso", { tenant })).json()["providers"];
    expect(await offered(stage.acme.slug)).toEqual([{ id: trusted.id, name: expect.stringContaining("provider") }]);
    expect([await offered("nobody-has-this"), await offered("../x")]).toEqual([[], []]);
  });

  test("[C4] somebody new comes back from the provider → a member with its roles, in a session of that tenant alone", async () => {
    staff.people.set("ada", { email: "ada@acme.example", email_verified: true, name: "Ada L" });
    const person = browser();
    const answer = await signIn(person, trusted, "ada");
    expect([answer.status, answer.json()]).toEqual([
      200,
      { done: true, tenant: { slug: stage.acme.slug, name: stage.acme.slug } },
    ]);
    const { data } = (await person.graphql(stage.acme.slug, viewer)).json() as { data: { viewer: unknown } };
    expect(data).toMatchObject({
      viewer: { name: "Ada L", email: "ada@acme.example", tenants: [{ slug: stage.acme.slug }] },
      tenant: { slug: stage.acme.slug },
    });
    for (const other of ["root", stage.umbrella.slug])
      expect(codeOf(await person.graphql(other, viewer))).toBe("NOT_A_MEMBER");
    expect((await person.auth("/account")).json()).toMatchObject({
      email: "ada@acme.example",
      sso: { id: trusted.id },
      tenants: [{ slug: stage.acme.slug }],
    });
    const listed = '{ members(search: "ada@acme") { nodes { account { email provider } } } }';
    expect(await stage.acme.admin.run(listed)).toEqual({
      members: { nodes: [{ account: { email: "ada@acme.example", provider: expect.stringMatching(/^provider-/) } }] },
    });
    const cookies = person.setCookies.filter((line) => line.startsWith("__Host-mintmark.sso="));
    expect(cookies.map((line) => /Max-Age=(\d+).*HttpOnly; Secure; SameSite=Strict$/.exec(line)?.[1])).toEqual([
      "600",
      "0",
    ]);
  });

  test("the same person again → the same member, by the subject alone: the address may change, and is kept for display", async () => {
    staff.people.set("grace", { email: "grace@acme.example", email_verified: true, name: "Grace" });
    await signIn(browser(), trusted, "grace");
    staff.people.set("grace", { email: "other@acme.example", email_verified: true, name: "Grace H" });
    const again = browser();
    await signIn(again, trusted, "grace");
    expect((await again.auth("/account")).json()).toMatchObject({ email: "other@acme.example", name: "Grace" });
    const rows = await inDatabase(
      world.server,
      (sql) => sql`select u.email from users u join sso_identities i on i.user_id = u.id where i.subject = 'grace'`,
    );
    expect(rows.map(({ email }) => String(email))).toEqual([expect.stringMatching(/^[0-9a-f]{64}@sso\.invalid$/)]);
  });

  test("two first sign-ins of one person at once → one member", async () => {
    const people = [browser(), browser(), browser()];
    const back = await Promise.all(people.map((person) => visit(person, trusted, "twice")));
    const answers = await Promise.all(people.map((person, at) => person.auth("/sso/finish", back[at])));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const ids = await Promise.all(
      people.map(async (person) => (await person.auth("/account")).json()["tenants"] as { memberId: string }[]),
    );
    expect(new Set(ids.map(([tenant]) => tenant?.memberId)).size).toBe(1);
  });

  test("the provider's key was exchanged → its people get in with the new one", async () => {
    await signIn(browser(), trusted, "ada");
    staff.rotateKeys();
    expect((await signIn(browser(), trusted, "ada")).status).toBe(200);
  });
});

describe("[C4] a hostile provider of another tenant", () => {
  test("asserts the address of an owner elsewhere → somebody new in its own tenant, and nothing of the owner's opens", async () => {
    const evil = await stage.trust(stage.umbrella, hostile);
    const [admin] = await inDatabase(world.server, (sql) => sql`select email from users where email = ${owner.email}`);
    expect(admin).toBeDefined();
    hostile.people.set(owner.email, { email: owner.email, email_verified: true, name: "Ada Owner" });
    const person = browser();
    expect((await signIn(person, evil, owner.email)).status).toBe(200);
    const account = (await person.auth("/account")).json() as { tenants: { slug: string; memberId: string }[] };
    expect(account.tenants.map(({ slug }) => slug)).toEqual([stage.umbrella.slug]);
    expect(account.tenants[0]?.memberId).not.toBe(owner.memberId);
    for (const slug of ["root", stage.acme.slug])
      expect(codeOf(await person.graphql(slug, viewer))).toBe("NOT_A_MEMBER");
    // Nor is the subject of another issuer, or of the same in another tenant, the same person.
    hostile.people.set("ada", { email: "ada@acme.example", email_verified: true });
    await signIn(browser(), trusted, "ada");
    const other = browser();
    await signIn(other, evil, "ada");
    expect((await other.graphql(stage.umbrella.slug, viewer)).status).toBe(200);
    expect(codeOf(await other.graphql(stage.acme.slug, viewer))).toBe("NOT_A_MEMBER");
    expect((await owner.graphql("root", viewer)).status).toBe(200);
  });

  test("an answer of one provider is no answer of another: its state is unknown there", async () => {
    const person = browser();
    const back = await visit(person, trusted, "ada");
    const theirs = await stage.trust(stage.umbrella, staff);
    const refused = await person.auth("/sso/finish", { ...back, provider: theirs.id });
    expect([refused.status, refused.body]).toEqual([400, expect.stringContaining("was not begun in this browser")]);
  });
});

const changing =
  (change: object) =>
  ({ claims, sign }: Forgery) =>
    sign({ ...claims, ...change });
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const hs256 = (claims: object, secret: string) => {
  const signed = `${base64({ alg: "HS256", typ: "JWT" })}.${base64(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
};
const seconds = () => Math.floor(Date.now() / 1000);

describe("incident 3: an ID token that is not to be believed lets nobody in, and says why", () => {
  const forgeries: Readonly<Record<string, readonly [(forgery: Forgery) => Promise<string> | string, RegExp]>> = {
    "another nonce": [changing({ nonce: "other" }), /another sign-in/],
    "no nonce": [changing({ nonce: undefined }), /another sign-in/],
    "another audience": [changing({ aud: "somebody-else" }), /somebody else than this server/],
    "one more audience": [({ claims, sign }) => sign({ ...claims, aud: [claims["aud"], "other"] }), /somebody else/],
    "another azp": [changing({ azp: "other" }), /somebody else than this server/],
    "another issuer": [changing({ iss: "https://evil.example" }), /made by somebody else/],
    "the issuer with a slash": [({ claims, sign }) => sign({ ...claims, iss: `${claims["iss"]}/` }), /somebody else/],
    "no subject": [changing({ sub: undefined }), /names nobody/],
    expired: [changing({ exp: seconds() - 1 }), /has ended/],
    "no end": [changing({ exp: undefined }), /has ended/],
    "made an hour ago": [changing({ iat: seconds() - 3600 }), /has ended/],
    "made tomorrow": [changing({ iat: seconds() + 86_400 }), /future/],
    "alg none": [({ claims }) => `${base64({ alg: "none", typ: "JWT" })}.${base64(claims)}.`, /no ID token/],
    "HS256 with the client secret": [({ claims }) => hs256(claims, staff.clientSecret), /not signed by a key/],
    "HS256 with the public key": [
      ({ claims, key }) => hs256(claims, key.privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
      /not signed by a key/,
    ],
    "another key under its kid": [
      ({ claims, key, sign }) => sign(claims, newSigningKey(key.kid)),
      /not signed by a key/,
    ],
    "a key that came along": [
      ({ claims, sign }) => sign(claims, newSigningKey(), { jwk: { kty: "RSA" } }),
      /no ID token|not signed by a key/,
    ],
    "an access token's type": [({ claims, key, sign }) => sign(claims, key, { typ: "at+jwt" }), /no ID token/],
    "a changed signature": [({ token }) => `${token.slice(0, -8)}AAAAAAAA`, /not signed by a key|no ID token/],
    "no token at all": [() => "", /no ID token/],
  };

  test.each(Object.entries(forgeries))("%s", async (_, [forge, words]) => {
    const before = await sessions();
    staff.tamper(forge);
    const person = browser();
    const answer = await signIn(person, trusted, "ada");
    const [error] = answer.json()["errors"] as { code: string; message: string }[];
    expect([answer.status, error?.code, error?.message]).toEqual([400, "SSO_REFUSED", expect.stringMatching(words)]);
    expect([await sessions(), (await person.auth("/account")).status]).toEqual([before, 401]);
  });

  test("the refusal stands in the tenant's audit log, with its reason", async () => {
    staff.tamper(changing({ nonce: "other" }));
    await signIn(browser(), trusted, "ada");
    const document = `{ workspace(slug: "admin") { auditEntries(first: 5) { nodes { type outcome body } } } }`;
    const { workspace } = (await stage.acme.admin.run(document)) as {
      workspace: { auditEntries: { nodes: { type: string; outcome: string; body: object }[] } };
    };
    expect(workspace.auditEntries.nodes).toContainEqual({
      type: "sso-sign-in.refused",
      outcome: "REFUSED",
      body: expect.objectContaining({ providerId: trusted.id, reason: "nonce" }),
    });
  });
});

describe("an answer belongs to one browser, once", () => {
  test("another state, none, or one that was used → refused, and no session", async () => {
    const person = browser();
    const back = await visit(person, trusted, "ada");
    const cookie = person.cookie();
    const refused = async (changed: object, who = person) =>
      codeOf(await who.auth("/sso/finish", { ...back, ...changed }));
    expect(await refused({ state: "x".repeat(43) })).toBe("SSO_REFUSED");
    expect(await refused({ state: undefined })).toBe("SSO_REFUSED");
    expect((await person.auth("/sso/finish", back)).status).toBe(200);
    // With what the browser was told to forget.
    const again = await browser().auth("/sso/finish", back, [...consoleHeaders(world.origin), cookie]);
    expect([again.status, again.body]).toEqual([400, expect.stringContaining("was finished already")]);
  });

  test("login CSRF: an attacker's answer in somebody else's browser → refused; the attacker's own is still good", async () => {
    const [attacker, victim] = [browser(), browser()];
    const back = await visit(attacker, trusted, "mallory");
    await victim.auth("/sso/begin", { provider: trusted.id });
    const refused = await victim.auth("/sso/finish", back);
    expect([codeOf(refused), (await victim.auth("/account")).status]).toEqual(["SSO_REFUSED", 401]);
    expect((await browser().auth("/sso/finish", back)).status).toBe(400);
    expect((await attacker.auth("/sso/finish", back)).status).toBe(200);
  });

  test("it came from another site, or without X-CSRF → refused", async () => {
    const back = await visit(browser(), trusted, "ada");
    const crossSite = await browser().auth("/sso/finish", back, [
      ["X-CSRF", "1"],
      ["Origin", staff.issuer],
    ]);
    expect([crossSite.status, codeOf(crossSite)]).toEqual([403, "CROSS_SITE"]);
  });

  test("RFC 9207: an answer that names another issuer, or none although the provider always does → refused", async () => {
    for (const iss of [hostile.issuer, undefined]) {
      const person = browser();
      const answer = await person.auth("/sso/finish", { ...(await visit(person, trusted, "ada")), iss });
      expect([answer.status, codeOf(answer)]).toEqual([400, "SSO_REFUSED"]);
    }
  });

  test("a code that the provider does not know, and a refusal of its own → a clear word", async () => {
    const person = browser();
    const wrong = await person.auth("/sso/finish", { ...(await visit(person, trusted, "ada")), code: "made-up" });
    const { code: _, ...back } = await visit(person, trusted, "ada");
    const denied = await person.auth("/sso/finish", { ...back, error: "access_denied" });
    const messages = [wrong, denied].map((answer) => (answer.json()["errors"] as { message: string }[])[0]?.message);
    expect(messages).toEqual([expect.stringMatching(/did not accept/), expect.stringMatching(/did not sign you in/)]);
  });

  test("more than ten minutes later → refused", async () => {
    const person = browser();
    const back = await visit(person, trusted, "ada");
    await inDatabase(world.server, (sql) => sql`update sso_attempts set expires_at = now() - interval '1 second'`);
    expect(codeOf(await person.auth("/sso/finish", back))).toBe("SSO_REFUSED");
  });
});

describe("a provider that is away", () => {
  test("→ 502 with a clear word at the beginning and at the end; passwords go on; it is back when it is back", async () => {
    const away = await stage.trust(stage.umbrella, staff, { name: "Away", issuer: `${staff.issuer}/away` });
    const nowhere = await browser().auth("/sso/begin", { provider: away.id });
    expect([nowhere.status, codeOf(nowhere), nowhere.body]).toEqual([
      502,
      "SSO_UNAVAILABLE",
      expect.stringContaining("Away does not answer as an OpenID provider"),
    ]);
    const person = browser();
    const back = await visit(person, trusted, "ada");
    staff.breakDown(503);
    expect(codeOf(await person.auth("/sso/finish", back))).toBe("SSO_REFUSED");
    const { email, password } = owner;
    expect((await browser().auth("/sign-in", { email, password })).status).toBe(200);
    staff.breakDown(undefined);
    expect((await signIn(browser(), trusted, "ada")).status).toBe(200);
  });

  test.each([
    "https://127.0.0.1:1",
    "https://169.254.169.254",
    "https://[::1]",
    "https://10.0.0.1",
    "https://[::ffff:10.0.0.1]",
    "https://localhost:1",
  ])("incident 6: %s as issuer → nothing is asked there, and it is said why", async (issuer) => {
    const inside = await stage.trust(stage.umbrella, staff, { issuer });
    const answer = await browser().auth("/sso/begin", { provider: inside.id });
    expect([answer.status, codeOf(answer), answer.body]).toEqual([
      502,
      "SSO_UNAVAILABLE",
      expect.stringContaining("is not on the public internet"),
    ]);
    await stage.umbrella.admin.must("deleteSsoProvider", { id: inside.id }, "deletedSsoProviderId");
  });

  test.each(["http://id.example.com", "https://user@id.example.com", "https://id.example.com?x=1", "ftp://x", ""])(
    "an issuer like %s is refused when it is said",
    async (issuer) => {
      const input = { name: "Odd", issuer, clientId: "c", clientSecret: "s" };
      const { userErrors } = await stage.acme.admin.mutate("createSsoProvider", input, "ssoProvider { id }");
      expect(userErrors[0]).toMatchObject({ code: "INVALID_INPUT", path: ["issuer"] });
    },
  );
});

describe("incident 11: the client secret", () => {
  test("is in no answer, no log and no row; what is stored opens in its own row alone", async () => {
    const secret = remember(`idp-secret-${Date.now()}`);
    await stage.acme.admin.must("updateSsoProvider", { id: trusted.id, clientSecret: secret }, "ssoProvider { id }");
    const refused = await signIn(browser(), trusted, "ada");
    expect([refused.status, codeOf(refused)]).toEqual([400, "SSO_REFUSED"]);
    const clientSecret = staff.clientSecret;
    await stage.acme.admin.must("updateSsoProvider", { id: trusted.id, clientSecret }, "ssoProvider { id }");
    const rows = await inDatabase(
      world.server,
      (sql) => sql`select row_to_json(p)::text as text from sso_providers p union all
        select row_to_json(h)::text from history h where kind = 'ssoProvider' union all
        select row_to_json(a)::text from audit_events a union all select row_to_json(i)::text from idempotency i`,
    );
    expect(rows.filter(({ text }) => String(text).includes(secret) || String(text).includes(clientSecret))).toEqual([]);
    const log = await eventually(
      async () => world.server.log(),
      (text) => text.includes("/console/auth/sso/finish"),
    );
    expect(log).not.toContain(secret);
    const columns = await inDatabase(world.server, async (sql) => {
      await sql`update sso_providers p set wrapped_secret = o.wrapped_secret from sso_providers o
        where p.id = ${trusted.id} and o.id <> p.id and o.tenant_id <> p.tenant_id`;
      return sql`select 1`;
    });
    expect(columns.length).toBe(1);
    expect((await browser().auth("/sso/begin", { provider: trusted.id })).status).toBe(500);
    await stage.acme.admin.must("updateSsoProvider", { id: trusted.id, clientSecret }, "ssoProvider { id }");
    expect((await signIn(browser(), trusted, "ada")).status).toBe(200);
  });
});

test("what comes back is judged by its name alone: an unknown member is refused", async () => {
  const person = browser();
  const back = backFrom(trusted, new URL(`${world.origin}/console/sso/x?code=a&state=b&session_state=c`));
  expect(back).toEqual({ provider: trusted.id, code: "a", state: "b" });
  const answer = await person.auth("/sso/finish", { ...back, session_state: "c" });
  expect([answer.status, codeOf(answer)]).toEqual([400, "INVALID_INPUT"]);
});
