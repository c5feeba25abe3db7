import { describe, expect, test } from "vitest";
import { useWorld } from "../support/world.ts";
import { assign, newAccess, newCaller, ownWorkspace } from "./callers.ts";
import { fresh } from "./place.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const stage = useTenancyStage(world);

describe("[C5] a role of a special workspace is not taken for a built-in one", () => {
  test.each([
    ["another case", "Owner"],
    ["the very name", "owner"],
    ["full width", "\uff4fwner"],
    ["spaces and signs", " o w-n.e r "],
    ["an accent", "\u00f3wner"],
    ["a built-in role of the other workspace", "OPERATOR"],
    ["a Cyrillic letter among Latin ones", "\u043ewner"],
  ])("%s → refused, made or renamed", async (_, name) => {
    const { workspaceId } = stage.admin.place;
    await stage.refused(stage.owner, "createRole", { workspaceId, name, scopeIds: [] }, "INVALID_INPUT");
    const id = await stage.newRole([]);
    const { path } = await stage.refused(stage.owner, "updateRole", { id, name }, "INVALID_INPUT");
    expect(path).toEqual(["name"]);
    const system = await ownWorkspace(stage.tenant, "system");
    const input = { workspaceId: system.place.workspaceId, name, scopeIds: [] };
    await stage.refused(stage.owner, "createRole", input, "INVALID_INPUT");
  });

  test("other names in any one script, and any name in a custom workspace → made", async () => {
    const { workspaceId } = stage.admin.place;
    for (const name of ["Owner of bills", "\u0412\u043b\u0430\u0434\u0435\u043b\u0435\u0446", "API \u7ba1\u7406"])
      await stage.done(stage.owner, "createRole", { workspaceId, name, scopeIds: [] });
    await stage.done(stage.owner, "createRole", { workspaceId: stage.own.workspaceId, name: "Owner", scopeIds: [] });
  });

  test("renaming a role needs what editing it needs, once somebody has it", async () => {
    const admin = await newCaller(world, stage.admin, { role: "admin" });
    const mighty = await stage.newRole(["workspace:delete"]);
    await stage.done(admin, "updateRole", { id: mighty, name: fresh("role") });
    await assign(stage.admin, (await newAccess(stage.admin, {})).id, mighty, "all");
    await stage.refused(admin, "updateRole", { id: mighty, name: fresh("role") });
    await stage.done(stage.owner, "updateRole", { id: mighty, name: fresh("role") });
    await stage.done(admin, "updateRole", { id: mighty, description: "Said in other words." });
  });
});
