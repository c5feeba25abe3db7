import { createRemoteJWKSet, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { send } from "../support/http.ts";
import { askToken, fetchToken } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
import { expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let a: StoryClient;
let b: StoryClient;
beforeAll(async () => {
  const tenant = await world.tenant().ready();
  const story = () => world.tenant(tenant).workspace();
  a = await story().resource("orders", ["read"], "https://a.example.com/").client();
  b = await story().resource("stock", ["read"], "https://b.example.com/").client();
});

describe("[S12] a client of workspace A", () => {
  test("at B's token endpoint → 401, as an unknown client", async () => {
    expectToken(await askToken(a));
    expectRefusal(await askToken({ ...a, tokenEndpoint: b.tokenEndpoint }), 401, "invalid_client");
  });

  test("naming B's resource at A → invalid_target", async () => {
    expectRefusal(await askToken(a, { resource: "https://b.example.com/" }), 400, "invalid_target");
  });

  test("with an id that exists in both workspaces → each secret opens only its own", async () => {
    const here = await a.workspace.addClient({ clientId: "twin" });
    const there = await b.workspace.addClient({ clientId: "twin" });
    expectToken(await askToken(here));
    expectToken(await askToken(there));
    expectRefusal(await askToken({ ...here, clientSecret: there.clientSecret }), 401, "invalid_client");
    expectRefusal(await askToken({ ...there, clientSecret: here.clientSecret }), 401, "invalid_client");
  });

  test("granted B's resource → refused: such a row cannot exist", async () => {
    const input = { clientId: a.id, resourceId: b.workspace.resource("stock").id, scopes: ["read"] };
    const { userErrors } = await a.workspace.admin.mutate("setClientGrant", input, "clientGrant { id }");
    expect(userErrors.map(({ code }) => code)).toEqual(["NOT_FOUND"]);
    expectRefusal(await askToken(a, { resource: "https://b.example.com/" }), 400, "invalid_target");
  });

  test("its token against B's keys → does not verify", async () => {
    const token = await fetchToken(a);
    const keysAt = (of: StoryClient) => createRemoteJWKSet(new URL(`${of.workspace.issuer}/.well-known/jwks.json`));
    await jwtVerify(token, keysAt(a));
    await expect(jwtVerify(token, keysAt(b))).rejects.toThrow();
  });

  test("B's metadata and keys → name nothing of A", async () => {
    for (const path of ["/.well-known/oauth-authorization-server", "/.well-known/jwks.json"]) {
      const { body } = await send(`${b.workspace.issuer}${path}`);
      expect(body).not.toContain(a.workspace.issuer);
      expect(body).not.toContain("a.example.com");
      expect(body).not.toContain(a.clientId);
    }
  });
});

describe("[S12] a deleted workspace", () => {
  test("→ issues nothing, its address is gone, and its slug is never given again", async () => {
    const client = await world.tenant().workspace().resource("orders", ["read"]).client();
    expectToken(await askToken(client));
    const { id, slug, issuer, admin } = client.workspace;
    await admin.must("deleteWorkspace", { id }, "deletedWorkspaceId");
    expect((await askToken(client)).status).toBe(404);
    expect((await send(`${issuer}/.well-known/jwks.json`)).status).toBe(404);
    const { userErrors } = await admin.mutate("createWorkspace", { slug, name: slug }, "workspace { id }");
    expect(userErrors).toMatchObject([{ code: "SLUG_RETIRED", path: expect.arrayContaining(["slug"]) }]);
  });
});
