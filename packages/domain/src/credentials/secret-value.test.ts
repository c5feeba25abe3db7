import { describe, expect, test } from "vitest";
import { isClientSecretValue, newClientSecretValue } from "./secret-value.ts";

describe("a client secret's value", () => {
  test("wears its kind, has a fixed width and needs no encoding", () => {
    for (let count = 0; count < 200; count++) expect(newClientSecretValue().value).toMatch(/^mms_[0-9A-Za-z]{49}$/);
  });

  test("is recognised by the last four characters of its random part", () => {
    const { value, hint } = newClientSecretValue();
    expect(hint).toBe(value.slice(43, 47));
  });

  test("never comes twice", () => {
    const values = Array.from({ length: 1000 }, () => newClientSecretValue().value);
    expect(new Set(values).size).toBe(1000);
  });

  test("carries the CRC-32 of what stands before it", () => {
    // zlib's crc32("mms_" + 43 zeros) in base62, computed with Python's zlib.
    expect(isClientSecretValue(`mms_${"0".repeat(43)}012KVg`)).toBe(true);
  });

  test("is told apart from one with a single wrong character", () => {
    const { value } = newClientSecretValue();
    for (let at = 4; at < value.length; at++) {
      const other = value[at] === "a" ? "b" : "a";
      expect(isClientSecretValue(value.slice(0, at) + other + value.slice(at + 1))).toBe(false);
    }
    expect(isClientSecretValue(value.slice(0, -1))).toBe(false);
    expect(isClientSecretValue("")).toBe(false);
  });
});
