import {
  type clientCertificates,
  type clientKeys,
  type clientSecrets,
  clients,
  type federatedCredentials,
} from "@mintmark/db/schema";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { alsoNeeds } from "../authority/escalation.ts";
import type { WorkspaceTarget } from "../authority/permission.ts";
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
} from "../change/actor.ts";
import type { AuditEvent } from "../change/audit-event.ts";
import type { Touched } from "../change/change-feed.ts";
import type { Reader, Writer } from "../change/handle.ts";
import { refuseUnapproved } from "../clients/client-approval.ts";
import { clientToChange, refuseOwned } from "../clients/client-row.ts";
import { cutOffTokens } from "../clients/cut-off.ts";
import type { Failure } from "../failure.ts";
import { type Noun, newId } from "../id.ts";
import { futureInstant, id, instant, name } from "../input.ts";
import { found, type LivingRow, livingRow, locateRow, targetOf } from "../living-row.ts";
import { refuseLastOwner } from "../people/last-owner.ts";
import { type EffectiveSettings, effectiveSettingsAt } from "../settings/settings.ts";
import { isLivingAt } from "./living-credential.ts";

/** What is known of every credential of a client, whatever its kind. */
export interface Credential {
  readonly id: string;
  readonly workspaceId: string;
  /** The client's internal id. */
  readonly clientId: string;
  readonly name: string;
  /** What its owner recognises it by: the last four characters of a secret, the start of a thumbprint. */
  readonly hint: string;
  readonly createdAt: Date;
  readonly notBefore: Date;
  /** Null is "never". */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedAddress: string | null;
}

/** The tables whose rows are credentials of clients, and their rows. */
export type CredentialTable =
  | typeof clientSecrets
  | typeof clientKeys
  | typeof clientCertificates
  | typeof federatedCredentials;
type AnyRow = CredentialTable["$inferSelect"];

/** One kind of credential: all that it does not share with the others. */
export interface CredentialKind<Row extends AnyRow, C extends Credential> {
  readonly noun: Noun;
  readonly table: CredentialTable;
  /** What it is called in a sentence: `secret`. */
  readonly word: string;
  /** A credential's own members, of a row that has more: nothing of it is secret. */
  readonly of: (row: Row) => C;
  /** The setting that says how many days it may live. */
  readonly lifetime: "clientSecretLifetime" | "clientKeyLifetime";
  /** How many of them may work at once, and the setting that says so, if any. */
  readonly limit: (settings: EffectiveSettings) => { readonly limit: number; readonly setting?: string };
  readonly revokedEvent: (row: Row, tokens: CutOffSaid) => AuditEvent;
  /** What a revocation changes beside the row. */
  readonly alsoChanges?: (write: Writer, row: Row & WorkspaceTarget) => Promise<readonly Touched[]>;
}

/** In the event of a revocation that took the client's tokens along. */
export interface CutOffSaid {
  readonly tokensNotBefore?: string;
}

/** The members that every kind has. */
export const credentialOf = (row: Credential): Credential => ({
  id: row.id,
  workspaceId: row.workspaceId,
  clientId: row.clientId,
  name: row.name,
  hint: row.hint,
  createdAt: row.createdAt,
  notBefore: row.notBefore,
  expiresAt: row.expiresAt,
  revokedAt: row.revokedAt,
  lastUsedAt: row.lastUsedAt,
  lastUsedAddress: row.lastUsedAddress,
});

/** What history keeps of a credential. */
export function touchedCredential<Row extends AnyRow, C extends Credential>(
  { noun, of }: Pick<CredentialKind<Row, C>, "noun" | "of">,
  row: Row,
): Touched {
  // Use is no configuration: it has its own records.
  const { lastUsedAt, lastUsedAddress, ...body } = of(row);
  return { kind: noun, id: row.id, workspaceId: row.workspaceId, clientId: row.clientId, body };
}

/** What may be said of every new credential. */
export const newCredential = { name: name.nullish(), notBefore: instant.nullish(), expiresAt: futureInstant.nullish() };

export interface NewCredential {
  readonly clientId: string;
  readonly name?: string | null | undefined;
  readonly notBefore?: Date | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  /** Credentials that it takes over from: the limit does not count them. */
  readonly replaces?: readonly string[];
}

const DAY_MS = 24 * 3600 * 1000;

interface Span {
  readonly notBefore: Date;
  readonly expiresAt: Date | null;
}

/** How long one kind of credential may live, and what says so. */
export interface LongestLife {
  /** Null is no limit. */
  readonly days: number | null;
  readonly word: string;
  readonly setting: string;
}

/** Why a credential may not live from then until then. Pure. `undefined` = it may. */
export function spanFailure(
  { notBefore, expiresAt }: Span,
  { days, word, setting }: LongestLife,
  now: Date,
): Failure | undefined {
  const wrong = (problem: string, mend: string) =>
    ({ code: "INVALID_INPUT", path: ["expiresAt"], problem, mend }) as const;
  if (expiresAt && expiresAt <= notBefore)
    return wrong(`The ${word} would end before it begins.`, "Choose a later expiresAt.");
  if (days === null) return undefined;
  const latest = now.getTime() + days * DAY_MS;
  if (expiresAt !== null && expiresAt.getTime() <= latest) return undefined;
  return wrong(
    `A client ${word} may live at most ${days} days here (setting ${setting}).`,
    `Choose an expiresAt until ${new Date(latest).toISOString()}.`,
  );
}

/** Refuses a life that a setting does not allow. @throws Refusal INVALID_INPUT */
export function refuseSpan(span: Span, longest: LongestLife, now: Date): void {
  const failure = spanFailure(span, longest, now);
  if (failure) refuse(failure);
}

/** What a kind adds to a new row; it sees the client's others of the kind that work. */
export type MakeCredential<Row extends AnyRow> = (
  client: LivingRow<typeof clients>,
  living: readonly Row[],
) => Promise<Omit<Row, Exclude<keyof Credential, "hint"> | "tenantId">>;

/**
 * Makes a credential inside a change. The client is locked: two calls cannot both be the last that the limit allows.
 *
 * @throws Refusal
 */
export async function insertCredential<Row extends AnyRow, C extends Credential>(
  write: Writer,
  kind: CredentialKind<Row, C>,
  input: NewCredential,
  make: MakeCredential<Row>,
): Promise<Row> {
  const { tx, tenantId, now } = write;
  const { table } = kind;
  const client = await clientToChange(write, input.clientId, ["clientId"]);
  refuseOwned(client);
  await refuseUnapproved(write, client);
  // Such a client administers the tenant, and outlives the session that gave it its credential.
  if (client.kind !== "custom") refuseWithoutStepUp(write);
  const { workspaceId, id: clientId } = client;
  const settings = await effectiveSettingsAt(tx, { tenantId, workspaceId, clientId });
  const ofClient = and(eq(table.tenantId, tenantId), eq(table.clientId, clientId), isLivingAt(table, now));
  const living = await tx.select().from(table).where(ofClient);
  const made = await make(client, living as Row[]);
  const span = { notBefore: input.notBefore ?? now, expiresAt: input.expiresAt ?? null };
  const { word, lifetime: setting } = kind;
  refuseSpan(span, { days: settings[setting].value, word, setting }, now);
  const most = kind.limit(settings);
  if (living.filter((one) => !input.replaces?.includes(one.id)).length >= most.limit)
    refuse({ code: "LIMIT_REACHED", noun: kind.noun, ...most });
  const place = { tenantId, workspaceId, clientId, id: newId(kind.noun), createdAt: now };
  const values = { ...place, name: input.name ?? "", ...span, ...made } as never;
  const [row] = await tx.insert(table).values(values).returning();
  return found(row as Row | undefined, kind.noun, place.id, ["id"]);
}

/** What a change that made a credential gives back. */
export const madeCredential = <Row extends AnyRow, C extends Credential>(
  kind: CredentialKind<Row, C>,
  row: Row,
  event: AuditEvent,
): Changed => ({ id: row.id, event, workspaceId: row.workspaceId, touched: [touchedCredential(kind, row)] });

/** Finds the client that gets a credential. */
export const locateClient = (read: Reader, input: NewCredential) =>
  locateRow(read, clients, "client", input.clientId, ["clientId"]);

const livingCredential = <Row extends AnyRow, C extends Credential>(
  read: Reader,
  { table }: CredentialKind<Row, C>,
  id: string,
  lock?: "lock",
) => livingRow(read, table, id, lock) as Promise<(Row & WorkspaceTarget) | undefined>;

/** Revokes a credential inside a change, whose client is locked; one that was revoked before stays so. */
export async function endCredential<Row extends AnyRow, C extends Credential>(
  write: Writer,
  kind: CredentialKind<Row, C>,
  row: Row & WorkspaceTarget,
): Promise<readonly Touched[]> {
  const { table } = kind;
  const revokedAt = row.revokedAt ?? write.now;
  const isRow = and(eq(table.tenantId, write.tenantId), eq(table.id, row.id));
  await write.tx.update(table).set({ revokedAt }).where(isRow);
  const others = (await kind.alsoChanges?.(write, row)) ?? [];
  return [touchedCredential(kind, { ...row, revokedAt }), ...others];
}

const revokeInput = z.strictObject({ id, withTokens: z.boolean().nullish() });

/**
 * Stops a credential for new tokens; `withTokens` takes the client's tokens back too. Revoking twice changes nothing.
 * Needs client-secret:write.
 */
export function revokes<Row extends AnyRow, C extends Credential>(
  mutation: string,
  kind: CredentialKind<Row, C>,
): (actor: Actor, raw: unknown) => Promise<Answer> {
  const { noun, table } = kind;
  const operation: Operation<z.infer<typeof revokeInput>, "client-secret:write"> = {
    mutation,
    permission: "client-secret:write",
    input: revokeInput,
    locate: (read, input) => locateRow(read, table, noun, input.id, ["id"]),
    async run(write, input) {
      const row = found(await livingCredential(write, kind, input.id, "lock"), noun, input.id, ["id"]);
      if (input.withTokens) alsoNeeds(write, "token:revoke", targetOf(row));
      await clientToChange(write, row.clientId, ["id"]);
      if (row.kind === "admin") await refuseLastOwner(write, { credentialId: row.id });
      const ended = await endCredential(write, kind, row);
      const cutOff = input.withTokens ? await cutOffTokens(write, row.clientId) : undefined;
      const tokens = cutOff ? { tokensNotBefore: cutOff.notBefore.toISOString() } : {};
      return {
        id: row.id,
        event: kind.revokedEvent(row, tokens),
        workspaceId: row.workspaceId,
        touched: [...ended, ...(cutOff ? [cutOff.touched] : [])],
      };
    },
  };
  return (actor, raw) => change(actor, operation, raw);
}

/** One credential of a kind; undefined where it may not be seen. */
export const gets =
  <Row extends AnyRow, C extends Credential>(kind: CredentialKind<Row, C>) =>
  async (actor: Actor, id: string): Promise<C | undefined> => {
    const row = await livingCredential(readerOf(actor), kind, id);
    return row && mayRead(actor, "client-secret:read", targetOf(row)) ? kind.of(row) : undefined;
  };
