import { expect, test } from "vitest";
import { csvExample, formatOf, ndjsonExample } from "./example.ts";
import { newSealingPair } from "./sealed.ts";
import { rowOf, secretsIn } from "./secrets-file.ts";

test("a report without a secret → only the names of the columns; a secret that the key does not open → thrown", async () => {
  const { privateKey } = await newSealingPair();
  const line = (sealedSecret: string | null) => `${JSON.stringify({ name: "a", sealedSecret })}\n`;
  expect(await secretsIn(line(null), privateKey)).toEqual({ csv: "name,client_id,client_secret\r\n", count: 0 });
  await expect(secretsIn(line(null) + line("a.b.c.d.e"), privateKey)).rejects.toThrow();
});

test("a name and a client id like formulas → the name is disarmed, the id is what the client sends", () => {
  expect(rowOf("=1+1", { client_id: '@a/"b"', client_secret: "-s" })).toBe(`"'=1+1","@a/""b""","-s"`);
});

test("the examples say the same, with an API of the workspace where it has one", () => {
  const api = { identifier: 'https://orders.example/"', scopes: [{ name: "a" }, { name: "b" }, { name: "c" }] };
  const [head, first] = csvExample(api as never).split("\r\n");
  expect(head).toBe('"name","resource","scopes","description"');
  expect(first).toBe('"sensor-0001","https://orders.example/""","a b","Hall 1"');
  expect(JSON.parse(ndjsonExample(api as never).split("\n")[0] ?? "")).toEqual({
    name: "sensor-0001",
    description: "Hall 1",
    grants: [{ resource: api.identifier, scopes: ["a", "b"] }],
  });
  expect(csvExample()).toContain("https://orders.example.com");
});

test.each([
  ["fleet.CSV", "CSV"],
  ["a.b.ndjson", "NDJSON"],
  ["fleet.jsonl", "NDJSON"],
  ["fleet.xlsx", undefined],
  ["csv", undefined],
] as const)("%s → %s", (name, format) => {
  expect(formatOf(name)).toBe(format);
});
