import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { eventually } from "../support/http.ts";
import type { Installation } from "../support/installation.ts";
import { askToken } from "../support/token.ts";
import { expectRecorded, startDemand } from "./demand.ts";

/** Kills the server that many times at random moments of its work, and starts it again each time. */
export async function killServerUnderLoad(installation: Installation, times: number, random: () => number) {
  let running = await installation.serve();
  const client = await installation.bootstrap();
  const demand = startDemand(client);
  for (let kill = 0; kill < times; kill++) {
    const before = demand.received.length;
    await eventually(
      async () => demand.received.length,
      (count) => count > before,
      30,
    );
    await pause(random() * 700);
    running.child.kill("SIGKILL");
    await running.ended;
    running = await installation.serve();
  }
  await pause(300);
  await demand.stop();
  await expectRecorded(installation, demand.received);
  return { tokens: demand.received.length, statuses: demand.statuses };
}

/** The database and its helpers: a stopped postmaster alone would not stop anybody. */
function databaseProcesses(installation: Installation): number[] {
  const postmaster = installation.databasePid() ?? 0;
  const isChild = (pid: string) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === postmaster;
    } catch {
      return false;
    }
  };
  return [
    postmaster,
    ...readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && isChild(name))
      .map(Number),
  ];
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

export type Fault = "SIGKILL" | "SIGSTOP";

/**
 * Kills the database, which the server starts again, or lets it stand still for some seconds. Tokens go on, nobody is
 * refused, nothing that was received is lost, and changes work again soon.
 */
export async function disturbDatabaseUnderLoad(installation: Installation, fault: Fault, times: number) {
  await installation.serve();
  const client = await installation.bootstrap();
  const demand = startDemand(client);
  const gaps: number[] = [];
  for (let time = 0; time < times; time++) {
    await eventually(
      async () => demand.received.length,
      (count) => count > 50 * (time + 1),
      30,
    );
    const pids = databaseProcesses(installation);
    signal(fault === "SIGKILL" ? pids.slice(0, 1) : pids, fault);
    const during = demand.received.length;
    await pause(3500);
    if (fault === "SIGSTOP") signal(pids, "SIGCONT");
    const back = performance.now();
    expect(demand.received.length).toBeGreaterThan(during);
    // What needs the database answers again: an unknown client is refused, not put off.
    const unknown = async () =>
      (await askToken({ ...client, clientId: `unknown-${time}` }, { resource: client.resource })).status;
    await eventually(unknown, (status) => status === 401, 10);
    gaps.push(performance.now() - back);
  }
  await pause(1500);
  await demand.stop();
  await eventually(
    async () => installation.query("select count(*)::int from token_log where outcome = 'issued'"),
    ([count]) => Number(count) >= demand.received.length,
    10,
  );
  await expectRecorded(installation, demand.received);
  expect([...demand.statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  return { tokens: demand.received.length, statuses: demand.statuses, gaps };
}
