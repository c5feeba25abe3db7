import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";
import { databaseUrl, removeData } from "./embedded-database.ts";
import type { BenchClient } from "./load.ts";
import { family, nameOf, startProgram, stopProgram } from "./processes.ts";
import { type Seeded, seed } from "./seed.ts";

/** A server that runs, ready for a round. */
export interface Running {
  readonly origin: string;
  readonly clients: readonly BenchClient[];
  /** The form that asks for a token. */
  readonly body: string;
  /** The path at which that client may introspect. */
  readonly introspection?: (client: BenchClient) => string;
  /** What an administrator needs, where there is something to administer. */
  readonly administered?: () => Promise<Administered>;
  readonly jwks: string;
  /** The status of an answer to a wrong secret; 401 where left out, as RFC 6749 has it. */
  readonly refusal?: number;
  /** What its tokens say as `aud`; the API's identifier where left out. */
  readonly audience?: string;
  /** Milliseconds from its start to its first token. */
  readonly firstToken: number;
  /** Its own processes, and those of its database. */
  processes(): { readonly server: readonly number[]; readonly database: readonly number[] };
  /** Rows of the token log; `undefined` where a server keeps no record. */
  recorded(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** One who administers a workspace. */
export interface Administered {
  /** Opens the GraphQL API. */
  readonly token: string;
  /** The slug of the workspace. */
  readonly workspace: string;
  /** Names of its clients. */
  readonly names: readonly string[];
}

/** One of the servers that are compared. */
export interface Subject {
  readonly name: string;
  /** What it is, with its version, and what it does not do. */
  readonly about: string;
  /** Seconds of load before it is measured, each client in its turn, where the plan's do not reach every one. */
  readonly warmUp?: number;
  start(options: StartOptions): Promise<Running>;
  /** Removes what it kept between the rounds. */
  clear(): void;
}

export interface StartOptions {
  readonly clients: number;
  /** Workspaces that the clients are spread over, where the server knows such. */
  readonly workspaces: number;
  readonly workers: number;
}

const node = process.execPath;
const main = join(import.meta.dirname, "../../apps/server/dist/main.js");
const versionOf = (name: string): string =>
  (
    JSON.parse(readFileSync(join(import.meta.dirname, "../node_modules", name, "package.json"), "utf8")) as {
      version: string;
    }
  ).version;

/** The API of all tokens. */
export const ORDERS = "https://orders.example.com/";

/** Milliseconds until a client's first token, counted from `began`. */
export async function firstTokenOf(origin: string, client: BenchClient, body: string, began: number): Promise<number> {
  const pair = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString("base64");
  const headers = { Authorization: `Basic ${pair}`, "Content-Type": "application/x-www-form-urlencoded" };
  const answer = await fetch(origin + client.path, { method: "POST", headers, body });
  if (answer.status !== 200) throw new Error(`no first token: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
  return performance.now() - began;
}

/** Mintmark as it is delivered, on its embedded PostgreSQL with fsync; its data are made once and used in every round. */
export function mintmark(): Subject {
  const folders = new Map<number, { dataDir: string; env: Record<string, string>; seeded: Seeded }>();
  const prepare = async ({ clients, workspaces }: StartOptions) => {
    const known = folders.get(clients);
    if (known) return known;
    const dataDir = mkdtempSync(join(tmpdir(), "mintmark-bench-data-"));
    const env = {
      PATH: process.env["PATH"] ?? "",
      PORT: String(await freePort()),
      DATA_DIR: dataDir,
      MINTMARK_MASTER_KEY: randomBytes(32).toString("base64"),
    };
    const made = { dataDir, env, seeded: await seed(main, env, { clients, workspaces }) };
    folders.set(clients, made);
    return made;
  };
  return {
    name: "Mintmark",
    about: "a durable row per token, committed with fsync before the answer",
    async start(options) {
      const { dataDir, env, seeded } = await prepare(options);
      const { clients } = seeded;
      const origin = `http://localhost:${env["PORT"]}`;
      const began = performance.now();
      const child = await startProgram(
        node,
        [main, "serve"],
        { ...env, WORKERS: String(options.workers) },
        /Mintmark listens/,
      );
      const body = `grant_type=client_credentials&scope=orders%3Aread&resource=${encodeURIComponent(ORDERS)}`;
      const [first] = clients;
      if (!first) throw new Error("there is no client");
      const isDatabase = (pid: number) => nameOf(pid) === "postgres";
      return {
        origin,
        clients,
        body,
        jwks: `${origin}${first.path.replace(/oauth2\/token$/, ".well-known/jwks.json")}`,
        firstToken: await firstTokenOf(origin, first, body, began),
        introspection: ({ path }) => path.replace(/token$/, "introspect"),
        administered: async () => ({
          token: await seeded.adminToken(),
          workspace: first.path.split("/")[2] ?? "",
          names: clients.map(({ clientId }) => clientId),
        }),
        processes() {
          const all = family(child.pid ?? 0);
          const database = all.filter(isDatabase);
          return { server: all.filter((pid) => !isDatabase(pid)), database };
        },
        recorded: () => countRows(dataDir),
        stop: () => stopProgram(child),
      };
    },
    clear() {
      for (const { dataDir } of folders.values()) removeData(dataDir);
    },
  };
}

/** Asks the embedded database of that folder. */
async function countRows(dataDir: string): Promise<number> {
  const { default: postgres } = await import("postgres");
  const sql = postgres(databaseUrl(dataDir), { max: 1 });
  const [row] = await sql<{ rows: number }[]>`select count(*)::int as rows from token_log where outcome = 'issued'`;
  await sql.end();
  return row?.rows ?? 0;
}

interface Peer {
  readonly name: string;
  readonly about: string;
  /** Of `peers/`. */
  readonly program: string;
  readonly jwks: string;
  readonly body: string;
  readonly introspection?: string;
  /** What its program is told besides. */
  readonly more?: object;
}

/** A peer: a small program of ours around other people's library, without any record. */
function peer({ name, about, program, jwks, body, introspection, more }: Peer): Subject {
  return {
    name,
    about,
    async start({ clients: count, workers }) {
      const port = await freePort();
      const clients = Array.from({ length: count }, (_, at) => ({
        clientId: `client-${at}`,
        clientSecret: randomBytes(32).toString("base64url"),
        path: "/token",
      }));
      const folder = mkdtempSync(join(tmpdir(), "mintmark-bench-peer-"));
      const config = join(folder, "config.json");
      writeFileSync(config, JSON.stringify({ port, clients, workers, ...more }));
      const origin = `http://localhost:${port}`;
      const began = performance.now();
      const args = ["--no-deprecation", join(import.meta.dirname, "peers", program), config];
      const child = await startProgram(node, args, { ...process.env, NODE_ENV: "production" }, /ready/);
      const [first] = clients;
      if (!first) throw new Error("there is no client");
      return {
        origin,
        clients,
        body,
        jwks: origin + jwks,
        firstToken: await firstTokenOf(origin, first, body, began),
        ...(introspection !== undefined && { introspection: () => introspection }),
        processes: () => ({ server: family(child.pid ?? 0), database: [] }),
        recorded: async () => undefined,
        async stop() {
          await stopProgram(child);
          if (existsSync(folder)) rmSync(folder, { recursive: true });
        },
      };
    },
    clear() {},
  };
}

/** @param isOpaque its access tokens are kept in memory instead of signed: it introspects no others */
export const oidcProvider = ({ isOpaque = false } = {}): Subject =>
  peer({
    name: "oidc-provider",
    program: "oidc-provider.mjs",
    about: `oidc-provider ${versionOf("oidc-provider")}, in memory, without a record`,
    jwks: "/jwks",
    introspection: "/token/introspection",
    body: `grant_type=client_credentials&scope=orders%3Aread&resource=${encodeURIComponent(ORDERS)}`,
    more: { isOpaque },
  });

export const oauth2Server = (): Subject =>
  peer({
    name: "@node-oauth/oauth2-server",
    program: "oauth2-server.mjs",
    about: `@node-oauth/oauth2-server ${versionOf("@node-oauth/oauth2-server")} with express ${versionOf("express")} and jose, in memory, without a record`,
    jwks: "/jwks",
    body: "grant_type=client_credentials&scope=orders%3Aread",
  });
