import { isUtf8 } from "node:buffer";

/** How a file lists clients. */
export type ImportFormat = "csv" | "ndjson";

/** Bytes of one line: the longest that says something has a tenth of that. */
const LONGEST = 64 * 1024;

/** One line of a file; of CSV, with the line breaks that its quotes hold. */
export interface FileLine {
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** The byte after it. */
  readonly end: number;
  /** Its fields; of NDJSON, the line as one field. */
  readonly fields: readonly string[];
  /** Why it cannot be read. */
  readonly problem?: string;
}

/** Empty lines of a file: who waits for their end waits for nothing. */
const MOST_EMPTY = 100_000;

const problems = {
  empty: `There are more than ${MOST_EMPTY.toLocaleString("en")} empty lines before this one. Nothing behind it was read.`,
  long: `This line has more than ${LONGEST.toLocaleString("en")} bytes, or a quote in it is never closed.`,
  open: "A quote in this line is never closed.",
  text: 'After a closing quote comes a comma or the end of the line. A quote inside of quotes is written twice: "".',
  encoding: "This line is not UTF-8.",
};

const [NEWLINE, RETURN, QUOTE, COMMA] = [0x0a, 0x0d, 0x22, 0x2c];
/** A byte order mark: some programs begin UTF-8 with it. */
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The lines of a file in their order; empty ones are left out. Pure. */
export function* linesIn(bytes: Buffer, format: ImportFormat): Generator<FileLine> {
  const cut = format === "csv" ? csvLine : plainLine;
  let start = bytes.subarray(0, MARK.length).equals(MARK) ? MARK.length : 0;
  let empty = 0;
  for (let line = 1; start < bytes.length; ) {
    const { end, ...found } = cut(bytes, start);
    if (found.problem !== undefined || found.fields.some((field) => field.trim() !== "")) yield { line, end, ...found };
    else if (++empty > MOST_EMPTY) return yield { line, end: bytes.length, fields: [], problem: problems.empty };
    line += breaksIn(bytes, start, end);
    start = end;
  }
}

type Cut = Omit<FileLine, "line">;

function breaksIn(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, start); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** Up to the next line break: also where quotes are wrong, so that one bad line is one line. */
function endOfLine(bytes: Buffer, start: number): number {
  const at = bytes.indexOf(NEWLINE, start);
  return at < 0 ? bytes.length : at + 1;
}

const broken = (bytes: Buffer, start: number, problem: string): Cut => ({
  end: endOfLine(bytes, start),
  fields: [],
  problem,
});

const textOf = (bytes: Buffer): string | undefined => (isUtf8(bytes) ? bytes.toString("utf8") : undefined);

function plainLine(bytes: Buffer, start: number): Cut {
  const end = endOfLine(bytes, start);
  if (end - start > LONGEST) return broken(bytes, start, problems.long);
  const text = textOf(bytes.subarray(start, end));
  return text === undefined ? broken(bytes, start, problems.encoding) : { end, fields: [text.trim()] };
}

/** RFC 4180 §2; lines may end with a line feed alone, and a quote counts at the beginning of a field only. */
function csvLine(bytes: Buffer, start: number): Cut {
  const fields: string[] = [];
  for (let at = start; ; ) {
    const field = bytes[at] === QUOTE ? quotedField(bytes, at, start) : bareField(bytes, at);
    if (typeof field === "string") return broken(bytes, start, field);
    const text = textOf(field.text);
    if (text === undefined) return broken(bytes, start, problems.encoding);
    fields.push(field.isQuoted ? text.replaceAll('""', '"') : text);
    if (field.next - start > LONGEST) return broken(bytes, start, problems.long);
    if (bytes[field.next] !== COMMA) return { end: Math.min(field.next + 1, bytes.length), fields };
    at = field.next + 1;
  }
}

interface Field {
  readonly text: Buffer;
  readonly isQuoted: boolean;
  /** Where the comma or the line break after it stands, or the end of the file. */
  readonly next: number;
}

function bareField(bytes: Buffer, start: number): Field {
  let next = start;
  while (next < bytes.length && bytes[next] !== COMMA && bytes[next] !== NEWLINE) next++;
  const isReturned = bytes[next] !== COMMA && next > start && bytes[next - 1] === RETURN;
  return { text: bytes.subarray(start, isReturned ? next - 1 : next), isQuoted: false, next };
}

/** @returns the problem where the quotes are wrong */
function quotedField(bytes: Buffer, start: number, lineStart: number): Field | string {
  let close = start + 1;
  for (; ; close++) {
    close = bytes.indexOf(QUOTE, close);
    if (close < 0) return problems.open;
    if (close - lineStart > LONGEST) return problems.long;
    if (bytes[close + 1] !== QUOTE) break;
    close++;
  }
  let next = close + 1;
  if (bytes[next] === RETURN) next++;
  if (next < bytes.length && bytes[next] !== COMMA && bytes[next] !== NEWLINE) return problems.text;
  return { text: bytes.subarray(start + 1, close), isQuoted: true, next };
}
