import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import type { Issuer } from "../store.ts";

/** Seconds that a nonce may be used for. */
const LIFETIME = 300;
/** Seconds that the clock of the server that made it may run ahead. */
const SKEW = 30;
const TIME_BYTES = 6;
const MAC_BYTES = 16;

/** For a store of one process. */
export const processNonceKey: KeyObject = createSecretKey(randomBytes(32));

/**
 * A nonce for DPoP proofs (RFC 9449 §8): the second it was made in, under a key that all servers share. Nothing is
 * remembered, so any server knows the nonce of any other, and of before a restart.
 */
export function newNonce(key: KeyObject, issuer: Issuer, now: Date): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(Math.floor(now.getTime() / 1000), 0, TIME_BYTES);
  return Buffer.concat([time, mac(key, issuer, time)]).toString("base64url");
}

/** Whether a nonce is one of this issuer's and lives. */
export function isLivingNonce(key: KeyObject, issuer: Issuer, nonce: string, now: Date): boolean {
  const bytes = Buffer.from(nonce, "base64url");
  if (bytes.length !== TIME_BYTES + MAC_BYTES || bytes.toString("base64url") !== nonce) return false;
  const time = bytes.subarray(0, TIME_BYTES);
  if (!timingSafeEqual(bytes.subarray(TIME_BYTES), mac(key, issuer, time))) return false;
  const age = now.getTime() / 1000 - time.readUIntBE(0, TIME_BYTES);
  return age < LIFETIME && age > -SKEW;
}

const mac = (key: KeyObject, { url }: Issuer, time: Uint8Array): Buffer =>
  createHmac("sha256", key).update(time).update(url).digest().subarray(0, MAC_BYTES);
