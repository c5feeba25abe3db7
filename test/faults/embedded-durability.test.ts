import { afterEach, beforeEach, expect, test } from "vitest";
import { type Installation, newInstallation } from "../support/installation.ts";
import { disturbDatabaseUnderLoad, killServerUnderLoad } from "./embedded-durability.ts";

let installation: Installation;
beforeEach(async () => {
  installation = await newInstallation();
});
afterEach(() => installation.destroy());

test("[B12] kill -9 of the server under load → each token that was received has exactly one row, and is counted once", async () => {
  const { tokens } = await killServerUnderLoad(installation, 2, Math.random);
  expect(tokens).toBeGreaterThan(20);
});

test.each(["SIGKILL", "SIGSTOP"] as const)(
  "[B12] %s of the database under load → tokens go on, nothing received is lost, nobody gets a false refusal, back within 5 s",
  async (fault) => {
    const { gaps } = await disturbDatabaseUnderLoad(installation, fault, 1);
    expect(Math.max(...gaps)).toBeLessThan(5000);
  },
);
