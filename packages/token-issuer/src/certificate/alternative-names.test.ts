import { expect, test } from "vitest";
import { comparableName, readAlternativeNames } from "./alternative-names.ts";

const read = (text: string | undefined) => Object.fromEntries(readAlternativeNames(text));

test("each kind by itself, in the form to compare; other kinds are left out", () => {
  expect(read("DNS:A.example, URI:spiffe://x/y, email:a@b.c, IP Address:2001:DB8:0:0:0:0:0:1, DirName:CN=x")).toEqual({
    san_dns: ["a.example"],
    san_uri: ["spiffe://x/y"],
    san_email: ["a@b.c"],
    san_ip: ["2001:db8::1"],
  });
  expect(read("IP Address:192.0.2.7, DNS:a, DNS:b")).toEqual({ san_ip: ["192.0.2.7"], san_dns: ["a", "b"] });
  expect(read(undefined)).toEqual({});
});

// CVE-2021-44532: a name that holds a separator is quoted, and stays one name.
test("a name with a separator in it is one odd name, and equals no other", () => {
  const names = read('URI:"http://mallory/, DNS:admin.example"');
  expect(names).toEqual({ san_uri: [expect.stringMatching(/^odd "/)] });
  expect(comparableName("san_uri", String(names["san_uri"]?.[0]))).toBeUndefined();
});

test("a print that is not read to its end → no names at all", () => {
  expect(read('DNS:a, URI:"open')).toEqual({});
});

test.each([
  ["san_dns", "A.Example", "a.example"],
  ["san_dns", "*.example", undefined],
  ["san_dns", "a..b", undefined],
  ["san_uri", "spiffe://example.com/Reports", "spiffe://example.com/Reports"],
  ["san_uri", "no uri", undefined],
  ["san_ip", "2001:DB8::0:7", "2001:db8::7"],
  ["san_ip", "192.0.2.07", undefined],
  ["san_email", "a@b@c", undefined],
  ["san_email", "a@b.c", "a@b.c"],
] as const)("%s %s → %s", (kind, text, name) => {
  expect(comparableName(kind, text)).toBe(name);
});
