import { describe, test } from "vitest";
import { useWorld } from "../support/world.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const stage = useTenancyStage(world);

describe("what reads like something else", () => {
  test.each([" billing", "billing ", " "])(
    "the client id %j → refused: a header would carry it without its space",
    async (clientId) => {
      const input = { workspaceId: stage.own.workspaceId, name: "Billing", clientId };
      await stage.refused(stage.owner, "createClient", input, "INVALID_INPUT");
    },
  );

  test("a client id with spaces inside → made", async () => {
    const input = { workspaceId: stage.own.workspaceId, name: "Billing", clientId: "legacy: app 1" };
    await stage.done(stage.owner, "createClient", input);
  });

  test("an identifier that reads like an API of Mintmark's own, however written → refused", async () => {
    const { origin } = world;
    const path = `/${stage.tenant.slug}/admin/api`;
    const written = [
      `${origin}${path}`,
      `${origin}${path}/`,
      `${origin.toUpperCase()}${path}`,
      `${origin}${path}?`,
      `${origin}${path}?a=b`,
      `${origin}//${stage.tenant.slug}/admin//api`,
      `${origin}${path.replace("api", "ap%69")}`,
      `${origin}${path.replace("api", "API")}`,
    ];
    for (const identifier of written) {
      const input = { workspaceId: stage.own.workspaceId, name: "API", identifier, scopes: [] };
      await stage.refused(stage.owner, "createResource", input, "INVALID_INPUT");
    }
    const input = { workspaceId: stage.own.workspaceId, name: "API", identifier: `${origin}/api`, scopes: [] };
    await stage.done(stage.owner, "createResource", input);
  });
});
