import { describe, expect, test } from "vitest";
import { createTokenIssuer } from "../index.ts";
import { basic, clientId, form, formType, newWorld, path, post, request, secret, storeWith } from "../testing/world.ts";

const grant = { grant_type: "client_credentials" };
type World = Awaited<ReturnType<typeof newWorld>>;

const ask = async ({ issuer }: World, id = clientId, value = secret, more: Record<string, string> = {}) =>
  (await post(issuer.token, { ...grant, ...more }, [basic(id, value)])).status;

async function statuses(count: number, once: () => Promise<number>): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (let at = 0; at < count; at++) {
    const status = await once();
    seen[status] = (seen[status] ?? 0) + 1;
  }
  return seen;
}

describe("a client's limit", () => {
  test("reached → 429 with Retry-After; another client goes on, and so does it a little later", async () => {
    const world = await newWorld({ clientTokenLimit: 3 });
    expect(await statuses(4, () => ask(world))).toEqual({ 200: 3, 429: 1 });
    const { status, headers, json } = await post(world.issuer.token, grant);
    expect([status, headers["Retry-After"], json["error"]]).toEqual([429, "20", "temporarily_unavailable"]);
    expect(await ask(world, "stranger", "stranger-secret")).toBe(200);
    world.clock.advance(20);
    expect(await statuses(2, () => ask(world))).toEqual({ 200: 1, 429: 1 });
    expect(world.store.tokenLog.at(-1)).toMatchObject({ reason: "client_limit_reached", client: clientId });
  });

  test("of its own → the lesser of that and the issuer's counts", async () => {
    const world = await newWorld({ clientTokenLimit: 3 });
    world.store.changeClient(world.workspace, clientId, { tokenLimit: 1 });
    world.store.changeClient(world.workspace, "stranger", { tokenLimit: 50 });
    expect(await statuses(5, () => ask(world))).toEqual({ 200: 1, 429: 4 });
    expect(await statuses(5, () => ask(world, "stranger", "stranger-secret"))).toEqual({ 200: 3, 429: 2 });
  });

  test("counts what the client asked for in vain, once, and not what others tried in its name", async () => {
    const world = await newWorld({ clientTokenLimit: 2 });
    expect(await statuses(20, () => ask(world, clientId, "wrong"))).toEqual({ 401: 20 });
    expect(await ask(world, clientId, secret, { scope: "orders:delete" })).toBe(400);
    expect(await statuses(2, () => ask(world))).toEqual({ 200: 1, 429: 1 });
  });

  test("with several servers → each gives its part", async () => {
    const world = await newWorld({ clientTokenLimit: 6 }, { freshReplicas: () => 3 });
    expect(await statuses(6, () => ask(world))).toEqual({ 200: 2, 429: 4 });
  });

  test("does not count introspection, nor what is only explained", async () => {
    const world = await newWorld({ clientTokenLimit: 1 });
    const asked = request({ headers: [formType, basic()], body: form(grant) });
    for (const _ of [1, 2, 3]) expect((await world.issuer.explain(path, asked)).failure).toBeUndefined();
    for (const _ of [1, 2, 3]) expect((await post(world.issuer.introspect, { token: "x" })).status).toBe(200);
    expect(await ask(world)).toBe(200);
  });
});

describe("an issuer's limit", () => {
  test("reached → 429 for all of its clients; what it refuses costs no client its own", async () => {
    const world = await newWorld({ tokenLimit: 4, clientTokenLimit: 3 });
    expect(await statuses(3, () => ask(world, "stranger", "stranger-secret"))).toEqual({ 200: 3 });
    expect(await statuses(9, () => ask(world))).toEqual({ 200: 1, 429: 8 });
    expect(world.store.tokenLog.at(-1)).toMatchObject({ reason: "issuer_limit_reached" });
    world.store.changeIssuer(world.workspace, { tokenLimit: 1000 });
    world.clock.advance(1);
    expect(await statuses(3, () => ask(world))).toEqual({ 200: 2, 429: 1 });
  });

  test("is not used up by strangers", async () => {
    const world = await newWorld({ tokenLimit: 2 });
    expect(await statuses(25, () => ask(world, clientId, "wrong"))).toEqual({ 401: 25 });
    expect(await ask(world)).toBe(200);
  });
});

describe("failed authentications", () => {
  test("too many for one id from one address → 429, alike for known and unknown ids; the right secret → 200", async () => {
    const world = await newWorld();
    const answers: string[] = [];
    for (const id of [clientId, "nobody"]) {
      expect(await statuses(40, () => ask(world, id, "wrong"))).toEqual({ 401: 30, 429: 10 });
      answers.push(JSON.stringify(await post(world.issuer.token, grant, [basic(id, "wrong")])));
    }
    expect(new Set(answers).size).toBe(1);
    expect(await ask(world)).toBe(200);
    expect(world.store.tokenLog.filter(({ outcome }) => outcome === "refused").at(-1)).toMatchObject({
      reason: "too_many_failures",
      clientId: "nobody",
      evidence: { endpoint: "token", cause: "unknown_client", retryAfter: 2 },
    });
  });

  test("of ever other ids → 429 once the network's budget is used up; a client there with the right secret → 200", async () => {
    const world = await newWorld();
    let id = 0;
    expect(await statuses(320, () => ask(world, `id-${id++}`, "wrong"))).toEqual({ 401: 300, 429: 20 });
    expect([await ask(world, clientId, "wrong"), await ask(world)]).toEqual([429, 200]);
    const elsewhere = { headers: [formType, basic(clientId, "wrong")], body: form(grant), address: "2001:db8::1" };
    const { status } = await world.issuer.token(path, request({ ...elsewhere, headers: elsewhere.headers as [] }));
    expect(status).toBe(401);
  });

  test("one id with an old secret → its network's budget is left for the others", async () => {
    const world = await newWorld();
    await statuses(1000, () => ask(world, clientId, "old"));
    expect(await ask(world, "stranger", "wrong")).toBe(401);
  });

  test("a right secret of a disabled client → 429 as well, so that the answer does not tell", async () => {
    const world = await newWorld();
    await statuses(31, () => ask(world, clientId, "wrong"));
    world.store.changeClient(world.workspace, clientId, { status: "disabled" });
    expect(await ask(world)).toBe(429);
  });

  test("at introspection and revocation → the same budget", async () => {
    const world = await newWorld();
    await statuses(30, () => ask(world, clientId, "wrong"));
    for (const endpoint of [world.issuer.introspect, world.issuer.revoke])
      expect((await post(endpoint, { token: "x" }, [basic(clientId, "wrong")])).status).toBe(429);
  });

  test("of issuers that do not exist → 404, then 429; one that does answers as ever", async () => {
    const { issuer } = await newWorld();
    const jwks = async (workspace: string) =>
      (await issuer.jwks({ ...path, workspace }, request({ method: "GET" }))).status;
    let at = 0;
    expect(await statuses(320, () => jwks(`guess-${at++}`))).toEqual({ 404: 300, 429: 20 });
    expect(await jwks(path.workspace)).toBe(200);
  });

  test("used up → the store is asked for little that it has not in memory, and whatever is there is let in", async () => {
    const world = await newWorld();
    let looks = 0;
    const store = storeWith(world.store, {
      hasIssuer: (_, workspace) => workspace === path.workspace,
      hasClient: (_, id) => id === clientId,
      findClient: async (issuer, id) => {
        looks++;
        return world.store.findClient(issuer, id);
      },
    });
    const cold = { ...world, issuer: createTokenIssuer({ store, clock: world.clock }) };
    let at = 0;
    const guess = () => ask(cold, `id-${at++}`, "wrong");
    expect(await statuses(3800, guess)).toEqual({ 401: 300, 429: 3500 });
    expect(looks).toBe(2 * 300 + 3000);
    expect([await ask(cold), await ask(cold, "stranger", "stranger-secret")]).toEqual([200, 429]);
    const elsewhere = request({ headers: [formType, basic("stranger", "stranger-secret")], body: form(grant) });
    expect((await cold.issuer.token(path, { ...elsewhere, address: "192.0.2.8" })).status).toBe(200);
    world.clock.advance(1);
    expect(await ask(cold, "stranger", "stranger-secret")).toBe(200);
  });

  test("that were none at a second look → not counted; over the budget → no second look", async () => {
    let looks = 0;
    let isNews = false;
    const world = await newWorld();
    // At hand is a client without secrets; what is certain has them.
    const store = storeWith(world.store, {
      findIssuer: async (tenant, workspace, freshness) => {
        if (freshness === "confirmed") looks++;
        isNews = freshness === "confirmed";
        return world.store.findIssuer(tenant, workspace);
      },
      findClient: async (issuer, id) => {
        const client = await world.store.findClient(issuer, id);
        return client && { ...client, secrets: isNews ? client.secrets : [] };
      },
    });
    const { issuer } = await newWorld({}, { store });
    const status = async (value: string) => (await post(issuer.token, grant, [basic(clientId, value)])).status;
    expect(await statuses(100, () => status(secret))).toEqual({ 200: 100 });
    expect(await statuses(100, () => status("wrong"))).toEqual({ 401: 30, 429: 70 });
    expect(looks).toBe(130);
  });
});
