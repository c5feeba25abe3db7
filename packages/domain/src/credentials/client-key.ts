import { clientKeys } from "@mintmark/db/schema";
import { jwkThumbprint, type PublicKeyProblem, type ReadPublicKey, readPublicKey } from "@mintmark/token-issuer";
import { z } from "zod";
import { type Actor, type Answer, change, type Operation, refuse } from "../change/actor.ts";
import type { Writer } from "../change/handle.ts";
import type { Failure } from "../failure.ts";
import { id } from "../input.ts";
import {
  type Credential,
  type CredentialKind,
  credentialOf,
  gets,
  insertCredential,
  locateClient,
  madeCredential,
  type NewCredential,
  newCredential,
  revokes,
} from "./credential.ts";
import { httpsAddress } from "./https-address.ts";

/** A public key that a client signs its assertions with (RFC 7523 §2.2), or the address of such keys. Nothing of it is secret. */
export interface ClientKey extends Credential {
  /** Null where an address says it. */
  readonly kid: string | null;
  /** Public members; null where an address says them. */
  readonly publicJwk: Readonly<Record<string, unknown>> | null;
  /** Where the client publishes its keys (RFC 7591 §2); null where it registered one. */
  readonly jwksUri: string | null;
}

/** The issuer tries two of them for an assertion without a `kid`. */
const MOST_KEYS = 10;

export const clientKey: CredentialKind<typeof clientKeys.$inferSelect, ClientKey> = {
  noun: "clientKey",
  table: clientKeys,
  word: "key",
  of: (row) => ({
    ...credentialOf(row),
    kid: row.kid,
    publicJwk: row.publicJwk as ClientKey["publicJwk"],
    jwksUri: row.jwksUri,
  }),
  lifetime: "clientKeyLifetime",
  limit: () => ({ limit: MOST_KEYS }),
  revokedEvent: (row, tokens) => ({
    type: "client-key.revoked",
    clientId: row.clientId,
    keyId: row.id,
    ...named(row),
    ...tokens,
  }),
};

/** What the audit log names it by. */
const named = ({ kid, jwksUri }: { readonly kid: string | null; readonly jwksUri: string | null }) =>
  jwksUri === null ? { kid: kid ?? "" } : { jwksUri };

const problems: { readonly [P in PublicKeyProblem]: readonly [problem: string, mend: string] } = {
  private: [
    "This holds a private key, which must not leave the client: whoever has it can act as the client.",
    "Make a new key pair, and send its public half alone.",
  ],
  unreadable: ["This is no public key.", "Send a JWK as JSON, or a public key in PEM."],
  kind: ["Keys of this kind cannot be used here.", "Use P-256 (ES256), Ed25519 (EdDSA) or RSA (PS256, RS256)."],
  size: ["This RSA key has an unusual size.", "Use 2048 to 4096 bits with the exponent 65537, or P-256."],
  kid: ["The key's kid is not usable.", "Choose a kid of 1 to 255 printable ASCII characters, or leave it out."],
};

/** A public key that a client may register, or why it may not. Pure. */
export function keyIn(text: string): ReadPublicKey | Failure {
  const key = readPublicKey(text);
  if (typeof key !== "string") return key;
  const [problem, mend] = problems[key];
  return { code: "INVALID_INPUT", path: ["publicKey"], problem, mend };
}

function readKey(text: string): ReadPublicKey {
  const key = keyIn(text);
  return "code" in key ? refuse(key) : key;
}

/** A key's own members in one order; what it is used for is not one of them. */
const sorted = (jwk: unknown) =>
  Object.entries(jwk ?? {})
    .filter(([name]) => name !== "alg")
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Whether two JWKs are one key for the same use, whatever else they say. */
export const isAlike = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const createInput = z.strictObject({
  clientId: id,
  publicKey: z
    .string()
    .min(1, "Send the public key.")
    .max(20_000, "A public key is shorter than 20,000 characters.")
    .nullish(),
  jwksUri: httpsAddress.nullish(),
  ...newCredential,
});

const CreateClientKey: Operation<z.infer<typeof createInput>, "client-secret:write"> = {
  mutation: "createClientKey",
  permission: "client-secret:write",
  input: createInput,
  locate: locateClient,
  async run(write, input) {
    const { publicKey = null, jwksUri = null } = input;
    if ((publicKey === null) === (jwksUri === null))
      refuse({
        code: "INVALID_INPUT",
        path: ["publicKey"],
        problem: "A key is given by itself or by its address, and exactly one of both is needed.",
        mend: "Send publicKey or jwksUri.",
      });
    const made =
      publicKey === null
        ? await insertKeySet(write, input, jwksUri ?? "")
        : await insertKey(write, input, readKey(publicKey));
    const { id: keyId, clientId } = made;
    return madeCredential(clientKey, made, { type: "client-key.created", clientId, keyId, ...named(made) });
  },
};

/** Registers a key inside a change. @throws Refusal */
export const insertKey = (
  write: Writer,
  input: NewCredential,
  { kid, publicJwk }: Pick<ReadPublicKey, "kid" | "publicJwk">,
) =>
  insertCredential(write, clientKey, input, async (_, living) => {
    if (living.some((other) => other.kid === kid || isAlike(other.publicJwk, publicJwk)))
      refuse({ code: "ALREADY_EXISTS", noun: "clientKey", path: ["publicKey"], value: kid });
    return ofKey({ kid, publicJwk });
  });

/** What a row keeps of a key. */
export const ofKey = ({ kid, publicJwk }: Pick<ReadPublicKey, "kid" | "publicJwk">) => ({
  hint: jwkThumbprint(publicJwk).slice(0, 4),
  kid,
  publicJwk,
  jwksUri: null,
});

/** What a row keeps of an address of keys. */
export const ofKeySet = (jwksUri: string) => ({ hint: new URL(jwksUri).host, kid: null, publicJwk: null, jwksUri });

/** Registers an address of keys inside a change. @throws Refusal */
export const insertKeySet = (write: Writer, input: NewCredential, jwksUri: string) =>
  insertCredential(write, clientKey, input, async (_, living) => keysAt(jwksUri, living));

/** A client's address of keys. It is not asked here: whether somebody answers there may change at any time. */
function keysAt(jwksUri: string, living: readonly { readonly jwksUri: string | null }[]) {
  if (living.some((other) => other.jwksUri === jwksUri))
    refuse({ code: "ALREADY_EXISTS", noun: "clientKey", path: ["jwksUri"], value: jwksUri });
  return ofKeySet(jwksUri);
}

/** Registers a public key, or the address of such keys, for `private_key_jwt`. Needs client-secret:write. */
export const createClientKey = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateClientKey, raw);
export const revokeClientKey = revokes("revokeClientKey", clientKey);
export const getClientKey = gets(clientKey);
