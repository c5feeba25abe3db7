import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";

const NONCE = 12;
const TAG = 16;
const KEY_CHECK = Buffer.from("mintmark key check");

/** Opens nothing under a wrong key: the message says what to do. */
export class WrongMasterKey extends Error {
  constructor() {
    super(
      "MINTMARK_MASTER_KEY is not the key that this database was made with. Start with the key that it was made with; without it signing keys and secrets cannot be used.",
    );
    this.name = "WrongMasterKey";
  }
}

/** Seals small values under the master key: AES-256-GCM, the additional data ties a value to its place. */
export interface Keyring {
  seal(plain: Uint8Array, place: string): Buffer;
  /** @throws WrongMasterKey when the key or the place is another one */
  open(sealed: Uint8Array, place: string): Buffer;
  /** HMAC-SHA-256(pepper, SHA-256(value)). @throws Error when that pepper is not loaded */
  digest(value: string, pepperVersion: number): Buffer;
  /** The same from SHA-256(value): an imported secret whose value is not known. */
  digestOfHash(sha256: Uint8Array, pepperVersion: number): Buffer;
  readonly currentPepperVersion: number;
  /** Every version that is loaded, in the order of their coming. */
  readonly pepperVersions: readonly number[];
  /** A secret of 32 bytes in base64url, the same under the same master key, different for each purpose. */
  secretFor(purpose: string): string;
  /** Makes a pepper usable; the newest version is the current one. */
  addPepper(version: number, wrapped: Uint8Array): void;
}

/** A keyring under a master key of at least 32 bytes, as base64 or hexadecimal text. */
export function openKeyring(masterKey: string): Keyring {
  const key = Buffer.from(hkdfSync("sha256", Buffer.from(masterKey, "utf8"), "", "mintmark wrapping key v1", 32));
  // As key objects: an HMAC under bytes costs four times as much.
  const peppers = new Map<number, KeyObject>();
  const versions: number[] = [];
  let current = 0;
  const open = (sealed: Uint8Array, place: string): Buffer => {
    try {
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE));
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
    } catch {
      throw new WrongMasterKey();
    }
  };
  const digestOfHash = (sha256: Uint8Array, version: number): Buffer => {
    const pepper = peppers.get(version);
    if (!pepper) throw new Error(`pepper ${version} is not loaded`);
    return createHmac("sha256", pepper).update(sha256).digest();
  };
  return {
    seal(plain, place) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open,
    secretFor: (purpose) =>
      Buffer.from(hkdfSync("sha256", Buffer.from(masterKey, "utf8"), "", `mintmark ${purpose}`, 32)).toString(
        "base64url",
      ),
    digestOfHash,
    digest: (value, version) => digestOfHash(hash("sha256", value, "buffer"), version),
    pepperVersions: versions,
    get currentPepperVersion() {
      return current;
    },
    addPepper(version, wrapped) {
      if (!peppers.has(version)) versions.push(version);
      peppers.set(version, createSecretKey(open(wrapped, `pepper|${version}`)));
      current = Math.max(current, version);
    },
  };
}

/** A sealed known text for `installation.key_check`. */
export const sealKeyCheck = (keyring: Keyring): Buffer => keyring.seal(KEY_CHECK, "key-check");

/** @throws WrongMasterKey */
export const checkKey = (keyring: Keyring, sealed: Uint8Array): void => {
  keyring.open(sealed, "key-check");
};

/** A new random pepper, wrapped, for `peppers`. */
export const newPepper = (keyring: Keyring, version: number): Buffer =>
  keyring.seal(randomBytes(32), `pepper|${version}`);
