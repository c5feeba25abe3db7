import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { builtMain } from "../support/server.ts";
import { askToken } from "../support/token.ts";
import { freshSlug, type StoryClient, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let client: StoryClient;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read"]).client();
});

describe("[C3] the first start", () => {
  test("bootstrap --json → the root tenant's automation clients, with everything a script needs", () => {
    const { origin, bootstrapped } = world.server;
    const { tenant } = bootstrapped;
    expect(bootstrapped).toMatchObject({
      graphql: `${origin}/graphql`,
      tokenEndpoint: `${origin}/${tenant}/admin/oauth2/token`,
      resource: `${origin}/${tenant}/admin/api`,
      clientSecret: expect.stringMatching(/^mms_/),
      scopes: expect.arrayContaining(["workspace:create"]),
      system: {
        tokenEndpoint: `${origin}/${tenant}/system/oauth2/token`,
        resource: `${origin}/${tenant}/system/api`,
        clientSecret: expect.stringMatching(/^mms_/),
        scopes: expect.arrayContaining(["tenant:create"]),
      },
    });
  });

  test("bootstrap a second time → exit 3, says who owns the server, shows no secret, and the first secrets still work", async () => {
    const { env, bootstrapped } = world.server;
    const run = promisify(execFile)(process.execPath, [builtMain, "bootstrap", "--json"], { env: { ...env } });
    const failed = (await run.then(
      () => undefined,
      (error: unknown) => error,
    )) as { code: number; stdout: string; stderr: string } | undefined;
    expect(failed?.code).toBe(3);
    const printed = `${failed?.stdout}${failed?.stderr}`;
    expect(printed).toContain(bootstrapped.tenant);
    expect(printed).not.toContain("mms_");
    expectToken(await askToken(bootstrapped, { resource: bootstrapped.resource }));
  });
});

describe("[C3] a repeated mutation (clientMutationId)", () => {
  const createClient = (clientMutationId: string, name: string) => {
    const input = { workspaceId: client.workspace.id, name, clientMutationId };
    return client.workspace.admin.mutate("createClient", input, "client { id }");
  };
  const countNamed = async (name: string) => {
    const query =
      "query ($id: ID!, $search: String) { node(id: $id) { ... on Workspace { clients(search: $search) { nodes { name } } } } }";
    const data = await client.workspace.admin.run(query, { id: client.workspace.id, search: name });
    return (data["node"] as { clients: { nodes: unknown[] } }).clients.nodes.length;
  };

  test("the same id and input → the same thing, made once", async () => {
    const name = freshSlug("retried");
    const first = await createClient(name, name);
    const second = await createClient(name, name);
    expect(first.userErrors).toEqual([]);
    expect(second).toEqual(first);
    expect(await countNamed(name)).toBe(1);
  });

  test("ten at once with the same id → one thing", async () => {
    const name = freshSlug("raced");
    const answers = await Promise.all(Array.from({ length: 10 }, () => createClient(name, name)));
    const ids = new Set(answers.map((answer) => (answer["client"] as { id: string } | null)?.id));
    expect([...ids]).toHaveLength(1);
    expect(await countNamed(name)).toBe(1);
  });

  test("the same id with another input → refused as MUTATION_ID_REUSED, nothing done", async () => {
    const name = freshSlug("reused");
    await createClient(name, name);
    const other = await createClient(name, `${name}-other`);
    expect(other).toMatchObject({ client: null, userErrors: [{ code: "MUTATION_ID_REUSED" }] });
    expect(await countNamed(`${name}-other`)).toBe(0);
  });

  test("one that showed a secret → the same ids, secret null, ALREADY_SHOWN, and the secret goes on working", async () => {
    const { admin } = client.workspace;
    const input = { clientId: client.id, clientMutationId: freshSlug("secret") };
    const first = await admin.must("createClientSecret", input, "clientSecret { id } secret");
    const second = await admin.mutate("createClientSecret", input, "clientSecret { id } secret");
    expect(second).toMatchObject({
      clientSecret: first["clientSecret"],
      secret: null,
      userErrors: [{ code: "ALREADY_SHOWN" }],
    });
    expectToken(await askToken({ ...client, clientSecret: String(first["secret"]) }));
  });

  test("by another client → its own: ids are not shared between callers", async () => {
    const id = freshSlug("mine");
    await createClient(id, id);
    const other = await world.tenant().workspace().ready();
    const input = { workspaceId: other.id, name: `${id}-other`, clientMutationId: id };
    const made = await other.admin.mutate("createClient", input, "client { name }");
    expect(made).toMatchObject({ client: { name: `${id}-other` }, userErrors: [] });
  });
});

describe("[C3] rotation without a gap", () => {
  test("new secret made → old and new work → old revoked → only the new one; a token is had at every step", async () => {
    const { admin } = client.workspace;
    const rotating = await client.workspace.addClient();
    const made = await admin.must("createClientSecret", { clientId: rotating.id }, "secret");
    const renewed = { ...rotating, clientSecret: String(made["secret"]) };
    expectToken(await askToken(rotating));
    expectToken(await askToken(renewed));
    await admin.must("revokeClientSecret", { id: rotating.secretId }, "clientSecret { id }");
    expectRefusal(await askToken(rotating), 401, "invalid_client");
    expectToken(await askToken(renewed));
  });

  test("an import by value or by SHA-256 → the old secret works here; a salted or short one → refused with the reason", async () => {
    const { admin } = client.workspace;
    const importing = (input: object) =>
      admin.mutate("importClientSecret", { clientId: client.id, ...input }, "clientSecret { id isImported }");
    const value = `kept-from-elsewhere-${"x".repeat(20)}-${freshSlug("v")}`;
    expect(await importing({ value })).toMatchObject({ clientSecret: { isImported: true }, userErrors: [] });
    expectToken(await askToken({ ...client, clientSecret: value }));

    const hashed = `${value}-hashed`;
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(hashed));
    expect((await importing({ sha256: Buffer.from(bytes).toString("hex") })).userErrors).toEqual([]);
    expectToken(await askToken({ ...client, clientSecret: hashed }));

    for (const bad of ["short", `$2b$12$${"a".repeat(53)}`, `$argon2id$v=19$m=65536,t=3,p=4$${"a".repeat(40)}`]) {
      const { clientSecret, userErrors } = await importing({ value: bad });
      expect([bad, clientSecret]).toEqual([bad, null]);
      expect(userErrors).toMatchObject([{ code: "INVALID_INPUT" }]);
      expect(JSON.stringify(userErrors)).not.toContain(bad);
    }
  });
});
