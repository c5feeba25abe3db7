import { describe, expect, test } from "vitest";
import { highlight, masked, maskOf, unmasked } from "./highlight.ts";

const inks = (code: string, language: Parameters<typeof highlight>[1]) =>
  highlight(code, language)
    .filter((token) => token.ink !== "plain")
    .map((token) => [token.ink, token.text]);

describe("highlighting", () => {
  test.each([
    ["shell", " SECRET='a b'\ncurl -u \"x:$SECRET\" # now"],
    ["node", "const a = `x`; // twelve 12"],
    ["python", 'print("a", 3)  # end'],
    ["go", 'if err != nil { return "x" }'],
    ["env", "# mine\nA_B=c d"],
    ["json", '{"exp": 12, "ok": true, "iss": "a"}'],
    ["text", "anything"],
  ] as const)("%s loses no character", (language, code) => {
    expect(
      highlight(code, language)
        .map((token) => token.text)
        .join(""),
    ).toBe(code);
  });

  test("a key of JSON and its value have different inks", () => {
    expect(inks('{"exp": 12, "iss": "a"}', "json")).toEqual([
      ["key", '"exp"'],
      ["number", "12"],
      ["key", '"iss"'],
      ["string", '"a"'],
    ]);
  });

  test("a number inside a comment or a string stays part of it", () => {
    expect(inks("x # 12", "python")).toEqual([["comment", "# 12"]]);
    expect(inks('"a 12"', "node")).toEqual([["string", '"a 12"']]);
  });
});

describe("masking", () => {
  const secret = "mms_p0Xq7RzL2vYk9TtBf4NhWc8JdEu1sGmA";

  test("nothing of the secret but its prefix is shown", () => {
    const shown = masked(`SECRET='${secret}'`, secret);
    expect(shown).toBe(`SECRET='mms_${"•".repeat(12)}'`);
    expect(maskOf("no prefix at all")).toBe("•".repeat(12));
  });

  test("a selection copied by hand carries the secret", () => {
    expect(unmasked(masked(`a ${secret} b`, secret), secret)).toBe(`a ${secret} b`);
  });
});
