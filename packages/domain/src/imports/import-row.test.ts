import { expect, test } from "vitest";
import { eachOnce, FileRefused, type ImportRow, MOST_ROWS, rowsIn } from "./import-row.ts";

const csv = (text: string) => [...rowsIn(Buffer.from(text), "csv")];
const ndjson = (...lines: object[]) => [
  ...rowsIn(Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join("")), "ndjson"),
];
const problemOf = ([row]: readonly ImportRow[]) => row?.problem?.problem;

test("CSV: columns in any order, what is empty is not said, scopes are cut at spaces", () => {
  const [row] = csv(
    "scopes,name,resource,accessTokenLifetime,description,clientId\na  b,sensor,https://x.example/,300,,id-1\n",
  );
  expect(row).toMatchObject({ line: 2, name: "sensor" });
  expect(row?.client).toEqual({
    name: "sensor",
    description: undefined,
    clientId: "id-1",
    accessTokenLifetime: 300,
    grants: [{ resource: "https://x.example/", scopes: ["a", "b"] }],
    expiresAt: undefined,
    publicKey: undefined,
    jwksUri: undefined,
  });
});

test("NDJSON says the same and more: several APIs, and a key as a JWK", () => {
  const grants = [
    { resource: "https://x.example/", scopes: ["a"] },
    { resource: "https://y.example/", scopes: [] },
  ];
  const [row] = ndjson({ name: "sensor", grants, publicKey: { kty: "EC" } });
  expect(row?.client).toMatchObject({ grants, publicKey: '{"kty":"EC"}' });
});

test.each([
  [{ name: "a", clientMutationId: "x" }, "There is no member clientMutationId."],
  [{ name: "a", grants: [{ resource: "r", scopes: ["a b"] }] }, "grants: A scope's name has printable"],
  [
    {
      name: "a",
      grants: [
        { resource: "r", scopes: [] },
        { resource: "r", scopes: [] },
      ],
    },
    "Name each API once",
  ],
  [{ name: "a", publicKey: "k", jwksUri: "https://k.example/" }, "publicKey: A client brings its key or the address"],
  [{ name: "a", publicKey: 7 }, "publicKey: This is a public key"],
  [{ name: "a", jwksUri: "http://k.example/" }, "jwksUri: This is an https address"],
  [{ name: "a", clientId: "ü" }, "clientId: A client id has printable ASCII"],
  [{ name: "a", expiresAt: "tomorrow" }, "expiresAt: An instant is written like"],
  [{ name: 7 }, "It has no name."],
])("%j → why", (line, said) => {
  expect(problemOf(ndjson(line))).toContain(said);
});

test("what a line calls its client can be shown, whatever it is", () => {
  expect(ndjson({ name: `a\u202e\u0000${"b".repeat(200)}` })[0]?.name).toBe(`a\ufffd\ufffd${"b".repeat(97)}`);
});

test("scopes without their API → why", () => {
  expect(problemOf(csv("name,scopes\na,b\n"))).toBe("resource: Say which API the scopes are of.");
});

test("a line too many → it says that the rest was not read", () => {
  const rows = csv(`name\n${"a\n".repeat(MOST_ROWS + 2)}`);
  expect(rows).toHaveLength(MOST_ROWS + 1);
  expect(rows.at(-1)).toMatchObject({ line: MOST_ROWS + 2, problem: { code: "LIMIT_REACHED" } });
});

test("a client twice is made by its first line: by its client_id, else by its name", () => {
  const rows = ndjson({ name: "a" }, { name: "a", clientId: "x" }, { name: "b", clientId: "x" }, { name: "a" });
  expect([...eachOnce(rows)].map(({ problem }) => problem?.problem)).toEqual([
    undefined,
    undefined,
    "Line 2 of this file is this client already.",
    "Line 1 of this file is this client already.",
  ]);
});

test.each(["", "\n\n", "name\n", "nom\na\n", "name,name\na,b\n", '"name\n'])("%j is no list of clients", (text) => {
  expect(() => csv(text)).toThrow(FileRefused);
});
