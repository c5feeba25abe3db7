import { expect, test } from "vitest";
import { useWorld } from "../support/world.ts";
import { fillSpool } from "./full-spool.ts";

const world = useWorld({ LOG_LEVEL: "info" });

test("[B12] durability: the database away until the spool's own limit is reached", async () => {
  // Long names make long rows: the limit is reached sooner.
  const scopes = Array.from({ length: 10 }, (_, at) => `scope-${at}-${"x".repeat(80)}`);
  const client = await world.tenant().workspace().resource("orders", scopes).client();
  const { received, bytes, againMs, shippedMs } = await fillSpool(world, client, 32);
  process.stdout.write(
    `Full spool: ${(bytes / 2 ** 20).toFixed(1)} MiB, ${received} tokens received, then 503; database back: ` +
      `tokens after ${Math.round(againMs)} ms, all shipped after ${(shippedMs / 1000).toFixed(1)} s, each with exactly one row\n`,
  );
  expect(againMs).toBeLessThan(5000);
  expect(bytes).toBeGreaterThan(250 * 2 ** 20);
});
