import { describe, expect, test } from "vitest";
import { findAuthority } from "./certificate-path.ts";
import { readAuthority, readCertificate, readOnePem } from "./client-certificate.ts";

// Made once, with OpenSSL: two authorities of one name and key id for ten days, and what the first of them signed for twenty.
const AUTHORITY =
  "MIIBbTCCAROgAwIBAgIULMfWF4xctwXBg4/od0NzdRj80EcwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAeFw0yNjExMjYyMjAxNDZaFw0yNj" +
  "EyMDYyMjAxNDZaMAwxCjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQyr5J0+xpCG5UMaKQiXHprHmXOf4LTaaY9pWhIkpm8" +
  "0+o4YNYuBSIaRuMZyOyIyUoSdo5Yo/mmE2/O0NgnGvVuo1MwUTAdBgNVHQ4EFgQUs3Z6tWXriOmtgVBSnVn+XeRb4E8wHwYDVR0jBBgwFoAUs3" +
  "Z6tWXriOmtgVBSnVn+XeRb4E8wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAMfjUD2BWGqs/dIh5qG/eN/9PiXe2GG83DCC3t" +
  "NeiTEAIhAJ9eiMh8X2MqTtwMBbL5rBKbQnDLorUQ08YWbXmzyBRr";
const NAMESAKE =
  "MIIBbTCCAROgAwIBAgIUdxprD5LngxhqqJbIaUGjLiI5yYIwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAeFw0yNjExMjYyMjAzNDlaFw0yNj" +
  "EyMDYyMjAzNDlaMAwxCjAIBgNVBAMMAWEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQWAk9wDsSYi6eRzeDsnCFCzFgLNy7VsE+KUDCbkc2F" +
  "bVLR3VeNBHYPVsdAi9qGaKFCJaklc+Uk7sPG8TwjSn7Ko1MwUTAfBgNVHSMEGDAWgBQcCBTPn8BWmJ8BdiVDlsBjeTD6cjAPBgNVHRMBAf8EBT" +
  "ADAQH/MB0GA1UdDgQWBBSzdnq1ZeuI6a2BUFKdWf5d5FvgTzAKBggqhkjOPQQDAgNIADBFAiBp02Hsi0zITrW32cvazPl2CBxy9Rzv8AtsxxOf" +
  "2l6hxwIhAM1C0fiPCwKS/2kAwNWGN5vjmT1mP4R0sCseU55JYhQO";
const SIGNED =
  "MIIBbTCCAROgAwIBAgIUfJhoCnbtLrY6Yqx//IAGvSJU3GgwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYTAeFw0yNjExMjYyMjAxNDZaFw0yNj" +
  "EyMTYyMjAxNDZaMAwxCjAIBgNVBAMMAWMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASJRrfHkEvN6vQFxspqQdsKoptGYhimY7ra/TM/tCJR" +
  "l7+y6b6+DKbLAwqGkZjc7/EC7PfP6VzziDHBDDvtnAZYo1MwUTAdBgNVHQ4EFgQUX/vgrnwwhtqGELEJHyhtxxcm6AowHwYDVR0jBBgwFoAUs3" +
  "Z6tWXriOmtgVBSnVn+XeRb4E8wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAu3MouIsYzIO9nQw6WRbbi+J16Tl+muyFPhvqk" +
  "Bm44zgIhAJbaagCNsqGgETmMC8HvSPAaYW49ky784wXXpdJREQJ/";

const authority = (base64: string) => ({
  id: "authority",
  pem: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
});
const der = Buffer.from(SIGNED, "base64");
const days = (count: number) => new Date(Date.parse("2026-11-26T22:01:46Z") + count * 86_400_000);

describe("who signed a certificate", () => {
  test.each([
    ["while the authority is valid", 5, "its authority"],
    ["before the authority begins", -1, undefined],
    ["after the authority has ended, before the certificate does", 11, undefined],
  ])("%s", (_, at, signer) => {
    const certificate = readCertificate(der);
    if (!certificate) throw new Error("no certificate");
    const [namesake, own] = [authority(NAMESAKE), authority(AUTHORITY)];
    const found = findAuthority(certificate, [], [namesake, own], days(at));
    const authorityFound = "authority" in found ? found.authority : undefined;
    expect(authorityFound && (authorityFound === own ? "its authority" : "its namesake")).toBe(signer);
  });
});

test("a certificate with something behind it is none", () => {
  expect(readCertificate(Buffer.concat([der, Buffer.of(0)]))).toBeUndefined();
  expect(readCertificate(der.subarray(0, -1))).toBeUndefined();
});

test.each(["261216220146Z", "261126220146Z"])(
  "a certificate whose %s is no time → is none, nor an authority",
  (time) => {
    const timeless = (base64: string) =>
      Buffer.from(Buffer.from(base64, "base64").toString("latin1").replace(time, "99999999999Z0"), "latin1");
    const signed = timeless(SIGNED);
    expect(signed).not.toEqual(der);
    expect(readCertificate(signed)).toBeUndefined();
    const { pem } = authority(signed.toString("base64"));
    expect([readOnePem(pem), readAuthority(pem, days(0))]).toEqual([undefined, "unreadable"]);
  },
);

const element = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const value = Buffer.concat(parts);
  const length = value.length < 0x80 ? [value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), value]);
};
const sequence = (...parts: readonly Buffer[]) => element(0x30, ...parts);
const nothing = element(0x05);

/** Of an RSA key with so many bits and that exponent; nobody signed it. */
function rsaCertificate(bits: number, exponent: Buffer): Buffer {
  const rsa = (end: string) => sequence(element(0x06, Buffer.from(`2a864886f70d0101${end}`, "hex")), nothing);
  const ones = Buffer.alloc(bits / 8, 0xff);
  const name = sequence(element(0x31, sequence(element(0x06, Buffer.of(0x55, 4, 3)), element(0x0c, Buffer.from("a")))));
  const time = (text: string) => element(0x17, Buffer.from(text));
  const key = sequence(element(0x02, Buffer.of(0), ones), element(0x02, exponent));
  const signed = sequence(
    element(0xa0, element(0x02, Buffer.of(2))),
    element(0x02, Buffer.of(1)),
    rsa("0b"),
    name,
    sequence(time("260101000000Z"), time("360101000000Z")),
    name,
    sequence(rsa("01"), element(0x03, Buffer.of(0), key)),
  );
  return sequence(signed, rsa("0b"), element(0x03, Buffer.of(0), ones));
}

test.each([
  ["RSA of 2,048 bits", 2048, Buffer.of(1, 0, 1), true],
  ["RSA of 8,192 bits", 8192, Buffer.of(1, 0, 1), true],
  ["RSA of 16,384 bits", 16_384, Buffer.of(1, 0, 1), false],
  ["RSA with an exponent of 33 bits", 2048, Buffer.of(1, 0, 0, 0, 1), false],
  ["RSA with an exponent as long as the key", 3072, Buffer.alloc(383, 0x7f), false],
])("a certificate of a key whose signatures cost much to look at → is none: %s", (_, bits, exponent, isRead) => {
  expect(readCertificate(rsaCertificate(bits, exponent)) !== undefined).toBe(isRead);
});
