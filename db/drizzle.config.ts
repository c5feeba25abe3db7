import { defineConfig } from "drizzle-kit";

/** `pnpm --filter @mintmark/db generate` writes the migration that leads from the last one to `schema.ts`. */
export default defineConfig({ dialect: "postgresql", schema: "./schema.ts", out: "./migrations" });
