import { beforeAll, describe, expect, test } from "vitest";
import { tokenHeader } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { mutationDocument, postGraphQL, type UserError } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import { type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { codeIn, freshPassword, newPerson } from "../support/person.ts";
import { askToken, bearer, type Credentials, decodeJwt, fetchToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { callerOf, outcomeOf } from "./callers.ts";
import { ofPersons } from "./contract.ts";
import { randomOf } from "./row-scalars.ts";

const world = useWorld();
let tenant: string;
let adminWorkspace: string;
let owner: SignedInPerson;
let developer: SignedInPerson;
beforeAll(async () => {
  owner = await signInOwner(world.server);
  tenant = world.server.bootstrapped.tenant;
  const { workspace } = (await world.rootAdmin.run('{ workspace(slug: "admin") { id } }')) as {
    workspace: { id: string };
  };
  adminWorkspace = workspace.id;
  await set({ personalTokens: "ON", personalTokenLimit: 20 });
  developer = await signInMember(world.server, owner, tenant, [{ name: "developer" }]);
});

const set = (settings: object) =>
  world.rootAdmin.must("updateWorkspaceSettings", { workspaceId: adminWorkspace, ...settings }, "__typename");
const choose = (types: readonly string[] | null) =>
  world.operator.must("updateTenantSettings", { generatedTypes: types }, "__typename");

interface Payload {
  readonly userErrors: readonly UserError[];
  readonly secret?: string | null;
  readonly personalClient?: { id: string; tokenEndpoint: string; resource: string; hint: string } | null;
  readonly personalToken?: { id: string } | null;
}
async function call(person: SignedInPerson, name: string, input: object, selection: string): Promise<Payload> {
  const answer = await person.graphql(tenant, mutationDocument(name, selection), { input });
  const { data } = answer.json() as { data: Record<string, Payload> };
  const payload = data[name];
  if (!payload) throw new Error(`${name}: ${answer.status} ${answer.body}`);
  if (payload.secret) remember(payload.secret);
  return payload;
}
const mine = { name: "Mine", permissions: { all: true } };
const createClient = (person: SignedInPerson, input: object = {}) =>
  call(
    person,
    "createPersonalClient",
    { ...mine, ...input },
    "personalClient { id tokenEndpoint resource hint } secret",
  );
const createToken = (person: SignedInPerson, input: object = {}) =>
  call(person, "createPersonalToken", { ...mine, ...input }, "personalToken { id } secret");
const revoke = (person: SignedInPerson, id: string) =>
  call(person, "revokePersonalClient", { id }, "personalClient { id }");

interface Pair extends Credentials {
  readonly resource: string;
}
async function newPair(person: SignedInPerson, input: object = {}): Promise<Pair> {
  const { personalClient, secret, userErrors } = await createClient(person, input);
  if (!personalClient || !secret) throw new Error(JSON.stringify(userErrors));
  const { id: clientId, tokenEndpoint, resource } = personalClient;
  return { clientId, clientSecret: secret, tokenEndpoint, resource };
}
const ask = (token: string, query: string, variables: object = {}) =>
  postGraphQL(world.graphqlUrl, { query, variables }, [bearer(token)]);
const attempt = async (token: string, name: string, input: object) =>
  outcomeOf(await ask(token, mutationDocument(name, "__typename"), { input }), name);
const act = async (person: SignedInPerson, name: string, input: object) =>
  outcomeOf(await person.graphql(tenant, mutationDocument(name, "__typename"), { input }), name);
const scopesOf = (token: string) => String(decodeJwt(token).claims["scope"]).split(" ");
const refusalOf = async (pair: Credentials) => {
  const answer = await askToken(pair);
  return [answer.status, answer.json()["error"]];
};
const WHO = "{ viewer { memberId clientId tenant { slug } } }";
const newWorkspace = () => {
  const slug = `by-pair-${Math.random().toString(36).slice(2, 10)}`;
  return { slug, name: slug };
};
async function rulesOf(person: SignedInPerson): Promise<readonly string[]> {
  const answer = await person.graphql(tenant, "{ viewer { personalTokenRules { types } } }");
  const { data } = answer.json() as { data: { viewer: { personalTokenRules: { types: string[] } } } };
  return data.viewer.personalTokenRules.types;
}

const leavesOutStatic = {
  code: "TURNED_OFF",
  message: expect.stringContaining("generatedTypes leaves STATIC_TOKEN out"),
  fix: expect.stringContaining("generatedTypes"),
};

describe("[F2] the tenant chooses which types members may generate", () => {
  test("says nothing → static tokens alone; client credentials refused, naming the setting", async () => {
    expect(await rulesOf(developer)).toEqual(["STATIC_TOKEN"]);
    expect((await createClient(developer)).userErrors[0]).toMatchObject({
      code: "TURNED_OFF",
      message: expect.stringContaining("generatedTypes leaves CLIENT_CREDENTIALS out"),
      fix: expect.stringContaining("generatedTypes"),
    });
    expect((await createToken(developer)).userErrors).toEqual([]);
  });

  test("client credentials alone → a member's static ones are refused; what exists goes on, is listed and revocable", async () => {
    const old = await createToken(developer);
    await choose(["CLIENT_CREDENTIALS"]);
    expect(await rulesOf(developer)).toEqual(["CLIENT_CREDENTIALS"]);
    expect((await createToken(developer)).userErrors[0]).toMatchObject(leavesOutStatic);
    expect((await createClient(developer)).userErrors).toEqual([]);

    const seen = () => postGraphQL(world.graphqlUrl, { query: WHO }, [tokenHeader(old.secret ?? "")]);
    expect((await seen()).json()).toMatchObject({ data: { viewer: { memberId: developer.memberId } } });
    const list = await developer.graphql(tenant, "{ viewer { personalTokens { nodes { id } } } }");
    const id = old.personalToken?.id ?? "";
    expect(list.body).toContain(id);
    expect((await call(developer, "updatePersonalToken", { id, name: "Renamed" }, "__typename")).userErrors).toEqual(
      [],
    );
    expect((await call(developer, "revokePersonalToken", { id }, "__typename")).userErrors).toEqual([]);
    expect((await seen()).status).toBe(401);
  });

  test("the same at a workspace → API tokens of its applications, made or imported; the existing one goes on", async () => {
    const client = await world.tenant().workspace().resource("orders", ["read"]).client();
    const { admin, id: workspaceId, issuer } = client.workspace;
    await admin.must("updateWorkspaceSettings", { workspaceId, apiTokens: "ON" }, "__typename");
    const input = { clientId: client.id, ...mine };
    const made = await admin.must("createApiToken", input, "apiToken { id } secret");
    const value = remember(String(made["secret"]));
    const types = { workspaceId, generatedTypes: ["CLIENT_CREDENTIALS"] };
    await admin.must("updateWorkspaceSettings", types, "__typename");
    expect((await admin.mutate("createApiToken", input, "__typename")).userErrors[0]).toMatchObject(leavesOutStatic);
    const brought = { ...input, value: remember(`elsewhere-${"x".repeat(40)}`) };
    expect((await admin.mutate("importApiToken", brought, "__typename")).userErrors[0]).toMatchObject(leavesOutStatic);
    const url = `${issuer}/oauth2/verify?resource=${encodeURIComponent(client.workspace.resource("orders").identifier)}`;
    const check = async () => (await send(url, { headers: [tokenHeader(value)] })).status;
    expect(await check()).toBe(200);
    const { id } = made["apiToken"] as { id: string };
    await admin.must("revokeApiToken", { id }, "__typename");
    expect(await check()).toBe(401);
  });

  test("both → both; a level above says one → that one alone, and nobody below adds to it", async () => {
    await choose(["CLIENT_CREDENTIALS", "STATIC_TOKEN"]);
    expect(await rulesOf(developer)).toEqual(["STATIC_TOKEN", "CLIENT_CREDENTIALS"]);
    await world.operator.must("updateInstallationSettings", { generatedTypes: ["STATIC_TOKEN"] }, "__typename");
    expect(await rulesOf(developer)).toEqual(["STATIC_TOKEN"]);
    expect((await createClient(developer)).userErrors[0]?.code).toBe("TURNED_OFF");
    await world.operator.must("updateInstallationSettings", { generatedTypes: null }, "__typename");
  });

  test("switched off again → pairs that were go on, are listed and revocable", async () => {
    await choose(["CLIENT_CREDENTIALS", "STATIC_TOKEN"]);
    const pair = await newPair(developer);
    await choose(["STATIC_TOKEN"]);
    expect((await askToken(pair)).status).toBe(200);
    const list = await developer.graphql(tenant, "{ viewer { personalClients { nodes { id revokedAt } } } }");
    expect(list.body).toContain(pair.clientId);
    expect((await revoke(developer, pair.clientId)).userErrors).toEqual([]);
    expect(await refusalOf(pair)).toEqual([401, "invalid_client"]);
    await choose(["CLIENT_CREDENTIALS", "STATIC_TOKEN"]);
  });
});

describe("[F8] a member's own client id and secret", () => {
  beforeAll(() => choose(["CLIENT_CREDENTIALS", "STATIC_TOKEN"]));

  test("get tokens that do what their member may, and name the client; the secret is shown once", async () => {
    const input = { clientMutationId: "pair-once" };
    const first = await createClient(developer, input);
    const again = await createClient(developer, input);
    expect([again.secret, again.userErrors[0]?.code]).toEqual([null, "ALREADY_SHOWN"]);
    const { id: clientId = "", tokenEndpoint = "", hint } = first.personalClient ?? {};
    expect(hint).toBe(first.secret?.slice(-10, -6));
    const token = await fetchToken({ clientId, tokenEndpoint, clientSecret: first.secret ?? "" });
    expect(decodeJwt(token).claims).toMatchObject({ sub: clientId, client_id: clientId });
    expect((await ask(token, WHO)).json()).toEqual({
      data: { viewer: { memberId: null, clientId, tenant: { slug: tenant } } },
    });
    expect((await ask(token, "{ workspaces { nodes { id } } }")).body).toContain(adminWorkspace);
    expect(await attempt(token, "createWorkspace", newWorkspace())).toBe("FORBIDDEN");
    const list = await developer.graphql(
      tenant,
      "{ viewer { personalClients { nodes { id name hint lastUsedAt } } } }",
    );
    expect(list.body).toContain(clientId);
    expect(list.body).not.toContain(first.secret);
    expect(world.server.log()).not.toContain(first.secret);
  });

  test("a role taken back → less at once for the living token and the next one; given → more", async () => {
    const person = await signInMember(world.server, owner, tenant, [{ name: "admin" }, { name: "auditor" }]);
    const pair = await newPair(person);
    const narrowed = await newPair(person, { permissions: { scopes: ["workspace:create", "workspace:read"] } });
    const token = await fetchToken(pair);
    expect(scopesOf(token)).toContain("workspace:create");
    expect(scopesOf(await fetchToken(narrowed))).toContain("workspace:create");
    expect(await attempt(token, "createWorkspace", newWorkspace())).toBe("done");
    const { member } = (await world.rootAdmin.run(
      `{ member(id: "${person.memberId}") { assignments { id role { id name } } } }`,
    )) as { member: { assignments: { id: string; role: { id: string; name: string } }[] } };
    const admin = member.assignments.find(({ role }) => role.name === "admin");
    await world.rootAdmin.must("deleteAssignment", { id: admin?.id }, "__typename");
    expect(await attempt(token, "createWorkspace", newWorkspace())).toBe("FORBIDDEN");
    expect(scopesOf(await fetchToken(pair))).not.toContain("workspace:create");
    expect(scopesOf(await fetchToken(narrowed))).toEqual(["workspace:read"]);
    expect((await askToken(pair, { scope: "workspace:create" })).json()["error"]).toBe("invalid_scope");
    const given = { roleId: admin?.role.id, memberId: person.memberId, everywhere: true };
    await world.rootAdmin.must("createAssignment", given, "__typename");
    expect(scopesOf(await fetchToken(pair))).toContain("workspace:create");
  });

  test("narrowed → that much and no more, whatever its member may", async () => {
    const pair = await newPair(owner, { permissions: { scopes: ["workspace:read", "client:write"] } });
    expect(scopesOf(await fetchToken(pair)).toSorted()).toEqual(["client:write", "workspace:read"]);
    expect((await askToken(pair, { scope: "workspace:create" })).json()["error"]).toBe("invalid_scope");
    const token = await fetchToken(pair);
    expect((await ask(token, "{ workspaces { nodes { id } } }")).body).toContain(adminWorkspace);
    expect(await attempt(token, "createWorkspace", newWorkspace())).toBe("FORBIDDEN");
    const lacking = (await createClient(developer, { permissions: { scopes: ["workspace:create"] } })).userErrors[0];
    expect(lacking).toMatchObject({ code: "MORE_THAN_HELD", message: expect.stringContaining("workspace:create") });
    const other = (await createClient(owner, { permissions: { scopes: ["tenant-settings:read"] } })).userErrors[0];
    expect(other).toMatchObject({ code: "INVALID_INPUT", message: expect.stringContaining("System API") });
  });

  test("a role for one workspace → only there", async () => {
    const [here, there] = await Promise.all(
      [0, 1].map(async () => {
        const made = await world.rootAdmin.must("createWorkspace", newWorkspace(), "workspace { id }");
        return (made["workspace"] as { id: string }).id;
      }),
    );
    const roles = [{ name: "developer", targetWorkspaceId: here ?? "" }];
    const person = await signInMember(world.server, owner, tenant, roles);
    const token = await fetchToken(await newPair(person));
    expect(await attempt(token, "createClient", { workspaceId: here, name: "Made" })).toBe("done");
    expect(await attempt(token, "createClient", { workspaceId: there, name: "Made" })).toBe("NOT_FOUND");
  });

  test("its membership ends → no token, and the living one is dead; enabling it brings nothing back", async () => {
    const person = await signInMember(world.server, owner, tenant, [{ name: "admin" }]);
    const pair = await newPair(person);
    const token = await fetchToken(pair);
    expect((await ask(token, WHO)).status).toBe(200);
    expect(await act(owner, "removeMember", { id: person.memberId })).toBe("done");
    expect(await refusalOf(pair)).toEqual([401, "invalid_client"]);
    expect((await ask(token, WHO)).status).toBe(401);
    expect(await act(owner, "enableClient", { id: pair.clientId })).toBe("done");
    expect(await refusalOf(pair)).toEqual([401, "invalid_client"]);
    expect(await attempt(token, "createWorkspace", newWorkspace())).not.toBe("done");
  });

  test("removed with a successor → it is theirs, over until they make its secret anew, and then within their power", async () => {
    const person = await signInMember(world.server, owner, tenant, [{ name: "admin" }]);
    const pair = await newPair(person);
    const token = await fetchToken(pair);
    const input = { id: person.memberId, successorMemberId: person.memberId };
    expect(await act(owner, "removeMember", input)).toBe("INVALID_INPUT");
    const nobody = { id: person.memberId, successorMemberId: randomOf(person.memberId) };
    expect(await act(owner, "removeMember", nobody)).toBe("NOT_FOUND");
    const toDeveloper = { id: person.memberId, successorMemberId: developer.memberId };
    expect(await act(owner, "removeMember", toDeveloper)).toBe("done");
    expect(await refusalOf(pair)).toEqual([401, "invalid_client"]);
    expect((await ask(token, WHO)).status).toBe(401);
    const list = await developer.graphql(tenant, "{ viewer { personalClients { nodes { id revokedAt } } } }");
    expect(list.json()).toMatchObject({
      data: {
        viewer: {
          personalClients: {
            nodes: expect.arrayContaining([{ id: pair.clientId, revokedAt: expect.any(String) }]),
          },
        },
      },
    });
    const renewed = await call(developer, "renewPersonalClient", { id: pair.clientId }, "personalClient { id } secret");
    expect(renewed.userErrors).toEqual([]);
    const twice = await call(developer, "renewPersonalClient", { id: pair.clientId }, "__typename");
    expect(twice.userErrors[0]?.code).toBe("PROTECTED");
    const fresh = { ...pair, clientSecret: renewed.secret ?? "" };
    const scopes = scopesOf(await fetchToken(fresh));
    expect(scopes).toContain("client:write");
    expect(scopes).not.toContain("workspace:create");
    // What the former one holds stays dead.
    expect(await refusalOf(pair)).toEqual([401, "invalid_client"]);
    expect((await ask(token, WHO)).status).toBe(401);
  });

  test("revoked by its member → the same, and its neighbour lives", async () => {
    const [pair, other] = [await newPair(developer), await newPair(developer)];
    const token = await fetchToken(pair);
    expect((await revoke(developer, pair.clientId)).userErrors).toEqual([]);
    expect((await revoke(developer, pair.clientId)).userErrors).toEqual([]);
    expect(await refusalOf(pair)).toEqual([401, "invalid_client"]);
    expect((await ask(token, WHO)).status).toBe(401);
    expect((await askToken(other)).status).toBe(200);
  });

  test("an account given back by a reset link → those made before are over", async () => {
    const person = await signInMember(world.server, owner, tenant, [{ name: "auditor" }]);
    const pair = await newPair(person);
    const { secret } = await call(owner, "createMemberResetLink", { id: person.memberId }, "secret");
    const accept = { code: codeIn(secret ?? ""), password: freshPassword() };
    expect((await newPerson(world.origin).auth("/invitation/accept", accept)).status).toBe(201);
    expect(await refusalOf(pair)).toEqual([401, "invalid_client"]);
  });

  test("of an owner → no dangerous act: it is not the person", async () => {
    const token = await fetchToken(await newPair(owner));
    const made = await world.rootAdmin.must("createWorkspace", newWorkspace(), "workspace { id }");
    const { id } = made["workspace"] as { id: string };
    expect(await attempt(token, "deleteWorkspace", { id })).toBe("STEP_UP_NEEDED");
    const successor = { clientId: world.server.bootstrapped.clientId };
    expect(await attempt(token, "createClientSecret", successor)).toBe("STEP_UP_NEEDED");
  });

  test("nobody else gets a secret, access or a role into it; an owner sees whose it is, and stops it", async () => {
    const pair = await newPair(developer);
    const { clientId: id } = pair;
    const query = `query ($id: ID!) { node(id: $id) { ... on Client { owner { id }
      workspace { resources { nodes { id } } roles { nodes { id name } } } } } }`;
    const { node } = (await world.rootAdmin.run(query, { id })) as {
      node: {
        owner: { id: string };
        workspace: { resources: { nodes: { id: string }[] }; roles: { nodes: { id: string; name: string }[] } };
      };
    };
    expect(node.owner.id).toBe(developer.memberId);
    const [api] = node.workspace.resources.nodes;
    const role = node.workspace.roles.nodes.find(({ name }) => name === "auditor");
    const refused: readonly (readonly [string, object])[] = [
      ["createClientSecret", { clientId: id }],
      ["setClientGrant", { clientId: id, resourceId: api?.id, scopes: ["workspace:create"] }],
      ["createAssignment", { clientId: id, roleId: role?.id, everywhere: true }],
    ];
    for (const [name, input] of refused) expect([name, await act(owner, name, input)]).toEqual([name, "PROTECTED"]);
    const others = (await revoke(owner, id)).userErrors;
    const random = randomOf(id);
    const unknown = (await revoke(owner, random)).userErrors;
    expect(JSON.stringify(others).replaceAll(id, "")).toBe(JSON.stringify(unknown).replaceAll(random, ""));
    expect(others[0]?.code).toBe("NOT_FOUND");
    expect(await act(owner, "disableClient", { id })).toBe("done");
    expect(await refusalOf(pair)).toEqual([401, "invalid_client"]);
  });

  test("a client, and one of these → neither makes one: only a person who is signed in", async () => {
    const machine = await callerOf(world, world.server.bootstrapped);
    const pair = await newPair(owner);
    const token = await fetchToken(pair);
    const inputs: Readonly<Record<string, object>> = {
      createPersonalClient: mine,
      renewPersonalClient: { id: pair.clientId },
      revokePersonalClient: { id: pair.clientId },
    };
    expect(Object.keys(inputs).sort()).toEqual(ofPersons.filter((name) => name.endsWith("PersonalClient")));
    for (const [name, input] of Object.entries(inputs)) {
      const answer = await machine.post(mutationDocument(name, "__typename"), { input });
      const refusal = name === "createPersonalClient" ? "FORBIDDEN" : "NOT_FOUND";
      expect([outcomeOf(answer, name), await attempt(token, name, input)]).toEqual([refusal, refusal]);
    }
  });

  test("[F4] the presets' rules and the limit of a secret count for it; the number counts both types", async () => {
    await set({ staticTokenLifetime: 7 });
    expect((await createClient(developer)).userErrors[0]).toMatchObject({ code: "INVALID_INPUT", path: ["expiresAt"] });
    await set({ staticTokenLifetime: null, clientSecretLifetime: 7 });
    expect((await createClient(developer)).userErrors[0]).toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("clientSecretLifetime"),
    });
    await set({ clientSecretLifetime: null, personalTokenLimit: 2 });
    const person = await signInMember(world.server, owner, tenant, [{ name: "developer" }]);
    expect((await createToken(person)).userErrors).toEqual([]);
    expect((await createClient(person)).userErrors).toEqual([]);
    const third = { code: "LIMIT_REACHED", message: expect.stringContaining("personalTokenLimit") };
    expect((await createClient(person)).userErrors[0]).toMatchObject(third);
    expect((await createToken(person)).userErrors[0]).toMatchObject(third);
    await set({ personalTokenLimit: 20 });
  });
});
