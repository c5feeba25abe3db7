import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prompt, tried } from "../testing/properties.ts";
import { readAuthorityLimits } from "./authority-limits.ts";

const element = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const value = Buffer.concat(parts);
  const length =
    value.length < 0x80 ? Buffer.of(value.length) : Buffer.of(0x82, value.length >> 8, value.length & 0xff);
  return Buffer.concat([Buffer.of(tag), length, value]);
};
const sequence = (...parts: readonly Buffer[]) => element(0x30, ...parts);
const extension = (oid: string, value: Buffer, isCritical?: boolean) =>
  sequence(
    element(0x06, Buffer.from(oid, "hex")),
    ...(isCritical === undefined ? [] : [element(0x01, Buffer.of(isCritical ? 0xff : 0))]),
    element(0x04, value),
  );
/** As much of a certificate as the reader looks at, and something long before the extensions. */
const certificate = (...extensions: readonly Buffer[]) =>
  sequence(sequence(element(0x02, Buffer.alloc(300, 1)), element(0xa3, sequence(...extensions))), sequence());

const authority = (pathLength?: number) =>
  extension(
    "551d13",
    sequence(
      element(0x01, Buffer.of(0xff)),
      ...(pathLength === undefined ? [] : [element(0x02, Buffer.of(pathLength))]),
    ),
    true,
  );
const anything = Buffer.of(5, 0);

describe("what an authority may sign", () => {
  test.each([
    ["no path length", [authority()], Number.POSITIVE_INFINITY, false],
    ["none below it", [authority(0)], 0, false],
    ["three below it", [authority(3)], 3, false],
    [
      "critical key usages and names of its own",
      ["551d0f", "551d25", "551d11"].map((oid) => extension(oid, anything, true)),
      Number.POSITIVE_INFINITY,
      false,
    ],
    ["name constraints, critical or not", [authority(), extension("551d1e", anything)], Number.POSITIVE_INFINITY, true],
    ["critical policies", [extension("551d20", anything, true)], Number.POSITIVE_INFINITY, true],
    ["something unknown that is critical", [extension("2a0304", anything, true)], Number.POSITIVE_INFINITY, true],
    [
      "something unknown that is not",
      [extension("2a0304", anything, false), extension("2a0305", anything)],
      Number.POSITIVE_INFINITY,
      false,
    ],
  ])("%s", (_, extensions, pathLength, isBound) => {
    expect(readAuthorityLimits(certificate(...extensions))).toEqual({ pathLength, isBound });
  });

  test("a damaged certificate, or no certificate → no error, and nothing is allowed that was not", () => {
    const whole = certificate(authority(0), extension("551d1e", anything));
    const damaged = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
      .map((changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    const cut = fc.nat(whole.length).map((length) => whole.subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), damaged, cut), (bytes) => {
        const { pathLength } = prompt(() => readAuthorityLimits(bytes));
        expect(pathLength).toBeGreaterThanOrEqual(0);
      }),
      tried,
    );
  });

  test("a certificate that ends early → bound", () => {
    const whole = certificate(authority());
    for (let length = 0; length < whole.length - 2; length++)
      expect(readAuthorityLimits(whole.subarray(0, length)).isBound).toBe(true);
  });
});
