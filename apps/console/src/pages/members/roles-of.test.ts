import { expect, test } from "vitest";
import type { MembersData } from "./documents.ts";
import { inputOf, isComplete, NO_ROLE, roleOptions, rolesLine } from "./roles-of.ts";

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

test("who holds all of a role may give it; an owner gives those of the system workspace too", () => {
  const role = (name: string, ...scopes: string[]) => ({
    id: name,
    name,
    description: "",
    isBuiltIn: true,
    scopes: scopes.map((scope) => ({ id: scope, name: scope, description: "" })),
  });
  const data = (...permissions: string[]) =>
    ({
      viewer: { permissions },
      admin: { id: "a", roles: { nodes: [role("owner", "x", "y"), role("auditor", "x")] } },
      system: { id: "s", roles: { nodes: [role("operator", "z")] } },
    }) as unknown as MembersData;
  const given = (...permissions: string[]) =>
    roleOptions(data(...permissions))
      .filter(({ mayGive }) => mayGive)
      .map(({ name }) => name);
  expect(given("x")).toEqual(["auditor"]);
  expect(given("x", "y")).toEqual(["owner", "auditor", "operator"]);
  expect(given()).toEqual([]);
});
