import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsTable } from "./src/config.ts";
import { printWithAuthorisation } from "./src/graphql/print.ts";
import { schema } from "./src/graphql/schema.ts";

/**
 * Prints what is generated from code: `schema.graphql`, and the README's table of settings. With `--check` it writes
 * nothing and fails when a committed file is stale.
 */
const root = join(import.meta.dirname, "../..");
const marks = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/;

function readmeWithSettings(readme: string): string {
  if (!marks.test(readme)) throw new Error("README.md has no <!-- settings --> and <!-- /settings --> lines any more.");
  return readme.replace(marks, (_, before, after) => `${before}\n${settingsTable()}\n${after}`);
}

/** As `pnpm format` would leave it, so that neither check contradicts the other. */
const formatted = (path: string, content: string): string =>
  execFileSync(join(root, "node_modules/.bin/biome"), ["format", `--stdin-file-path=${path}`], {
    cwd: root,
    input: content,
    encoding: "utf8",
  });

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const readme = join(root, "README.md");
const files = new Map([
  [join(root, "apps/server/schema.graphql"), printWithAuthorisation(schema)],
  [readme, readmeWithSettings(read(readme))],
]);

for (const [path, printed] of files) {
  const content = formatted(path, printed);
  if (read(path) === content) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`${path.slice(root.length + 1)} is stale. Run \`pnpm generate\` and commit it.\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, content);
  }
}
