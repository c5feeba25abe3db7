import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** What a browser gives back of a passkey, as JSON (WebAuthn §5.1). */
type Credential = Readonly<Record<string, unknown>>;

/** A passkey in software: ES256, no attestation. */
export interface Authenticator {
  /** Answers `navigator.credentials.create()` for these options. */
  create(options: Readonly<Record<string, unknown>>, origin: string): Credential;
  /** Answers `navigator.credentials.get()`; `isVerified` false: the device did not ask who holds it. */
  get(options: Readonly<Record<string, unknown>>, origin: string, isVerified?: boolean): Credential;
}

const url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest();

/** CBOR of what is needed here: maps with text or small integer keys, text and bytes (RFC 8949 §3). */
function cbor(value: unknown): Buffer {
  const head = (major: number, length: number) => {
    if (length < 24) return Buffer.from([(major << 5) | length]);
    const wide = length < 256 ? [(major << 5) | 24, length] : [(major << 5) | 25, length >> 8, length & 255];
    return Buffer.from(wide);
  };
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  const entries = [...(value as Map<unknown, unknown>)];
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, member]) => [cbor(key), cbor(member)])]);
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

export function newAuthenticator(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(32);
  let counter = 0;
  const dataOf = (rpId: string, flags: number, attested: Uint8Array = Buffer.alloc(0)) => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, attested]);
  };
  const clientData = (type: string, challenge: unknown, origin: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const answer = (response: object) => ({
    id: url(id),
    rawId: url(id),
    type: "public-key",
    clientExtensionResults: {},
    response,
  });
  return {
    create({ challenge, rp }, origin) {
      const key = new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, "base64url")],
        [-3, Buffer.from(y, "base64url")],
      ]);
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cbor(key)]);
      const authData = dataOf((rp as { id: string }).id, PRESENT | VERIFIED | ATTESTED, attested);
      const attestation = new Map<string, unknown>([
        ["fmt", "none"],
        ["attStmt", new Map()],
        ["authData", authData],
      ]);
      return answer({
        clientDataJSON: url(clientData("webauthn.create", challenge, origin)),
        attestationObject: url(cbor(attestation)),
        transports: ["internal"],
      });
    },
    get({ challenge, rpId }, origin, isVerified = true) {
      const client = clientData("webauthn.get", challenge, origin);
      const data = dataOf(String(rpId), isVerified ? PRESENT | VERIFIED : PRESENT);
      return answer({
        clientDataJSON: url(client),
        authenticatorData: url(data),
        signature: url(sign("sha256", Buffer.concat([data, sha256(client)]), privateKey)),
      });
    },
  };
}
