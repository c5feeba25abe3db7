import { defineConfig } from "vitest/config";

// The console in a browser; one file at a time, since two browsers would only wait for each other.
const browser = {
  globalSetup: "test/support/global-setup.ts",
  maxWorkers: 1,
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/** On another PostgreSQL once more is only what asks it something of its own: the embedded database is 18, and some tests have none. */
const withoutDatabase = process.env["PG_BIN"]
  ? [
      "test/faults/{embedded-*,launcher,operator-words,workers,drain,full-spool,several-servers,balanced-servers,cold-start,moved-server,noisy-tenant}.test.ts",
      "test/admin/{bad-input,bad-values,idempotency,sign-in*,passkey,session,set-up,look-alikes,role-names}.test.ts",
      "test/conformance/{token-issuer-package,limits,stop-issuance,metadata}.test.ts",
      "test/supply-chain.test.ts",
      "test/bench/**",
    ]
  : [];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["apps/**/src/**/*.test.ts", "packages/**/src/**/*.test.ts", "db/**/*.test.ts"],
        },
      },
      {
        // Black box: the built server over HTTP, on one PostgreSQL for all files (18, or what PG_BIN names).
        test: {
          name: "http",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/console/**", ...withoutDatabase],
          globalSetup: "test/support/global-setup.ts",
          // Each file boots a server of its own; more at once only wait for each other.
          maxWorkers: 2,
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
