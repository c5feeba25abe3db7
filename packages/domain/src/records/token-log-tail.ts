import { tokenLog } from "@mintmark/db/schema";
import { and, asc, desc, gt, type SQL, sql } from "drizzle-orm";
import { type Actor, readerOf } from "../change/actor.ts";
import { decode, encode } from "../paging.ts";
import { type LogTail, TAIL_ENTRIES } from "./log-tail.ts";
import { appearedBetween, currentSnapshot, isNoLater, isSnapshot, type Snapshot } from "./snapshot.ts";
import { type TokenLogFilter, tokenLogConditions } from "./token-log-filter.ts";
import { entriesOf, isNoOlderThan, readablePlace, type TokenLogEntry } from "./token-log-list.ts";

/** Decisions older than this are not looked at: those that waited on a server's disk for longer are in the list alone. */
const REACH_MS = 15 * 60_000;
/** The newest decisions that are looked at: what a look costs does not grow with the traffic. */
const MOST_NEW = 10_000;

/** How far somebody was told: everything that `since` sees; and of what `upTo` sees besides, everything up to a place. */
interface Place {
  readonly since: Snapshot;
  readonly upTo?: Snapshot;
  readonly at?: number;
  readonly id?: string;
}

function placeOf(cursor: string): Place {
  const isPlace = ([since, upTo, at, id, ...rest]: unknown[]) =>
    isSnapshot(since) &&
    rest.length === 0 &&
    (upTo === undefined || (isSnapshot(upTo) && Number.isSafeInteger(at) && typeof id === "string"));
  const [since, upTo, at, id] = decode(cursor, isPlace);
  if (upTo === undefined) return { since: String(since) };
  return { since: String(since), upTo: String(upTo), at: Number(at), id: String(id) };
}

/**
 * What a workspace's token log has had since. Servers write their decisions when they get to it, some a minute later, so
 * that the time of a decision does not say whether it was told: what the database shows now and did not show then does.
 *
 * @param after the cursor of the tail before; without one it begins now, with nothing
 * @throws Refusal INVALID_INPUT for what is no cursor
 */
export async function tailTokenLog(
  actor: Actor,
  workspaceId: string,
  filter: TokenLogFilter,
  after: string | undefined,
): Promise<LogTail<TokenLogEntry>> {
  const { tx, now } = readerOf(actor);
  const known = after === undefined ? undefined : placeOf(after);
  const seen = await currentSnapshot(tx);
  const nothing = { entries: [], cursor: encode([seen]), hasMore: false };
  if (!known) return { ...nothing, isWhole: true };
  // A database that was restored counts its transactions anew.
  if (!isNoLater(known.upTo ?? known.since, seen)) return { ...nothing, isWhole: false };
  const place = await readablePlace(actor, workspaceId);
  if (!place) return { ...nothing, isWhole: true };
  const upTo = known.upTo ?? seen;
  const { led, looked } = tokenLogConditions(filter);
  const here = and(place.rows, led, gt(tokenLog.at, new Date(now.getTime() - REACH_MS)));
  const [edge] = await tx
    .select({ at: tokenLog.at, id: tokenLog.jti, isNew: sql<boolean>`${appearedBetween(tokenLog, known.since, upTo)}` })
    .from(tokenLog)
    .where(here)
    .orderBy(desc(tokenLog.at), desc(tokenLog.jti))
    .offset(MOST_NEW - 1)
    .limit(1);
  const isThis = filter.tokenId == null ? undefined : sql`${tokenLog.jti} = ${filter.tokenId}`;
  const rows = await entriesOf(tx)
    .where(
      and(
        here,
        edge && isNoOlderThan(edge),
        appearedBetween(tokenLog, known.since, upTo),
        looked,
        isThis,
        beyond(known),
      ),
    )
    .orderBy(asc(tokenLog.at), asc(tokenLog.jti))
    .limit(TAIL_ENTRIES + 1);
  const told = rows.slice(0, TAIL_ENTRIES);
  const last = told.at(-1);
  const hasMore = rows.length > TAIL_ENTRIES;
  const cursor = hasMore && last ? encode([known.since, upTo, last.createdAt.getTime(), last.id]) : encode([upTo]);
  return { entries: told.map(place.named), cursor, hasMore: hasMore || upTo !== seen, isWhole: !edge?.isNew };
}

const beyond = ({ at, id }: Place): SQL | undefined =>
  at === undefined
    ? undefined
    : sql`(${tokenLog.at}, ${tokenLog.jti}) > (${new Date(at).toISOString()}::timestamptz, ${id})`;
