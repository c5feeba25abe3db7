// Runs a command of the server under Node 24, after building the server and the console when their sources have changed.
// Plain JavaScript for any Node ≥ 20, because this file is what finds the right one.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const root = join(here, "..", "..");
const dist = join(here, "dist");
const bundle = join(dist, "main.js");
const consoleRoot = join(root, "apps", "console");
const oldestNode = 24;

const say = (line) => process.stderr.write(`${line}\n`);

const isTest = (name) => /\.test\.tsx?$/.test(name);

function filesBelow(folder, isSource) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      return entry.name === "node_modules" || entry.name === "dist" ? [] : filesBelow(path, isSource);
    }
    return isSource(entry.name) && !isTest(entry.name) ? [path] : [];
  });
}

/** Changes with the content of any source, with the lockfile, and with the Node that builds. */
function digestOf({ sources, settings, isSource }) {
  const hash = createHash("sha256").update(process.version);
  for (const path of [...sources.flatMap((folder) => filesBelow(folder, isSource)), ...settings].sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

async function buildServer(partial) {
  const { rolldown } = await import("rolldown");
  const { default: config } = await import("./rolldown.config.mjs");
  const { output, ...input } = config;
  const made = await rolldown(input);
  await made.write({ ...output, dir: partial });
  await made.close();
  // The entry last, when what it loads is there. Parts of former builds stay: a server that runs may still want them.
  const names = readdirSync(partial).sort((a, b) => Number(a === "main.js") - Number(b === "main.js"));
  for (const name of names) renameSync(join(partial, name), join(dist, name));
  removeOldParts(new Set(names));
  rmSync(join(dist, ".compiled"), { recursive: true, force: true });
}

const dayMs = 86_400_000;

function removeOldParts(current) {
  for (const name of readdirSync(dist)) {
    const path = join(dist, name);
    if (/\.js(\.map)?$/.test(name) && !current.has(name) && Date.now() - statSync(path).mtimeMs > dayMs) rmSync(path);
  }
}

async function buildConsole(partial) {
  const vite = createRequire(join(consoleRoot, "package.json")).resolve("vite");
  const { build } = await import(pathToFileURL(vite).href);
  // Vite heeds a NODE_ENV from outside, and would build the libraries' slow development halves.
  const { NODE_ENV: given } = process.env;
  process.env.NODE_ENV = "production";
  await build({
    root: consoleRoot,
    logLevel: "error",
    build: { outDir: partial, emptyOutDir: true, reportCompressedSize: false },
  });
  if (given === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = given;
  rmSync(join(consoleRoot, "dist"), { recursive: true, force: true });
  renameSync(partial, join(consoleRoot, "dist"));
}

/** Each: everything it is made from, what must be there, and how it is made. */
const parts = {
  server: {
    sources: ["apps/server/src", "packages", "db"],
    settings: ["apps/server/rolldown.config.mjs", "apps/server/package.json", "pnpm-lock.yaml"],
    isSource: (name) => /\.(ts|json|sql|graphql)$/.test(name),
    result: bundle,
    build: buildServer,
  },
  console: {
    sources: ["apps/console/src"],
    settings: ["apps/console/index.html", "apps/console/vite.config.ts", "apps/console/package.json", "pnpm-lock.yaml"],
    isSource: () => true,
    result: join(consoleRoot, "dist", "index.html"),
    build: buildConsole,
  },
};

/** Builds aside and exchanges at the end, so that neither a kill nor a second launcher leaves half a build. */
async function ensureBuilt(name) {
  const part = parts[name];
  const digest = digestOf(part);
  const built = join(dist, `${name}.digest`);
  if (existsSync(part.result) && existsSync(built) && readFileSync(built, "utf8") === digest) return;
  say(`Building the ${name} (a few seconds, once per version) …`);
  const began = Date.now();
  const partial = join(dist, `build-${name}-${process.pid}`);
  mkdirSync(partial, { recursive: true });
  try {
    await part.build(partial);
    writeFileSync(`${built}-${process.pid}`, digest);
    renameSync(`${built}-${process.pid}`, built);
  } catch (error) {
    throw new Error(`The ${name} could not be built: ${error instanceof Error ? error.message : error}`);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  say(`Built the ${name} in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
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
    // Only the command that serves needs the console.
    await ensureBuilt("server");
    if (process.argv[2] === "serve" || process.argv[2] === "--build-only") await ensureBuilt("console");
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
  if (process.argv[2] !== "--build-only") {
    process.argv[1] = bundle;
    // In this very process: signals and standard input reach the server without a go-between.
    await import(pathToFileURL(bundle).href);
  }
}
