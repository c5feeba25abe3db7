import { expect, test } from "vitest";
import { safeNext, tenantIn } from "./leave.ts";

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

test("an address below a tenant names it; any other names none", () => {
  for (const next of ["/t/acme", "/t/acme/", "/t/acme/w/pay?q=a", "/t/acme?x=1"]) expect(tenantIn(next)).toBe("acme");
  for (const next of ["/account", "/t/", "/t/Acme", "/x/t/acme", "//t/acme", undefined])
    expect(tenantIn(next)).toBeUndefined();
});
