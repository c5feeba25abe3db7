// Runs a command of the server under Node 24, after building `dist/main.js` when its sources have changed.
// Plain JavaScript for any Node ≥ 20, because this file is what finds the right one.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const root = join(here, "..", "..");
const dist = join(here, "dist");
const bundle = join(dist, "main.js");
const oldestNode = 24;

/** Everything the bundle is made from. */
const sources = ["apps/server/src", "packages", "db"];
const settings = ["apps/server/rolldown.config.mjs", "apps/server/package.json", "pnpm-lock.yaml"];

const say = (line) => process.stderr.write(`${line}\n`);

const isSource = (name) => /\.(ts|json|sql|graphql)$/.test(name) && !name.endsWith(".test.ts");

function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name === "dist" ? [] : filesBelow(path);
    return isSource(entry.name) ? [path] : [];
  });
}

/** Changes with the content of any source, with the lockfile, and with the Node that builds. */
function digestOfSources() {
  const hash = createHash("sha256").update(process.version);
  for (const path of [...sources.flatMap(filesBelow), ...settings].sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

/** Builds beside the bundle and exchanges it at the end, so that neither a kill nor a second launcher leaves half a file. */
async function build(digest) {
  say("Building the server (a few seconds, once per version) …");
  const began = Date.now();
  const { rolldown } = await import("rolldown");
  const { default: config } = await import("./rolldown.config.mjs");
  const partial = join(dist, `build-${process.pid}`);
  mkdirSync(partial, { recursive: true });
  try {
    const { output, ...input } = config;
    const made = await rolldown(input);
    await made.write({ ...output, dir: partial });
    await made.close();
    for (const name of ["main.js.map", "main.js"]) renameSync(join(partial, name), join(dist, name));
    writeFileSync(join(partial, "digest"), digest);
    renameSync(join(partial, "digest"), join(dist, "digest"));
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  say(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

async function ensureBuilt() {
  const digest = digestOfSources();
  const built = join(dist, "digest");
  if (existsSync(bundle) && existsSync(built) && readFileSync(built, "utf8") === digest) return;
  await build(digest);
}

/** Hands over to the Node that was installed with the other packages; signals and the exit code pass through. */
function runUnderInstalledNode() {
  const node = join(root, "node_modules", ".bin", "node");
  if (!existsSync(node)) {
    say(`Mintmark needs Node ${oldestNode} or newer, and this is ${process.version}. Install it, then start again.`);
    process.exit(1);
  }
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

if (Number(process.versions.node.split(".")[0]) < oldestNode) {
  runUnderInstalledNode();
} else {
  try {
    await ensureBuilt();
  } catch (error) {
    say(`The server could not be built: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
  if (process.argv[2] !== "--build-only") {
    process.argv[1] = bundle;
    // In this very process: signals and standard input reach the server without a go-between.
    await import(pathToFileURL(bundle).href);
  }
}
