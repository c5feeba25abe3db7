import { beforeAll, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { graphqlAs } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import { inviteAs } from "../support/joining.ts";
import { inDatabase, type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { codeIn, codeOf, type Person } from "../support/person.ts";
import type { AutomationClient } from "../support/server.ts";
import { askToken, type Credentials } from "../support/token.ts";
import { callerOf, newCaller, outcomeOf, ownWorkspace } from "./callers.ts";
import { useSsoStage } from "./sso-stage.ts";

const stage = useSsoStage();
const { world, staff, hostile, browser, signIn } = stage;
let owner: SignedInPerson;
beforeAll(async () => {
  owner = await signInOwner(world.server);
});

const tenantOf = async () => world.tenant().ready();
const seen = (person: Person, slug: string) => person.graphql(slug, "{ tenant { slug } members { nodes { id } } }");
const memberOf = async (person: Person) => {
  const { tenants } = (await person.auth("/account")).json() as { tenants: { memberId: string }[] };
  return tenants[0]?.memberId ?? "";
};
const messageOf = (answer: { json(): Record<string, unknown> }) =>
  (answer.json()["errors"] as { message: string }[])[0]?.message ?? "";

describe("who joins", () => {
  test("where people are invited, nobody by signing in; with the link they opened, and its roles", async () => {
    const tenant = await tenantOf();
    const trusted = await stage.trust(tenant, staff, { joining: "INVITED", roles: [] });
    const person = browser();
    const alone = await signIn(person, trusted, "invited");
    expect([alone.status, codeOf(alone), messageOf(alone)]).toEqual([
      403,
      "SSO_REFUSED",
      expect.stringMatching(/by invitation/),
    ]);
    const roles = [{ roleId: await stage.role(tenant, "admin"), everywhere: true }];
    const { link } = await inviteAs(tenant.admin, roles);
    expect((await signIn(person, trusted, "invited", { invitation: codeIn(link) })).status).toBe(200);
    expect((await person.graphql(tenant.slug, "{ invitations { nodes { id } } }")).status).toBe(200);
    // The link was used, and from now on they get in without one.
    const other = await signIn(browser(), trusted, "somebody-else", { invitation: codeIn(link) });
    expect([other.status, codeOf(other)]).toEqual([400, "CODE_INVALID"]);
    expect((await signIn(browser(), trusted, "invited")).status).toBe(200);
  });

  test("[C4] a link of another tenant, or of the server itself → refused, not used up, and nobody was made", async () => {
    const fields = "tenant { id slug } secret { ownerInvite tokenEndpoint clientId clientSecret resource scopes }";
    const made = await world.operator.must("createTenant", { slug: "first", name: "First" }, fields);
    const { ownerInvite, ...adminClient } = made["secret"] as AutomationClient & { ownerInvite: string };
    remember(adminClient.clientSecret);
    const { id } = made["tenant"] as { id: string };
    const tenant = { id, slug: "first", adminClient, admin: graphqlAs(world.graphqlUrl, adminClient) };
    const trusted = await stage.trust(tenant, staff, { joining: "INVITED", roles: [] });
    const foreign = await inviteAs(stage.umbrella.admin, [
      { roleId: await stage.role(stage.umbrella, "auditor"), everywhere: true },
    ]);
    for (const link of [foreign.link, ownerInvite]) {
      const answer = await signIn(browser(), trusted, "guest", { invitation: codeIn(link) });
      expect([answer.status, codeOf(answer)]).toEqual([400, "CODE_INVALID"]);
    }
    const rows = await inDatabase(world.server, (sql) => sql`select 1 from sso_identities where subject = 'guest'`);
    expect(rows.length).toBe(0);
    // Neither was used up.
    for (const link of [foreign.link, ownerInvite])
      expect((await browser().auth("/invitation", { code: codeIn(link) })).status).toBe(200);
  });

  test("only from allowed domains, and only by an address that the provider checked", async () => {
    const tenant = await tenantOf();
    const trusted = await stage.trust(tenant, staff, { emailDomains: ["ACME.example"] });
    const refusals: Readonly<Record<string, RegExp>> = {
      other: /may not join/,
      unchecked: /checked your e-mail/,
      nameless: /does not say your e-mail/,
    };
    staff.people.set("other", { email: "a@evil.example", email_verified: true });
    staff.people.set("unchecked", { email: "a@acme.example", email_verified: false });
    staff.people.set("right", { email: "a@acme.example", email_verified: true });
    for (const [login, words] of Object.entries(refusals)) {
      const answer = await signIn(browser(), trusted, login);
      expect([login, answer.status, messageOf(answer)]).toEqual([login, 403, expect.stringMatching(words)]);
    }
    expect((await signIn(browser(), trusted, "right")).status).toBe(200);
  });

  test("[C5] nobody has a provider give more than they hold, nor make owners; and whoever lost a role gives it no more", async () => {
    const tenant = await tenantOf();
    const own = await ownWorkspace(tenant, "admin");
    const setter = await newCaller(world, own, { role: "admin", grants: ["sso-provider:write"] });
    const give = async (name: string, caller = setter) => {
      const { issuer, clientId, clientSecret } = staff;
      const roles = [{ roleId: own.roles.get(name), everywhere: true }];
      const input = { name, issuer, clientId, clientSecret, joining: "ANYONE", roles };
      return caller.call("createSsoProvider", input);
    };
    const chief = await callerOf(world, tenant.adminClient);
    expect(outcomeOf(await give("owner"), "createSsoProvider")).toBe("INVALID_INPUT");
    expect(outcomeOf(await give("owner", chief), "createSsoProvider")).toBe("INVALID_INPUT");
    const made = await give("admin");
    const { data } = made.json() as {
      data: { createSsoProvider: { ssoProvider: { id: string; redirectUri: string } } };
    };
    const { id, redirectUri } = data.createSsoProvider.ssoProvider;
    staff.allow(redirectUri);
    const trusted = { id, tenant, provider: staff };
    expect((await signIn(browser(), trusted, "early")).status).toBe(200);
    await tenant.admin.must("disableClient", { id: setter.clientId }, "client { id }");
    const late = await signIn(browser(), trusted, "late");
    expect([late.status, messageOf(late)]).toEqual([403, expect.stringMatching(/may no longer give/)]);
    // Who is a member already gets in.
    expect((await signIn(browser(), trusted, "early")).status).toBe(200);
    // A weaker one who opens the door wider gives the same roles anew.
    const weak = await newCaller(world, own, { grants: ["sso-provider:write", "role:read", "assignment:write"] });
    const wider = await weak.call("updateSsoProvider", { id, emailDomains: [] });
    expect(outcomeOf(wider, "updateSsoProvider")).toBe("MORE_THAN_HELD");
  });

  test("nobody owns the server by single sign-on", async () => {
    const [{ roles }, root] = [await ownWorkspace(rootTenant(), "admin"), rootTenant()];
    const trusted = await stage.trust(root, staff, {
      roles: [{ roleId: roles.get("admin"), everywhere: true }],
    });
    await inDatabase(world.server, (sql) => sql`update installation set owned_at = null`);
    try {
      const answer = await signIn(browser(), trusted, "first");
      expect([answer.status, messageOf(answer)]).toEqual([403, "Nobody owns this server yet."]);
    } finally {
      await inDatabase(world.server, (sql) => sql`update installation set owned_at = now()`);
    }
  });
});

const rootTenant = () => ({
  id: "",
  slug: "root",
  admin: world.rootAdmin,
  adminClient: { ...world.server.bootstrapped },
});

describe("what a single sign-on session may not", () => {
  const own = [
    "/password",
    "/totp",
    "/totp/verify",
    "/totp/remove",
    "/backup-codes",
    "/passkey/registration",
    "/passkey/add",
    "/passkey/rename",
    "/passkey/remove",
    "/step-up",
  ];

  test("add anything that would outlive the provider, or join another tenant", async () => {
    const tenant = await tenantOf();
    const person = browser();
    await signIn(person, await stage.trust(tenant, staff), "bound");
    for (const path of own) {
      const answer = await person.auth(path, { password: "whatever it is", newPassword: "another password!" });
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 403, "SSO_SESSION"]);
    }
    const { link } = await inviteAs(stage.umbrella.admin, [
      { roleId: await stage.role(stage.umbrella, "auditor"), everywhere: true },
    ]);
    const joined = await person.auth("/invitation/accept", { code: codeIn(link) });
    expect([joined.status, codeOf(joined)]).toEqual([403, "SSO_SESSION"]);
    const reset = await tenant.admin.mutate("createMemberResetLink", { id: await memberOf(person) }, "secret");
    expect(reset.userErrors[0]?.code).toBe("PROTECTED");
    const [row] = await inDatabase(
      world.server,
      (sql) => sql`select u.email from users u join sso_identities i on i.user_id = u.id where i.subject = 'bound'`,
    );
    const email = String(row?.["email"]);
    expect((await browser().auth("/sign-in", { email, password: "whatever it is" })).status).toBe(401);
  });

  test("dangerous acts wait until the provider says that the person has just proved who they are", async () => {
    const tenant = await tenantOf();
    const trusted = await stage.trust(tenant, staff, {
      roles: [{ roleId: await stage.role(tenant, "admin"), everywhere: true }],
    });
    const person = browser();
    await signIn(person, trusted, "chief");
    const invite = async () => {
      const roles = [{ roleId: await stage.role(tenant, "auditor"), everywhere: true }];
      const document = `mutation ($input: CreateInvitationInput!) {
        createInvitation(input: $input) { secret userErrors { code } } }`;
      const { data } = (await person.graphql(tenant.slug, document, { input: { roles } })).json() as {
        data: { createInvitation: { secret: string | null; userErrors: { code: string }[] } };
      };
      remember(data.createInvitation.secret ?? "");
      return data.createInvitation.userErrors.map(({ code }) => code);
    };
    // The provider did not say when, so nothing is known.
    expect(await invite()).toEqual(["STEP_UP_NEEDED"]);
    const again = async (login: string) => {
      const address = new URL(String((await person.auth("/sso/step-up", {})).json()["address"]));
      expect([address.searchParams.get("prompt"), address.searchParams.get("max_age")]).toEqual(["login", "0"]);
      const back = await staff.logIn(address.href, login);
      const { state, code, iss } = Object.fromEntries(back.searchParams);
      return person.auth("/sso/finish", { provider: trusted.id, state, code, iss });
    };
    const other = await again("somebody-else");
    expect([other.status, codeOf(other), await invite()]).toEqual([403, "SSO_REFUSED", ["STEP_UP_NEEDED"]]);
    staff.tamper(({ claims, sign }) => sign({ ...claims, auth_time: Math.floor(Date.now() / 1000) - 3600 }));
    const stale = await again("chief");
    expect([stale.status, messageOf(stale)]).toEqual([403, expect.stringMatching(/just proved/)]);
    staff.tamper(({ claims, sign }) => sign({ ...claims, auth_time: undefined }));
    expect((await again("chief")).status).toBe(403);
    staff.tamper(undefined);
    expect((await again("chief")).json()).toMatchObject({ done: true, steppedUp: true });
    expect(await invite()).toEqual([]);
  });
});

describe("the end of it", () => {
  const turningOff: Readonly<Record<string, (id: string) => readonly [string, object]>> = {
    "switching the provider off": (id) => ["updateSsoProvider", { id, isActive: false }],
    "deleting the provider": (id) => ["deleteSsoProvider", { id }],
  };

  test.each(Object.entries(turningOff))(
    "%s → its sessions and what its people generated open nothing; others' go on",
    async (_, act) => {
      const tenant = await tenantOf();
      const [trusted, other] = [await stage.trust(tenant, staff), await stage.trust(tenant, hostile)];
      const { workspaceId } = (await ownWorkspace(tenant, "admin")).place;
      const settings = { workspaceId, personalTokens: "ON", generatedTypes: ["STATIC_TOKEN", "CLIENT_CREDENTIALS"] };
      await tenant.admin.must("updateWorkspaceSettings", settings, "__typename");
      const [person, bystander] = [browser(), browser()];
      staff.tamper(({ claims, sign }) => sign({ ...claims, auth_time: Math.floor(Date.now() / 1000) }));
      await signIn(person, trusted, "leaver");
      staff.tamper(undefined);
      await signIn(bystander, other, "stayer");
      const document = `mutation { createPersonalToken(input: { name: "mine", permissions: { all: true } }) {
      secret userErrors { code message } } }`;
      const made = (await person.graphql(tenant.slug, document)).json() as {
        data: { createPersonalToken: { secret: string | null } };
      };
      const value = remember(String(made.data.createPersonalToken.secret));
      const byToken = () => tokenCall(value);
      const client = await ownClient(person, tenant.slug);
      const byClient = async () => (await askToken(client, { resource: client.resource })).status;
      expect([(await seen(person, tenant.slug)).status, await byToken(), await byClient()]).toEqual([200, 200, 200]);
      const [mutation, input] = act(trusted.id);
      await tenant.admin.must(mutation, input, "__typename");
      expect([(await person.auth("/account")).status, await byToken(), await byClient()]).toEqual([401, 401, 401]);
      expect((await seen(bystander, tenant.slug)).status).toBe(200);
      expect((await browser().auth("/sso/begin", { provider: trusted.id })).status).toBe(404);
    },
  );

  /** Client credentials that a person generates for themselves. */
  async function ownClient(person: Person, slug: string): Promise<Credentials & { readonly resource: string }> {
    const document = `mutation { createPersonalClient(input: { name: "mine", permissions: { all: true } }) {
      personalClient { id tokenEndpoint resource } secret userErrors { code message } } }`;
    const { data } = (await person.graphql(slug, document)).json() as {
      data: {
        createPersonalClient: {
          personalClient: { id: string; tokenEndpoint: string; resource: string };
          secret: string;
        };
      };
    };
    const { personalClient, secret } = data.createPersonalClient;
    return { ...personalClient, clientId: personalClient.id, clientSecret: remember(secret) };
  }

  /** The status of a request with a personal token. */
  async function tokenCall(value: string): Promise<number> {
    const headers = [
      ["Content-Type", "application/json"],
      ["Authorization", `Token ${value}`],
    ] as const;
    return (await send(world.graphqlUrl, { method: "POST", headers, body: '{"query":"{ tenant { slug } }"}' })).status;
  }

  test("an answer that was on its way when the provider was switched off → nothing", async () => {
    const tenant = await tenantOf();
    const trusted = await stage.trust(tenant, staff);
    const person = browser();
    const back = await stage.visit(person, trusted, "late");
    await tenant.admin.must("updateSsoProvider", { id: trusted.id, isActive: false }, "__typename");
    expect((await person.auth("/sso/finish", back)).status).toBe(404);
  });

  test("a removed member's sessions end, and signing in again does not bring them back; an invitation does", async () => {
    const tenant = await tenantOf();
    const trusted = await stage.trust(tenant, staff);
    const person = browser();
    await signIn(person, trusted, "gone");
    await tenant.admin.must("removeMember", { id: await memberOf(person) }, "__typename");
    expect((await person.auth("/account")).status).toBe(401);
    const again = await signIn(person, trusted, "gone");
    expect([again.status, messageOf(again)]).toEqual([403, "You were removed from this tenant."]);
    const roles = [{ roleId: await stage.role(tenant, "auditor"), everywhere: true }];
    const { link } = await inviteAs(tenant.admin, roles);
    expect((await signIn(person, trusted, "gone", { invitation: codeIn(link) })).status).toBe(200);
  });

  test("an owner by single sign-on alone is not the one who stays", async () => {
    const tenant = await tenantOf();
    const trusted = await stage.trust(tenant, staff);
    const roles = [{ roleId: await stage.role(tenant, "owner"), everywhere: true }];
    const { link } = await inviteAs(tenant.admin, roles);
    await signIn(browser(), trusted, "sso-owner", { invitation: codeIn(link) });
    const clientId = tenant.adminClient.clientId;
    const refused = await tenant.admin.mutate("disableClient", { id: clientId }, "__typename");
    expect(refused.userErrors[0]?.code).toBe("LAST_OWNER");
  });

  test("[C5] who is no owner does not shut owners out with their provider", async () => {
    const tenant = await tenantOf();
    const [trusted, other] = [await stage.trust(tenant, staff), await stage.trust(tenant, hostile)];
    const { link } = await inviteAs(tenant.admin, [{ roleId: await stage.role(tenant, "owner"), everywhere: true }]);
    const chief = browser();
    await signIn(chief, trusted, "sso-owner", { invitation: codeIn(link) });
    const own = await ownWorkspace(tenant, "admin");
    const admin = await newCaller(world, own, { role: "admin", grants: ["sso-provider:write"] });
    const off = { isActive: false };
    const turned = async (id: string) =>
      outcomeOf(await admin.call("updateSsoProvider", { id, ...off }), "updateSsoProvider");
    expect(await turned(trusted.id)).toBe("MORE_THAN_HELD");
    // With another secret nobody gets in either.
    const spoilt = await admin.call("updateSsoProvider", { id: trusted.id, clientSecret: "another" });
    expect(outcomeOf(spoilt, "updateSsoProvider")).toBe("MORE_THAN_HELD");
    // Whoever sets one up can be anybody whom it knows: an admin is no owner.
    const plain = await newCaller(world, own, { role: "admin" });
    const mine = { name: "mine", issuer: "https://mine.example.com", clientId: "mine", clientSecret: "of my own" };
    const set = await plain.call("createSsoProvider", mine);
    expect(outcomeOf(set, "createSsoProvider")).toBe("FORBIDDEN");
    const deleted = await admin.call("deleteSsoProvider", { id: trusted.id });
    expect(outcomeOf(deleted, "deleteSsoProvider")).toBe("MORE_THAN_HELD");
    expect((await chief.auth("/account")).status).toBe(200);
    expect(await turned(other.id)).toBe("done");
    await tenant.admin.must("updateSsoProvider", { id: trusted.id, ...off }, "__typename");
    expect((await chief.auth("/account")).status).toBe(401);
  });
});

describe("a tenant that requires it", () => {
  test("→ members get in by it alone, owners with their password too; off again, everybody", async () => {
    const tenant = rootTenant();
    const before = await signInMember(world.server, owner, "root", [{ name: "auditor" }]);
    const trusted = await stage.trust(tenant, hostile, { isRequired: true });
    const turned = await seen(before, "root");
    expect([turned.status, codeOf(turned), messageOf(turned)]).toEqual([
      403,
      "SSO_REQUIRED",
      expect.stringMatching(/single sign-on alone/),
    ]);
    expect((await seen(owner, "root")).status).toBe(200);
    const person = browser();
    await signIn(person, trusted, "member");
    expect((await seen(person, "root")).status).toBe(200);
    await tenant.admin.must("updateSsoProvider", { id: trusted.id, isActive: false }, "__typename");
    expect((await seen(before, "root")).status).toBe(200);
  });
});
