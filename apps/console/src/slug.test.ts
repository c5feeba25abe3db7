import { expect, test } from "vitest";
import { slugOf } from "./slug.ts";

test("a name becomes the part of an address", () => {
  expect(slugOf("Acme Payments GmbH")).toBe("acme-payments-gmbh");
  expect(slugOf("  Łódź & Ströer ")).toBe("odz-stroer");
  expect(slugOf("x".repeat(80))).toHaveLength(63);
  expect(slugOf("日本")).toBe("");
});
