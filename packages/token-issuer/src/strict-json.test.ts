import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonObject } from "./strict-json.ts";
import { tried } from "./testing/properties.ts";

test("an object without repeats is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(4), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(parseJsonObject(text)).toEqual(JSON.parse(text));
    }),
    tried,
  );
});

test("a repeated member is found wherever it stands and however it is written", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
      const [name = ""] = Object.keys(value);
      const inner = `${JSON.stringify(value).slice(0, -1)},${JSON.stringify(name)}:1}`;
      expect(parseJsonObject(inner)).toBe("duplicate_member");
      expect(parseJsonObject(`{"deep":[1,{"x":${inner}}]}`)).toBe("duplicate_member");
    }),
    tried,
  );
  expect(parseJsonObject('{"iss":"a","\\u0069ss":"b"}')).toBe("duplicate_member");
});

test.each(["[]", "[{}]", "null", "1", '"{}"', "", "{", '{"a":1}x', "{'a':1}"])("%s is not an object", (text) =>
  expect(parseJsonObject(text)).toBe("json"),
);
