import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFailure } from "./failure.ts";
import { parseForm, readForm } from "./form.ts";
import { tried } from "./testing/properties.ts";
import { request } from "./testing/world.ts";

const parsed = (text: string) => {
  const form = parseForm(Buffer.from(text, "latin1"));
  if (isFailure(form)) throw new Error(form.reason);
  return form;
};
const refused = (text: string) => parseForm(Buffer.from(text, "latin1"));

describe("a form", () => {
  test("reads plus, escapes and UTF-8", () => {
    const form = parsed("a=b+c&d=%C3%A9%2B&e");
    expect([form.get("a"), form.get("d"), form.get("e")]).toEqual(["b c", "é+", undefined]);
  });

  test("treats an empty value as absent", () => expect(parsed("scope=").get("scope")).toBeUndefined());

  test("keeps repeats of resource and audience", () =>
    expect(parsed("resource=a&resource=&resource=b").all("resource")).toEqual(["a", "b"]));

  test.each([
    ["a broken escape", "a=%zz", "percent_encoding"],
    ["a cut escape", "a=%4", "percent_encoding"],
    ["invalid UTF-8 in escapes", "a=%ff", "utf8"],
    ["an overlong escape", "a=%c0%80", "utf8"],
    ["invalid raw UTF-8", "a=\xff", "utf8"],
    ["a NUL", "a=%00", "nul"],
    ["a raw NUL in a name", "a\0=b", "nul"],
  ])("with %s is refused", (_what, text, problem) =>
    expect(refused(text)).toEqual({ reason: "malformed_form", problem }),
  );

  test.each(["a=1&a=1", "scope=&scope=x", "%61=1&a=2"])("that repeats a parameter (%s) is refused", (text) =>
    expect(refused(text)).toMatchObject({ reason: "duplicated_parameter" }),
  );

  test("of 1,000 parameters is refused without reading them all", () => {
    const text = Array.from({ length: 1000 }, (_, index) =>
      `p${index}=%zz`.replace("%zz", index > 100 ? "%zz" : ""),
    ).join("&");
    expect(refused(text)).toEqual({ reason: "too_many_parameters", limit: 100 });
  });

  test("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseForm(bytes)),
      tried,
    );
  });

  test("gives back what another encoder wrote", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((value) => !value.includes("\0"));
    const pairs = fc.dictionary(
      text,
      text.filter((value) => value !== ""),
      { maxKeys: 20 },
    );
    fc.assert(
      fc.property(pairs, (wanted) => {
        const encoded = new URLSearchParams(Object.entries(wanted)).toString();
        const form = parseForm(Buffer.from(encoded));
        if (isFailure(form)) throw new Error(form.reason);
        for (const [name, value] of Object.entries(wanted)) expect(form.get(name)).toBe(value);
      }),
      tried,
    );
  });
});

describe("the content type", () => {
  const typed = (...types: string[]) =>
    readForm(request({ headers: types.map((type): [string, string] => ["content-type", type]), body: "a=b" }));

  test.each([
    "application/x-www-form-urlencoded",
    "Application/X-WWW-Form-URLencoded; charset=UTF-8",
    'application/x-www-form-urlencoded;charset="utf-8"',
  ])("%s is read", (type) => expect(isFailure(typed(type))).toBe(false));

  test.each([
    "application/json",
    "multipart/form-data; boundary=x",
    "text/plain",
    "",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencodedx",
  ])("'%s' is refused", (type) => expect(typed(type)).toMatchObject({ reason: "wrong_content_type" }));

  test("that is absent or given twice is refused", () => {
    expect(typed()).toMatchObject({ reason: "wrong_content_type" });
    expect(typed("application/x-www-form-urlencoded", "application/json")).toMatchObject({
      reason: "wrong_content_type",
    });
  });

  test("with a compressed body is refused", () => {
    const headers: [string, string][] = [
      ["Content-Type", "application/x-www-form-urlencoded"],
      ["Content-Encoding", "gzip"],
    ];
    expect(readForm(request({ headers, body: "a=b" }))).toEqual({ reason: "encoded_content", contentEncoding: "gzip" });
  });
});
