import { defineConfig } from "vitest/config";

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
          globalSetup: "test/support/global-setup.ts",
          // Each file boots a server of its own; more at once only wait for each other.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
