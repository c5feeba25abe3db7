import { asc, desc, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { Refusal } from "./failure.ts";

/** Which part of a list is asked for. */
export interface PageRequest {
  /** How many things at most, 1-100; callers that leave it to us pass `DEFAULT_PAGE`. */
  readonly first: number;
  /** The cursor of the last thing already seen. */
  readonly after?: string | undefined;
}

/** One part of a list, newest first. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of each item, in the same order. */
  readonly cursors: readonly string[];
  /** Pass it as `after` to go on; undefined for an empty page. */
  readonly endCursor: string | undefined;
  readonly hasNextPage: boolean;
}

export const DEFAULT_PAGE = 50;
export const LARGEST_PAGE = 100;

export const emptyPage: Page<never> = { items: [], cursors: [], endCursor: undefined, hasNextPage: false };

/** Rows that one page of a search looks through at most: what it costs does not grow with the log. */
export const MOST_LOOKED_AT = 50_000;

/** A place in a list: the sort key of the last thing seen. Opaque to callers, so that it may change. */
type Place = readonly (number | string)[];

/** The cursor of a place. */
export const encode = (place: Place): string => Buffer.from(JSON.stringify(place)).toString("base64url");

const badCursor = () =>
  new Refusal({
    code: "INVALID_INPUT",
    path: ["after"],
    problem: "This is no cursor of this list.",
    mend: "Pass the endCursor of the page before, or leave it out to start at the beginning.",
  });

/** Characters of the longest cursor: that of a live log names every transaction that runs. */
const LONGEST_CURSOR = 16_384;

/** The place that a cursor names. @throws Refusal INVALID_INPUT with path `after` */
export function decode(cursor: string, isPlace: (place: unknown[]) => boolean): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor.slice(0, LONGEST_CURSOR), "base64url").toString("utf8"));
    if (Array.isArray(place) && isPlace(place)) return place as Place;
  } catch {
    // Not JSON: no cursor of ours.
  }
  throw badCursor();
}

/** @throws Refusal INVALID_INPUT with path `first` */
function sizeOf({ first }: PageRequest): number {
  if (Number.isInteger(first) && first >= 1 && first <= LARGEST_PAGE) return first;
  throw new Refusal({
    code: "INVALID_INPUT",
    path: ["first"],
    problem: `A page has 1 to ${LARGEST_PAGE} things.`,
    mend: "Ask for fewer, and go on from endCursor.",
  });
}

/** How one list is cut into pages: the order, where to go on, and how many rows to fetch (one more than shown). */
export interface Cut {
  readonly orderBy: SQL[];
  readonly after: SQL | undefined;
  readonly limit: number;
}

/** Milliseconds up to the end of the year 9999. */
const isInstant = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2.534e14;

/** By age, newest first; things of one instant by id. */
export function newestFirst(table: { createdAt: PgColumn; id: PgColumn }, page: PageRequest): Cut {
  const limit = sizeOf(page) + 1;
  const orderBy = [desc(table.createdAt), desc(table.id)];
  if (page.after === undefined) return { orderBy, after: undefined, limit };
  const [at, id] = decode(page.after, ([at, id]) => isInstant(at) && typeof id === "string" && !id.includes("\0"));
  const since = new Date(Number(at)).toISOString();
  return { orderBy, after: sql`(${table.createdAt}, ${table.id}) < (${since}::timestamptz, ${id})`, limit };
}

/** By number, highest first. */
export function highestFirst(column: PgColumn, page: PageRequest): Cut {
  const limit = sizeOf(page) + 1;
  const orderBy = [desc(column)];
  if (page.after === undefined) return { orderBy, after: undefined, limit };
  const [number] = decode(page.after, ([number]) => Number.isSafeInteger(number));
  return { orderBy, after: sql`${column} < ${number}`, limit };
}

/** By a line's number in its file, the first ones first. */
export function lowestLineFirst(column: PgColumn, page: PageRequest): Cut {
  const limit = sizeOf(page) + 1;
  const orderBy = [asc(column)];
  if (page.after === undefined) return { orderBy, after: undefined, limit };
  const [line] = decode(page.after, ([line]) => Number.isInteger(line) && Number(line) >= 0 && Number(line) < 2 ** 31);
  return { orderBy, after: sql`${column} > ${line}`, limit };
}

function pageOf<T>(rows: readonly T[], { limit }: Cut, placeOf: (row: T) => Place): Page<T> {
  const items = rows.slice(0, limit - 1);
  const cursors = items.map((row) => encode(placeOf(row)));
  return { items, cursors, endCursor: cursors.at(-1), hasNextPage: rows.length >= limit };
}

/** A page that ends before its list does, since no more was looked through: it goes on after that place. */
export const goingOnAfter = <T>(page: Page<T>, place: readonly (number | string)[]): Page<T> => ({
  ...page,
  endCursor: encode(place),
  hasNextPage: true,
});

/** What was fetched by a `newestFirst` cut, as a page. */
export const pageByAge = <T extends { createdAt: Date; id: string }>(rows: readonly T[], cut: Cut): Page<T> =>
  pageOf(rows, cut, (row) => [row.createdAt.getTime(), row.id]);

/** What was fetched by a `highestFirst` cut, as a page. */
export const pageBySequence = <T extends { sequence: number }>(rows: readonly T[], cut: Cut): Page<T> =>
  pageOf(rows, cut, (row) => [row.sequence]);

/** What was fetched by a `lowestLineFirst` cut, as a page. */
export const pageByLine = <T extends { line: number }>(rows: readonly T[], cut: Cut): Page<T> =>
  pageOf(rows, cut, (row) => [row.line]);

export type Direction = "ascending" | "descending";

/** By what a list is sorted, of those keys, and which way. */
export interface Sort<Key extends string> {
  readonly by: Key;
  readonly direction: Direction;
}

/** What a list is sorted by: text, or an instant as milliseconds. */
interface SortKey {
  readonly column: PgColumn | SQL;
  readonly kind: "instant" | "text";
}

/** A cut whose order the caller chose: `key` is to be selected, it stands in the cursors. */
export interface SortedCut extends Cut {
  readonly key: SQL<string>;
  readonly kind: SortKey["kind"];
}

const isText = (value: unknown) => typeof value === "string" && !value.includes("\0");

/** By a key, either way; equal ones by id. @throws Refusal INVALID_INPUT with path `first` or `after` */
export function sorted({ column, kind }: SortKey, id: PgColumn, direction: Direction, page: PageRequest): SortedCut {
  const limit = sizeOf(page) + 1;
  const way = direction === "ascending" ? asc : desc;
  const isInTime = kind === "instant";
  const key = isInTime
    ? sql<string>`round(extract(epoch from ${column}) * 1000)::bigint::text`
    : sql<string>`${column}`;
  const cut = { orderBy: [way(column), way(id)], limit, key, kind };
  if (page.after === undefined) return { ...cut, after: undefined };
  const isKey = isInTime ? isInstant : isText;
  const [value, last] = decode(page.after, ([value, last]) => isKey(value) && isText(last));
  const place = isInTime ? sql`${new Date(Number(value)).toISOString()}::timestamptz` : sql`${String(value)}::text`;
  const beyond = direction === "ascending" ? sql`>` : sql`<`;
  return { ...cut, after: sql`(${column}, ${id}) ${beyond} (${place}, ${String(last)})` };
}

/** What was fetched by a `sorted` cut, as a page. */
export function pageSorted<T>(rows: readonly { item: T; key: string; id: string }[], cut: SortedCut): Page<T> {
  const page = pageOf(rows, cut, ({ key, id }) => [cut.kind === "instant" ? Number(key) : key, id]);
  return { ...page, items: page.items.map(({ item }) => item) };
}
