import { describe, expect, test } from "vitest";
import { createTokenIssuer, type IssuerStore } from "../index.ts";
import { basic, clientId, newWorld, post, secret, storeWith } from "../testing/world.ts";

const grant = { grant_type: "client_credentials" };
const past = new Date("2026-02-01T00:00:00Z");
const future = new Date("2026-04-01T00:00:00Z");

/** A world with a client for each way of not being let in, all of them knowing the right value but `wrong`. */
async function closedDoors() {
  const world = await newWorld();
  const { store, workspace } = world;
  const add = (id: string, wanted: Parameters<typeof store.addSecret>[2]) => {
    store.addClient(workspace, { clientId: id });
    store.addSecret(workspace, id, wanted);
  };
  add("expired", { value: secret, expiresAt: past });
  add("early", { value: secret, notBefore: future });
  add("disabled", { value: secret });
  store.changeClient(workspace, "disabled", { status: "disabled" });
  add("wrong", { value: "another-value" });
  store.addClient(workspace, { clientId: "bare" });
  add("posts", { value: secret });
  store.changeClient(workspace, "posts", { clientAuthenticationMethods: new Set(["client_secret_post"]) });
  add("revoked", { value: secret });
  const revoked = await store.findClient(workspace, "revoked");
  store.changeClient(workspace, "revoked", {
    secrets: (revoked?.secrets ?? []).map((row) => ({ ...row, revokedAt: past })),
  });
  return world;
}

const doors = {
  nobody: "unknown_client",
  bare: "unknown_secret",
  wrong: "unknown_secret",
  expired: "secret_expired",
  early: "secret_not_yet_valid",
  revoked: "secret_revoked",
  disabled: "client_disabled",
  posts: "method_not_allowed_for_client",
};

describe("a client that is not let in", () => {
  test.each(Object.entries(doors))("%s is logged as %s", async (id, reason) => {
    const { issuer, store } = await closedDoors();
    await post(issuer.token, grant, [basic(id, secret)]);
    expect(store.tokenLog).toMatchObject([{ reason, clientId: id }]);
  });

  test("gets the same answer whatever was wrong", async () => {
    const { issuer } = await closedDoors();
    const answers = new Set<string>();
    for (const id of Object.keys(doors)) {
      answers.add(JSON.stringify(await post(issuer.token, grant, [basic(id, secret)])));
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toContain("WWW-Authenticate");
  });

  test("incident 12: costs the same digests whatever was wrong: twice as many as one that is let in, for it is judged twice", async () => {
    const { store, clock } = await closedDoors();
    let digests = 0;
    const counting: IssuerStore = storeWith(store, {
      secretDigest(value, version) {
        digests++;
        return store.secretDigest(value, version);
      },
    });
    const issuer = createTokenIssuer({ store: counting, clock });
    const counts = new Map<string, number>();
    for (const id of [...Object.keys(doors), clientId]) {
      digests = 0;
      await post(issuer.token, grant, [basic(id, secret)]);
      counts.set(id, digests);
    }
    expect(counts.get(clientId)).toBe(1);
    counts.delete(clientId);
    expect(new Set(counts.values())).toEqual(new Set([2]));
  });

  test("incident 12: costs as much as ever, though it was let in before", async () => {
    const { store, clock, workspace } = await newWorld();
    store.addSecret(workspace, clientId, { value: "brief", expiresAt: new Date(clock.now().getTime() + 1000) });
    let digests = 0;
    const counting = storeWith(store, {
      secretDigest(value, version) {
        digests++;
        return store.secretDigest(value, version);
      },
    });
    const issuer = createTokenIssuer({ store: counting, clock });
    const ask = async (value: string) => {
      digests = 0;
      const { status } = await post(issuer.token, grant, [basic(clientId, value)]);
      return [status, digests];
    };
    const answers = [await ask("brief"), await ask("brief"), await ask("wrong")];
    clock.advance(1);
    answers.push(await ask("brief"), await ask(secret), await ask(secret));
    store.changeClient(workspace, clientId, { status: "disabled" });
    answers.push(await ask(secret));
    expect(answers).toEqual([
      [200, 1],
      [200, 0],
      [401, 2],
      [401, 2],
      [200, 1],
      [200, 0],
      [401, 2],
    ]);
  });
});

describe("a client that is let in", () => {
  const status = async (value: string, prepare: (world: Awaited<ReturnType<typeof newWorld>>) => void) => {
    const world = await newWorld();
    prepare(world);
    return (await post(world.issuer.token, grant, [basic(clientId, value)])).status;
  };

  test("may use any of several live secrets", async () => {
    expect(
      await status("second", ({ store, workspace }) => store.addSecret(workspace, clientId, { value: "second" })),
    ).toBe(200);
    expect(
      await status(secret, ({ store, workspace }) => store.addSecret(workspace, clientId, { value: "second" })),
    ).toBe(200);
  });

  test("is not shut out by a dead secret of the same value", async () => {
    const prepare = ({ store, workspace }: Awaited<ReturnType<typeof newWorld>>) =>
      store.addSecret(workspace, clientId, { value: secret, expiresAt: past });
    expect(await status(secret, prepare)).toBe(200);
  });

  test("is let in until the instant its secret expires", async () => {
    const { issuer, store, workspace, clock } = await newWorld();
    store.addSecret(workspace, clientId, { value: "brief", expiresAt: new Date(clock.now().getTime() + 1000) });
    expect((await post(issuer.token, grant, [basic(clientId, "brief")])).status).toBe(200);
    clock.advance(1);
    expect((await post(issuer.token, grant, [basic(clientId, "brief")])).status).toBe(401);
  });

  test("may have an id and a secret of reserved characters, form-encoded in Basic and in the body", async () => {
    const { issuer, store, workspace } = await newWorld();
    const [id, value] = ["odd id:%+&=/é".replace("é", "e"), "s:e%c+r&e=t 100%/é"];
    store.addClient(workspace, { clientId: id, grants: { "https://api.example.com/stock": ["stock:read"] } });
    store.addSecret(workspace, id, { value });
    expect((await post(issuer.token, grant, [basic(id, value)])).status).toBe(200);
    expect((await post(issuer.token, { ...grant, client_id: id, client_secret: value }, [])).status).toBe(200);
  });

  test("with secrets under two peppers matches under the right one", async () => {
    const { store, clock, workspace } = await newWorld();
    const peppered: IssuerStore = storeWith(store, {
      pepperVersions: [1, 2],
      secretDigest: (value, version) => store.secretDigest(`${version}${value}`, 1),
    });
    const row = { id: "sec_2", digest: peppered.secretDigest("new", 2), pepperVersion: 2, notBefore: past } as const;
    const secrets = [{ ...row, expiresAt: undefined, revokedAt: undefined }];
    store.changeClient(workspace, clientId, {
      secrets: [
        ...secrets,
        { ...secrets[0], id: "sec_1", digest: peppered.secretDigest("old", 1), pepperVersion: 1 } as const,
      ].map((one) => ({ expiresAt: undefined, revokedAt: undefined, notBefore: past, ...one })),
    });
    const issuer = createTokenIssuer({ store: peppered, clock });
    const statuses = [];
    for (const value of ["new", "old", "none"])
      statuses.push((await post(issuer.token, grant, [basic(clientId, value)])).status);
    expect(statuses).toEqual([200, 200, 401]);
  });
});
