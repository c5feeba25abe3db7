import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { sendRaw } from "../support/http.ts";
import { askToken, bearer, fetchToken, post } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { callerOf, newAccess } from "./callers.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const stage = useTenancyStage(world);

/** Begins a GraphQL request, sends a piece of it, and sends the rest when told to. */
function slowly(token: string, body: string) {
  const headers = {
    "Content-Type": "application/json",
    Authorization: bearer(token)[1],
    "Content-Length": body.length,
  };
  const outgoing = request(world.graphqlUrl, { method: "POST", headers });
  const status = new Promise<number>((resolve, reject) => {
    outgoing.once("response", (answer) => resolve(answer.resume().statusCode ?? 0)).once("error", reject);
  });
  outgoing.write(body.slice(0, 5));
  return {
    finish: () => {
      outgoing.end(body.slice(5));
      return status;
    },
  };
}

describe("what is taken back while a request is under way", () => {
  test("[C5] a client deleted while it still sends a GraphQL body → 401", async () => {
    const access = await newAccess(stage.admin, { role: "owner" });
    const caller = await callerOf(world, access);
    const slow = slowly(caller.token, JSON.stringify({ query: "{ workspaces { nodes { id } } }" }));
    await pause(200);
    await stage.done(stage.owner, "deleteClient", { id: access.id });
    expect(await slow.finish()).toBe(401);
  });

  test("[C5] an act later in the same document, after its caller was stopped → UNAUTHENTICATED", async () => {
    const access = await newAccess(stage.admin, { role: "owner" });
    const caller = await callerOf(world, access);
    const workspaceId = stage.own.workspaceId;
    const document = `mutation ($stop: DisableClientInput!, $make: CreateClientInput!) {
      disableClient(input: $stop) { userErrors { code } }
      createClient(input: $make) { client { id } userErrors { code } } }`;
    const answer = await caller.post(document, { stop: { id: access.id }, make: { workspaceId, name: "Late" } });
    expect(answer.json()).toEqual({
      data: {
        disableClient: { userErrors: [] },
        createClient: { client: null, userErrors: [{ code: "UNAUTHENTICATED" }] },
      },
    });
  });

  test("a secret revoked while its request waits for the client's cut-off → 401", async () => {
    const workspace = await world.tenant(stage.tenant).workspace().resource("api", ["read"]).ready();
    const client = await workspace.addClient();
    await stage.done(stage.owner, "revokeClientTokens", { id: client.id });
    const waiting = askToken(client);
    await pause(150);
    await stage.done(stage.owner, "revokeClientSecret", { id: client.secretId });
    expect((await waiting).status).toBe(401);
  });

  test("a client disabled while its request waits for the cut-off → 401", async () => {
    const workspace = await world.tenant(stage.tenant).workspace().resource("api", ["read"]).ready();
    const client = await workspace.addClient();
    await stage.done(stage.owner, "revokeClientTokens", { id: client.id });
    const waiting = askToken(client);
    await pause(150);
    await stage.done(stage.owner, "disableClient", { id: client.id });
    expect((await waiting).status).toBe(401);
  });

  test("a brought client id given again in the same second → the deleted client's token stays dead", async () => {
    const workspace = await world.tenant(stage.tenant).workspace().resource("api", ["read"]).ready();
    const brought = "legacy:app 1";
    const client = await workspace.addClient({ clientId: brought });
    const reader = await workspace.addClient();
    await stage.done(stage.owner, "addResourceServer", {
      resourceId: workspace.resource("api").id,
      clientId: reader.id,
    });
    const token = await fetchToken(client);
    await stage.done(stage.owner, "deleteClient", { id: client.id });
    await stage.done(stage.owner, "createClient", { workspaceId: workspace.id, name: "Again", clientId: brought });
    const { clientId: client_id, clientSecret: client_secret } = reader;
    const answer = await post(`${workspace.issuer}/oauth2/introspect`, { token, client_id, client_secret });
    expect(answer.json()).toEqual({ active: false });
  });
});

describe("a wider level's methods that leave a narrower one without any", () => {
  test("are refused where they are set", async () => {
    const workspace = await world.tenant(stage.tenant).workspace().ready();
    const only = (method: string) => ({ clientAuthenticationMethods: [method] });
    const settings = { workspaceId: workspace.id, ...only("CLIENT_SECRET_POST") };
    await stage.done(stage.owner, "updateWorkspaceSettings", settings);
    const basic = only("CLIENT_SECRET_BASIC");
    const refused = await world.operator.mutate("updateInstallationSettings", basic, "__typename");
    expect(refused.userErrors.map(({ code, path }) => [code, path])).toEqual([
      ["INVALID_INPUT", ["clientAuthenticationMethods"]],
    ]);
    const again = await world.operator.mutate("updateInstallationSettings", only("CLIENT_SECRET_POST"), "__typename");
    expect(again.userErrors).toEqual([]);
  });
});

describe("the server's own addresses", () => {
  const status = async (bytes: string) => (await sendRaw(world.origin, bytes)).slice(0, 12);

  test.each(["/x/%2e%2e/metrics", "/x/../metrics", "/%6detrics", "//metrics", "/metrics/"])(
    "%s → 404",
    async (path) => {
      expect(await status(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).toBe("HTTP/1.1 404");
    },
  );

  test.each([
    "HTTP/1.0\r\n",
    "HTTP/1.1\r\nHost: a@b\r\nConnection: close\r\n",
    "HTTP/1.1\r\nHost: [::\r\nConnection: close\r\n",
  ])("%j → 200 from /livez", async (rest) => {
    expect(await status(`GET /livez ${rest}\r\n`)).toBe("HTTP/1.1 200");
  });
});
