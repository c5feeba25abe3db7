/** What a feed row says was touched: enough to know which copies in memory are out of date. */
export interface TouchedName {
  readonly kind: string;
  readonly id: string;
  /** The workspace that it lies in; absent for what belongs to the tenant. */
  readonly workspaceId?: string;
  /** The internal id of the one client that it belongs to. */
  readonly clientId?: string;
  /** The member whose power it is part of. */
  readonly memberId?: string;
  /** It is there no more. */
  readonly gone?: true;
  /** ISO 8601. A revoked token's end. */
  readonly until?: string;
  /** ISO 8601. A client's or workspace's cut-off that this change set. */
  readonly notBefore?: string;
}

/** One change, as it stands in the feed. */
export interface FeedRow {
  readonly shard: number;
  readonly number: number;
  readonly mark: string;
  readonly tenantId: string;
  readonly touched: readonly TouchedName[];
}

/** How far a counter was: its number, and the random mark that this very change left. */
export interface ShardHead {
  readonly shard: number;
  readonly number: number;
  readonly mark: string;
}

/** How far each counter is known, by shard. */
export type FeedCursor = ReadonlyMap<number, ShardHead>;

/** The changes since the cursor, and the cursor after them; `lost` where they do not continue what is known. */
export type Followed = { readonly cursor: FeedCursor; readonly rows: readonly FeedRow[] } | "lost";

/**
 * Follows the feed from a cursor. Each moved counter's rows must begin with the very row that the cursor stands on, mark
 * and all, and go on without a gap to its head: otherwise the database is another one than before (restored, failed
 * over), and nothing in memory can be believed. Pure.
 *
 * @param heads of the counters that moved
 * @param rows of those counters from the cursor's number on, in order
 */
export function followFeed(cursor: FeedCursor, heads: readonly ShardHead[], rows: readonly FeedRow[]): Followed {
  const after = new Map(cursor);
  const news: FeedRow[] = [];
  for (const head of heads) {
    const known = cursor.get(head.shard);
    if (!known) return "lost";
    const own = rows.filter((row) => row.shard === head.shard);
    // Number 0 is "no change yet" and has no row.
    const anchor = known.number === 0 ? known : own.at(0);
    const later = known.number === 0 ? own : own.slice(1);
    if (anchor?.number !== known.number || anchor.mark !== known.mark) return "lost";
    if (later.some((row, index) => row.number !== known.number + index + 1)) return "lost";
    const last = later.at(-1) ?? known;
    if (last.number !== head.number || last.mark !== head.mark) return "lost";
    after.set(head.shard, head);
    news.push(...later);
  }
  return { cursor: after, rows: news };
}
