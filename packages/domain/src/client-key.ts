import { clientKeys, clients } from "@mintmark/db/schema";
import { type PublicKeyProblem, type ReadPublicKey, readPublicKey } from "@mintmark/token-issuer";
import { and, desc, eq, gt, isNull, or } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  change,
  mayRead,
  type Operation,
  readerOf,
  refuse,
  refuseWithoutStepUp,
} from "./actor.ts";
import type { Touched } from "./change-feed.ts";
import { clientToChange } from "./client-row.ts";
import { cutOffTokens } from "./cut-off.ts";
import { alsoNeeds } from "./escalation.ts";
import type { Writer } from "./handle.ts";
import { newId } from "./id.ts";
import { futureInstant, id, instant, name } from "./input.ts";
import { found, livingRow, livingRows, locateRow, targetOf } from "./living-row.ts";

/** A public key that a client signs its assertions with (RFC 7523 §2.2). Nothing of it is secret. */
export interface ClientKey {
  readonly id: string;
  readonly workspaceId: string;
  /** The client's internal id. */
  readonly clientId: string;
  readonly name: string;
  readonly kid: string;
  /** Public members. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly notBefore: Date;
  /** Null is "never". */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
}

type Row = typeof clientKeys.$inferSelect;

const keyOf = (row: Row): ClientKey => ({
  id: row.id,
  workspaceId: row.workspaceId,
  clientId: row.clientId,
  name: row.name,
  kid: row.kid ?? "",
  publicJwk: (row.publicJwk ?? {}) as Record<string, unknown>,
  createdAt: row.createdAt,
  notBefore: row.notBefore,
  expiresAt: row.expiresAt,
  revokedAt: row.revokedAt,
  lastUsedAt: row.lastUsedAt,
  lastUsedAddress: row.lastUsedAddress,
});

const touched = (row: Row): Touched => {
  // Use is no configuration: it has its own records.
  const { lastUsedAt, lastUsedAddress, ...body } = keyOf(row);
  return { kind: "clientKey", id: row.id, workspaceId: row.workspaceId, clientId: row.clientId, body };
};

/** Keys of a client that count at once. The issuer tries two of them for an assertion without a `kid`. */
const MOST_KEYS = 10;

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

async function readKey(text: string): Promise<ReadPublicKey> {
  const key = await readPublicKey(text);
  if (typeof key !== "string") return key;
  const [problem, mend] = problems[key];
  return refuse({ code: "INVALID_INPUT", path: ["publicKey"], problem, mend });
}

const wrong = (path: string, problem: string, mend: string) =>
  refuse({ code: "INVALID_INPUT", path: [path], problem, mend });

/** Refuses a key that the client has, one too many, and two of one name. The client is locked. */
async function refuseByOthers(write: Writer, clientId: string, { kid, publicJwk }: ReadPublicKey): Promise<void> {
  const { tx, tenantId, now } = write;
  const lives = or(isNull(clientKeys.expiresAt), gt(clientKeys.expiresAt, now));
  const ofClient = and(eq(clientKeys.tenantId, tenantId), eq(clientKeys.clientId, clientId));
  const others = await tx
    .select()
    .from(clientKeys)
    .where(and(ofClient, isNull(clientKeys.revokedAt), lives));
  if (others.length >= MOST_KEYS)
    wrong("clientId", `A client may have ${MOST_KEYS} keys at once.`, "Revoke one of them first.");
  const isAlike = (other: Row) => JSON.stringify(sorted(other.publicJwk)) === JSON.stringify(sorted(publicJwk));
  if (others.some((other) => isAlike(other) || other.kid === kid))
    refuse({ code: "ALREADY_EXISTS", noun: "clientKey", path: ["publicKey"], value: kid });
}

/** A key's own members in one order; what it is used for is not one of them. */
const sorted = (jwk: unknown) =>
  Object.entries(jwk ?? {})
    .filter(([name]) => name !== "alg")
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

const createInput = z.strictObject({
  clientId: id,
  publicKey: z.string().min(1, "Send the public key.").max(20_000, "A public key is shorter than 20,000 characters."),
  name: name.nullish(),
  notBefore: instant.nullish(),
  expiresAt: futureInstant.nullish(),
});

const CreateClientKey: Operation<z.infer<typeof createInput>, "client-secret:write"> = {
  mutation: "createClientKey",
  permission: "client-secret:write",
  input: createInput,
  locate: (read, input) => locateRow(read, clients, "client", input.clientId, ["clientId"]),
  async run(write, input) {
    const client = await clientToChange(write, input.clientId, ["clientId"]);
    // Such a client administers the tenant, and outlives the session that gave it its key.
    if (client.kind !== "custom") refuseWithoutStepUp(write);
    const key = await readKey(input.publicKey);
    const notBefore = input.notBefore ?? write.now;
    const expiresAt = input.expiresAt ?? null;
    if (expiresAt && expiresAt <= notBefore)
      wrong("expiresAt", "The key would end before it begins.", "Choose a later expiresAt.");
    await refuseByOthers(write, client.id, key);
    const [row] = await write.tx
      .insert(clientKeys)
      .values({
        tenantId: write.tenantId,
        workspaceId: client.workspaceId,
        id: newId("clientKey"),
        clientId: client.id,
        name: input.name ?? "",
        hint: key.thumbprint.slice(0, 4),
        kid: key.kid,
        publicJwk: key.publicJwk,
        createdAt: write.now,
        notBefore,
        expiresAt,
      })
      .returning();
    const made = found(row, "clientKey", "", ["id"]);
    return {
      id: made.id,
      event: { type: "client-key.created", clientId: client.id, keyId: made.id, kid: key.kid },
      workspaceId: client.workspaceId,
      touched: [touched(made)],
    };
  },
};

const revokeInput = z.strictObject({ id, withTokens: z.boolean().nullish() });

const RevokeClientKey: Operation<z.infer<typeof revokeInput>, "client-secret:write"> = {
  mutation: "revokeClientKey",
  permission: "client-secret:write",
  input: revokeInput,
  locate: (read, input) => locateRow(read, clientKeys, "clientKey", input.id, ["id"]),
  async run(write, input) {
    const key = found(await livingRow(write, clientKeys, input.id, "lock"), "clientKey", input.id, ["id"]);
    if (input.withTokens) alsoNeeds(write, "token:revoke", targetOf(key));
    await clientToChange(write, key.clientId, ["id"]);
    const revokedAt = key.revokedAt ?? write.now;
    const isKey = and(eq(clientKeys.tenantId, write.tenantId), eq(clientKeys.id, key.id));
    await write.tx.update(clientKeys).set({ revokedAt }).where(isKey);
    const cutOff = input.withTokens ? await cutOffTokens(write, key.clientId) : undefined;
    const tokens = cutOff && { tokensNotBefore: cutOff.notBefore.toISOString() };
    return {
      id: key.id,
      event: { type: "client-key.revoked", clientId: key.clientId, keyId: key.id, kid: key.kid ?? "", ...tokens },
      workspaceId: key.workspaceId,
      touched: [touched({ ...key, revokedAt }), ...(cutOff ? [cutOff.touched] : [])],
    };
  },
};

/** Registers a public key for `private_key_jwt`. Needs client-secret:write. */
export const createClientKey = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, CreateClientKey, raw);
/** Stops a key for new tokens; `withTokens` takes the client's tokens back too. Revoking twice changes nothing. */
export const revokeClientKey = (actor: Actor, raw: unknown): Promise<Answer> => change(actor, RevokeClientKey, raw);

export async function getClientKey(actor: Actor, id: string): Promise<ClientKey | undefined> {
  const row = await livingRow(readerOf(actor), clientKeys, id);
  return row && mayRead(actor, "client-secret:read", targetOf(row)) ? keyOf(row) : undefined;
}

/** A client's keys, newest first; empty where they may not be seen. */
export async function listClientKeys(actor: Actor, clientId: string): Promise<readonly ClientKey[]> {
  const read = readerOf(actor);
  const [client] = await livingRows(read, clients, [clientId]);
  if (!client || !mayRead(actor, "client-secret:read", targetOf(client))) return [];
  const rows = await read.tx
    .select()
    .from(clientKeys)
    .where(and(eq(clientKeys.tenantId, read.tenantId), eq(clientKeys.clientId, clientId)))
    .orderBy(desc(clientKeys.createdAt), desc(clientKeys.id));
  return rows.map(keyOf);
}
