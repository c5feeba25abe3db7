import { defineConfig } from "vitest/config";

// The console in a browser; one file at a time: two browsers make each other late.
const browser = {
  expect: { poll: { timeout: 15_000 } },
  globalSetup: "test/support/global-setup.ts",
  maxWorkers: 1,
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/**
 * On another PostgreSQL runs once more what asks it most: every statement of the administration and of the token log, its
 * migrations, and its going away. The wire is the same on any, and the embedded database is 18.
 */
const blackBox = process.env["PG_BIN"]
  ? [
      "test/story.test.ts",
      "test/admin/{audit,client-list,database,escalation,filtered-lists,isolation,last-owner,new-client,overview,taken-back,withdrawal}.test.ts",
      "test/conformance/{private-key-jwt,revocation,signing-keys,tenants}.test.ts",
      "test/faults/{database-away,migrate,spool,steady-state}.test.ts",
    ]
  : ["test/**/*.test.ts"];

/** These put something else in a module's place, so they share it with no other file. */
const mocking = ["packages/token-issuer/src/client-auth/find-key.test.ts"];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["apps/**/src/**/*.test.ts", "packages/**/src/**/*.test.ts", "db/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...mocking],
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
          exclude: ["**/node_modules/**", "test/console/**"],
          globalSetup: "test/support/global-setup.ts",
          // Each file boots a server of its own. A good part of the time is waiting: for deadlines, for kills, for the disk.
          maxWorkers: 3,
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
      { test: { ...browser, name: "console", include: ["test/console/**/*.test.ts"] } },
      // Only for `pnpm prove console`: every page in every look, and ten thousand clients.
      { test: { ...browser, name: "console-prove", include: ["test/console/**/*.prove.ts"] } },
    ],
  },
});
