import { describe, expect, test } from "vitest";
import { CollectingRecorder, createTokenIssuer, type Failure, isFailure } from "./index.ts";
import {
  basic,
  clientId,
  form,
  formType,
  getToken,
  newWorld,
  orders,
  path,
  post,
  request,
  stock,
} from "./testing/world.ts";

const grant = { grant_type: "client_credentials" };

describe("check", () => {
  test("gives the claims, the scope and the client as it is now", async () => {
    const { issuer, store, workspace } = await newWorld();
    const token = await getToken(issuer);
    store.changeClient(workspace, clientId, { grants: new Map() });
    const checked = await issuer.check(path, token, orders);
    if (isFailure(checked)) throw new Error(checked.reason);
    expect(checked.scope).toEqual(new Set(["orders:read", "orders:write"]));
    expect(checked.claims.client_id).toBe(clientId);
    expect(checked.client.grants.size).toBe(0);
  });

  test("says why not", async () => {
    const { issuer, store, workspace, clock } = await newWorld();
    const token = await getToken(issuer);
    const reason = async (audience = orders, where: { tenant: string; workspace: string } = path) =>
      ((await issuer.check(where, token, audience)) as Failure).reason;
    expect(await reason(stock)).toBe("wrong_audience");
    expect(await reason(orders, { tenant: "none", workspace: "none" })).toBe("issuer_not_found");
    await post(issuer.revoke, { token });
    expect(await reason()).toBe("token_revoked");
    store.changeClient(workspace, clientId, { tokensNotBefore: new Date(clock.now().getTime() + 1000) });
    expect(await reason()).toBe("token_cut_off");
    store.changeClient(workspace, clientId, { status: "disabled" });
    expect(await reason()).toBe("token_client_disabled");
    store.changeIssuer(workspace, { status: "suspended" });
    expect(await reason()).toBe("token_issuer_suspended");
  });
});

describe("explain", () => {
  const explained = async (parameters: Record<string, string>, headers: [string, string][] = [basic()]) => {
    const world = await newWorld();
    const asked = request({ headers: [formType, ...headers], body: form({ ...grant, ...parameters }) });
    return { ...world, explanation: await world.issuer.explain(path, asked) };
  };

  test("tells the steps of a grant, and issues and records nothing", async () => {
    const { explanation, store } = await explained({ scope: "orders:read" });
    expect(explanation.failure).toBeUndefined();
    expect(explanation.steps.map(({ step }) => step)).toEqual([
      "request_read",
      "client_presented",
      "client_found",
      "secret_accepted",
      "method_accepted",
      "client_authenticated",
      "resource_chosen",
      "scope_chosen",
      "key_chosen",
      "granted",
    ]);
    expect(store.tokenLog).toEqual([]);
  });

  test("tells how far a refused request came, and what the operator should know", async () => {
    const { explanation } = await explained({ scope: "orders:delete" });
    expect(explanation.steps.at(-1)).toEqual({ step: "resource_chosen", resource: orders, requested: false });
    expect(explanation.failure).toEqual({ reason: "scope_not_granted", scope: ["orders:delete"], resource: orders });
    expect(explanation.operator).toBe(`The client is not granted orders:delete at ${orders}.`);
  });

  test("decides as the endpoint does", async () => {
    for (const parameters of [{ resource: stock }, { scope: "x" }, { scope: "a  b" }, { grant_type: "password" }]) {
      const { explanation, issuer, store } = await explained(parameters as Record<string, string>);
      await post(issuer.token, { ...grant, ...parameters });
      expect(store.tokenLog).toMatchObject([{ reason: explanation.failure?.reason }]);
    }
  });
});

test("a recorder hears every request, its refusal at last", async () => {
  const { store, clock } = await newWorld();
  const recorder = new CollectingRecorder();
  const issuer = createTokenIssuer({ store, clock, recorder });
  await post(issuer.token, { ...grant, scope: "orders:delete" });
  expect(recorder.steps.at(-1)).toMatchObject({ step: "refused", failure: { reason: "scope_not_granted" } });
  await issuer.token({ tenant: "no", workspace: "where" }, request());
  expect(recorder.steps.at(-1)).toMatchObject({ step: "refused", failure: { reason: "issuer_not_found" } });
});

describe("a client's cut-off", () => {
  const iat = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).iat;

  test("ahead is waited for, so that the new token lives", async () => {
    const { issuer, store, workspace, clock } = await newWorld();
    const tokensNotBefore = new Date("2026-03-01T12:00:02Z");
    store.changeClient(workspace, clientId, { tokensNotBefore });
    const token = await getToken(issuer);
    expect(clock.slept).toEqual([1750]);
    expect(iat(token) * 1000).toBe(tokensNotBefore.getTime());
    expect((await post(issuer.introspect, { token })).json["active"]).toBe(true);
  });

  test("kills what was issued before it", async () => {
    const { issuer, store, workspace, clock } = await newWorld();
    const token = await getToken(issuer);
    clock.advance(1);
    store.changeClient(workspace, clientId, { tokensNotBefore: new Date("2026-03-01T12:00:01Z") });
    expect((await post(issuer.introspect, { token })).json["active"]).toBe(false);
    expect((await post(issuer.introspect, { token: await getToken(issuer) })).json["active"]).toBe(true);
  });

  test("too far ahead is 503, not a long wait", async () => {
    const { issuer, store, workspace, clock } = await newWorld();
    store.changeClient(workspace, clientId, { tokensNotBefore: new Date("2026-03-01T12:00:10Z") });
    const { status, headers } = await post(issuer.token, grant);
    expect([status, headers["Retry-After"], clock.slept]).toEqual([503, "5", []]);
  });
});
