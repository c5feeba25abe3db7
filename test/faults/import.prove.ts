import { expect, test } from "vitest";
import { callerOf } from "../admin/callers.ts";
import { surviveKill } from "../support/import-kill.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld({ LOG_LEVEL: "info" });

test("[A9] 10,000 clients in one import, the server killed half-way → each exactly once, and the report is right", async () => {
  const tenant = await world.tenant().ready();
  const workspace = await world.tenant(tenant).workspace().resource("orders", ["orders:read"]).ready();
  const { before, seconds, rate } = await surviveKill(
    world,
    workspace,
    () => callerOf(world, tenant.adminClient),
    10_000,
  );
  process.stdout.write(
    `10,000 clients, each with a secret and a grant: killed after ${before}; the rest ${seconds.toFixed(1)} s after the kill, ` +
      `with the restart; ${Math.round(rate)} clients a second\n`,
  );
  expect(rate).toBeGreaterThan(100);
});
