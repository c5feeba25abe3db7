import { beforeAll, describe, expect, test } from "vitest";
import { apiKey, tokenHeader } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { mutationDocument, postGraphQL, type UserError } from "../support/graphql.ts";
import { eventually } from "../support/http.ts";
import { inDatabase, type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { codeIn, freshPassword, newPerson } from "../support/person.ts";
import { basic, type Pairs, post } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { callerOf, outcomeOf } from "./callers.ts";
import { ofPersons } from "./contract.ts";
import { randomOf } from "./row-scalars.ts";

const world = useWorld();
let tenant: string;
let adminWorkspace: string;
let owner: SignedInPerson;
let developer: SignedInPerson;
let auditor: SignedInPerson;
beforeAll(async () => {
  owner = await signInOwner(world.server);
  tenant = world.server.bootstrapped.tenant;
  const { workspace } = (await world.rootAdmin.run('{ workspace(slug: "admin") { id } }')) as {
    workspace: { id: string };
  };
  adminWorkspace = workspace.id;
  await set({ personalTokens: "ON" });
  developer = await signInMember(world.server, owner, tenant, [{ name: "developer" }]);
  auditor = await signInMember(world.server, owner, tenant, [{ name: "auditor" }]);
});

const set = (settings: object) =>
  world.rootAdmin.must("updateWorkspaceSettings", { workspaceId: adminWorkspace, ...settings }, "__typename");

interface Made {
  readonly personalToken: { readonly id: string; readonly hint: string } | null;
  readonly secret: string | null;
  readonly userErrors: readonly UserError[];
}
async function call(person: SignedInPerson, name: string, input: object): Promise<Made> {
  const selection = `personalToken { id hint name expiresAt scopes followsPower } ${name.startsWith("create") ? "secret" : ""}`;
  const answer = await person.graphql(tenant, mutationDocument(name, selection), { input });
  const { data } = answer.json() as { data: Record<string, Made> };
  const made = data[name];
  if (!made) throw new Error(`${name}: ${answer.status} ${answer.body}`);
  if (made.secret) remember(made.secret);
  return made;
}
const create = (person: SignedInPerson, input: object = {}) =>
  call(person, "createPersonalToken", { name: "Mine", permissions: { all: true }, ...input });
async function newToken(person: SignedInPerson, input: object = {}): Promise<{ id: string; value: string }> {
  const { personalToken, secret, userErrors } = await create(person, input);
  if (!personalToken || !secret) throw new Error(JSON.stringify(userErrors));
  return { id: personalToken.id, value: secret };
}
async function revokeAll(person: SignedInPerson): Promise<void> {
  for (const { id } of await listOf(person)) await call(person, "revokePersonalToken", { id });
}
interface Listed {
  readonly id: string;
  readonly name: string;
  readonly revokedAt: string | null;
  readonly scopes: readonly string[];
}
async function listOf(person: SignedInPerson): Promise<Listed[]> {
  const query =
    "{ viewer { personalTokens(first: 50) { nodes { id name hint expiresAt revokedAt scopes followsPower } } } }";
  const { data } = (await person.graphql(tenant, query)).json() as {
    data: { viewer: { personalTokens: { nodes: Listed[] } } };
  };
  return data.viewer.personalTokens.nodes;
}
const ask = (headers: Pairs, query: string, variables: object = {}) =>
  postGraphQL(world.graphqlUrl, { query, variables }, headers);
const attempt = async (value: string, name: string, input: object) =>
  outcomeOf(await ask([tokenHeader(value)], mutationDocument(name, "__typename"), { input }), name);
const WHO = "{ viewer { memberId clientId tenant { slug } tenants { slug } } }";
const newWorkspace = () => {
  const slug = `by-token-${Math.random().toString(36).slice(2, 10)}`;
  return { slug, name: slug };
};

describe("[F3] a personal token", () => {
  test("under Token or in X-API-KEY → acts as its person, in its tenant, within their power", async () => {
    const { value } = await newToken(developer);
    expect(value).toMatch(/^mmp_[0-9A-Za-z]{71}$/);
    for (const header of [tokenHeader(value), apiKey(value)])
      expect((await ask([header], WHO)).json()).toEqual({
        data: {
          viewer: {
            memberId: developer.memberId,
            clientId: null,
            tenant: { slug: tenant },
            tenants: [{ slug: tenant }],
          },
        },
      });
    expect(await attempt(value, "createWorkspace", newWorkspace())).toBe("FORBIDDEN");
    await revokeAll(developer);
  });

  test("of an auditor → reads and changes nothing", async () => {
    const { value } = await newToken(auditor);
    expect((await ask([tokenHeader(value)], "{ workspaces { nodes { id } } }")).body).toContain(adminWorkspace);
    expect(await attempt(value, "createWorkspace", newWorkspace())).toBe("FORBIDDEN");
  });

  test("a role taken back, or given, between two uses → the next one knows", async () => {
    const person = await signInMember(world.server, owner, tenant, [{ name: "admin" }]);
    const { value } = await newToken(person);
    expect(await attempt(value, "createWorkspace", newWorkspace())).toBe("done");
    await inDatabase(world.server, (sql) => sql`delete from assignments where member_id = ${person.memberId}`);
    expect(await attempt(value, "createWorkspace", newWorkspace())).toBe("FORBIDDEN");
  });

  test("narrowed → only that much; a permission that its person lacks → refused by name", async () => {
    const { value } = await newToken(owner, { permissions: { scopes: ["workspace:read"] } });
    expect((await ask([tokenHeader(value)], "{ workspaces { nodes { id } } }")).body).toContain(adminWorkspace);
    expect(await attempt(value, "createWorkspace", newWorkspace())).toBe("FORBIDDEN");
    const { userErrors } = await create(developer, { permissions: { scopes: ["workspace:create"] } });
    expect(userErrors[0]).toMatchObject({
      code: "MORE_THAN_HELD",
      message: expect.stringContaining("workspace:create"),
    });
    await revokeAll(owner);
  });

  test("of an owner → no dangerous act: it cannot prove who it is", async () => {
    const { value } = await newToken(owner);
    const made = await world.rootAdmin.must("createWorkspace", newWorkspace(), "workspace { id }");
    const { id } = made["workspace"] as { id: string };
    expect(await attempt(value, "deleteWorkspace", { id })).toBe("STEP_UP_NEEDED");
    await revokeAll(owner);
  });

  test("its member is removed → it opens nothing at the next request, in either header; nor when they come back", async () => {
    const person = await signInMember(world.server, owner, tenant, [{ name: "admin" }]);
    const { value } = await newToken(person);
    const statuses = async () =>
      Promise.all([tokenHeader(value), apiKey(value)].map(async (header) => (await ask([header], WHO)).status));
    expect(await statuses()).toEqual([200, 200]);
    await remove(person);
    expect(await statuses()).toEqual([401, 401]);
    await inDatabase(
      world.server,
      (sql) => sql`insert into members (tenant_id, id, user_id, display_name)
        select t.id, ${person.memberId}, u.id, 'Back' from users u, tenants t
        where u.email = ${person.email} and t.slug = ${tenant}`,
    );
    expect(await statuses()).toEqual([401, 401]);
  });

  test("its tenant named in the address → 400: it names it itself", async () => {
    const { value } = await newToken(auditor);
    const url = `${world.graphqlUrl}?tenant=${tenant}`;
    expect((await postGraphQL(url, { query: WHO }, [tokenHeader(value)])).status).toBe(400);
    await revokeAll(auditor);
  });

  test("anywhere but at Mintmark's own APIs → nothing: inactive at introspection, 401 at forward-auth", async () => {
    const { value } = await newToken(owner);
    const client = await world.tenant().workspace().resource("orders", ["read"]).client();
    const introspected = await post(`${client.workspace.issuer}/oauth2/introspect`, { token: value }, [basic(client)]);
    expect(introspected.body).toBe('{"active":false}');
    const own = await post(`${world.origin}/${tenant}/admin/oauth2/introspect`, { token: value }, [
      basic(world.server.bootstrapped),
    ]);
    expect(own.body).toBe('{"active":false}');
    await revokeAll(owner);
  });

  test("[T7] under Bearer → 401 that names Token", async () => {
    const { value } = await newToken(auditor);
    const answer = await ask([["Authorization", `Bearer ${value}`]], WHO);
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([401, expect.stringMatching(/^Token /)]);
    await revokeAll(auditor);
  });
});

/** Why the server refused a credential, as its log tells. */
const reasonOf = (correlationId: string): Promise<string> =>
  eventually(
    async () => {
      const line = world.server
        .log()
        .split("\n")
        .find((one) => one.includes(correlationId) && one.includes('"credential refused"'));
      return line === undefined ? "" : String((JSON.parse(line) as { reason: string }).reason);
    },
    (reason) => reason !== "",
  );

/** The owner removes a member. */
async function remove({ memberId: id }: SignedInPerson): Promise<void> {
  const answer = await owner.graphql(tenant, mutationDocument("removeMember", "__typename"), { input: { id } });
  expect(outcomeOf(answer, "removeMember")).toBe("done");
}

test("[T12] [F3] revoked, ended, of a member who was removed, unknown, mistyped → one answer to the caller, each its reason in the log", async () => {
  const person = await signInMember(world.server, owner, tenant, [{ name: "auditor" }]);
  const [revoked, ended, orphan] = [await newToken(developer), await newToken(developer), await newToken(person)];
  for (const { value } of [revoked, ended, orphan]) expect((await ask([tokenHeader(value)], WHO)).status).toBe(200);
  await call(developer, "revokePersonalToken", { id: revoked.id });
  await inDatabase(world.server, (sql) => sql`update api_tokens set expires_at = now() where id = ${ended.id}`);
  await remove(person);
  const living = await newToken(developer);
  const mistyped = `${living.value.slice(0, -1)}${living.value.endsWith("0") ? "1" : "0"}`;
  const reasons: string[] = [];
  const seen = new Set<string>();
  for (const value of [revoked.value, ended.value, orphan.value, `mmp_${"0".repeat(71)}`, mistyped])
    for (const header of [tokenHeader(value), apiKey(value)]) {
      const { status, headers, body } = await ask([header], WHO);
      const [request = ""] = /req_\w+/.exec(body) ?? [];
      seen.add(JSON.stringify([status, headers["www-authenticate"], body]).replaceAll(request, "req"));
      reasons.push(await reasonOf(request));
    }
  expect([...seen]).toEqual([expect.stringMatching(/^\[401,/)]);
  const each = [
    "api_token_revoked",
    "api_token_expired",
    "unknown_api_token",
    "unknown_api_token",
    "unknown_api_token",
  ];
  expect(reasons).toEqual(each.flatMap((reason) => [reason, reason]));
  expect((await ask([tokenHeader(living.value)], WHO)).status).toBe(200);
  await revokeAll(developer);
});

describe("who may make, see and stop it", () => {
  test("a client, and a personal token → neither makes one: only a person who is signed in", async () => {
    const caller = await callerOf(world, world.server.bootstrapped);
    const { value, id } = await newToken(owner);
    const inputs: Readonly<Record<string, object>> = {
      createPersonalToken: { name: "Another", permissions: { all: true } },
      updatePersonalToken: { id, name: "Else" },
      revokePersonalToken: { id },
    };
    expect(Object.keys(inputs).sort()).toEqual(ofPersons.filter((name) => name.endsWith("PersonalToken")));
    for (const [name, input] of Object.entries(inputs)) {
      const answer = await caller.post(mutationDocument(name, "__typename"), { input });
      expect(outcomeOf(answer, name)).toBe(name === "createPersonalToken" ? "FORBIDDEN" : "NOT_FOUND");
      expect(await attempt(value, name, input)).toBe("FORBIDDEN");
    }
    expect((await ask([tokenHeader(value)], WHO)).status).toBe(200);
    await revokeAll(owner);
  });

  test("[C4] another member, an owner too → it is not there for them", async () => {
    const { id, value } = await newToken(developer);
    const refusalOf = async (name: string, input: { id: string }) =>
      JSON.stringify((await call(owner, name, input)).userErrors).replaceAll(input.id, "");
    for (const name of ["updatePersonalToken", "revokePersonalToken"])
      expect(await refusalOf(name, { id })).toBe(await refusalOf(name, { id: randomOf(id) }));
    const node = await owner.graphql(tenant, "query ($id: ID!) { node(id: $id) { id } }", { id });
    expect(node.json()).toEqual({ data: { node: null } });
    expect((await listOf(owner)).map((token) => token.id)).not.toContain(id);
    expect((await ask([tokenHeader(value)], WHO)).status).toBe(200);
    await revokeAll(developer);
  });

  test("listed, renamed, narrowed, revoked by its person; revoked → out at once, and its neighbour lives", async () => {
    const [one, other] = [await newToken(developer), await newToken(developer)];
    const update = { id: one.id, name: "Renamed", permissions: { scopes: ["client:read"] } };
    expect((await call(developer, "updatePersonalToken", update)).userErrors).toEqual([]);
    expect((await listOf(developer)).find(({ id }) => id === one.id)).toMatchObject({
      name: "Renamed",
      scopes: ["client:read"],
      followsPower: false,
    });
    expect((await ask([tokenHeader(one.value)], WHO)).status).toBe(200);
    await call(developer, "revokePersonalToken", { id: one.id });
    expect((await ask([tokenHeader(one.value)], WHO)).status).toBe(401);
    expect((await ask([tokenHeader(other.value)], WHO)).status).toBe(200);
    expect((await call(developer, "updatePersonalToken", { id: one.id, name: "Back" })).userErrors[0]?.code).toBe(
      "PROTECTED",
    );
    await revokeAll(developer);
  });

  test("shown once: not in the list, not in a repeated call, not in the log", async () => {
    const input = { clientMutationId: "personal-once" };
    const first = await create(developer, input);
    const again = await create(developer, input);
    expect([again.secret, again.userErrors[0]?.code]).toEqual([null, "ALREADY_SHOWN"]);
    expect(first.personalToken?.hint).toBe(first.secret?.slice(-10, -6));
    expect(JSON.stringify(await listOf(developer))).not.toContain(first.secret);
    expect(world.server.log()).not.toContain(first.secret);
    await revokeAll(developer);
  });

  test("what it does → its person is named in the audit log", async () => {
    const { value } = await newToken(owner);
    const name = `Renamed ${Date.now()}`;
    expect(await attempt(value, "updateWorkspace", { id: adminWorkspace, name })).toBe("done");
    const document = `query ($id: ID!) { node(id: $id) { ... on Workspace {
      auditEntries(first: 1, type: "workspace.updated") { nodes { actor } } } } }`;
    const { node } = (await world.rootAdmin.run(document, { id: adminWorkspace })) as {
      node: { auditEntries: { nodes: { actor: string }[] } };
    };
    expect(node.auditEntries.nodes[0]?.actor).toBe(owner.memberId);
    await revokeAll(owner);
  });
});

describe("the settings", () => {
  test("the sixth → refused, naming limit and setting; off → refused, and those that were go on", async () => {
    const person = await signInMember(world.server, owner, tenant, [{ name: "developer" }]);
    const made = await Promise.all(Array.from({ length: 8 }, () => create(person)));
    expect(made.filter(({ secret }) => secret !== null)).toHaveLength(5);
    expect((await create(person)).userErrors[0]).toMatchObject({
      code: "LIMIT_REACHED",
      message: "The limit of 5 is reached (setting personalTokenLimit).",
    });
    await set({ personalTokens: "OFF" });
    expect((await create(developer)).userErrors[0]).toMatchObject({
      code: "TURNED_OFF",
      message: expect.stringContaining("personalTokens"),
    });
    const living = made.find(({ secret }) => secret !== null)?.secret ?? "";
    expect((await ask([tokenHeader(living)], WHO)).status).toBe(200);
    const { data } = (
      await developer.graphql(tenant, "{ viewer { personalTokenRules { isOn limit longestDays mayNeverEnd } } }")
    ).json() as {
      data: { viewer: unknown };
    };
    expect(data.viewer).toEqual({
      personalTokenRules: { isOn: false, limit: 5, longestDays: null, mayNeverEnd: true },
    });
    await set({ personalTokens: "ON" });
  });

  test("[F4] a cap, or never forbidden → refused by name", async () => {
    await set({ staticTokenLifetime: 7 });
    expect((await create(developer)).userErrors[0]).toMatchObject({ code: "INVALID_INPUT", path: ["expiresAt"] });
    await set({ staticTokenLifetime: null, staticTokenExpiry: "REQUIRED" });
    expect((await create(developer)).userErrors[0]).toMatchObject({ code: "INVALID_INPUT", path: ["expiresAt"] });
    await set({ staticTokenExpiry: null });
  });
});

test("[F3] an account given back by a reset link → the personal tokens made before open nothing, and say so", async () => {
  const person = await signInMember(world.server, owner, tenant, [{ name: "auditor" }]);
  const { value } = await newToken(person);
  const seen = async () =>
    (await postGraphQL(world.graphqlUrl, { query: "{ tenant { id } }" }, [tokenHeader(value)])).status;
  expect(await seen()).toBe(200);
  const document = mutationDocument("createMemberResetLink", "secret");
  const answer = await owner.graphql(tenant, document, { input: { id: person.memberId } });
  const { data } = answer.json() as { data: { createMemberResetLink: { secret: string } } };
  const code = codeIn(data.createMemberResetLink.secret);
  const accept = await newPerson(world.origin).auth("/invitation/accept", { code, password: freshPassword() });
  expect(accept.status).toBe(201);
  expect(await seen()).toBe(401);
});
