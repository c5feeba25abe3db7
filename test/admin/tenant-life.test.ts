import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { graphqlAs, postGraphQL } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import { type InvitedRole, joinAs } from "../support/joining.ts";
import { inDatabase, type SignedInPerson, signInOwner } from "../support/member.ts";
import { codeIn, codeOf, freshPassword, newPerson, type Person } from "../support/person.ts";
import { register } from "../support/registration.ts";
import { type AutomationClient, builtMain } from "../support/server.ts";
import { askToken, basic, bearer, fetchToken, post } from "../support/token.ts";
import { freshSlug, type StoryTenant, useWorld } from "../support/world.ts";

const world = useWorld();
const TENANT = "tenant { id slug name status deletedAt restorableUntil workspaceLimit clientLimit }";
const SECRET = "secret { ownerInvite tokenEndpoint clientId clientSecret resource scopes }";

let root: SignedInPerson;
beforeAll(async () => {
  root = await signInOwner(world.server);
});

/** A new tenant and the link for its owner. */
async function newTenant(): Promise<StoryTenant & { readonly ownerInvite: string }> {
  const slug = freshSlug("tenant");
  const made = await world.operator.must("createTenant", { slug, name: `The ${slug}` }, `tenant { id } ${SECRET}`);
  const access = made["secret"] as AutomationClient & { ownerInvite: string };
  remember(access.clientSecret);
  const { id } = made["tenant"] as { id: string };
  return { id, slug, adminClient: access, admin: graphqlAs(world.graphqlUrl, access), ownerInvite: access.ownerInvite };
}

/** Somebody new who used the link. */
async function joined(link: string): Promise<Person & { readonly email: string }> {
  const person = newPerson(world.origin);
  const email = `${freshSlug("person")}@example.com`;
  const form = { code: codeIn(link), name: "Olga Owner", email, password: freshPassword() };
  expect((await person.auth("/invitation/accept", form)).status).toBe(201);
  return { ...person, email };
}

/** A built-in role of a tenant, as an invitation gives it. */
async function everywhere(tenant: StoryTenant, role: string): Promise<readonly InvitedRole[]> {
  const { workspace } = (await tenant.admin.run('{ workspace(slug: "admin") { roles { nodes { id name } } } }')) as {
    workspace: { roles: { nodes: { id: string; name: string }[] } };
  };
  return [{ roleId: workspace.roles.nodes.find(({ name }) => name === role)?.id ?? "", everywhere: true }];
}

const seen = (person: Person, slug: string) => person.graphql(slug, "{ viewer { permissions tenant { slug } } }");

describe("[C4] a tenant is created with its first owner", () => {
  test("the link makes an owner of this tenant, who works there and operates nothing; it is good once", async () => {
    const tenant = await newTenant();
    expect(tenant.ownerInvite).toMatch(new RegExp(`^${world.origin}/console/invite/`));
    const owner = await joined(tenant.ownerInvite);
    const answer = (await seen(owner, tenant.slug)).json() as {
      data: { viewer: { permissions: string[]; tenant: { slug: string } } };
    };
    expect(answer.data.viewer.tenant).toEqual({ slug: tenant.slug });
    expect(answer.data.viewer.permissions).toContain("workspace:delete");
    expect(answer.data.viewer.permissions.filter((name) => name.startsWith("tenant:"))).toEqual([]);
    expect(codeOf(await seen(owner, "root"))).toBe("NOT_A_MEMBER");
    const again = {
      code: codeIn(tenant.ownerInvite),
      name: "Else",
      email: "else@example.com",
      password: freshPassword(),
    };
    expect(codeOf(await newPerson(world.origin).auth("/invitation/accept", again))).toBe("CODE_INVALID");
  });

  test("the same call again → the same tenant and no link", async () => {
    const input = { slug: freshSlug("tenant"), name: "Twice", clientMutationId: freshSlug("key") };
    const first = await world.operator.must("createTenant", input, `tenant { id } ${SECRET}`);
    remember((first["secret"] as AutomationClient).clientSecret);
    const second = await world.operator.mutate("createTenant", input, `tenant { id } ${SECRET}`);
    expect([second["tenant"], second["secret"]]).toEqual([first["tenant"], null]);
    expect(second.userErrors).toMatchObject([{ code: "ALREADY_SHOWN" }]);
  });

  test("another link for an owner who never came → the one before is dead, audited in both tenants; one who came → none", async () => {
    const tenant = await newTenant();
    const another = () => world.operator.mutate("createTenantOwnerLink", { id: tenant.id }, "secret");
    const awaitsOwner = async () => {
      const document = `{ tenantById(id: "${tenant.id}") { summary { awaitsOwner } } }`;
      return (await world.operator.run(document))["tenantById"];
    };
    // Somebody who is no owner came before.
    await joinAs(tenant.admin, await everywhere(tenant, "auditor"), tenant.slug);
    expect(await awaitsOwner()).toEqual({ summary: { awaitsOwner: true } });
    const links = [tenant.ownerInvite, String((await another())["secret"]), String((await another())["secret"])];
    const works = async (link = "") =>
      (await newPerson(world.origin).auth("/invitation", { code: codeIn(link) })).status === 200;
    expect([await works(links[0]), await works(links[1]), await works(links[2])]).toEqual([false, false, true]);
    const owner = await joined(links[2] ?? "");
    expect((await seen(owner, tenant.slug)).json()).toMatchObject({
      data: { viewer: { tenant: { slug: tenant.slug } } },
    });

    const refused = async () => (await another()).userErrors.map(({ code, fix }) => [code, fix]);
    const told = [["PROTECTED", expect.stringMatching(/invites another.*mintmark owner reset --tenant/)]];
    expect(await refused()).toEqual(told);
    expect(await awaitsOwner()).toEqual({ summary: { awaitsOwner: false } });
    const audited = await inDatabase(
      world.server,
      (sql) => sql`select t.slug from audit_events e join tenants t on t.id = e.tenant_id
        where e.type = 'tenant.owner-link-created' and e.body->>'tenantId' = ${tenant.id} and e.outcome = 'done'`,
    );
    expect(audited.map(({ slug }) => slug).sort()).toEqual(["root", "root", tenant.slug, tenant.slug].sort());
    // Taken back from its owner, by its own automation: it is no less its people's.
    const { tenants } = (await owner.auth("/account")).json() as { tenants: { memberId: string }[] };
    await tenant.admin.must("removeMember", { id: tenants[0]?.memberId }, "removedMemberId");
    expect(await refused()).toEqual(told);
  });

  test.each([
    ["suspended", "suspendTenant", "resumeTenant", /Resume the tenant first/],
    ["deleted", "deleteTenant", "restoreTenant", /Restore it first/],
  ])("another link for the owner of a %s tenant → refused, and what to do first", async (_, act, undo, first) => {
    const { id, slug } = await newTenant();
    const another = async () => (await world.operator.mutate("createTenantOwnerLink", { id }, "secret")).userErrors;
    await world.operator.must(act, { id, ...(act === "deleteTenant" && { slug }) }, "__typename");
    expect(await another()).toMatchObject([{ code: "PROTECTED", fix: expect.stringMatching(first) }]);
    await world.operator.must(undo, { id }, "__typename");
    expect(await another()).toEqual([]);
  });

  test("an owner who came by another link → the one that the operator made opens nothing", async () => {
    const tenant = await newTenant();
    await joinAs(tenant.admin, await everywhere(tenant, "owner"), tenant.slug);
    const late = await newPerson(world.origin).auth("/invitation", { code: codeIn(tenant.ownerInvite) });
    expect(codeOf(late)).toBe("CODE_INVALID");
  });

  test("a member who was made its owner → no kept link opens it; one of `owner reset` does, until it has another", async () => {
    const tenant = await newTenant();
    const isGood = async (link: string) =>
      (await newPerson(world.origin).auth("/invitation", { code: codeIn(link) })).status === 200;
    const member = await joinAs(tenant.admin, await everywhere(tenant, "auditor"), tenant.slug);
    expect(await isGood(tenant.ownerInvite)).toBe(true);
    const [role] = await everywhere(tenant, "owner");
    const own = (memberId: string) => tenant.admin.must("createAssignment", { ...role, memberId }, "assignment { id }");
    await own(member.memberId);
    expect(await isGood(tenant.ownerInvite)).toBe(false);
    const form = { name: "Late", email: `${freshSlug("late")}@example.com`, password: freshPassword() };
    const late = await newPerson(world.origin).auth("/invitation/accept", {
      ...form,
      code: codeIn(tenant.ownerInvite),
    });
    expect([late.status, codeOf(late)]).toEqual([400, "CODE_INVALID"]);

    // Nobody owns it any more: whoever has a shell on the server lets somebody in.
    await tenant.admin.must("removeMember", { id: member.memberId }, "removedMemberId");
    const reset = async () => {
      const { env } = world.server;
      const made = await promisify(execFile)(process.execPath, [builtMain, "owner", "reset", "--tenant", tenant.slug], {
        env,
      });
      return made.stdout.trim();
    };
    const [kept, used] = [await reset(), await reset()];
    expect(await isGood(kept)).toBe(true);
    const owner = await joined(used);
    expect((await owner.auth("/account")).json()).toMatchObject({ tenants: [{ slug: tenant.slug }] });
    expect(await isGood(kept)).toBe(false);
  });

  test("renamed → another name, the same slug and issuers", async () => {
    const { id, slug } = await newTenant();
    const { tenant } = await world.operator.must("updateTenant", { id, name: "Else" }, TENANT);
    expect(tenant).toMatchObject({ id, slug, name: "Else", status: "ACTIVE", deletedAt: null, restorableUntil: null });
    expect((await send(`${world.origin}/${slug}/admin/.well-known/jwks.json`)).status).toBe(200);
  });
});

describe("[C4] what the operator allows a tenant at most", () => {
  const workspace = (tenant: StoryTenant) =>
    tenant.admin.mutate("createWorkspace", { slug: freshSlug("w"), name: "W" }, "workspace { id issuer }");

  test("one workspace more than allowed → refused, the limit and who can raise it named; raised → made", async () => {
    const tenant = await newTenant();
    const { id } = tenant;
    const set = await world.operator.must("setTenantLimits", { id, workspaceLimit: 1 }, TENANT);
    expect(set["tenant"]).toMatchObject({ workspaceLimit: 1, clientLimit: null });
    expect((await workspace(tenant)).userErrors).toEqual([]);
    const [refused] = (await workspace(tenant)).userErrors;
    expect(refused).toMatchObject({
      code: "TENANT_LIMIT_REACHED",
      message: expect.stringMatching(/at most 1 workspace .*workspaceLimit/),
      fix: expect.stringMatching(/operator of this installation/),
    });
    await world.operator.must("setTenantLimits", { id, workspaceLimit: null, clientLimit: 5 }, TENANT);
    expect((await workspace(tenant)).userErrors).toEqual([]);
  });

  test("clients in all workspaces together, those that register themselves too; of many at once no more than allowed", async () => {
    const tenant = await newTenant();
    const made = (await workspace(tenant))["workspace"] as { id: string; issuer: string };
    const ofToken = { workspaceId: made.id, name: "t", uses: 5, ceiling: [] };
    const { secret } = await tenant.admin.must("createInitialAccessToken", ofToken, "secret");
    // One is the tenant's own first client.
    await world.operator.must("setTenantLimits", { id: tenant.id, clientLimit: 3 }, TENANT);
    const create = () => tenant.admin.mutate("createClient", { workspaceId: made.id, name: "c" }, "client { id }");
    const outcomes = await Promise.all(Array.from({ length: 6 }, create));
    expect(outcomes.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(2);
    const codes = outcomes.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
    expect(new Set(codes)).toEqual(new Set(["TENANT_LIMIT_REACHED"]));
    const registered = await register(made, remember(String(secret)));
    expect([registered.status, registered.body]).toEqual([400, expect.stringMatching(/at most 3 clients/)]);
  });

  test.each([
    ["a negative one", -1],
    ["more than a database holds", 2_000_000_000],
  ])("%s → refused with the member named", async (_, clientLimit) => {
    const { id } = await newTenant();
    const { userErrors } = await world.operator.mutate("setTenantLimits", { id, clientLimit }, TENANT);
    expect(userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["clientLimit"] }]);
  });
});

interface Listed {
  readonly nodes: readonly { readonly slug: string; readonly summary: Readonly<Record<string, number>> | null }[];
  readonly totalCount: number;
}

async function list(args: string): Promise<Listed> {
  const document = `{ tenants(${args}) { totalCount nodes { slug summary { workspaces clients issued refused } } } }`;
  return (await world.operator.run(document))["tenants"] as Listed;
}

describe("[C4] the list of tenants", () => {
  test("counts what each holds and does, and nobody else's", async () => {
    const tenant = await newTenant();
    const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    for (let at = 0; at < 3; at++) expect((await askToken(client)).status).toBe(200);
    expect((await askToken({ ...client, clientSecret: "wrong" })).status).toBe(401);
    const other = await newTenant();
    const find = async () => (await list(`search: "${tenant.slug}"`)).nodes[0]?.summary;
    await expect.poll(find, { timeout: 10_000 }).toMatchObject({ workspaces: 1, clients: 2, refused: 1 });
    // The tenant's own client asked for one as well.
    expect((await find())?.["issued"]).toBe(4);
    const [quiet] = (await list(`search: "${other.slug}"`)).nodes;
    expect(quiet?.summary).toEqual({ workspaces: 0, clients: 1, issued: 0, refused: 0 });
  });

  test("is searched by name, slug and id, narrowed by state, and turned page by page", async () => {
    const [one, two, three] = [await newTenant(), await newTenant(), await newTenant()];
    await world.operator.must("suspendTenant", { id: two.id }, TENANT);
    await world.operator.must("deleteTenant", { id: three.id, slug: three.slug }, TENANT);
    const slugs = async (args: string) => (await list(args)).nodes.map(({ slug }) => slug);
    for (const search of [`THE ${one.slug}`, one.slug, one.id])
      expect(await slugs(`search: ${JSON.stringify(search)}`)).toContain(one.slug);
    expect(await list(`search: "${one.id}"`)).toMatchObject({ totalCount: 1 });
    for (const search of ["%", "\\u0000", "' or true --"])
      expect(await slugs(`search: "${search}"`)).not.toContain("x");
    expect(await slugs("state: SUSPENDED")).toContain(two.slug);
    expect(await slugs("state: SUSPENDED")).not.toContain(three.slug);
    expect(await slugs("state: DELETED")).toEqual([three.slug]);
    expect(await slugs("state: ACTIVE")).toContain(one.slug);
    expect(await slugs("state: ACTIVE")).not.toContain(two.slug);
    const page = `{ tenants(first: 1) { nodes { slug } pageInfo { endCursor hasNextPage } } }`;
    const { tenants } = (await world.operator.run(page)) as { tenants: { pageInfo: { endCursor: string } } };
    expect(await slugs(`first: 1, after: "${tenants.pageInfo.endCursor}"`)).toEqual([two.slug]);
  });
});

describe("[C4] a suspended tenant's people", () => {
  test("→ are told so, on their next click and when they sign in; nobody else learns of it", async () => {
    const { id, slug, ownerInvite } = await newTenant();
    const owner = await joined(ownerInvite);
    expect((await seen(owner, slug)).status).toBe(200);
    await world.operator.must("suspendTenant", { id }, TENANT);
    const answer = await seen(owner, slug);
    expect([answer.status, codeOf(answer)]).toEqual([403, "TENANT_SUSPENDED"]);
    expect(answer.body).toContain(slug);
    expect((await owner.auth("/account")).json()).toMatchObject({
      tenants: [],
      suspended: [{ slug, name: `The ${slug}` }],
    });
    expect(codeOf(await seen(root, slug))).toBe("NOT_A_MEMBER");
    expect((await root.auth("/account")).json()).toMatchObject({ suspended: [] });
    await world.operator.must("resumeTenant", { id }, TENANT);
    expect((await seen(owner, slug)).status).toBe(200);
  });
});

describe("[C4] a tenant is deleted", () => {
  test("→ for seven days as if suspended; restored → all is back", async () => {
    const tenant = await newTenant();
    const { id, slug } = tenant;
    const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    const token = await fetchToken(client);
    const adminToken = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
    const graphql = async () =>
      (await postGraphQL(world.graphqlUrl, { query: "{ viewer { api } }" }, [bearer(adminToken)])).status;
    const introspect = async () =>
      (await post(`${client.workspace.issuer}/oauth2/introspect`, { token }, [basic(client)])).body;
    const gone = await world.operator.must("deleteTenant", { id, slug }, TENANT);
    const { deletedAt, restorableUntil, status } = gone["tenant"] as Record<string, string>;
    expect(status).toBe("SUSPENDED");
    expect(Date.parse(restorableUntil ?? "") - Date.parse(deletedAt ?? "")).toBe(7 * 86_400_000);
    expect(await graphql()).toBe(401);
    expect(await introspect()).not.toContain('"active":true');
    expect((await askToken(client)).body).not.toContain("access_token");
    for (const mutation of ["suspendTenant", "resumeTenant"])
      expect((await world.operator.mutate(mutation, { id }, TENANT)).userErrors).toMatchObject([{ code: "PROTECTED" }]);
    const { tenant: restored } = await world.operator.must("restoreTenant", { id }, TENANT);
    expect(restored).toMatchObject({ status: "ACTIVE", deletedAt: null, restorableUntil: null });
    expect([await graphql(), JSON.parse(await introspect())["active"]]).toEqual([200, true]);
    expect((await askToken(client)).status).toBe(200);
  });

  test("that was suspended → is suspended again when restored", async () => {
    const { id, slug } = await newTenant();
    await world.operator.must("suspendTenant", { id }, TENANT);
    await world.operator.must("deleteTenant", { id, slug }, TENANT);
    const { tenant } = await world.operator.must("restoreTenant", { id }, TENANT);
    expect(tenant).toMatchObject({ status: "SUSPENDED", deletedAt: null });
  });

  test("with another slug typed, twice, or the root tenant → refused, nothing changed", async () => {
    const [one, other] = [await newTenant(), await newTenant()];
    const wrong = await world.operator.mutate("deleteTenant", { id: one.id, slug: other.slug }, TENANT);
    expect(wrong).toMatchObject({ tenant: null, userErrors: [{ code: "INVALID_INPUT", path: ["slug"] }] });
    expect((await list(`search: "${one.slug}", state: ACTIVE`)).totalCount).toBe(1);
    await world.operator.must("deleteTenant", { id: one.id, slug: one.slug }, TENANT);
    const twice = await world.operator.mutate("deleteTenant", { id: one.id, slug: one.slug }, TENANT);
    expect(twice.userErrors).toMatchObject([{ code: "PROTECTED" }]);
    const { viewer } = (await world.operator.run("{ viewer { tenant { id } } }")) as {
      viewer: { tenant: { id: string } };
    };
    const ofRoot = await world.operator.mutate("deleteTenant", { id: viewer.tenant.id, slug: "root" }, TENANT);
    expect(ofRoot.userErrors).toMatchObject([{ code: "PROTECTED", message: expect.stringMatching(/root tenant/) }]);
    expect((await world.operator.mutate("restoreTenant", { id: other.id }, TENANT)).userErrors).toMatchObject([
      { code: "PROTECTED" },
    ]);
  });

  test("and its grace is over → what it held is gone, with people who belong nowhere else; its slug is never given again", async () => {
    const tenant = await newTenant();
    const { id, slug } = tenant;
    const stays = await newTenant();
    const client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
    await fetchToken(client);
    const owner = await joined(tenant.ownerInvite);
    const both = await joined(stays.ownerInvite);
    await inDatabase(
      world.server,
      (sql) => sql`insert into members (tenant_id, id, user_id, display_name)
        select ${id}, 'mem_both000000001', id, 'Both' from users where email = ${both.email}`,
    );
    await world.operator.must("deleteTenant", { id, slug }, TENANT);
    await inDatabase(
      world.server,
      (sql) => sql`update tenants set deleted_at = deleted_at - interval '8 days' where id = ${id}`,
    );
    await world.server.stop();
    await world.server.restart();
    // Housekeeping works at the start, and each minute.
    const erased = () =>
      inDatabase(world.server, async (sql) => {
        const [row] = await sql<
          { erased: boolean }[]
        >`select erased_at is not null as erased from tenants where id = ${id}`;
        return row?.erased;
      });
    await expect.poll(erased, { timeout: 30_000 }).toBe(true);
    // A start gives every tenant what Mintmark's own APIs have grown by: not this one.
    await world.server.stop();
    await world.server.restart();

    expect(await rowsOf(id)).toEqual(["audit_events", "audit_heads", "change_feed", "history", "workspaces"]);
    expect(await namesLeft(id)).toEqual([]);
    expect(await peopleLeft([owner.email, both.email])).toEqual([both.email]);
    expect((await send(`${client.workspace.issuer}/.well-known/jwks.json`)).status).toBe(404);
    expect((await askToken(client)).status).toBe(404);
    expect((await world.operator.mutate("restoreTenant", { id }, TENANT)).userErrors).toMatchObject([
      { code: "NOT_FOUND" },
    ]);
    expect(await world.operator.run(`{ tenantById(id: "${id}") { id } }`)).toEqual({ tenantById: null });
    const again = await world.operator.mutate("createTenant", { slug, name: "Again" }, TENANT);
    expect(again).toMatchObject({ tenant: null, userErrors: [{ code: "SLUG_RETIRED", path: ["slug"] }] });
    const told = `{ workspace(slug: "admin") { auditEntries(first: 1, type: "tenant.erased") { nodes { actor body } } } }`;
    expect(await world.rootAdmin.run(told)).toEqual({
      workspace: { auditEntries: { nodes: [{ actor: "server", body: { tenantId: id } }] } },
    });
  });
});

/** The tables that still hold rows of a tenant. */
const rowsOf = (id: string) =>
  inDatabase(world.server, async (sql) => {
    const tables = await sql<{ name: string }[]>`
      select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`;
    const full = [];
    for (const { name } of tables) {
      const [row] = await sql`select 1 from ${sql(name)} where tenant_id = ${id} limit 1`;
      if (row) full.push(name);
    }
    return full;
  });

/** What the tenant and its workspaces are still called. */
const namesLeft = (id: string) =>
  inDatabase(world.server, async (sql) => {
    const rows = await sql<{ name: string }[]>`
      select name from (select name from tenants where id = ${id} union all select slug from tenants where id = ${id}
        union all select name from workspaces where tenant_id = ${id} union all select slug from workspaces
          where tenant_id = ${id} union all select issuer from workspaces where tenant_id = ${id}) all_names
      where name <> '' and name !~ '^(ten|wsp)_'`;
    return rows.map(({ name }) => name);
  });

const peopleLeft = (emails: readonly string[]) =>
  inDatabase(world.server, async (sql) => {
    const rows = await sql<{ email: string }[]>`select email from users where email in ${sql([...emails])}`;
    return rows.map(({ email }) => email);
  });
