import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";
import { waiting as leftForAnotherRun } from "./test/support/sample.ts";

// The console in a browser. A good part of the time is waiting: two browsers at once make each other little late.
const browser = {
  expect: { poll: { timeout: 30_000 } },
  globalSetup: "test/support/global-setup.ts",
  maxWorkers: 2,
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/** Of the database package, but it starts and kills servers and waits for them, as the black-box tests do. */
const waiting = ["db/embedded.test.ts"];

/**
 * On another PostgreSQL runs once more what asks it most: every statement of the administration and of the token log, its
 * migrations, and its going away. The wire is the same on any, and the embedded database is 18.
 */
const blackBox = process.env["PG_BIN"]
  ? [
      "test/story.test.ts",
      "test/admin/{audit,client-list,database,filtered-lists,overview,taken-back,withdrawal}.test.ts",
      "test/conformance/signing-keys.test.ts",
      "test/faults/{database-away,migrate,spool,steady-state}.test.ts",
    ]
  : ["test/**/*.test.ts", ...waiting];

/** These put something else in a module's place, so they share it with no other file. */
const mocking = ["packages/token-issuer/src/client-auth/find-key.test.ts"];

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["apps/**/src/**/*.test.ts", "packages/**/src/**/*.test.ts", "db/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...mocking, ...waiting],
          // Each worker loads the packages once: that takes longer than the tests.
          isolate: false,
          testTimeout: 20_000,
        },
      },
      { test: { name: "unit, apart", include: mocking } },
      {
        // Black box: the built server over HTTP, on one PostgreSQL for all files (18, or what PG_BIN names).
        test: {
          name: "http",
          include: blackBox,
          exclude: ["**/node_modules/**", "test/console/**", ...leftForAnotherRun],
          globalSetup: "test/support/global-setup.ts",
          // Each file boots a server of its own. A good part of the time is waiting: for deadlines, for kills, for the disk.
          maxWorkers: 4,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      // Only for `pnpm prove durability`.
      {
        test: {
          name: "faults-prove",
          include: ["test/faults/**/*.prove.ts"],
          globalSetup: "test/support/global-setup.ts",
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...browser,
          name: "console",
          include: ["test/console/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...leftForAnotherRun],
        },
      },
      // Only for `pnpm prove console`: every page in every look; and ten thousand clients, with nothing beside what is timed.
      {
        test: {
          ...browser,
          name: "console-looks",
          include: ["test/console/{looks-light,looks-dark,reflow,readme-pictures}.prove.ts"],
        },
      },
      {
        test: {
          ...browser,
          maxWorkers: 1,
          name: "console-speed",
          include: ["test/console/{many-clients,responsiveness}.prove.ts"],
        },
      },
    ],
  },
});
