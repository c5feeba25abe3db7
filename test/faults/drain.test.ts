import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { basic } from "../support/token.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld();

/** Asks for one token over the agent's connections; answers the status, or the network's code. */
function ask(agent: Agent, url: string, authorization: string, body: string): Promise<number | string> {
  const headers = { Authorization: authorization, "Content-Type": "application/x-www-form-urlencoded" };
  return new Promise((resolve) => {
    const outgoing = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode ?? 0));
    });
    outgoing.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end(body);
  });
}

test("SIGTERM while callers keep their connections busy, and one keeps one idle → nobody is cut off, and it ends soon", async () => {
  const { tokenEndpoint, resource, ...client } = world.server.bootstrapped;
  const [, authorization] = basic(client);
  const body = new URLSearchParams({ grant_type: "client_credentials", resource }).toString();
  const agents = Array.from({ length: 5 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const [idle, ...busy] = agents;
  expect(await ask(idle as Agent, tokenEndpoint, authorization, body)).toBe(200);
  const outcomes: (number | string)[] = [];
  const callers = busy.map(async (agent) => {
    for (;;) {
      const outcome = await ask(agent, tokenEndpoint, authorization, body);
      outcomes.push(outcome);
      if (outcome !== 200) return outcome;
    }
  });
  await pause(500);
  const began = performance.now();
  expect(await world.server.stop("SIGTERM")).toBe(0);
  expect(performance.now() - began).toBeLessThan(4_000);
  // Each caller's last attempt is a new connection, which nobody takes any more.
  expect(await Promise.all(callers)).toEqual(busy.map(() => "ECONNREFUSED"));
  expect(outcomes.length).toBeGreaterThan(20);
  for (const agent of agents) agent.destroy();
});
