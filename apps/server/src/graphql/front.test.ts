import { describe, expect, it } from "vitest";
import { parseOperation } from "./front.ts";

const parse = (text: string) => parseOperation(new TextEncoder().encode(text));

describe("parseOperation", () => {
  it("takes query, operationName and variables", () => {
    expect(parse('{"query":"{ a }","operationName":null,"variables":{"b":1}}')).toEqual({
      query: "{ a }",
      operationName: undefined,
      variables: { b: 1 },
    });
  });

  it.each([
    ["", "not JSON"],
    ["null", "no JSON object"],
    ["[]", "batches"],
    ["{}", "query is missing"],
    ['{"query":" "}', "query is missing"],
    ['{"query":"{a}","variables":[]}', "no object"],
    ['{"query":"{a}","operationName":1}', "no string"],
    ['{"query":"{a}","doc_id":"x"}', "doc_id"],
    [`{"query":"{a}","variables":{"a":${"[".repeat(9000)}${"]".repeat(9000)}}}`, "nested too deeply"],
  ])("says what is wrong with %.30s", (text, sentence) => {
    expect(parse(text)).toContain(sentence);
  });

  it("refuses what is not UTF-8", () => {
    expect(parseOperation(Uint8Array.of(0x22, 0xff, 0x22))).toContain("UTF-8");
  });
});
