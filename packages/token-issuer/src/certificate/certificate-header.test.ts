import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prompt, tried } from "../testing/properties.ts";
import { readCertificateChainHeader, readCertificateHeader } from "./certificate-header.ts";

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

  /** A text with up to three places changed. */
  const damaged = (text: fc.Arbitrary<string>) =>
    fc
      .tuple(
        text,
        fc.array(fc.tuple(fc.nat(), fc.string({ unit: "binary", maxLength: 3 }), fc.boolean()), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .map(([whole, changes]) =>
        changes.reduce((now, [where, put, isInstead]) => {
          const at = where % (now.length + 1);
          return now.slice(0, at) + put + now.slice(isInstead ? at + 1 : at);
        }, whole),
      );
  const sequence = der.map((bytes) => `:${base64(bytes)}:`);
  const escaped = der.map((bytes) => encodeURIComponent(pem(bytes)));
  const long = fc
    .tuple(fc.constantFrom(":", "%", "A", "=", ",", " ", "%0A", ":A=:,", "-----BEGIN%20CERTIFICATE-----"), fc.nat(5000))
    .map(([text, times]) => text.repeat(times));
  const anyHeader = fc.oneof(fc.string(), fc.string({ unit: "binary" }), damaged(sequence), damaged(escaped), long);

  test("damaged, doubled, cut or endless → no error, no hang; what is read is one certificate's text", () => {
    fc.assert(
      fc.property(anyHeader, (text) => {
        const read = prompt(() => readCertificateHeader(text));
        if (!read) return;
        const inside = text.startsWith("-")
          ? decodeURIComponent(text).replaceAll(/-----[A-Z ]+-----|\s/g, "")
          : text.trim();
        expect(base64(read).replaceAll("=", "")).toBe(inside.replaceAll(/[:=]/g, ""));
      }),
      tried,
    );
  });

  test("those in between (RFC 9440 §2.3): as many as were sent, in their order", () => {
    const separator = fc.constantFrom(",", ", ", " ,", ",\t");
    fc.assert(
      fc.property(fc.array(der, { minLength: 1, maxLength: 4 }), separator, (all, between) => {
        const header = all.map((bytes) => `:${base64(bytes)}:`).join(between);
        expect(readCertificateChainHeader(header)).toEqual(all.map((bytes) => Buffer.from(bytes)));
      }),
      tried,
    );
  });

  test("any other text as those in between → no error, no hang", () => {
    const list = fc.array(sequence, { maxLength: 6 }).map((items) => items.join(", "));
    fc.assert(
      fc.property(fc.oneof(anyHeader, damaged(list), list), (text) => {
        const read = prompt(() => readCertificateChainHeader(text)) ?? [];
        expect(read.length).toBeLessThanOrEqual(4);
        for (const certificate of read) expect(text).toContain(base64(certificate).replaceAll("=", ""));
      }),
      tried,
    );
  });

  test.each([
    ["nothing", "", []],
    ["an empty item", ":YQ==:,", undefined],
    ["one that is none", ":YQ==:, YQ==", undefined],
    ["a parameter", ":YQ==:;a=1", undefined],
    ["an inner list", "(:YQ==:)", undefined],
    ["more than lead anywhere", Array(9).fill(":YQ==:").join(), Array(4).fill(Buffer.from("a"))],
  ])("%s as those in between", (_what, text, read) => {
    expect(readCertificateChainHeader(text)).toEqual(read);
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
