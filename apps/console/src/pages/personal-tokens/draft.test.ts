import { expect, test } from "vitest";
import { groupsOf } from "./draft.ts";

test("what every person may do for themselves is not offered: no token can have it", () => {
  const offered = groupsOf(["role:read", "personal-token:write", "audit:read"]).flatMap(({ scopes }) => scopes);
  expect(offered.map(({ name }) => name)).toEqual(["audit:read", "role:read"]);
});
