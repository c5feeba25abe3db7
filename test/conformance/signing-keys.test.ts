import { createRemoteJWKSet, jwtVerify } from "jose";
import postgres from "postgres";
import { afterAll, describe, expect, test } from "vitest";
import { verifiersOf, verifyWhileRotating } from "../faults/rotated-keys.ts";
import { eventually, send } from "../support/http.ts";
import { withShortLivedKeySets } from "../support/short-lived-key-sets.ts";
import { askToken, basic, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
let sql: postgres.Sql | undefined;
const database = () => {
  sql ??= postgres(world.server.database.ownerUrl, { max: 1 });
  return sql;
};
afterAll(() => sql?.end());

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
  readonly activateAt: string;
  readonly retireAt: string | null;
  readonly removeAt: string | null;
}

const newClient = () => world.tenant().workspace().resource("orders", ["read"]).client();
const url = (client: StoryClient) => `${client.workspace.issuer}/.well-known/jwks.json`;
const published = async (client: StoryClient) =>
  ((await send(url(client))).json()["keys"] as { kid: string }[]).map(({ kid }) => kid).sort();
const signer = async (client: StoryClient) => String(decodeJwt(await fetchToken(client)).header["kid"]);

async function keysOf(client: StoryClient): Promise<readonly Key[]> {
  const document = `query ($slug: Slug!) { workspace(slug: $slug) {
    signingKeys { kid alg state activateAt retireAt removeAt } } }`;
  const { workspace } = (await client.workspace.admin.run(document, { slug: client.workspace.slug })) as {
    workspace: { signingKeys: Key[] };
  };
  return workspace.signingKeys;
}
const kidOf = async (client: StoryClient, state: string) =>
  (await keysOf(client)).find((key) => key.state === state)?.kid ?? "";

const rotate = (client: StoryClient) =>
  client.workspace.admin.must("rotateSigningKey", { workspaceId: client.workspace.id }, "workspace { id }");
const revoke = (client: StoryClient, kid: string) =>
  client.workspace.admin.must("revokeSigningKey", { workspaceId: client.workspace.id, kid }, "workspace { id }");
const maxAge = (client: StoryClient, seconds: number | null) =>
  client.workspace.admin.must(
    "updateWorkspaceSettings",
    { workspaceId: client.workspace.id, jwksMaxAge: seconds },
    "workspace { id }",
  );

describe("signing keys (ours)", () => {
  test("a new issuer → publishes the key that signs and the one that will", async () => {
    const client = await newClient();
    const keys = await keysOf(client);
    expect(keys.map(({ state }) => state).sort()).toEqual(["ACTIVE", "NEXT"]);
    expect(await published(client)).toEqual(keys.map(({ kid }) => kid).sort());
    expect(await signer(client)).toBe(await kidOf(client, "ACTIVE"));
  });

  test("rotation while the next key is younger than 2 × max-age → it waits, the former signs on", async () => {
    const client = await newClient();
    const [former, next] = [await kidOf(client, "ACTIVE"), await kidOf(client, "NEXT")];
    await rotate(client);
    expect(await signer(client)).toBe(former);
    const waiting = (await keysOf(client)).find(({ kid }) => kid === next);
    const wait = Date.parse(waiting?.activateAt ?? "") - Date.now();
    expect(wait).toBeGreaterThan(500_000);
    expect(wait).toBeLessThanOrEqual(600_000);
  });

  test("rotation of a key that every cache has → signs at once; a verifier that cached the set before never fails", async () => {
    const client = await withShortLivedKeySets(world, newClient);
    const verifier = createRemoteJWKSet(new URL(url(client)), { cooldownDuration: 0, cacheMaxAge: 1000 });
    const verify = async () => {
      const token = await fetchToken(client);
      await jwtVerify(token, verifier, { issuer: client.workspace.issuer });
      return String(decodeJwt(token).header["kid"]);
    };
    const former = await verify();
    const next = await kidOf(client, "NEXT");
    await rotate(client);
    // The verifier asks all the time while the keys change under it.
    await eventually(verify, (kid) => kid === next, 10);
    expect(await published(client)).toContain(former);
    const keys = await keysOf(client);
    expect(keys.map(({ kid, state }) => [kid === former, state]).sort()).toEqual([
      [false, "ACTIVE"],
      [false, "NEXT"],
      [true, "RETIRING"],
    ]);
    const retired = keys.find(({ kid }) => kid === former);
    const stays = Date.parse(retired?.removeAt ?? "") - Date.parse(retired?.retireAt ?? "");
    expect(stays).toBeGreaterThanOrEqual(86_400_000);
  });

  test.each([
    ["by its workspace", (client: StoryClient, seconds: number | null) => maxAge(client, seconds)],
    [
      "for the installation",
      (_: StoryClient, seconds: number | null) =>
        world.operator.must("updateInstallationSettings", { jwksMaxAge: seconds }, "__typename"),
    ],
  ])(
    "caches may be kept for less, %s → rotation waits for those of before, twice: 2 × what they were told",
    async (_, set) => {
      const client = await newClient();
      const began = Date.now();
      await set(client, 1);
      for (let count = 0; count < 2; count++) {
        const next = await kidOf(client, "NEXT");
        await rotate(client);
        const waiting = (await keysOf(client)).find(({ kid }) => kid === next);
        const wait = Date.parse(waiting?.activateAt ?? "") - began;
        expect(wait).toBeGreaterThan(590_000);
        expect(wait).toBeLessThan(660_000);
        // One that is published from now on is in no cache of before either.
        await revoke(client, next);
      }
      await set(client, null);
    },
  );

  test("[A8] emergency: the signing key is revoked → leaves the set, its tokens are dead, its successor signs", async () => {
    const client = await newClient();
    const token = await fetchToken(client);
    const stolen = await signer(client);
    const next = await kidOf(client, "NEXT");
    await revoke(client, stolen);
    expect(await published(client)).not.toContain(stolen);
    expect(await signer(client)).toBe(next);
    const answer = await post(`${client.workspace.issuer}/oauth2/introspect`, { token }, [basic(client)]);
    expect(answer.json()).toEqual({ active: false });
    expect((await keysOf(client)).map(({ state }) => state).sort()).toEqual(["ACTIVE", "NEXT", "REVOKED"]);
    await revoke(client, stolen);
    expect((await askToken(client)).status).toBe(200);
  });

  test("a kid of another workspace → NOT_FOUND, and that workspace signs on", async () => {
    const [client, other] = [await newClient(), await newClient()];
    const kid = await signer(other);
    const input = { workspaceId: client.workspace.id, kid };
    const revoking = client.workspace.admin.must("revokeSigningKey", input, "workspace { id }");
    await expect(revoking).rejects.toThrow("NOT_FOUND");
    expect(await signer(other)).toBe(kid);
  });
});

test("rotation under load: no verifier with a cache of its own refuses a token while the keys rotate (ours)", async () => {
  const client = await withShortLivedKeySets(world, newClient);
  const { issuer } = client.workspace;
  const audience = client.workspace.resource("orders").identifier;
  const verifiers = verifiersOf({ jwksUri: url(client), issuer, audience }, 1);
  const { failures, kids, verifications } = await verifyWhileRotating(client, verifiers, () => rotate(client), 3);
  expect(failures).toEqual([]);
  expect(kids).toHaveLength(4);
  expect(verifications).toBeGreaterThan(100);
});

describe("who fetches the key set (ours)", () => {
  interface Fetch {
    readonly agent: string;
    readonly address: string;
    readonly fetches: number;
    readonly isCurrent: boolean;
  }
  const fetchSet = (client: StoryClient, agent: string, more: readonly [string, string][] = []) =>
    send(url(client), { headers: [["User-Agent", agent], ...more] });
  async function fetchesOf(client: StoryClient): Promise<readonly Fetch[]> {
    const document =
      "query ($slug: Slug!) { workspace(slug: $slug) { jwksFetches { address agent fetches isCurrent } } }";
    const { workspace } = (await client.workspace.admin.run(document, { slug: client.workspace.slug })) as {
      workspace: { jwksFetches: Fetch[] };
    };
    return workspace.jwksFetches;
  }
  const told = (client: StoryClient, isThere: (fetches: readonly Fetch[]) => boolean) =>
    eventually(() => fetchesOf(client), isThere, 40);
  const counts = (fetches: readonly Fetch[]) => Object.fromEntries(fetches.map((one) => [one.agent, one.fetches]));

  test("each verifier is told with how often it came, a 304 like a set; HEAD and other workspaces count nothing", async () => {
    const [client, other] = [await newClient(), await newClient()];
    const first = await fetchSet(client, "one/1");
    const again = await fetchSet(client, "one/1", [["If-None-Match", String(first.headers["etag"])]]);
    expect(again.status).toBe(304);
    await send(url(client), { method: "HEAD", headers: [["User-Agent", "head/1"]] });
    await fetchSet(client, "two/1");
    await fetchSet(other, "three/1");
    const fetches = await told(client, (found) => found.length === 2);
    expect(counts(fetches)).toEqual({ "one/1": 2, "two/1": 1 });
    expect(fetches.map(({ isCurrent, address }) => [isCurrent, address])).toEqual([
      [true, "127.0.0.1"],
      [true, "127.0.0.1"],
    ]);
  });

  test("a key came or was revoked → who has not fetched since holds the old set", async () => {
    const client = await newClient();
    await fetchSet(client, "late/1");
    await fetchSet(client, "early/1");
    await told(client, (found) => found.length === 2);
    await revoke(client, await signer(client));
    const behind = (found: readonly Fetch[]) => found.filter(({ isCurrent }) => !isCurrent).map(({ agent }) => agent);
    expect(behind(await fetchesOf(client)).sort()).toEqual(["early/1", "late/1"]);
    await fetchSet(client, "early/1");
    expect(behind(await told(client, (found) => behind(found).length === 1))).toEqual(["late/1"]);
  });

  test("incident 18: under a flood of names at most 200 are kept, and those that were known still count", async () => {
    const client = await newClient();
    await fetchSet(client, "known/1");
    await told(client, (found) => found.length === 1);
    for (let name = 0; name < 300; name++) await fetchSet(client, `flood/${name}`);
    await fetchSet(client, "known/1");
    const fetches = await told(client, (found) => counts(found)["known/1"] === 2);
    expect(fetches).toHaveLength(200);
    const rows = await database()`select 1 from jwks_fetches where workspace_id = ${client.workspace.id}`;
    expect(rows).toHaveLength(200);
  });
});

describe("what time makes due (ours)", () => {
  test("[A10] rows past the workspace's tokenLogRetention are deleted, younger ones stay", async () => {
    const client = await newClient();
    const { id: workspaceId, admin } = client.workspace;
    await admin.must("updateWorkspaceSettings", { workspaceId, tokenLogRetention: 2 }, "workspace { id }");
    for (let count = 0; count < 2; count++) await fetchToken(client);
    await database()`update token_log set at = at - interval '3 days'
      where workspace_id = ${workspaceId} and jti in (
        select jti from token_log where workspace_id = ${workspaceId} limit 1)`;
    await world.server.stop();
    await world.server.restart();
    const rows = async () => (await database()`select 1 from token_log where workspace_id = ${workspaceId}`).length;
    expect(await eventually(rows, (count) => count === 1, 20)).toBe(1);
  });
});

describe("a key that signs without a successor (ours)", () => {
  const alarmOf = async (client: StoryClient) => {
    const document = "query ($slug: Slug!) { workspace(slug: $slug) { signingKeyAlarm { kid endsAt } } }";
    const { workspace } = (await client.workspace.admin.run(document, { slug: client.workspace.slug })) as {
      workspace: { signingKeyAlarm: { kid: string; endsAt: string } | null };
    };
    return workspace.signingKeyAlarm;
  };
  const counted = async () => {
    const { body } = await send(`${world.origin}/metrics`);
    return Number(/^mintmark_workspaces_without_next_key (\d+)$/m.exec(body)?.[1]);
  };

  test("→ the workspace says so, and when its key's time is over; the metrics count it; once there is one, nothing is said", async () => {
    const client = await newClient();
    expect([await alarmOf(client), await counted()]).toEqual([null, 0]);
    const [signs, next] = [await kidOf(client, "ACTIVE"), await kidOf(client, "NEXT")];
    const sql = database();
    // As if the upkeep of keys had not run: nobody else takes the lease meanwhile.
    const held = sql`update leases set holder = 'nobody', expires_at = now() + interval '1 hour' where name = 'housekeeping'`;
    await held;
    const [row] = await sql`delete from signing_keys where kid = ${next} returning *`;
    const alarm = await alarmOf(client);
    expect(alarm?.kid).toBe(signs);
    const begun = (await keysOf(client)).find(({ kid }) => kid === signs)?.activateAt ?? "";
    expect(Date.parse(alarm?.endsAt ?? "") - Date.parse(begun)).toBe(90 * 86_400_000);
    expect(await counted()).toBe(1);
    await sql`insert into signing_keys ${sql(row ?? {})}`;
    expect([await alarmOf(client), await counted()]).toEqual([null, 0]);
    await sql`update leases set expires_at = now() where name = 'housekeeping'`;
  });

  test("beside 500 workspaces whose next keys are about to begin → gets one at the next look all the same", async () => {
    const client = await newClient();
    const sql = database();
    const of = sql`tenant_id = (select tenant_id from workspaces where id = ${client.workspace.id})`;
    // Looked at each minute until they begin, with nothing to do for them; and before every other one by their id.
    await sql`insert into workspaces (tenant_id, id, slug, name, kind, status, issuer, settings)
      select tenant_id, '0-' || n, 'soon-' || n, name, kind, status, issuer || '-soon-' || n, settings
      from workspaces, generate_series(1, 501) n where id = ${client.workspace.id}`;
    await sql`insert into signing_keys (tenant_id, workspace_id, kid, alg, public_jwk, wrapped_private_key, wrapped_sealing_key, publish_at, activate_at)
      select distinct on (n) tenant_id, '0-' || n, 'soon-' || n, alg, public_jwk, wrapped_private_key, wrapped_sealing_key, now(), now() + interval '1 hour'
      from signing_keys, generate_series(1, 501) n where workspace_id = ${client.workspace.id}`;
    await sql`delete from signing_keys where kid = ${await kidOf(client, "NEXT")}`;
    // A server that starts looks at once.
    await world.server.stop();
    await sql`update leases set expires_at = now() where name = 'housekeeping'`;
    await world.server.restart();
    await eventually(
      () => kidOf(client, "NEXT"),
      (kid) => kid !== "",
      20,
    );
    await sql`delete from signing_keys where ${of} and workspace_id like '0-%'`;
    // Not deleted for good: one of them may be in an audit log by now.
    await sql`update workspaces set status = 'deleted' where ${of} and id like '0-%'`;
  });

  test("revoked, and there was none to follow → one is made and signs at once: no alarm", async () => {
    const client = await newClient();
    await database()`delete from signing_keys where kid = ${await kidOf(client, "NEXT")}`;
    await revoke(client, await kidOf(client, "ACTIVE"));
    expect(await alarmOf(client)).toBeNull();
    expect((await askToken(client)).status).toBe(200);
  });
});
