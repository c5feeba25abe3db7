import { createHash } from "node:crypto";
import type { ImportFormat } from "./import-file.ts";
import type { Mark } from "./import-lot.ts";
import { eachOnce, FileRefused, type ImportRow, rowsIn } from "./import-row.ts";

/** Clients of one transaction. */
const MOST = 500;
/** Clients, grants and scopes of one transaction: a statement takes 65,535 values, and a row of history has eleven. */
const WEIGHT = 5_000;

/** Some lines of a file, one after the other. */
export interface FileLot {
  readonly rows: readonly ImportRow[];
  readonly from: number;
  readonly to: Mark;
  readonly isLast: boolean;
}

const acrossMark = (line: number): string =>
  `This is another file than the one whose first lines are done: line ${line} was done, and is longer here. Send that one, unchanged, or make another import by createImport.`;

const weightOf = ({ client }: ImportRow): number =>
  1 + (client?.grants ?? []).reduce((sum, { scopes }) => sum + 1 + scopes.length, 0);

/** Whether a file begins with what was done of another one. */
export const beginsAlike = (bytes: Buffer, done: { readonly bytes: number; readonly digest: Buffer | null }): boolean =>
  done.digest === null ||
  (bytes.length >= done.bytes &&
    createHash("sha256").update(bytes.subarray(0, done.bytes)).digest().equals(done.digest));

/** Lines before the mark that are read before others have their turn: some ten milliseconds. */
const AT_ONCE = 2_000;

/** The lots of `lotsOf`, with a pause for others in what is read before the mark. */
export async function* lotsInTurns(bytes: Buffer, format: ImportFormat, doneBytes: number): AsyncGenerator<FileLot> {
  for (const lot of stepsOf(bytes, format, doneBytes))
    if (lot === "turn") await new Promise(setImmediate);
    else yield lot;
}

/**
 * What is left of a file behind the mark, in lots; the last one ends at the file's end, and may have no lines. Lines
 * before the mark are read too: none of them may come again. Pure.
 *
 * @param doneBytes the mark
 * @throws FileRefused where it is no list of clients, or a line of it lies across the mark
 */
export function* lotsOf(bytes: Buffer, format: ImportFormat, doneBytes: number): Generator<FileLot> {
  for (const step of stepsOf(bytes, format, doneBytes)) if (step !== "turn") yield step;
}

function* stepsOf(bytes: Buffer, format: ImportFormat, doneBytes: number): Generator<FileLot | "turn"> {
  const hash = createHash("sha256");
  let hashed = 0;
  const markAt = (end: number, line: number): Mark => {
    hash.update(bytes.subarray(hashed, end));
    hashed = end;
    return { bytes: end, line, digest: hash.copy().digest() };
  };
  let rows: ImportRow[] = [];
  let [weight, from, line, passed, done] = [0, doneBytes, 0, 0, 0];
  for (const row of eachOnce(rowsIn(bytes, format))) {
    line = row.line;
    if (row.end <= doneBytes) {
      done = row.end;
      if (++passed % AT_ONCE === 0) yield "turn";
      continue;
    }
    // A mark stands at the end of a line, unless a quote that another file left open is closed in this one.
    if (done !== doneBytes) throw new FileRefused(acrossMark(row.line));
    const more = weightOf(row);
    const last = rows.at(-1);
    if (last && (rows.length === MOST || weight + more > WEIGHT)) {
      yield { rows, from, to: markAt(last.end, last.line), isLast: false };
      [rows, weight, from] = [[], 0, last.end];
    }
    rows.push(row);
    weight += more;
  }
  yield { rows, from, to: markAt(bytes.length, line), isLast: true };
}
