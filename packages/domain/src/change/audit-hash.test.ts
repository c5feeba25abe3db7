import { describe, expect, test } from "vitest";
import { canonicalJson } from "./audit-hash.ts";

describe("the form that is hashed", () => {
  test("does not depend on the order of members, and leaves undefined out", () => {
    expect(canonicalJson({ b: 1, a: [{ d: null, c: undefined }] })).toBe('{"a":[{"d":null}],"b":1}');
  });

  test("tells instants apart", () => {
    expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
  });
});
