import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../../..");

/** The program of `server.mjs`, running in a folder of its own with the packed issuer installed. */
export interface Program {
  readonly origin: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** Packs `packages/token-issuer` as for publishing, installs it with its one dependency, and starts the program. */
export async function startProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), "mintmark-program-"));
  await installPacked(folder);
  await cp(join(import.meta.dirname, "server.mjs"), join(folder, "server.mjs"));
  const child = spawn(process.execPath, ["server.mjs"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"], env: {} });
  const origin = await originOf(child);
  return {
    origin,
    folder,
    stop: async () => {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As an installer would leave it: the tarball unpacked, `jose` beside it, and no other package. */
async function installPacked(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  const place = join(modules, "@mintmark/token-issuer");
  await mkdir(place, { recursive: true });
  await pack(folder);
  const [tarball = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  await run("tar", ["-xzf", join(folder, tarball), "-C", place, "--strip-components=1"]);
  await cp(await realpath(join(root, "test/node_modules/jose")), join(modules, "jose"), { recursive: true });
}

/** pnpm, because only pnpm puts real versions where the workspace says `catalog:`. */
async function pack(folder: string): Promise<void> {
  const own = process.env["npm_execpath"];
  const isScript = /\.[cm]?js$/.test(own ?? "");
  // By npx it is a program of its own, by others a script for Node.
  const found = own?.includes("pnpm") ? [...(isScript ? [process.execPath] : []), own] : undefined;
  const [command, ...first] = found ?? ["npx", "-y", "pnpm@12"];
  const path = `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
  const options = ["--config.verify-deps-before-run=false", "pack", "--pack-destination", folder];
  await run(command ?? "", [...first, ...options], {
    cwd: join(root, "packages/token-issuer"),
    env: { ...process.env, PATH: path },
  });
}

function originOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the program ended with ${code}`)));
    if (!child.stdout) return reject(new Error("the program has no output"));
    createInterface(child.stdout).once("line", (line) => resolve((JSON.parse(line) as { origin: string }).origin));
  });
}
