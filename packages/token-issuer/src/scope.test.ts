import fc from "fast-check";
import { expect, test } from "vitest";
import { isFailure } from "./failure.ts";
import { parseScope, printScope } from "./scope.ts";
import { tried } from "./testing/properties.ts";

const token = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,12}$/);

test("names of the grammar are read, repeats collapse, and print and parse agree", () => {
  fc.assert(
    fc.property(fc.array(token, { minLength: 1, maxLength: 8 }), (names) => {
      const scope = parseScope(names.join(" "));
      if (isFailure(scope)) throw new Error(scope.reason);
      expect(scope).toEqual(new Set(names));
      expect(parseScope(printScope(scope))).toEqual(scope);
    }),
    tried,
  );
});

test.each(["", " a", "a ", "a  b", 'a"b', "a\\b", "a\tb", "a\nb", "é", "a\u00a0b"])(
  "%j is outside the grammar",
  (text) => expect(parseScope(text)).toMatchObject({ reason: "malformed_scope" }),
);

test("case counts", () => expect(parseScope("Read read")).toEqual(new Set(["Read", "read"])));
