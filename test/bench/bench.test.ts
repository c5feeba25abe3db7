import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test("[B12] a short round of the benchmark → every answer, token and record of Mintmark and its peers is right", async () => {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, "run.ts"), "smoke", "token"]);
  expect(stdout).toContain("Everything that is measured is right.");
  for (const subject of ["Mintmark", "oidc-provider", "@node-oauth/oauth2-server"])
    expect(stdout).toMatch(new RegExp(`^1\\. ${subject}: [1-9]`, "m"));
}, 180_000);
