import { expect, test } from "vitest";
import { givenAgain, inputOf, isComplete, NO_ROLE, placesFor, roleOptions, rolesLine } from "./roles-of.ts";

const at = (name: string, place?: string) => ({
  role: { id: name, name },
  everywhere: place === undefined,
  targetWorkspace: place === undefined ? null : { id: place, name: place },
});

test("roles in a line: the first with its place, and how many more", () => {
  expect(rolesLine([])).toBe("No role");
  expect(rolesLine([at("owner")])).toBe("owner everywhere");
  expect(rolesLine([at("developer", "payments"), at("auditor")])).toBe("developer in payments, 1 more");
});

test("a role and its place as the server takes them", () => {
  expect(isComplete(NO_ROLE)).toBe(false);
  expect(isComplete({ roleId: "rol_1", place: "" })).toBe(false);
  expect(inputOf({ roleId: "rol_1", place: "all" })).toEqual({ roleId: "rol_1", everywhere: true });
  expect(inputOf({ roleId: "rol_1", place: "wsp_1" })).toEqual({ roleId: "rol_1", targetWorkspaceId: "wsp_1" });
});

const role = (name: string, ...scopes: string[]) => ({
  id: name,
  name,
  description: "",
  isBuiltIn: !name.startsWith("Copy"),
  scopes: scopes.map((scope) => ({ id: scope, name: scope, description: "" })),
});
const all = {
  admin: [role("Copy of owner", "x", "member:reset"), role("owner", "x", "member:reset"), role("auditor", "x")],
  system: [role("operator", "z")],
};

/** Somebody with these permissions; an owner reaches into the closed workspaces too. */
const giver = (permissions: readonly string[], inClosed: readonly string[] = []) => ({
  viewer: { permissions },
  admin: { viewerPermissions: inClosed },
  system: { viewerPermissions: inClosed },
});
const owner = giver(["x", "member:reset"], ["client-grant:write"]);

test("who holds all of a role may give it; an owner gives owner and those of the system workspace too", () => {
  const given = (who: ReturnType<typeof giver>) =>
    roleOptions(who, all)
      .filter(({ mayGive }) => mayGive)
      .map(({ name }) => name);
  expect(given(giver(["x"]))).toEqual(["auditor"]);
  expect(given(owner)).toEqual(["Copy of owner", "owner", "auditor", "operator"]);
  // As much as an owner holds, by a role of another name.
  expect(given(giver(["x", "member:reset"]))).toEqual(["Copy of owner", "auditor"]);
  expect(given(giver([]))).toEqual([]);
});

test("only an owner gives roles for one of the special workspaces", () => {
  const places = [{ kind: "CUSTOM" }, { kind: "ADMIN" }, { kind: "SYSTEM" }] as const;
  expect(placesFor(owner, places)).toEqual(places);
  expect(placesFor(giver(["x"]), places)).toEqual([{ kind: "CUSTOM" }]);
});

test("a role that was taken back is given again as it was: one that was to begin later begins later", () => {
  const [before, now, later] = ["2026-11-26T08:00:00.000Z", "2026-11-27T08:00:00.000Z", "2026-11-28T08:00:00.000Z"];
  const row = { id: "asg_1", createdAt: before, expiresAt: null, ...at("auditor") };
  const again = (notBefore: string) => givenAgain({ ...row, notBefore }, "mem_1", Date.parse(now));
  expect(again(later)).toEqual({
    roleId: "auditor",
    memberId: "mem_1",
    everywhere: true,
    notBefore: later,
    expiresAt: null,
  });
  expect(again(before)).not.toHaveProperty("notBefore");
  const hidden = { ...row, ...at("auditor", "wsp_1"), targetWorkspace: null, notBefore: before };
  expect(givenAgain(hidden, "mem_1", Date.parse(now))).toBeUndefined();
});
