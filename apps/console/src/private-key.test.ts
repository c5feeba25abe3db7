import { generateKeyPairSync, generateKeySync } from "node:crypto";
import { expect, test } from "vitest";
import { holdsPrivateKey } from "./private-key.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const edwards = generateKeyPairSync("ed25519");
const secret = generateKeySync("hmac", { length: 256 }).export({ format: "jwk" });
const jwkOf = (key: typeof ec.publicKey) => key.export({ format: "jwk" });
const cipher = { cipher: "aes-256-cbc", passphrase: "a passphrase" };

test.each([
  ["PKCS #8", ec.privateKey.export({ format: "pem", type: "pkcs8" })],
  ["encrypted PKCS #8", ec.privateKey.export({ format: "pem", type: "pkcs8", ...cipher })],
  ["SEC 1", ec.privateKey.export({ format: "pem", type: "sec1" })],
  ["PKCS #1", rsa.privateKey.export({ format: "pem", type: "pkcs1" })],
  ["OpenSSH", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----"],
  ["its second half alone", `${"A".repeat(64)}\n-----END PRIVATE KEY-----`],
  ["a JWK of EC", JSON.stringify(jwkOf(ec.privateKey))],
  ["a JWK of RSA", JSON.stringify(jwkOf(rsa.privateKey), null, 2)],
  ["a JWK of Ed25519", JSON.stringify(jwkOf(edwards.privateKey))],
  ["a symmetric JWK", JSON.stringify(secret)],
  ["a set with one among public keys", JSON.stringify({ keys: [jwkOf(ec.publicKey), jwkOf(ec.privateKey)] })],
  ["a JWK that is cut off", JSON.stringify(jwkOf(ec.privateKey)).slice(0, -1)],
  [
    "a certificate with its key",
    "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY-----",
  ],
])("%s holds a private key", (_, pasted) => expect(holdsPrivateKey(String(pasted))).toBe(true));

test.each([
  ["nothing", ""],
  ["PEM", ec.publicKey.export({ format: "pem", type: "spki" })],
  ["a JWK of EC", JSON.stringify({ ...jwkOf(ec.publicKey), kid: "d", use: "sig", key_ops: ["verify"] })],
  ["a JWK of RSA", JSON.stringify(jwkOf(rsa.publicKey))],
  ["a set", JSON.stringify({ keys: [jwkOf(ec.publicKey), jwkOf(edwards.publicKey)] })],
  ["a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"],
  ["a subject", "CN=private key,O=Acme"],
])("%s, as far as it is public, may be sent", (_, pasted) => expect(holdsPrivateKey(String(pasted))).toBe(false));
