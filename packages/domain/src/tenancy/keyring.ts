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
      "MINTMARK_MASTER_KEY is not the key that this database was made with, or that took its place. Start with that key; without it signing keys and secrets cannot be used.",
    );
    this.name = "WrongMasterKey";
  }
}

/** What the server signs and seals with for itself, each with a secret of its own. */
export const serverPurposes = ["sign-in v1", "DPoP nonces", "audit checkpoints"] as const;
export type ServerPurpose = (typeof serverPurposes)[number];

/** Seals small values under the master key: AES-256-GCM, the additional data ties a value to its place. */
export interface Keyring {
  seal(plain: Uint8Array, place: string): Buffer;
  /** @throws WrongMasterKey when no key opens it, or the place is another one */
  open(sealed: Uint8Array, place: string): Buffer;
  /**
   * The same value under the master key that seals; `undefined` where it is under that one already.
   *
   * @throws WrongMasterKey when no key opens it, or the place is another one
   */
  reseal(sealed: Uint8Array, place: string): Buffer | undefined;
  /** Names of the master keys: of the one that seals, then of the one that only opens, if there is one. They tell nothing else. */
  readonly keyNames: readonly string[];
  /** HMAC-SHA-256(pepper, SHA-256(value)). @throws Error when that pepper is not loaded */
  digest(value: string, pepperVersion: number): Buffer;
  /** The same from SHA-256(value): an imported secret whose value is not known. */
  digestOfHash(sha256: Uint8Array, pepperVersion: number): Buffer;
  readonly currentPepperVersion: number;
  /** Every version that is loaded, in the order of their coming. */
  readonly pepperVersions: readonly number[];
  /** 32 bytes in base64url, the same at every server, whatever wraps them. @throws Error when they are not loaded */
  secretFor(purpose: ServerPurpose): string;
  /** Makes a pepper usable; the newest version is the current one. */
  addPepper(version: number, wrapped: Uint8Array): void;
  /** Makes a server's secret usable. */
  addSecret(purpose: ServerPurpose, wrapped: Uint8Array): void;
  /** The secret that older versions drew from the master key that opens `sealedKeyCheck`: 32 bytes. @throws WrongMasterKey */
  drawnSecret(purpose: ServerPurpose, sealedKeyCheck: Uint8Array): Buffer;
}

interface MasterKey {
  readonly name: string;
  readonly wrapping: Buffer;
  /** 32 bytes for a purpose. */
  draw(purpose: string): Buffer;
}

function masterKeyOf(text: string): MasterKey {
  const draw = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", Buffer.from(text, "utf8"), "", `mintmark ${purpose}`, 32));
  return { name: draw("master key name").toString("base64url").slice(0, 16), wrapping: draw("wrapping key v1"), draw };
}

function unwrap({ wrapping }: MasterKey, sealed: Uint8Array, place: string): Buffer | undefined {
  try {
    const decipher = createDecipheriv("aes-256-gcm", wrapping, sealed.subarray(0, NONCE));
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/**
 * A keyring under a master key of at least 32 bytes, as base64 or hexadecimal text.
 *
 * @param otherMasterKey one more that opens and seals nothing, while one takes the place of the other
 */
export function openKeyring(masterKey: string, otherMasterKey?: string): Keyring {
  const first = masterKeyOf(masterKey);
  const keys = [first, ...(otherMasterKey === undefined ? [] : [masterKeyOf(otherMasterKey)])];
  // As key objects: an HMAC under bytes costs four times as much.
  const peppers = new Map<number, KeyObject>();
  const versions: number[] = [];
  const secrets = new Map<ServerPurpose, string>();
  let current = 0;
  const opened = (sealed: Uint8Array, place: string) => {
    for (const key of keys) {
      const plain = unwrap(key, sealed, place);
      if (plain) return { key, plain };
    }
    throw new WrongMasterKey();
  };
  const open = (sealed: Uint8Array, place: string): Buffer => opened(sealed, place).plain;
  const seal = (plain: Uint8Array, place: string): Buffer => {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv("aes-256-gcm", first.wrapping, nonce).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  };
  const digestOfHash = (sha256: Uint8Array, version: number): Buffer => {
    const pepper = peppers.get(version);
    if (!pepper) throw new Error(`pepper ${version} is not loaded`);
    return createHmac("sha256", pepper).update(sha256).digest();
  };
  return {
    seal,
    open,
    reseal(sealed, place) {
      const { key, plain } = opened(sealed, place);
      const resealed = key === first ? undefined : seal(plain, place);
      plain.fill(0);
      return resealed;
    },
    keyNames: keys.map(({ name }) => name),
    secretFor(purpose) {
      const secret = secrets.get(purpose);
      if (secret === undefined) throw new Error(`the server's secret for ${purpose} is not loaded`);
      return secret;
    },
    digestOfHash,
    digest: (value, version) => digestOfHash(hash("sha256", value, "buffer"), version),
    pepperVersions: versions,
    get currentPepperVersion() {
      return current;
    },
    addPepper(version, wrapped) {
      if (!peppers.has(version)) versions.push(version);
      peppers.set(version, createSecretKey(open(wrapped, pepperPlace(version))));
      current = Math.max(current, version);
    },
    addSecret(purpose, wrapped) {
      secrets.set(purpose, open(wrapped, serverSecretPlace(purpose)).toString("base64url"));
    },
    drawnSecret: (purpose, sealedKeyCheck) => opened(sealedKeyCheck, KEY_CHECK_PLACE).key.draw(purpose),
  };
}

/** Where the sealed known text of `installation.key_check` belongs. */
export const KEY_CHECK_PLACE = "key-check";
/** Where a wrapped pepper belongs. */
export const pepperPlace = (version: number): string => `pepper|${version}`;
/** Where a wrapped secret of the server's own belongs. */
export const serverSecretPlace = (purpose: string): string => `server-secret|${purpose}`;

/** A sealed known text for `installation.key_check`. */
export const sealKeyCheck = (keyring: Keyring): Buffer => keyring.seal(KEY_CHECK, KEY_CHECK_PLACE);

/** A new random pepper, wrapped, for `peppers`. */
export const newPepper = (keyring: Keyring, version: number): Buffer =>
  keyring.seal(randomBytes(32), pepperPlace(version));
