import { expect, test } from "vitest";
import { type ImportFormat, linesIn } from "./import-file.ts";

const read = (text: string | Buffer, format: ImportFormat = "csv") => [...linesIn(Buffer.from(text as string), format)];
const fieldsOf = (text: string) => read(text).map(({ fields }) => fields);

test.each([
  [
    "plain fields",
    "a,b\nc,d\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["no line break at the end", "a,b", [["a", "b"]]],
  [
    "lines that end as Windows ends them",
    'a,b\r\n"c","d"\r\n',
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["commas, quotes and line breaks in quotes", '"a,b","say ""hi""","x\ny"\n', [["a,b", 'say "hi"', "x\ny"]]],
  ["a quote inside of a field without quotes", 'pipe 5",b\n', [['pipe 5"', "b"]]],
  ["empty fields", ",,\na,,b\n", [["a", "", "b"]]],
  ["empty lines", "\n\na\n\n", [["a"]]],
  ["a byte order mark", "\ufeffa,b\n", [["a", "b"]]],
])("CSV with %s", (_, text, fields) => {
  expect(fieldsOf(text)).toEqual(fields);
});

test("each line knows where it begins and ends, also after line breaks in quotes", () => {
  expect(read('a\n"b\nb"\nc')).toEqual([
    { line: 1, end: 2, fields: ["a"] },
    { line: 2, end: 8, fields: ["b\nb"] },
    { line: 4, end: 9, fields: ["c"] },
  ]);
});

test.each([
  ["a quote that is never closed", 'a\n"b\nc\n', "never closed"],
  ["text after a closing quote", 'a\n"b"x\nc\n', "closing quote"],
  [
    "a quote that is closed beyond what a line may have",
    `a\n"b\nc\n${"x".repeat(70_000)}"\n`,
    "more than 65,536 bytes",
  ],
  ["bytes that are no UTF-8", Buffer.from("a\nb\xfc\nc\n", "latin1"), "not UTF-8"],
])("%s → this line is bad, and the one after it is read", (_, text, problem) => {
  const [first, second, third] = read(text);
  expect(first?.fields).toEqual(["a"]);
  expect(second).toMatchObject({ line: 2, fields: [] });
  expect(second?.problem).toContain(problem);
  expect(third).toMatchObject({ line: 3, fields: ["c"] });
});

test("NDJSON: a line is a line, whatever stands in it", () => {
  expect(read('{"a":1}\r\n\n  \n{"b,\\"":2}\n{"c', "ndjson").map(({ line, fields }) => [line, ...fields])).toEqual([
    [1, '{"a":1}'],
    [4, '{"b,\\"":2}'],
    [5, '{"c'],
  ]);
  const [bad, good] = read(`"${"x".repeat(70_000)}"\n{}\n`, "ndjson");
  expect(bad?.problem).toContain("more than");
  expect(good?.fields).toEqual(["{}"]);
});

test("the ends cut the file into its lines without a gap", () => {
  const text = 'a,b\r\n\n"c\n""",d\n"bad\nlast';
  const ends = read(text).map(({ end }) => end);
  expect(ends).toEqual([...ends].sort((a, b) => a - b));
  expect(ends.at(-1)).toBe(text.length);
});

test.each(["csv", "ndjson"] as const)(
  "%s of nothing but line breaks → read no further than a hundred thousand of them",
  (format) => {
    const lines = [...linesIn(Buffer.alloc(3_000_000, "\n"), format)];
    expect(lines).toMatchObject([{ line: 100_001, end: 3_000_000, problem: expect.stringContaining("empty lines") }]);
  },
);
