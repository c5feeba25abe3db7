import { generateKeyPairSync, sign } from "node:crypto";
import { type JWK, SignJWT } from "jose";
import { beforeEach, expect, test, vi } from "vitest";
import { createTokenIssuer } from "../index.ts";
import type { ClientKey } from "../store.ts";
import { clientId, newWorld, orders, post, url } from "../testing/world.ts";
import { findKey } from "./find-key.ts";

const checks: string[] = [];
vi.mock("../signature.ts", async (original) => {
  const real = await original<typeof import("../signature.ts")>();
  return {
    ...real,
    verifyBytes: (...given: Parameters<typeof real.verifyBytes>) => {
      checks.push(given[0].alg);
      return real.verifyBytes(...given);
    },
  };
});
beforeEach(() => void checks.splice(0));

const now = new Date("2026-03-01T12:00:00Z");
const signed = Buffer.from("header.payload");
const pairs = Array.from({ length: 10 }, () => generateKeyPairSync("ec", { namedCurve: "P-256" }));
const keysOf = (count: number) =>
  pairs.slice(0, count).map(
    ({ publicKey }, at): ClientKey => ({
      id: `key_${at}`,
      kid: `k${at}`,
      publicJwk: publicKey.export({ format: "jwk" }) as JWK,
      notBefore: new Date(0),
      expiresAt: undefined,
      revokedAt: undefined,
    }),
  );
const [first] = pairs;
if (!first) throw new Error("no key pair");
const right = sign("sha256", signed, { key: first.privateKey, dsaEncoding: "ieee-p1363" });
const jws = (header: object, signature: Uint8Array = right) => ({ header, payload: {}, signed, signature }) as never;

test.each([
  ["nobody", []],
  ["a client without keys", keysOf(0)],
  ["a client with one", keysOf(1)],
  ["a client with ten", keysOf(10)],
])("incident 12: %s costs two checks, with and without a kid, whatever the algorithm", (_, keys) => {
  for (const [alg, bytes] of [
    ["ES256", 64],
    ["EdDSA", 64],
    ["PS256", 256],
    ["RS256", 512],
  ] as const)
    for (const kid of [undefined, "k0", "else"]) {
      checks.splice(0);
      findKey(keys, jws({ alg, ...(kid && { kid }) }, Buffer.alloc(bytes, 1)), now);
      expect(checks).toEqual([alg, alg]);
    }
});

test("a signature of an impossible length, or an unknown algorithm → no check for anybody", () => {
  for (const keys of [[], keysOf(1)]) {
    for (const length of [0, 1, 63, 65]) findKey(keys, jws({ alg: "ES256" }, Buffer.alloc(length, 1)), now);
    findKey(keys, jws({ alg: "HS256" }), now);
  }
  expect(checks).toEqual([]);
});

test("its own key → found", () => {
  expect(findKey(keysOf(1), jws({ alg: "ES256" }), now)).toEqual({ state: "live", id: "key_0" });
});

test("incident 12: whatever is wrong with client or key costs the same checks: twice as many as one that is let in, for it is judged twice", async () => {
  const { store, clock, workspace } = await newWorld({ clientAuthenticationMethods: ["private_key_jwt"] });
  const [{ publicJwk } = { publicJwk: {} }] = keysOf(1);
  const dead = {
    expired: { expiresAt: new Date(0) },
    early: { notBefore: new Date("2027-01-01") },
    revoked: { revokedAt: new Date(0) },
  };
  store.addKey(workspace, clientId, { publicJwk });
  for (const id of ["bare", "wrong", "disabled", "posts", ...Object.keys(dead)])
    store.addClient(workspace, { clientId: id });
  store.addKey(workspace, "wrong", { publicJwk: keysOf(2)[1]?.publicJwk ?? {} });
  store.addKey(workspace, "disabled", { publicJwk });
  store.changeClient(workspace, "disabled", { status: "disabled" });
  store.addKey(workspace, "posts", { publicJwk });
  store.changeClient(workspace, "posts", { clientAuthenticationMethods: new Set(["client_secret_post"]) });
  for (const [id, change] of Object.entries(dead))
    store.changeClient(workspace, id, { keys: [{ ...store.addKey(workspace, id, { publicJwk }), ...change }] });
  const issuer = createTokenIssuer({ store, clock });
  const seconds = clock.now().getTime() / 1000;
  const asked = async (id: string) => {
    const claims = { iss: id, sub: id, aud: url, exp: seconds + 60, jti: id };
    const form = {
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(first.privateKey),
    };
    checks.splice(0);
    const { status } = await post(issuer.token, { ...form, resource: orders }, []);
    return [status, checks.length];
  };
  expect(await asked(clientId)).toEqual([200, 2]);
  for (const id of ["nobody", "bare", "wrong", "disabled", "posts", ...Object.keys(dead)])
    expect([id, ...(await asked(id))]).toEqual([id, 401, 4]);
});
