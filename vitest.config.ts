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
    ],
  },
});
