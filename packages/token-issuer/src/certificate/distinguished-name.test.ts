import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tried } from "../testing/properties.ts";
import { readDistinguishedName, readSubjectLines } from "./distinguished-name.ts";

describe("a name somebody wrote", () => {
  test.each([
    ["CN=reports,O=Acme,C=DE", "cn=reports,o=Acme,c=DE"],
    [" cn = reports, O=Acme , C=DE", "cn=reports,o=Acme,c=DE"],
    ["2.5.4.3=reports+UID=7", "cn=reports+uid=7"],
    ["CN=a\\,b\\2cc\\C3\\A9", "cn=a\\,b\\,cé"],
    ["CN=a=b#c", "cn=a\\=b\\#c"],
    ["emailAddress=a@b", "emailaddress=a@b"],
    ["CN=a\\\\ ,O=\\ b\\  ", "cn=a\\\\,o=\\ b\\ "],
    ["E=a@b", "emailaddress=a@b"],
  ])("%s → %s", (text, name) => {
    expect(readDistinguishedName(text)).toBe(name);
  });

  test.each(["", "reports", "CN", "CN=a,", "=a", "CN=#04", "CN=a\\", "CN=\\ff", "C N=a", "CN=a,,O=b"])(
    "%j → none",
    (text) => {
      expect(readDistinguishedName(text)).toBeUndefined();
    },
  );
});

describe("the lines that Node prints of a subject", () => {
  test.each([
    ["C=DE\nO=Acme\nCN=reports", "CN=reports,O=Acme,C=DE"],
    ["OU=a + UID=b\nCN=c", "CN=c,UID=b+OU=a"],
    ["O=Acme\\, Inc.\nCN=c", "CN=c,O=Acme\\, Inc."],
  ])("%j is %s", (lines, name) => {
    expect(readSubjectLines(lines)).toBe(readDistinguishedName(name));
  });

  // CVE-2021-44532, CVE-2021-44533: what stands in a value must not pass for an attribute.
  test.each([
    ["O=Acme\\0ACN=admin\nCN=mallory", "CN=mallory,CN=admin,O=Acme"],
    ["CN=mallory\\0ACN=admin", "CN=admin,CN=mallory"],
    ["CN=mallory \\+ CN=admin", "CN=mallory+CN=admin"],
    ["CN=admin\\,O=Acme", "CN=admin,O=Acme"],
    ["CN=mallory\\\\\nO=Acme", "O=Acme,CN=mallory"],
  ])("%j is not %s", (lines, name) => {
    expect(readSubjectLines(lines)).not.toBeUndefined();
    expect(readSubjectLines(lines)).not.toBe(readDistinguishedName(name));
  });
});

test("whatever a value holds, two names are alike only where their attributes are", () => {
  const value = fc.string({
    unit: fc.constantFrom("a", "\\", ",", "+", "=", "\n", " ", "#", '"', "é", "C", "N"),
    minLength: 1,
  });
  // As OpenSSL prints it: RFC 2253 escapes, control characters too.
  const escaped = (text: string) =>
    text
      .replace(/[,+"\\<>;]/g, "\\$&")
      .replaceAll("\n", "\\0A")
      .replace(/^[ #]/, "\\$&")
      .replace(/ $/, (end, at: number) => (at === 0 ? end : `\\${end}`));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 3 }),
      fc.array(value, { minLength: 1, maxLength: 3 }),
      (a, b) => {
        const lines = (values: readonly string[]) =>
          readSubjectLines(values.map((one) => `CN=${escaped(one)}`).join("\n"));
        const [one, other] = [lines(a), lines(b)];
        if (one === undefined || other === undefined) return;
        expect(one === other).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(readDistinguishedName(one)).toBe(one);
      },
    ),
    tried,
  );
});

test("a long name costs no more than its length", () => {
  const started = performance.now();
  for (const filler of [" ", "\\", "+", "a "]) readSubjectLines(`CN=a${filler.repeat(15_000)}b`);
  expect(performance.now() - started).toBeLessThan(2000);
});
