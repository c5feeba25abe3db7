import { createHash, createPublicKey, verify } from "node:crypto";
import { expect, test } from "vitest";
import { newProofKey, proofOf } from "./dpop.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");
const read = (part = "") => JSON.parse(Buffer.from(part, "base64url").toString());

async function proofKey() {
  const key = await newProofKey();
  if (!key) throw new Error("no WebCrypto");
  return key;
}

test("a proof is signed by the key in its header, which is named as a bound token names it (RFC 7638)", async () => {
  const key = await proofKey();
  const proof = await proofOf(key, { method: "POST", url: "https://id.example.com/token", nonce: "n", token: "t" });
  const [header, claims, signature = ""] = proof.split(".");
  expect(read(header)).toEqual({ alg: "ES256", typ: "dpop+jwt", jwk: key.jwk });
  expect(read(claims)).toMatchObject({
    htm: "POST",
    htu: "https://id.example.com/token",
    nonce: "n",
    ath: sha256("t"),
  });
  const publicKey = createPublicKey({ key: { ...key.jwk } as Record<string, string>, format: "jwk" });
  const signed = Buffer.from(`${header}.${claims}`);
  const by = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
  expect(verify("sha256", signed, by, Buffer.from(signature, "base64url"))).toBe(true);
  const { crv, kty, x, y } = key.jwk;
  expect(key.thumbprint).toBe(sha256(JSON.stringify({ crv, kty, x, y })));
});

test("no two proofs are alike, and what is not there is not said", async () => {
  const key = await proofKey();
  const proofs = await Promise.all([1, 2].map(() => proofOf(key, { method: "GET", url: "https://a.example/" })));
  const [one, other] = proofs.map((proof) => read(proof.split(".")[1]));
  expect(one.jti).not.toBe(other.jti);
  expect(Object.keys(one).toSorted()).toEqual(["htm", "htu", "iat", "jti"]);
});
