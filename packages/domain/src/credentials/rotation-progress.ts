import type { Database, Transaction } from "@mintmark/db";
import { clientSecrets, credentialSources } from "@mintmark/db/schema";
import { and, eq, inArray, sql } from "drizzle-orm";
import { isLivingAt } from "./living-credential.ts";
import type { RotationRow } from "./secret-rotation-row.ts";

const HOUR_MS = 3_600_000;
/** How far back the habits of a secret are looked at, in hours. */
const HABIT_HOURS = 14 * 24;

/** Somebody who still uses the secret that goes, as far as the server sees: an address and what the caller calls itself. */
export interface HoldOut {
  readonly address: string;
  readonly agent: string;
  /** To the minute. */
  readonly lastAt: Date;
}

/** How far a rotation has come, as its traffic shows. */
export interface RotationProgress {
  /** Tokens of this hour and the one before, since the rotation began: by the secret that goes, and by its successor. */
  readonly formerIssued: number;
  readonly successorIssued: number;
  /** Since when the secret that goes was not used; the start where it was not since. */
  readonly quietSince: Date;
  /** From when on it is safe to retire it, if it stays quiet; `null` while nobody uses its successor, and once that ended. */
  readonly safeFrom: Date | null;
  /** The last first. */
  readonly holdOuts: readonly HoldOut[];
}

/** One hour in which a secret got tokens. */
export interface UsedHour {
  readonly hour: Date;
  readonly secretId: string;
  readonly issued: number;
}

/** One place from where a secret is used. */
export interface UsedFrom {
  readonly secretId: string;
  readonly address: string;
  readonly agent: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** What is known of the use of both secrets. */
export interface RotationUse {
  readonly hours: readonly UsedHour[];
  readonly sources: readonly UsedFrom[];
  readonly formerUsedAt: Date | null;
  /** Whether the successor was used, and works still: one that ended has nobody who could come over to it. */
  readonly isTakenUp: boolean;
}

type Rotation = Pick<RotationRow, "formerId" | "successorId" | "startedAt" | "issuedBefore">;

/**
 * What the use of both secrets says. A secret that rests now and then is quiet only once it has been silent for longer
 * than it ever was: a job that runs each night would else be cut off by day. Pure.
 */
export function progressOf(rotation: Rotation, use: RotationUse, quietSeconds: number, now: Date): RotationProgress {
  const { formerId, successorId, startedAt } = rotation;
  const thisHour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const startHour = Math.floor(startedAt.getTime() / HOUR_MS) * HOUR_MS;
  const from = Math.max(thisHour - HOUR_MS, startHour);
  const issued = (id: string) =>
    use.hours
      .filter(({ hour, secretId }) => secretId === id && hour.getTime() >= from)
      .reduce((sum, hour) => sum + hour.issued, 0);
  const before = from === startHour ? rotation.issuedBefore : 0;
  const quietSince = use.formerUsedAt && use.formerUsedAt > startedAt ? use.formerUsedAt : startedAt;
  const needed = Math.max(quietSeconds * 1000, longestPause(use.hours.filter(({ secretId }) => secretId === formerId)));
  return {
    formerIssued: Math.max(0, issued(formerId) - before),
    successorIssued: issued(successorId),
    quietSince,
    safeFrom: use.isTakenUp ? new Date(quietSince.getTime() + needed) : null,
    holdOuts: holdOutsOf(rotation, use.sources),
  };
}

/** Milliseconds between two uses at most, from the hours in which there was one; 0 where they follow each other. */
function longestPause(hours: readonly UsedHour[]): number {
  const starts = hours.map(({ hour }) => hour.getTime()).sort((a, b) => a - b);
  const pauses = starts.slice(1).map((start, at) => start - (starts[at] ?? start));
  const longest = Math.max(0, ...pauses);
  // The hours say when to the hour: the pause may have been as much longer.
  return longest > HOUR_MS ? longest + HOUR_MS : 0;
}

/** Who used the old one since the start, and has not since it first used the new one from there. */
function holdOutsOf({ formerId, successorId, startedAt }: Rotation, sources: readonly UsedFrom[]): readonly HoldOut[] {
  const place = ({ address, agent }: UsedFrom) => `${address} ${agent}`;
  const moved = new Map(
    sources.filter(({ secretId }) => secretId === successorId).map((source) => [place(source), source.firstAt]),
  );
  return sources
    .filter((source) => source.secretId === formerId && source.lastAt > startedAt)
    .filter((source) => source.lastAt > (moved.get(place(source)) ?? startedAt))
    .toSorted((a, b) => b.lastAt.getTime() - a.lastAt.getTime())
    .map(({ address, agent, lastAt }) => ({ address, agent, lastAt }));
}

/** Tokens that a secret got in the hour of `now`. */
export async function issuedThisHour(
  tx: Database | Transaction,
  place: Pick<RotationRow, "tenantId" | "workspaceId" | "clientId">,
  secretId: string,
  now: Date,
): Promise<number> {
  const hours = await usedHours(tx, place, [secretId], now, 0);
  return hours.reduce((sum, { issued }) => sum + issued, 0);
}

/** Everything about the use of both secrets of a rotation. */
export async function useOf(tx: Database | Transaction, rotation: RotationRow, now: Date): Promise<RotationUse> {
  const ids = [rotation.formerId, rotation.successorId];
  const hours = await usedHours(tx, rotation, ids, now, HABIT_HOURS);
  const sources = await tx
    .select()
    .from(credentialSources)
    .where(
      and(
        eq(credentialSources.tenantId, rotation.tenantId),
        eq(credentialSources.workspaceId, rotation.workspaceId),
        inArray(credentialSources.credentialId, ids),
      ),
    );
  const secrets = await tx
    .select({
      id: clientSecrets.id,
      lastUsedAt: clientSecrets.lastUsedAt,
      isLiving: sql<boolean>`${isLivingAt(clientSecrets, now)}`,
    })
    .from(clientSecrets)
    .where(and(eq(clientSecrets.tenantId, rotation.tenantId), inArray(clientSecrets.id, ids)));
  const secret = (id: string) => secrets.find((one) => one.id === id);
  const successor = secret(rotation.successorId);
  return {
    hours,
    sources: sources.map(({ credentialId, ...source }) => ({ ...source, secretId: credentialId })),
    formerUsedAt: secret(rotation.formerId)?.lastUsedAt ?? null,
    isTakenUp: successor?.isLiving === true && successor.lastUsedAt !== null,
  };
}

interface HourRow extends Record<string, unknown> {
  readonly hour: string;
  readonly secret_id: string;
  readonly issued: string;
}

/** Hour by hour, since the counters are found by hour and client: a workspace's other clients are not read. */
async function usedHours(
  tx: Database | Transaction,
  { tenantId, workspaceId, clientId }: Pick<RotationRow, "tenantId" | "workspaceId" | "clientId">,
  ids: readonly string[],
  now: Date,
  back: number,
): Promise<readonly UsedHour[]> {
  const at = now.toISOString();
  const rows = await tx.execute<HourRow>(sql`
    select extract(epoch from u.hour)::bigint::text as hour, u.credential_id as secret_id, sum(u.issued)::text as issued
    from generate_series(0, ${back}::int) as hours (back)
    join usage_hours u on u.tenant_id = ${tenantId} and u.workspace_id = ${workspaceId}
      and u.hour = date_trunc('hour', ${at}::timestamptz, 'UTC') - make_interval(hours => hours.back)
      and u.client_id = ${clientId}
    where u.credential_id in ${[...ids]} and u.issued > 0
    group by 1, 2`);
  return rows.map(({ hour, secret_id, issued }) => ({
    hour: new Date(Number(hour) * 1000),
    secretId: secret_id,
    issued: Number(issued),
  }));
}
