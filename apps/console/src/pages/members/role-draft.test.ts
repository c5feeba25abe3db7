import { expect, test } from "vitest";
import type { Role } from "./documents.ts";
import { draftOf } from "./role-draft.ts";

const scope = (name: string) => ({ id: `scp_${name}`, name, description: "" });
const role = {
  name: "auditor",
  description: "Looks.",
  scopes: [scope("x"), scope("y"), scope("z")],
} as unknown as Role;

test("a copy of a role leaves out what its maker does not hold, and says what; an edit leaves it as it is", () => {
  const ofApi = [scope("x"), scope("y")];
  const copy = draftOf({ kind: "create", from: role }, ofApi, ["x"]);
  // The last one is of another API: whoever makes roles gives it.
  expect([...copy.draft.scopes]).toEqual(["scp_x", "scp_z"]);
  expect(copy.leftOut).toEqual(["y"]);
  const edit = draftOf({ kind: "edit", role }, ofApi, ["x"]);
  expect([edit.draft.scopes.size, edit.leftOut]).toEqual([3, []]);
});
