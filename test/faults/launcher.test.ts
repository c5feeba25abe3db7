import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const real = join(import.meta.dirname, "../..");
let root: string;

/** A repository that is just large enough for the launcher, with a server that prints what it was called with. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "mintmark-launcher-"));
  const server = join(root, "apps/server");
  const site = join(root, "apps/console");
  const folders = [join(server, "src"), join(site, "src"), join(site, "public"), join(root, "packages/part/src")];
  for (const folder of [...folders, join(root, "db")]) {
    mkdirSync(folder, { recursive: true });
  }
  for (const name of ["launch.mjs", "rolldown.config.mjs", "package.json"]) {
    cpSync(join(real, "apps/server", name), join(server, name));
  }
  symlinkSync(join(real, "apps/server/node_modules"), join(server, "node_modules"));
  symlinkSync(join(real, "node_modules"), join(root, "node_modules"));
  symlinkSync(join(real, "apps/console/node_modules"), join(site, "node_modules"));
  write("apps/console/package.json", "{}");
  write("apps/console/vite.config.ts", "export default {};\n");
  write("apps/console/index.html", '<!doctype html><script type="module" src="/src/main.ts"></script>\n');
  write("apps/console/src/main.ts", 'document.title = "console";\n');
  writeFileSync(join(root, "pnpm-lock.yaml"), "lockfileVersion: 1\n");
  write("packages/part/src/part.ts", 'export const part: string = "one";\n');
  write(
    "apps/server/src/main.ts",
    'import { part } from "../../../packages/part/src/part.ts";\nconsole.log(part, process.argv.slice(2).join(","), process.version);\nprocess.exitCode = 7;\n',
  );
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, text: string) => writeFileSync(join(root, path), text);

function launch(node: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(node, [join(root, "apps/server/launch.mjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout: stdout.trim(), built: stderr.includes("Building the server"), stderr };
}

const ours = process.execPath;

test("builds before the first start, passes arguments and exit code, and does not build again", () => {
  expect(launch(ours, "serve", "--flag")).toMatchObject({
    status: 7,
    stdout: `one serve,--flag ${process.version}`,
    built: true,
  });
  expect(launch(ours, "serve")).toMatchObject({ status: 7, built: false });
  expect(readdirSync(join(root, "apps/server/dist")).sort()).toEqual([
    "console.digest",
    "main.js",
    "main.js.map",
    "server.digest",
  ]);
});

test.each([
  ["a source of a package", "packages/part/src/part.ts", 'export const part: string = "two";\n'],
  ["the lockfile", "pnpm-lock.yaml", "lockfileVersion: 2\n"],
])("builds again when %s has changed, and not for a test", (_, path, text) => {
  launch(ours, "--build-only");
  write(path, text);
  expect(launch(ours, "--build-only")).toMatchObject({ status: 0, stdout: "", built: true });
  write("packages/part/src/part.test.ts", text);
  expect(launch(ours, "serve")).toMatchObject({ built: false, stdout: expect.stringContaining("two") });
});

test("a source that cannot be built ends with a sentence, and the former build stays whole", () => {
  const bundle = join(root, "apps/server/dist/main.js");
  const before = readFileSync(bundle, "utf8");
  write("packages/part/src/part.ts", "export const = ;\n");
  const refused = launch(ours, "serve");
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain("The server could not be built");
  expect(readFileSync(bundle, "utf8")).toBe(before);
  write("packages/part/src/part.ts", 'export const part: string = "three";\n');
});

test("an older Node hands over to the installed one, and without that says what is missing", () => {
  // Any Node passes for an old one here: the launcher reads its version from this object.
  const old = join(root, "old.mjs");
  writeFileSync(
    old,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } });
     await import("./apps/server/launch.mjs");`,
  );
  const run = () =>
    spawnSync(ours, ["--import", old, join(root, "apps/server/launch.mjs"), "serve"], { encoding: "utf8" });
  expect(run()).toMatchObject({ status: 7, stdout: expect.stringContaining("three serve") });
  rmSync(join(root, "node_modules"));
  expect(existsSync(join(root, "node_modules"))).toBe(false);
  expect(run()).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/Mintmark needs Node 24 or newer.*Install it/),
  });
});
