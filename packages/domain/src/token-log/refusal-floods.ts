import type { TokenRow } from "./token-row.ts";

/** Equal refusals of a minute that get a row each; the others are counted into one. */
const ROWS_A_MINUTE = 10;
const MINUTE_MS = 60_000;
/** Kinds of refusals that are counted at once; beyond it each gets its row again. */
const MOST_FLOODS = 10_000;

interface Flood {
  readonly minute: number;
  rows: number;
  /** The row that stands for those that were only counted. */
  counted: TokenRow | undefined;
}

/** Refusals are equal when one client got the same one; where no client was found, one address. */
const kindOf = ({ workspaceId, client, address, reason }: TokenRow): string =>
  [workspaceId, client ?? address, reason].join(" ");

/**
 * Tells refusals that are to be written from those that are only counted: an attack must not fill the log, and must be
 * seen in it all the same.
 */
export class RefusalFloods {
  readonly #floods = new Map<string, Flood>();

  /** @returns the row to write, or the correlation id under which it is counted */
  add(row: TokenRow): { readonly write: TokenRow } | { readonly countedAs: string } {
    const kind = kindOf(row);
    const minute = Math.floor(Date.parse(row.at) / MINUTE_MS);
    let flood = this.#floods.get(kind);
    if (flood?.minute !== minute) {
      // A minute that ended with something counted is written by `ended`.
      if (flood?.counted || this.#floods.size >= MOST_FLOODS) return { write: row };
      flood = { minute, rows: 0, counted: undefined };
      this.#floods.set(kind, flood);
    }
    if (flood.rows < ROWS_A_MINUTE) {
      flood.rows++;
      return { write: row };
    }
    flood.counted = flood.counted ? { ...flood.counted, count: flood.counted.count + 1 } : row;
    return { countedAs: flood.counted.correlationId };
  }

  /** The counted rows of minutes that are over, and forgets them; of every minute where there is no `now`. */
  ended(now = Number.POSITIVE_INFINITY): readonly TokenRow[] {
    const rows: TokenRow[] = [];
    for (const [kind, flood] of this.#floods) {
      if ((flood.minute + 1) * MINUTE_MS > now) continue;
      if (flood.counted) rows.push(flood.counted);
      this.#floods.delete(kind);
    }
    return rows;
  }
}
