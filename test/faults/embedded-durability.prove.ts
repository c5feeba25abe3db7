import { afterEach, beforeEach, test } from "vitest";
import { type Installation, newInstallation } from "../support/installation.ts";
import { disturbDatabaseUnderLoad, killServerUnderLoad } from "./embedded-durability.ts";

const KILLS = 30;
const DISTURBANCES = 5;

let installation: Installation;
beforeEach(async () => {
  installation = await newInstallation();
});
afterEach(() => installation.destroy());

const say = (line: string) => process.stdout.write(`${line}\n`);
const shown = (statuses: ReadonlyMap<number, number>) =>
  [...statuses].map(([status, count]) => `${count} × ${status === 0 ? "broken connection" : status}`).join(", ");

test(`[B12] the server killed ${KILLS} times at random moments under load`, async () => {
  const { tokens, statuses } = await killServerUnderLoad(installation, KILLS, Math.random);
  say(
    `${KILLS} kills of the server: ${tokens} tokens received, each with exactly one row; answers: ${shown(statuses)}`,
  );
});

test.each(["SIGKILL", "SIGSTOP"] as const)(
  `[B12] the database disturbed by %s ${DISTURBANCES} times under load`,
  async (fault) => {
    const { tokens, statuses, gaps } = await disturbDatabaseUnderLoad(installation, fault, DISTURBANCES);
    say(
      `${DISTURBANCES} × ${fault} of the database: ${tokens} tokens received, each with exactly one row; answers: ${shown(statuses)}; ` +
        `what needs the database answered again after ${gaps.map((gap) => `${Math.round(gap)} ms`).join(", ")}`,
    );
  },
);
