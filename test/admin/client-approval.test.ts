import { beforeAll, describe, expect, test } from "vitest";
import { tokenHeader } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { mutationDocument, type UserError } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import { type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { register, registeredIn } from "../support/registration.ts";
import { askToken, basic, bearer, fetchToken, post } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { freshPublicKey, trustInGithub } from "./place.ts";

const world = useWorld();
let tenant: string;
let owner: SignedInPerson;
let admin: SignedInPerson;
let developer: SignedInPerson;
let workspace: { readonly id: string; readonly slug: string; readonly issuer: string };
let resource: { readonly id: string; readonly identifier: string };
beforeAll(async () => {
  owner = await signInOwner(world.server);
  tenant = world.server.bootstrapped.tenant;
  admin = await signInMember(world.server, owner, tenant, [{ name: "admin" }]);
  developer = await signInMember(world.server, owner, tenant, [{ name: "developer" }]);
  const made = await world.rootAdmin.must(
    "createWorkspace",
    { slug: "approving", name: "Approving" },
    "workspace { id slug issuer }",
  );
  workspace = made["workspace"] as typeof workspace;
  const api = {
    workspaceId: workspace.id,
    name: "Orders",
    identifier: "https://orders.example.com/",
    scopes: [{ name: "read" }],
  };
  const registered = await world.rootAdmin.must("createResource", api, "resource { id identifier }");
  resource = registered["resource"] as typeof resource;
  await set({ apiTokens: "ON" });
});

const set = (settings: object) =>
  world.rootAdmin.must("updateWorkspaceSettings", { workspaceId: workspace.id, ...settings }, "__typename");

interface Payload {
  readonly userErrors: readonly UserError[];
  readonly secret?: string | null;
  readonly client?: { id: string; approval: string; refusalReason: string | null } | null;
}
async function call(person: SignedInPerson, name: string, input: object, selection: string): Promise<Payload> {
  const answer = await person.graphql(tenant, mutationDocument(name, selection), { input });
  const { data } = answer.json() as { data: Record<string, Payload> };
  const payload = data[name];
  if (!payload) throw new Error(`${name}: ${answer.status} ${answer.body}`);
  if (payload.secret) remember(payload.secret);
  return payload;
}
const CLIENT = "client { id approval refusalReason }";
const create = (person: SignedInPerson, input: object = {}) =>
  call(person, "createClient", { workspaceId: workspace.id, name: "Made", ...input }, `${CLIENT} secret`);
async function newClient(person: SignedInPerson, input: object = {}): Promise<string> {
  const { client, userErrors } = await create(person, input);
  if (!client) throw new Error(JSON.stringify(userErrors));
  return client.id;
}
const approve = (person: SignedInPerson, id: string) => call(person, "approveClient", { id }, CLIENT);
const refuse = (person: SignedInPerson, id: string, reason: string) =>
  call(person, "refuseClient", { id, reason }, CLIENT);
const addSecret = (person: SignedInPerson, clientId: string) =>
  call(person, "createClientSecret", { clientId }, "secret");
const credentials = (clientId: string, clientSecret: string) => ({
  clientId,
  clientSecret,
  tokenEndpoint: `${workspace.issuer}/oauth2/token`,
});
const grants = () => [{ resourceId: resource.id, scopes: ["read"] }];
const codes = ({ userErrors }: Payload) => userErrors.map(({ code }) => code);

async function listed(): Promise<{ waiting: number; ids: readonly string[] }> {
  const query = `query ($slug: Slug!) { workspace(slug: $slug) { clientCounts { waiting }
    clients(state: WAITING) { nodes { id } } } }`;
  const { data } = (await developer.graphql(tenant, query, { slug: workspace.slug })).json() as {
    data: { workspace: { clientCounts: { waiting: number }; clients: { nodes: { id: string }[] } } };
  };
  const { clientCounts, clients } = data.workspace;
  return { waiting: clientCounts.waiting, ids: clients.nodes.map(({ id }) => id) };
}

describe("[T2] a workspace that asks for approval", () => {
  test("does not ask → a new client is approved, and holds a secret at once", async () => {
    const made = await create(developer, { secret: {} });
    expect([made.client?.approval, made.userErrors]).toEqual(["APPROVED", []]);
  });

  test("asks → what a developer makes waits: listed so, and no credential of any kind; the refusal says who can approve", async () => {
    const before = await newClient(developer);
    await set({ clientApproval: "REQUIRED" });
    const id = await newClient(developer, { grants: grants() });
    expect((await listed()).ids).toEqual([id]);
    expect((await listed()).waiting).toBe(1);
    const clientId = id;
    const refused: readonly (readonly [string, object])[] = [
      ["createClientSecret", { clientId }],
      ["importClientSecret", { clientId, sha256: "a".repeat(64) }],
      ["createClientKey", { clientId, publicKey: freshPublicKey() }],
      ["createClientCertificate", { clientId, sanDns: "client.example.com" }],
      ["createFederatedCredential", { clientId, ...trustInGithub() }],
    ];
    for (const [name, input] of refused)
      expect([name, ...codes(await call(developer, name, input, "__typename"))]).toEqual([name, "APPROVAL_NEEDED"]);
    const token = { clientId, name: "A token", permissions: { all: true } };
    expect(codes(await call(admin, "createApiToken", token, "__typename"))).toEqual(["APPROVAL_NEEDED"]);
    const [said] = (await addSecret(developer, id)).userErrors;
    expect(said).toMatchObject({
      path: ["clientId"],
      message: expect.stringMatching(/waits for approval.*clientApproval/),
      fix: expect.stringMatching(/Ada Owner.*client:approve/),
    });
    const whole = await create(developer, { secret: {} });
    expect([whole.client, whole.userErrors[0]?.code, whole.userErrors[0]?.path]).toEqual([
      null,
      "APPROVAL_NEEDED",
      ["secret", "clientId"],
    ]);
    // Those that there were go on as before.
    expect((await addSecret(developer, before)).userErrors).toEqual([]);
    expect((await listed()).ids).toEqual([id]);
  });

  test("approved by an admin → it may hold a secret and gets tokens; a developer and an auditor cannot approve", async () => {
    const auditor = await signInMember(world.server, owner, tenant, [{ name: "auditor" }]);
    const id = await newClient(developer, { grants: grants() });
    for (const person of [developer, auditor]) {
      expect(codes(await approve(person, id))).toEqual(["FORBIDDEN"]);
      expect(codes(await refuse(person, id, "No."))).toEqual(["FORBIDDEN"]);
    }
    expect((await approve(admin, id)).client).toEqual({ id, approval: "APPROVED", refusalReason: null });
    const { secret } = await addSecret(developer, id);
    expect((await askToken(credentials(id, secret ?? ""))).status).toBe(200);
    const query = `query ($id: ID!) { node(id: $id) { ... on Workspace {
      auditEntries(first: 1, type: "client.approved") { nodes { actor body } } } } }`;
    const { node } = (await world.rootAdmin.run(query, { id: workspace.id })) as {
      node: { auditEntries: { nodes: { actor: string; body: object }[] } };
    };
    expect(node.auditEntries.nodes[0]).toMatchObject({ actor: admin.memberId, body: { clientId: id } });
  });

  test("refused with a reason → whoever tries hears it; it may be approved later", async () => {
    const id = await newClient(developer);
    expect(codes(await refuse(admin, id, ""))).toEqual(["INVALID_INPUT"]);
    expect((await refuse(admin, id, "We have one already.")).client).toMatchObject({
      approval: "REFUSED",
      refusalReason: "We have one already.",
    });
    expect((await addSecret(developer, id)).userErrors[0]).toMatchObject({
      code: "APPROVAL_NEEDED",
      message: expect.stringContaining("We have one already."),
    });
    expect((await listed()).ids).toContain(id);
    expect((await approve(admin, id)).client).toMatchObject({ approval: "APPROVED", refusalReason: null });
    expect((await addSecret(developer, id)).userErrors).toEqual([]);
  });

  test("an approval taken back → secret, tokens and API token stop working, like those of nobody; given again → they work", async () => {
    const made = await create(admin, { grants: grants(), secret: {} });
    expect(made.client?.approval).toBe("APPROVED");
    const id = made.client?.id ?? "";
    const client = credentials(id, made.secret ?? "");
    const token = await fetchToken(client);
    const input = { clientId: id, name: "A token", permissions: { all: true } };
    const { secret: apiToken } = await call(admin, "createApiToken", input, "secret");
    const query = new URLSearchParams({ resource: resource.identifier });
    const verify = async (header: [string, string]) =>
      (await send(`${workspace.issuer}/oauth2/verify?${query}`, { headers: [header] })).status;
    const both = async () => [await verify(bearer(token)), await verify(tokenHeader(apiToken ?? ""))];
    expect(await both()).toEqual([200, 200]);
    await refuse(admin, id, "It was seen where it should not be.");
    const refused = await askToken(client);
    const unknown = await askToken(credentials("cli_00000000000000", made.secret ?? ""));
    const seen = ({ status, body }: typeof refused) => [status, body.replaceAll(/req_\w+/g, "req")];
    expect(seen(refused)).toEqual(seen(unknown));
    expect(await both()).toEqual([401, 401]);
    const log = `query ($id: ID!) { node(id: $id) { ... on Workspace { tokenLog(first: 10) { nodes { reason } } } } }`;
    expect(JSON.stringify(await world.rootAdmin.run(log, { id: workspace.id }))).toContain("client_not_approved");
    await approve(admin, id);
    expect(await both()).toEqual([200, 200]);
    expect((await askToken(client)).status).toBe(200);
    const introspected = await post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(client)]);
    expect(introspected.json()["active"]).toBe(true);
  });

  test("one that registers itself with a token that somebody made for that → approved by whoever made it", async () => {
    const input = { workspaceId: workspace.id, name: "Fleet", uses: 1, ceiling: [] };
    const { secret } = await call(admin, "createInitialAccessToken", input, "secret");
    const { client_id: id } = registeredIn(await register(workspace, secret ?? ""));
    expect((await listed()).ids).not.toContain(id);
  });

  test("the tenant asks → a workspace cannot say otherwise", async () => {
    await set({ clientApproval: "NONE" });
    expect((await create(developer)).client?.approval).toBe("APPROVED");
    await world.operator.must("updateTenantSettings", { clientApproval: "REQUIRED" }, "__typename");
    expect((await create(developer)).client?.approval).toBe("WAITING");
    await world.operator.must("updateTenantSettings", { clientApproval: null }, "__typename");
  });
});
