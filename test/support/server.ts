import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { inject } from "vitest";
import { freePort } from "./free-port.ts";
import { createBootstrappedDatabase, createDatabase, type TestDatabase } from "./postgres.ts";

const run = promisify(execFile);

/** The built server. `MINTMARK_TEST_MAIN` names another bundle, to watch tests fail on a broken one. */
export const builtMain =
  process.env["MINTMARK_TEST_MAIN"] ?? fileURLToPath(new URL("../../apps/server/dist/main.js", import.meta.url));

/** An automation client as `bootstrap --json` and `createTenant` show it once. */
export interface AutomationClient {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The resource identifier of the API it administers. */
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** What `bootstrap --json` prints. */
export interface Bootstrapped extends AutomationClient {
  readonly tenant: string;
  readonly graphql: string;
  readonly system: AutomationClient;
  /** A one-use link that makes its user the owner. */
  readonly ownerInvite: string;
}

/** A server that nobody owns yet. */
export type UnownedServer = Omit<TestServer, "bootstrapped">;

export interface TestServer {
  /** `http://localhost:{port}`, without a slash at the end. */
  readonly origin: string;
  readonly database: TestDatabase;
  /** The environment it runs in: for running other commands of the same installation. */
  readonly env: Readonly<Record<string, string>>;
  readonly bootstrapped: Bootstrapped;
  /** Everything printed so far, by `bootstrap` (standard error only) and `serve`. */
  log(): string;
  /** Sends a signal and resolves with the exit code; `undefined` when a signal ended it. */
  stop(signal?: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number | undefined>;
  /** Starts the same installation again after a stop; from then on with `changed` settings, an empty one counting as unset. */
  restart(changed?: Env): Promise<void>;
  /** Stops it and removes its database and folder. */
  destroy(): Promise<void>;
}

/** Boots the built server on a fresh, bootstrapped database; resolves when `/readyz` says so. */
export async function startServer(extra: Env = {}): Promise<TestServer> {
  // On loopback `serve` moves the installation to its own port.
  const mayMove = Object.keys(extra).every((name) => name !== "PUBLIC_URL" && name !== "MINTMARK_MASTER_KEY");
  return mayMove ? startOn(createBootstrappedDatabase(), extra) : startAnew(extra);
}

/** The same on a database that began as the bootstrapped one. */
export async function startOn(database: Promise<TestDatabase>, extra: Env = {}): Promise<TestServer> {
  const { printed, origin: was, masterKey } = inject("bootstrappedTemplate");
  const server = await start(database, { MINTMARK_MASTER_KEY: masterKey, ...extra });
  return { ...server, bootstrapped: JSON.parse(printed.replaceAll(was, server.origin)) as Bootstrapped };
}

/** The same by a `bootstrap` of its own. */
async function startAnew(extra: Env): Promise<TestServer> {
  let bootstrapped: Bootstrapped | undefined;
  const server = await start(createDatabase(), extra, async (env, output) => {
    bootstrapped = await bootstrap(env, output);
  });
  if (!bootstrapped) throw new Error("bootstrap printed nothing");
  return { ...server, bootstrapped };
}

/** Boots the built server on a fresh, empty database. */
export const startUnowned = (extra: Env = {}): Promise<UnownedServer> => start(createDatabase(), extra);

type Env = Readonly<Record<string, string>>;

/** Boots the built server on that database, after what `before` does with its environment. */
async function start(
  creating: Promise<TestDatabase>,
  extra: Env,
  before: (env: Record<string, string>, output: string[]) => Promise<void> = async () => undefined,
): Promise<UnownedServer> {
  const [database, port, folder] = await Promise.all([creating, freePort(), mkdtemp(join(tmpdir(), "mintmark-test-"))]);
  const env = {
    PATH: process.env["PATH"] ?? "",
    PORT: String(port),
    DATA_DIR: folder,
    DATABASE_URL: database.appUrl,
    MINTMARK_MASTER_KEY: randomBytes(32).toString("base64"),
    // Every line that there is, for the search for secrets in it.
    LOG_LEVEL: "debug",
    ...extra,
  };
  const output: string[] = [];
  await before(env, output);
  const origin = `http://localhost:${port}`;
  let child = await serve(env, origin, output);
  const stop = (signal: NodeJS.Signals = "SIGTERM") => end(child, signal);
  return {
    origin,
    database,
    env,
    log: () => output.join(""),
    stop,
    restart: async (changed = {}) => {
      Object.assign(env, changed);
      child = await serve(env, origin, output);
    },
    destroy: async () => {
      await stop("SIGKILL");
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One more server of an installation. */
export type TestReplica = Pick<TestServer, "origin" | "env" | "log" | "stop" | "restart"> & {
  /** Stops it and removes its folder. */
  destroy(): Promise<void>;
};

/** Starts one more server on the database of a running one; `extra` may lead it there by another way. */
export async function startReplica(
  { env: first, origin: publicUrl }: Pick<TestServer, "env" | "origin">,
  extra: Readonly<Record<string, string>> = {},
): Promise<TestReplica> {
  const [port, folder] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), "mintmark-test-"))]);
  const env = { ...first, PORT: String(port), DATA_DIR: folder, PUBLIC_URL: publicUrl, ...extra };
  const origin = `http://localhost:${port}`;
  const output: string[] = [];
  let child = await serve(env, origin, output);
  const stop = (signal: NodeJS.Signals = "SIGTERM") => end(child, signal);
  return {
    origin,
    env,
    log: () => output.join(""),
    stop,
    restart: async (changed = {}) => {
      Object.assign(env, changed);
      child = await serve(env, origin, output);
    },
    destroy: async () => {
      await stop("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function bootstrap(env: Record<string, string>, output: string[]): Promise<Bootstrapped> {
  const { stdout, stderr } = await run(process.execPath, [builtMain, "bootstrap", "--json"], { env });
  output.push(stderr);
  return JSON.parse(stdout) as Bootstrapped;
}

async function serve(env: Record<string, string>, origin: string, output: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [builtMain, "serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output.push(text);
      printed += text;
    });
  }
  const deadline = Date.now() + 60_000;
  // Ready is a moment before the address and the set-up code are printed.
  while (!(await isReady(origin)) || !printed.includes("Mintmark listens")) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output.join("")}`);
    if (Date.now() > deadline) throw new Error(`the server is not ready after 60 s:\n${output.join("")}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return child;
}

async function isReady(origin: string): Promise<boolean> {
  const answer = await fetch(`${origin}/readyz`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | undefined> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? undefined);
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code ?? undefined));
    child.kill(signal);
  });
}
