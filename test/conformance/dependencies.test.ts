import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import { expect, test } from "vitest";
import { useWorld } from "../support/world.ts";

const root = join(import.meta.dirname, "../..");
const world = useWorld();

/** Where product code of each package lies; tests are left out. */
const folders = ["apps/server", "packages/domain", "packages/token-issuer", "db"];

async function manifest(folder: string): Promise<{ dependencies?: Record<string, string> }> {
  return JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
}

async function importsOf(folder: string): Promise<Set<string>> {
  const names = await readdir(join(root, folder), { recursive: true });
  const files = names.filter((name) => name.endsWith(".ts") && !/\.test\.ts$|node_modules|(^|\/)dist\//.test(name));
  const texts = await Promise.all(files.map((name) => readFile(join(root, folder, name), "utf8")));
  return new Set(
    texts.flatMap((text) =>
      [...text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"/gm)].map(([, name = ""]) => name),
    ),
  );
}

test.each(["graphql-yoga", "@pothos/core", "drizzle-orm", "postgres"])(
  "[C1] %s → a direct dependency that product code imports",
  async (library) => {
    const users: string[] = [];
    for (const folder of folders) {
      const { dependencies = {} } = await manifest(folder);
      const imports = [...(await importsOf(folder))];
      const isImported = imports.some((name) => name === library || name.startsWith(`${library}/`));
      if (library in dependencies && isImported) users.push(folder);
    }
    expect(users).not.toEqual([]);
  },
);

test("[C1] a GraphQL mutation over HTTP → a row in PostgreSQL", async () => {
  const { id, slug } = await world.tenant().ready();
  const sql = postgres(world.server.database.ownerUrl, { max: 1 });
  try {
    expect(await sql`select slug from tenants where id = ${id}`).toEqual([{ slug }]);
  } finally {
    await sql.end();
  }
});

test("[C1] the workspace → TypeScript strict, a pnpm monorepo with apps, packages, db and test", async () => {
  const { compilerOptions } = JSON.parse(await readFile(join(root, "tsconfig.json"), "utf8"));
  expect(compilerOptions.strict).toBe(true);
  const workspace = await readFile(join(root, "pnpm-workspace.yaml"), "utf8");
  for (const member of ["apps/*", "packages/*", "db", "test"]) expect(workspace).toContain(member);
});
