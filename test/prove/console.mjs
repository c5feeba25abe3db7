// The console in a browser, in full: the journeys, and every page in every look.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureChromium, ensureGo } from "../support/debian.mjs";

const root = join(import.meta.dirname, "../..");
ensureChromium();
ensureGo();
const program = join(root, "node_modules/vitest/vitest.mjs");
const env = { ...process.env, MINTMARK_TEST_WHOLE: "1" };
for (const project of ["console", "console-looks"]) {
  const args = [program, "run", "--project", project, "--reporter=verbose"];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env });
  if (status !== 0) process.exitCode = status ?? 1;
}
