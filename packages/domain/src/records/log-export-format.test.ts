import { describe, expect, test } from "vitest";
import { type ExportRow, linesOf } from "./log-export-format.ts";

const row = (columns: ExportRow["columns"], more: Partial<ExportRow> = {}): ExportRow => ({
  columns,
  type: "client.created",
  title: "client.created",
  isRefused: false,
  ...more,
});

describe("CSV", () => {
  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])(
    "%j would be a formula → an apostrophe before it",
    (value) => {
      expect(linesOf("csv", [row({ name: value })], false)).toBe(`"'${value}"\r\n`);
    },
  );

  test("quotes, commas and line breaks stay inside their field", () => {
    expect(linesOf("csv", [row({ name: 'a "b", c\nd', empty: null })], false)).toBe('"a ""b"", c\nd",""\r\n');
  });

  test("a file begins with the names of its columns; what follows does not", () => {
    expect(linesOf("csv", [row({ id: "evt_1", sequence: 7 })], true)).toBe('"id","sequence"\r\n"evt_1","7"\r\n');
    expect(linesOf("csv", [row({ id: "evt_2", sequence: 8 })], false)).toBe('"evt_2","8"\r\n');
  });
});

test("NDJSON: each entry is one line, whatever its values hold", () => {
  const at = new Date("2027-01-31T12:00:00Z");
  const lines = linesOf("ndjson", [row({ at, agent: "a\nb" }), row({ at, agent: null })], true).split("\n");
  expect(lines.map((line) => line && JSON.parse(line))).toEqual([
    { at: at.toISOString(), agent: "a\nb" },
    { at: at.toISOString(), agent: null },
    "",
  ]);
});

describe("CEF", () => {
  test("what separates its parts is escaped, and no value begins a line of its own", () => {
    const at = new Date("2027-01-31T12:00:00Z");
    const columns = { at, id: "evt_1", agent: "x=y|z\\\r\nCEF:0|evil", actorName: "" };
    expect(linesOf("cef", [row(columns, { type: "a|b", isRefused: true })], true)).toBe(
      "CEF:0|Mintmark|Mintmark|0.1.0|a\\|b|client.created|6|rt=1801396800000 externalId=evt_1 " +
        "requestClientApplication=x\\=y|z\\\\\\r\\nCEF:0|evil\n",
    );
  });
});
