import { clientSecrets, clients } from "@mintmark/db/schema";
import { and, desc, eq, gt, isNull, or } from "drizzle-orm";
import { z } from "zod";
import {
  type Actor,
  type Answer,
  type Changed,
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
import { givenSecret, importedSecret } from "./imported-secret.ts";
import { futureInstant, id, instant, name } from "./input.ts";
import { refuseLastOwner } from "./last-owner.ts";
import { found, livingRow, livingRows, locateRow, naming, targetOf } from "./living-row.ts";
import { newClientSecretValue } from "./secret-value.ts";
import { effectiveSettingsAt } from "./settings.ts";

/** What is known of a client secret; its value was shown once and is nowhere. */
export interface ClientSecret {
  readonly id: string;
  readonly workspaceId: string;
  /** The client's internal id. */
  readonly clientId: string;
  readonly name: string;
  /** The last four characters of its random part. */
  readonly hint: string;
  /** It existed elsewhere before: another system may know it too. */
  readonly isImported: boolean;
  readonly createdAt: Date;
  readonly notBefore: Date;
  /** Null is "never". */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
}

/** A secret's own members, of a row that has more: never the digest. */
export const secretOf = (row: ClientSecret): ClientSecret => ({
  id: row.id,
  workspaceId: row.workspaceId,
  clientId: row.clientId,
  name: row.name,
  hint: row.hint,
  isImported: row.isImported,
  createdAt: row.createdAt,
  notBefore: row.notBefore,
  expiresAt: row.expiresAt,
  revokedAt: row.revokedAt,
  lastUsedAt: row.lastUsedAt,
  lastUsedAddress: row.lastUsedAddress,
});

const touched = (row: ClientSecret): Touched => {
  // Use is no configuration: it has its own records.
  const { lastUsedAt, lastUsedAddress, ...body } = secretOf(row);
  return { kind: "clientSecret", id: row.id, workspaceId: row.workspaceId, clientId: row.clientId, body };
};

/** When a new secret begins and ends. */
interface Span {
  readonly notBefore: Date;
  readonly expiresAt: Date | null;
}

const DAY_MS = 24 * 3600 * 1000;

function refuseSpan({ notBefore, expiresAt }: Span, longestDays: number | null, now: Date): void {
  const wrong = (problem: string, mend: string) =>
    refuse({ code: "INVALID_INPUT", path: ["expiresAt"], problem, mend });
  if (expiresAt && expiresAt <= notBefore) wrong("The secret would end before it begins.", "Choose a later expiresAt.");
  if (longestDays === null) return;
  const latest = now.getTime() + longestDays * DAY_MS;
  if (expiresAt === null || expiresAt.getTime() > latest)
    wrong(
      `A client secret may live at most ${longestDays} days here (setting clientSecretLifetime).`,
      `Choose an expiresAt until ${new Date(latest).toISOString()}.`,
    );
}

/** Refuses what the settings of the client's place do not allow. The client is locked: two calls cannot both be the last. */
async function refuseBySettings(write: Writer, client: typeof clients.$inferSelect, span: Span): Promise<void> {
  const { tx, tenantId, now } = write;
  const { workspaceId, id: clientId } = client;
  const settings = await effectiveSettingsAt(tx, { tenantId, workspaceId, clientId });
  refuseSpan(span, settings.clientSecretLifetime.value, now);
  const isOfClient = and(eq(clientSecrets.tenantId, tenantId), eq(clientSecrets.clientId, clientId));
  const lives = or(isNull(clientSecrets.expiresAt), gt(clientSecrets.expiresAt, now));
  const active = await tx.$count(clientSecrets, and(isOfClient, isNull(clientSecrets.revokedAt), lives));
  const limit = settings.clientSecretLimit.value;
  if (active >= limit) refuse({ code: "LIMIT_REACHED", noun: "clientSecret", limit, setting: "clientSecretLimit" });
}

interface NewSecret extends Span {
  readonly name: string;
  readonly hint: string;
  readonly isImported: boolean;
  readonly digest: Buffer;
}

async function insertSecret(write: Writer, clientId: string, made: (pepper: number) => NewSecret): Promise<Changed> {
  const { tx, tenantId, now, installation } = write;
  const client = await clientToChange(write, clientId, ["clientId"]);
  // Such a client administers the tenant, and outlives the session that made its secret.
  if (client.kind !== "custom") refuseWithoutStepUp(write);
  const pepperVersion = installation.keyring.currentPepperVersion;
  const secret = made(pepperVersion);
  await refuseBySettings(write, client, secret);
  const { workspaceId } = client;
  const place = { tenantId, workspaceId, clientId, id: newId("clientSecret"), createdAt: now };
  const exists = { code: "ALREADY_EXISTS", noun: "clientSecret", path: ["value"], value: "with this value" } as const;
  const [row] = await naming(
    { client_secrets_digest: exists },
    tx
      .insert(clientSecrets)
      .values({ ...place, ...secret, pepperVersion })
      .returning(),
  );
  const { id, hint } = found(row, "clientSecret", place.id, ["id"]);
  const type = secret.isImported ? "client-secret.imported" : "client-secret.created";
  const event = { type, clientId, secretId: id, hint } as const;
  return { id, event, workspaceId, touched: row ? [touched(row)] : [] };
}

const dates = { notBefore: instant.nullish(), expiresAt: futureInstant.nullish() };
const newSecret = { name: name.nullish(), ...dates };
/** What may be said of a secret that is made along with its client. */
export const newSecretInput = z.strictObject(newSecret);
const createInput = z.strictObject({ clientId: id, ...newSecret });
type CreateInput = z.infer<typeof createInput>;

const spanOf = (
  write: Writer,
  input: { notBefore?: Date | null | undefined; expiresAt?: Date | null | undefined },
) => ({
  notBefore: input.notBefore ?? write.now,
  expiresAt: input.expiresAt ?? null,
});

/** Makes a secret inside a change; its value is in the answer's `secret`. @throws Refusal */
export async function insertGeneratedSecret(write: Writer, input: CreateInput): Promise<Changed> {
  const { value, hint } = newClientSecretValue();
  const changed = await insertSecret(write, input.clientId, (pepper) => ({
    ...spanOf(write, input),
    name: input.name ?? "",
    hint,
    isImported: false,
    digest: write.installation.keyring.digest(value, pepper),
  }));
  return { ...changed, secret: { value } };
}

const CreateClientSecret: Operation<CreateInput, "client-secret:write"> = {
  mutation: "createClientSecret",
  permission: "client-secret:write",
  input: createInput,
  locate: (read, input) => locateRow(read, clients, "client", input.clientId, ["clientId"]),
  run: insertGeneratedSecret,
};

const importInput = z
  .strictObject({ clientId: id, name: name.nullish(), ...importedSecret, ...dates })
  .refine((input) => givenSecret(input) !== undefined, {
    message: "Give either the secret's value or its sha256.",
    path: ["value"],
  });

const ImportClientSecret: Operation<z.infer<typeof importInput>, "client-secret:write"> = {
  mutation: "importClientSecret",
  permission: "client-secret:write",
  input: importInput,
  locate: (read, input) => locateRow(read, clients, "client", input.clientId, ["clientId"]),
  run(write, input) {
    const given = givenSecret(input);
    if (!given) throw new Error("an import without a secret was parsed");
    return insertSecret(write, input.clientId, (pepper) => ({
      ...spanOf(write, input),
      name: input.name ?? "",
      hint: given.hint,
      isImported: true,
      digest: write.installation.keyring.digestOfHash(Buffer.from(given.sha256, "hex"), pepper),
    }));
  },
};

const revokeInput = z.strictObject({ id, withTokens: z.boolean().nullish() });

const RevokeClientSecret: Operation<z.infer<typeof revokeInput>, "client-secret:write"> = {
  mutation: "revokeClientSecret",
  permission: "client-secret:write",
  input: revokeInput,
  locate: (read, input) => locateRow(read, clientSecrets, "clientSecret", input.id, ["id"]),
  async run(write, input) {
    const secret = found(await livingRow(write, clientSecrets, input.id, "lock"), "clientSecret", input.id, ["id"]);
    if (input.withTokens) alsoNeeds(write, "token:revoke", targetOf(secret));
    await clientToChange(write, secret.clientId, ["id"]);
    if (secret.kind === "admin") await refuseLastOwner(write, { secretId: secret.id });
    const revokedAt = secret.revokedAt ?? write.now;
    const isSecret = and(eq(clientSecrets.tenantId, write.tenantId), eq(clientSecrets.id, secret.id));
    await write.tx.update(clientSecrets).set({ revokedAt }).where(isSecret);
    const cutOff = input.withTokens ? await cutOffTokens(write, secret.clientId) : undefined;
    const { clientId, id: secretId, hint, workspaceId } = secret;
    const tokens = cutOff && { tokensNotBefore: cutOff.notBefore.toISOString() };
    return {
      id: secretId,
      event: { type: "client-secret.revoked", clientId, secretId, hint, ...tokens },
      workspaceId,
      touched: [touched({ ...secret, revokedAt }), ...(cutOff ? [cutOff.touched] : [])],
    };
  },
};

/** Makes a client secret; `secret.value` is shown this once. Needs client-secret:write. */
export const createClientSecret = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, CreateClientSecret, raw);
/** Takes over a secret that existed elsewhere, by its value or its unsalted SHA-256. */
export const importClientSecret = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, ImportClientSecret, raw);
/** Stops a secret for new tokens; `withTokens` takes the client's tokens back too. Revoking twice changes nothing; the last owner's last secret stays (LAST_OWNER). */
export const revokeClientSecret = (actor: Actor, raw: unknown): Promise<Answer> =>
  change(actor, RevokeClientSecret, raw);

export async function getClientSecret(actor: Actor, id: string): Promise<ClientSecret | undefined> {
  const row = await livingRow(readerOf(actor), clientSecrets, id);
  return row && mayRead(actor, "client-secret:read", targetOf(row)) ? secretOf(row) : undefined;
}

/** A client's secrets, newest first; empty where they may not be seen. */
export async function listClientSecrets(actor: Actor, clientId: string): Promise<readonly ClientSecret[]> {
  const read = readerOf(actor);
  const [client] = await livingRows(read, clients, [clientId]);
  if (!client || !mayRead(actor, "client-secret:read", targetOf(client))) return [];
  const rows = await read.tx
    .select()
    .from(clientSecrets)
    .where(and(eq(clientSecrets.tenantId, read.tenantId), eq(clientSecrets.clientId, clientId)))
    .orderBy(desc(clientSecrets.createdAt), desc(clientSecrets.id));
  return rows.map(secretOf);
}
