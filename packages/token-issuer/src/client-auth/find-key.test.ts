import { generateKeyPairSync, sign } from "node:crypto";
import type { JWK } from "jose";
import { beforeEach, expect, test, vi } from "vitest";
import type { ClientKey } from "../store.ts";
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
])("%s costs two checks, with and without a kid, whatever the algorithm", (_, keys) => {
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
