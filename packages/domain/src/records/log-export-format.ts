/** How a log is written as a file. */
export type ExportFormat = "csv" | "ndjson" | "cef";

/** One value of an entry. */
export type ExportValue = string | number | Date | Readonly<Record<string, unknown>> | null | undefined;

/** An entry of a log, ready to be written: its columns in their order, always the same ones. */
export interface ExportRow {
  readonly columns: Readonly<Record<string, ExportValue>>;
  /** What it is, and how grave: what CEF asks of every event. */
  readonly type: string;
  readonly title: string;
  readonly isRefused: boolean;
}

/** What a file of that format is, by the name of its ending. */
export const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
  cef: "text/plain; charset=utf-8",
};

/** The lines of some entries; `isFirst` where a file begins with them. */
export function linesOf(format: ExportFormat, rows: readonly ExportRow[], isFirst: boolean): string {
  if (format === "ndjson") return rows.map(({ columns }) => `${JSON.stringify(columns)}\n`).join("");
  if (format === "cef") return rows.map((row) => `${cefLine(row)}\n`).join("");
  const [first] = rows;
  const head = isFirst && first ? [Object.keys(first.columns)] : [];
  return [...head, ...rows.map(({ columns }) => Object.values(columns).map(textOf))].map(csvLine).join("");
}

function textOf(value: ExportValue): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What a spreadsheet would take for a formula and run (CWE-1236). */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180 §2, every field quoted; a value that would be a formula gets an apostrophe before it. */
const csvLine = (values: readonly string[]): string =>
  `${values.map((value) => `"${(FORMULA.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`).join(",")}\r\n`;

const VERSION = "0.1.0";
const oneLine = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("\r", "\\r").replaceAll("\n", "\\n");
const inHead = (text: string) => oneLine(text).replaceAll("|", "\\|");
const inExtension = (text: string) => oneLine(text).replaceAll("=", "\\=");

/** Names that CEF has for what we know; everything else stands as a custom string with its own name. */
const cefKeys: Readonly<Record<string, string>> = {
  id: "externalId",
  at: "rt",
  type: "cat",
  outcome: "outcome",
  reason: "reason",
  actor: "suid",
  actorName: "suser",
  address: "src",
  agent: "requestClientApplication",
  count: "cnt",
  body: "msg",
  evidence: "msg",
};

/** Common Event Format, version 0: severity 3 for what was done, 6 for what was refused. */
function cefLine({ columns, type, title, isRefused }: ExportRow): string {
  const head = ["CEF:0", "Mintmark", "Mintmark", VERSION, type, title, isRefused ? "6" : "3"].map(inHead).join("|");
  const extension = Object.entries(columns).flatMap(([name, value]) => {
    const text = name === "at" && value instanceof Date ? String(value.getTime()) : textOf(value);
    return text === ""
      ? []
      : [`${cefKeys[name] ?? `mintmark${name.charAt(0).toUpperCase()}${name.slice(1)}`}=${inExtension(text)}`];
  });
  return `${head}|${extension.join(" ")}`;
}
