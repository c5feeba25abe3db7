import { expect, test } from "vitest";
import { stillSent } from "./typed-search.ts";

test("what was sent comes back from the address → what was typed since stays", () =>
  expect(stillSent(["a"], "a")).toEqual([]));

test("an earlier one comes back late → the later one is still on its way", () =>
  expect(stillSent(["a", "ab"], "a")).toEqual(["ab"]));

test("the address skips one → nothing waits for it any more", () => expect(stillSent(["a", "ab"], "ab")).toEqual([]));

test.each([
  [[], ""],
  [["a"], "b"],
])("of %o the address knows %o from elsewhere → it replaces what was typed", (sent, q) =>
  expect(stillSent(sent, q)).toBeUndefined(),
);
