import { beforeAll, expect, test } from "vitest";
import { eventually } from "../support/http.ts";
import { useWorld } from "../support/world.ts";
import { type Caller, newAccess, newCaller, outcomeOf } from "./callers.ts";
import { useRows } from "./rows.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const stage = useTenancyStage(world);
const rows = useRows(world);
let admin: Caller;

beforeAll(async () => {
  // For custom workspaces only, so that the admin workspace is closed to it.
  admin = await newCaller(world, stage.admin, { role: "admin", at: [stage.own.workspaceId] });
});

interface RefusedRow extends Record<string, unknown> {
  readonly body: { readonly mutation: string; readonly codes: string[]; readonly uncounted: number };
}

const refusedBy = async (mutation: string) => {
  const found = await rows.select<RefusedRow>(
    "select body from audit_events where tenant_id = $1 and outcome = 'refused' and actor = $2 order by sequence",
    [stage.tenant.id, admin.clientId],
  );
  return found.map(({ body }) => body).filter((body) => body.mutation === mutation);
};

test("[C5] an attempt at a row that may not be seen answers like a random id, and is recorded with its true reason", async () => {
  const hidden = await newAccess(stage.admin, { role: "owner" });
  for (const clientId of [hidden.id, "cli_000000000000Aa"])
    await stage.refused(admin, "createClientSecret", { clientId }, "NOT_FOUND");
  const recorded = await refusedBy("createClientSecret");
  expect(recorded).toHaveLength(1);
  expect(recorded[0]?.codes).toEqual([expect.stringMatching(/^(FORBIDDEN|WORKSPACE_CLOSED)$/)]);
});

test("[C5] every refusal of a flood is counted by the time the server has stopped", async () => {
  const id = await stage.admin.place.role();
  const answers = await Promise.all(Array.from({ length: 25 }, () => admin.call("deleteRole", { id })));
  for (const answer of answers) expect(outcomeOf(answer, "deleteRole")).not.toBe("done");
  const counted = async () => (await refusedBy("deleteRole")).reduce((sum, row) => sum + 1 + row.uncounted, 0);
  expect((await refusedBy("deleteRole")).length).toBeLessThanOrEqual(20);
  await world.server.stop("SIGTERM");
  expect(await eventually(counted, (sum) => sum === 25, 5)).toBe(25);
  expect((await refusedBy("deleteRole")).length).toBeLessThanOrEqual(21);
});
