import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { verifiersOf } from "../faults/rotated-keys.ts";
import { eventually, send } from "../support/http.ts";
import { withShortLivedKeySets } from "../support/short-lived-key-sets.ts";
import { basic, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
/** A client that follows its workspace, and two that do not. */
let follower: StoryClient;
let rsa: StoryClient;
let edwards: StoryClient;

/** A workspace whose key set is kept for a second: a first key signs two seconds after it is published. */
const newFollower = () =>
  withShortLivedKeySets(world, () => world.tenant().workspace().resource("orders", ["read"]).client());
const choose = (client: StoryClient, signingAlgorithm: string | null, at = client) =>
  at.workspace.admin.mutate("updateClientSettings", { clientId: client.id, signingAlgorithm }, "client { id }");
const algOf = async (client: StoryClient) => decodeJwt(await fetchToken(client)).header["alg"];
const kidOf = async (client: StoryClient) => decodeJwt(await fetchToken(client)).header["kid"];
const signsWith = (client: StoryClient, alg: string) =>
  eventually(
    () => algOf(client),
    (seen) => seen === alg,
    30,
  );
const jwksUri = ({ workspace }: StoryClient) => `${workspace.issuer}/.well-known/jwks.json`;
const audienceOf = ({ workspace }: StoryClient) => workspace.resource("orders").identifier;

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
}
async function keysOf({ workspace: { id, admin } }: StoryClient): Promise<readonly Key[]> {
  const document = "query ($id: ID!) { node(id: $id) { ... on Workspace { signingKeys { kid alg state } } } }";
  return ((await admin.run(document, { id })) as { node: { signingKeys: readonly Key[] } }).node.signingKeys;
}
async function publishedOf(client: StoryClient): Promise<readonly string[]> {
  const { keys } = (await send(jwksUri(client))).json() as { keys: { alg: string }[] };
  return [...new Set(keys.map(({ alg }) => alg))].toSorted();
}
async function startOf({ id, workspace: { admin } }: StoryClient) {
  const document = `query ($id: ID!) { node(id: $id) { ... on Client {
    signingStart { startsAt signsMeanwhile } settings { signingAlgorithm { value level } } } } }`;
  type Start = { startsAt: string; signsMeanwhile: string };
  type Node = { signingStart: Start | null; settings: { signingAlgorithm: { value: string; level: string } } };
  return ((await admin.run(document, { id })) as { node: Node }).node;
}
const introspect = async (token: string, caller: StoryClient) =>
  (await post(`${caller.workspace.issuer}/oauth2/introspect`, { token }, [basic(caller)])).json();

beforeAll(async () => {
  follower = await newFollower();
  rsa = await follower.workspace.addClient();
  edwards = await follower.workspace.addClient();
});

describe("[S8] a client's own signing algorithm (ours)", () => {
  test("is chosen → its first key is published at once, the workspace's signs until that is old enough, and both say so", async () => {
    const patient = await world.tenant().workspace().resource("orders", ["read"]).client();
    expect(await publishedOf(patient)).toEqual(["ES256"]);
    const before = Date.now();
    expect((await choose(patient, "RS256")).userErrors).toEqual([]);
    expect(await publishedOf(patient)).toEqual(["ES256", "RS256"]);
    expect(await algOf(patient)).toBe("ES256");
    const { signingStart, settings } = await startOf(patient);
    expect(signingStart?.signsMeanwhile).toBe("ES256");
    expect(Date.parse(signingStart?.startsAt ?? "") - before).toBeGreaterThanOrEqual(599_000);
    expect(settings.signingAlgorithm).toEqual({ value: "RS256", level: "CLIENT" });
  });

  test("its first key is old enough → it signs for this client alone", async () => {
    expect((await choose(rsa, "RS256")).userErrors).toEqual([]);
    await signsWith(rsa, "RS256");
    expect((await startOf(rsa)).signingStart).toBeNull();
    expect([await algOf(follower), (await startOf(follower)).settings.signingAlgorithm.level]).toEqual([
      "ES256",
      "WORKSPACE",
    ]);
  });

  test("two of them and the workspace's at once → libraries of others check each token, and no key is made for what has some", async () => {
    await choose(edwards, "EdDSA");
    await signsWith(edwards, "EdDSA");
    const keys = await keysOf(follower);
    for (const alg of ["RS256", "EdDSA", "RS256"]) await choose(await follower.workspace.addClient(), alg);
    expect(await keysOf(follower)).toEqual(keys);
    const { issuer } = follower.workspace;
    for (const [client, alg] of [
      [follower, "ES256"],
      [rsa, "RS256"],
      [edwards, "EdDSA"],
    ] as const) {
      const token = await fetchToken(client);
      expect(decodeProtectedHeader(token)).toMatchObject({ alg, typ: "at+jwt" });
      for (const verifier of verifiersOf({ jwksUri: jwksUri(client), issuer, audience: audienceOf(client) }, 1))
        await verifier.verify(token);
      expect(await introspect(token, client)).toMatchObject({ active: true, client_id: client.clientId });
    }
  });

  test("status list and signed introspection → under the workspace's key, whoever asks", async () => {
    const { id: workspaceId, admin, issuer } = follower.workspace;
    await admin.must("updateWorkspaceSettings", { workspaceId, statusList: "ON" }, "workspace { id }");
    const token = await fetchToken(rsa);
    const { alg, claims } = { alg: decodeJwt(token).header["alg"], claims: decodeJwt(token).claims };
    expect(alg).toBe("RS256");
    const { uri } = (claims["status"] as { status_list: { uri: string } }).status_list;
    const list = await send(uri, { headers: [["Accept", "application/statuslist+jwt"]] });
    const accept: [string, string] = ["Accept", "application/token-introspection+jwt"];
    const answer = await post(`${issuer}/oauth2/introspect`, { token }, [basic(rsa), accept]);
    const keys = createRemoteJWKSet(new URL(jwksUri(rsa)));
    for (const { body } of [list, answer])
      expect((await jwtVerify(body, keys, { issuer })).protectedHeader.alg).toBe("ES256");
  });

  test("with opaque tokens → sealed with A256GCM under the workspace's key, and opened", async () => {
    const opaque = await follower.workspace.addClient();
    const input = { clientId: opaque.id, signingAlgorithm: "RS256", accessTokenFormat: "OPAQUE" };
    await follower.workspace.admin.must("updateClientSettings", input, "client { id }");
    const token = await fetchToken(opaque);
    const header = JSON.parse(Buffer.from(token.slice(4).split(".")[0] ?? "", "base64url").toString());
    expect(header).toMatchObject({ alg: "dir", enc: "A256GCM", kid: await kidOf(follower) });
    expect(await introspect(token, opaque)).toMatchObject({ active: true });
  });

  test("rotation → of the algorithm that is named, else of the workspace's; one that nobody has is refused", async () => {
    const { id: workspaceId, admin } = follower.workspace;
    const kids = async () => [await kidOf(follower), await kidOf(rsa), await kidOf(edwards)];
    const [es, rs, ed] = await kids();
    const old = await fetchToken(rsa);
    const rotate = (more: object) => admin.mutate("rotateSigningKey", { workspaceId, ...more }, "workspace { id }");
    await rotate({ algorithm: "RS256" });
    const [, next] = await eventually(kids, ([, now]) => now !== rs, 30);
    expect(await kids()).toEqual([es, next, ed]);
    await rotate({});
    expect((await eventually(kids, ([now]) => now !== es, 30)).slice(1)).toEqual([next, ed]);
    expect(await introspect(old, rsa)).toMatchObject({ active: true });
    expect((await rotate({ algorithm: "PS256" })).userErrors).toMatchObject([
      { code: "INVALID_INPUT", path: ["algorithm"], fix: expect.stringContaining("ES256, EdDSA, RS256") },
    ]);
  });

  test("[A8] emergency: its key is revoked → its tokens are dead, its next key signs at once, and nobody else notices", async () => {
    const { id: workspaceId, admin } = follower.workspace;
    const [dead, alive] = [await fetchToken(rsa), await fetchToken(follower)];
    const { kid } = decodeJwt(dead).header;
    await admin.must("revokeSigningKey", { workspaceId, kid }, "workspace { id }");
    expect([await introspect(dead, rsa), (await introspect(alive, follower))["active"]]).toEqual([
      { active: false },
      true,
    ]);
    const { header } = decodeJwt(await fetchToken(rsa));
    expect(header).toMatchObject({ alg: "RS256" });
    expect(header["kid"]).not.toBe(kid);
    expect(await kidOf(follower)).toBe(decodeJwt(alive).header["kid"]);
  });

  test("changes again → the former one signs meanwhile; the workspace moves → who has its own stays, who follows goes along", async () => {
    const moved = await newFollower();
    const { id: workspaceId, admin } = moved.workspace;
    const [own, turning] = [await moved.workspace.addClient(), await moved.workspace.addClient()];
    await choose(own, "ES256");
    await choose(turning, "RS256");
    await signsWith(turning, "RS256");
    await choose(turning, "EdDSA");
    expect([await algOf(turning), (await startOf(turning)).signingStart?.signsMeanwhile]).toEqual(["RS256", "RS256"]);
    await signsWith(turning, "EdDSA");
    await admin.must("updateWorkspaceSettings", { workspaceId, signingAlgorithm: "PS256" }, "workspace { id }");
    // Not the youngest key's: that is the other client's.
    expect(await algOf(moved)).toBe("ES256");
    await signsWith(moved, "PS256");
    expect([await algOf(own), await algOf(turning)]).toEqual(["ES256", "EdDSA"]);
  });

  test("nobody has it any more → its key retires, its successor leaves the set, and its tokens stay good", async () => {
    const left = await newFollower();
    await choose(left, "EdDSA");
    await signsWith(left, "EdDSA");
    const token = await fetchToken(left);
    await choose(left, null);
    expect(await algOf(left)).toBe("ES256");
    // A server that starts looks after the keys at once.
    await world.server.stop();
    await world.server.restart();
    const states = async () => (await keysOf(left)).filter(({ alg }) => alg === "EdDSA").map(({ state }) => state);
    await eventually(states, (seen) => seen.toSorted().join(" ") === "REMOVED RETIRING", 30);
    expect(await introspect(token, left)).toMatchObject({ active: true });
  });

  test("from another tenant, or unknown → refused, and it signs as before", async () => {
    const other = await world.tenant().workspace().resource("orders", ["read"]).client();
    expect((await choose(edwards, "RS256", other)).userErrors).toMatchObject([
      { code: "NOT_FOUND", path: ["clientId"] },
    ]);
    expect(await algOf(edwards)).toBe("EdDSA");
    await expect(choose(edwards, "HS256")).rejects.toThrow(/SigningAlgorithm/);
  });
});
