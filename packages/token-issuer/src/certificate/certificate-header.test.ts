import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tried } from "../testing/properties.ts";
import { readCertificateHeader } from "./certificate-header.ts";

const der = fc.uint8Array({ minLength: 1, maxLength: 600 });
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const pem = (bytes: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${(base64(bytes).match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;

describe("a certificate in a proxy's header [S9]", () => {
  test("as a byte sequence (RFC 9440), or as escaped PEM: its bytes, whatever they are", () => {
    fc.assert(
      fc.property(der, (bytes) => {
        expect(readCertificateHeader(`:${base64(bytes)}:`)).toEqual(Buffer.from(bytes));
        expect(readCertificateHeader(encodeURIComponent(pem(bytes)))).toEqual(Buffer.from(bytes));
      }),
      tried,
    );
  });

  test("no other text is one: what is read is written back as it was", () => {
    const nearly = fc
      .tuple(der, fc.nat(), fc.constantFrom("", ":", "=", "A", " ", ",", "%", "\n", "-", "é"))
      .map(([bytes, at, put]) => {
        const text = `:${base64(bytes)}:`;
        const place = at % text.length;
        return text.slice(0, place) + put + text.slice(place + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), nearly), (text) => {
        const read = readCertificateHeader(text);
        if (read) expect(`:${base64(read)}:`.replaceAll("=", "")).toBe(text.trim().replaceAll("=", ""));
      }),
      tried,
    );
  });

  test.each([
    ["nothing", ""],
    ["two byte sequences", ":YQ==:, :YQ==:"],
    ["a parameter", ":YQ==:;a=1"],
    ["base64url", ":_-8=:"],
    ["bits that nothing says", ":YR==:"],
    ["no bytes", "::"],
    ["PEM as it is", pem(Buffer.from("a"))],
    ["two certificates", encodeURIComponent(pem(Buffer.from("a")) + pem(Buffer.from("b")))],
    ["a broken escape", "-----BEGIN%20CERTIFICATE-----%0AYQ%3D%3%0A-----END%20CERTIFICATE-----"],
    ["a key", encodeURIComponent(pem(Buffer.from("a")).replaceAll("CERTIFICATE", "PRIVATE KEY"))],
    ["more than a certificate can be", `:${"A".repeat(40_000)}:`],
  ])("%s → none", (_what, text) => {
    expect(readCertificateHeader(text)).toBeUndefined();
  });
});
