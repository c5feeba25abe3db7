import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Refusal } from "./failure.ts";
import { description, futureInstant, id, instant, name, parseInput, slug } from "./input.ts";
import { identifier } from "./resources/resource-identifier.ts";
import { scopeName } from "./resources/scope-name.ts";

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe("a name", () => {
  test.each([
    ["a bidirectional override", "pay\u202Etxt.exe"],
    ["a bidirectional isolate", "pay\u2066ments"],
    ["a right-to-left mark", "pay\u200Fments"],
    ["a zero-width space", "pay\u200Bments"],
    ["a zero-width joiner", "pay\u200Dments"],
    ["a byte order mark", "\uFEFFx\uFEFFpayments"],
    ["a soft hyphen", "pay\u00ADments"],
    ["a Hangul filler", "\u3164"],
    ["a combining grapheme joiner", "pay\u034Fments"],
    ["a variation selector", "pay\uFE0Fments"],
    ["a tag character", "pay\u{E0041}ments"],
    ["NUL", "pay\0ments"],
    ["an escape", "pay\u001B[31mments"],
    ["a line break", "pay\r\nments"],
    ["a C1 control", "pay\u0085ments"],
    ["a line separator", "pay\u2028ments"],
    ["a lone surrogate", "pay\uD800ments"],
    ["a private character", "pay\uE000ments"],
    ["nothing", ""],
    ["only spaces", "   "],
    ["more than 100 characters", "x".repeat(101)],
  ])("with %s is refused", (_what, text) => {
    expect(accepts(name, text)).toBe(false);
  });

  test.each(["Payments", "Zahlungen für Köln", "決済", "مدفوعات", "Платежи", "O'Brien & Söhne <b>", "=1+1", "🪙 Mint"])(
    "may be %s",
    (text) => {
      expect(name.parse(text)).toBe(text);
    },
  );

  test("is kept composed and trimmed, so that equal names are equal", () => {
    expect(name.parse("  Ko\u0308ln ")).toBe("Köln");
  });
});

describe("other members", () => {
  test("a description has line breaks, and nothing else that is not seen", () => {
    expect(accepts(description, "one\ntwo")).toBe(true);
    expect(accepts(description, "one\u001Btwo")).toBe(false);
    expect(accepts(description, "x".repeat(1001))).toBe(false);
  });

  test.each(["", "-a", "A", "a_b", "a/b", "ä", "a".repeat(64), "a\n", ".well-known"])("%j is no slug", (text) => {
    expect(accepts(slug, text)).toBe(false);
  });

  test("an id may be anything short that the database can look for", () => {
    expect(accepts(id, "no id of ours")).toBe(true);
    expect(accepts(id, "cli_\0")).toBe(false);
    expect(accepts(id, "x".repeat(65))).toBe(false);
  });

  test("an instant lies in the years that the database reads", () => {
    expect(accepts(instant, "2027-01-31T12:00:00Z")).toBe(true);
    expect(accepts(instant, new Date(8.64e15))).toBe(false);
    expect(accepts(instant, "-000001-01-01T00:00:00Z")).toBe(false);
    expect(accepts(instant, "tomorrow")).toBe(false);
    expect(accepts(futureInstant, "2001-01-01T00:00:00Z")).toBe(false);
  });
});

describe("a resource identifier", () => {
  test.each([
    "https://api.example.com",
    "https://api.example.com/orders?v=1",
    "urn:example:orders",
    "http://[2001:db8::1]:8/x",
    "api://orders",
  ])("may be %s", (text) => {
    expect(accepts(identifier, text)).toBe(true);
  });

  test.each([
    "",
    "orders",
    "/orders",
    "//api.example.com",
    "https://api.example.com#",
    "https://api.example.com/#top",
    "https://",
    "https:orders",
    "https://user:pw@api.example.com",
    "https://api.example.com/a b",
    "https://api.example.com/ä",
    "https://api.example.com/%zz",
    "https://api.example.com/\r\n",
    `https://api.example.com/${"x".repeat(512)}`,
  ])("is never %j", (text) => {
    expect(accepts(identifier, text)).toBe(false);
  });
});

describe("a scope's name", () => {
  test.each(["orders:read", "a", "!#[]~", "https://example.com/scope"])("may be %s", (text) => {
    expect(accepts(scopeName, text)).toBe(true);
  });

  test.each(["", "a b", 'a"b', "a\\b", "ä", "a\tb", "a\n", "x".repeat(129)])("is never %j", (text) => {
    expect(accepts(scopeName, text)).toBe(false);
  });
});

describe("an input", () => {
  const schema = z.strictObject({ name });
  const failuresOf = (raw: unknown) => {
    try {
      parseInput(schema, raw);
    } catch (error) {
      if (error instanceof Refusal) return error.failures;
      throw error;
    }
    return [];
  };

  test.each(["tenantId", "isBuiltIn", "isOwnApi", "kind", "status", "__proto__x"])(
    "with the member %s, which no caller sets, is refused by its name",
    (member) => {
      expect(failuresOf({ name: "x", [member]: "y" })).toMatchObject([{ code: "INVALID_INPUT", path: [member] }]);
    },
  );

  test("names every problem with its path, and never echoes a value", () => {
    const failures = failuresOf({ name: "hunter2\0", clientMutationId: "" });
    expect(failures.map((failure) => failure.code)).toEqual(["INVALID_INPUT", "INVALID_INPUT"]);
    expect(JSON.stringify(failures)).not.toContain("hunter2");
  });

  test("that is missing altogether is refused, not a crash", () => {
    expect(failuresOf(undefined)).toMatchObject([{ code: "INVALID_INPUT", path: ["name"] }]);
  });

  test("gives its clientMutationId beside the members", () => {
    const parsed = parseInput(schema, { name: "x", clientMutationId: "once" });
    expect(parsed).toEqual({ input: { name: "x" }, clientMutationId: "once" });
  });
});
