/** What a log has had since a cursor was given. */
export interface LogTail<T> {
  /** Oldest first. */
  readonly entries: readonly T[];
  /** Goes on from here, at any server: nothing is told twice, and nothing is left out. */
  readonly cursor: string;
  /** There is more already: ask again. */
  readonly hasMore: boolean;
  /** False where more happened since than is looked through, or the database was set back: read the log anew. */
  readonly isWhole: boolean;
}

/** Entries told at once. */
export const TAIL_ENTRIES = 100;
