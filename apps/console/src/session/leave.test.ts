import { expect, test } from "vitest";
import { safeNext } from "./leave.ts";

test("only an address of this console follows a sign-in", () => {
  expect(safeNext("/t/acme/w/pay/clients?q=a")).toBe("/t/acme/w/pay/clients?q=a");
  for (const evil of [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/\t/evil",
    "",
    undefined,
  ]) {
    expect(safeNext(evil)).toBe("/");
  }
});
