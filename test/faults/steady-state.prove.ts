import { expect, test } from "vitest";
import { useWorld } from "../support/world.ts";
import { statementsUnderLoad, summary, surprises } from "./steady-state.ts";

const SECONDS = 60;
const world = useWorld({ WORKERS: "2" });

test(`[A15] [B12] ${SECONDS} s of tokens on two servers: what the database was asked`, async () => {
  const workspace = await world.tenant().workspace().resource("orders", ["read"]).ready();
  const clients = [];
  for (let count = 0; count < 50; count++) clients.push(await workspace.addClient());
  const { tokens, sent } = await statementsUnderLoad(world, clients, SECONDS);
  process.stdout.write(`${tokens} tokens in ${SECONDS} s on two servers; statements: ${summary(sent).join("; ")}\n`);
  expect(surprises(sent, SECONDS, 2)).toEqual([]);
});
