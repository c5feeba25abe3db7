import { expect, test } from "vitest";
import { useWorld } from "../support/world.ts";
import { statementsUnderLoad, surprises } from "./steady-state.ts";

const world = useWorld({ WORKERS: "2" });

test("[A15] [B12] tokens under load on two servers → the database gets records and heartbeats, and not one question about a client", async () => {
  const workspace = await world.tenant().workspace().resource("orders", ["read"]).ready();
  const clients = [];
  for (let count = 0; count < 5; count++) clients.push(await workspace.addClient());
  const { tokens, sent } = await statementsUnderLoad(world, clients, 5);
  expect(tokens).toBeGreaterThan(100);
  expect(sent.some(({ text }) => text.includes("insert into token_log"))).toBe(true);
  expect(surprises(sent, 5, 2)).toEqual([]);
});
