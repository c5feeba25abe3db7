import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { freePort } from "../support/free-port.ts";
import type { BenchClient } from "./load.ts";
import { family, startProgram, stopProgram } from "./processes.ts";
import { firstTokenOf, type Subject } from "./subjects.ts";

const PROGRAM = "/usr/bin/glewlwyd";
const SCHEMA = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";
/** In memory: neither its database nor its journal ever waits for a disk. */
const TMPFS = "/dev/shm";

/** glewlwyd, a server in C of Debian's, where it is installed; otherwise nobody, and a line that says so. */
export function glewlwydIfThere(): readonly Subject[] {
  if ([PROGRAM, SCHEMA, TMPFS].every((path) => existsSync(path))) return [glewlwyd()];
  process.stderr.write(
    "glewlwyd is left out: it is not here. `apt-get install glewlwyd` as root, then measure again.\n",
  );
  return [];
}

interface Prepared {
  readonly folder: string;
  readonly port: number;
  readonly clients: readonly BenchClient[];
}

/** Tuned in its favour: SQLite on tmpfs with a write-ahead log, secrets hashed in one round, no log. */
function glewlwyd(): Subject {
  let prepared: Prepared | undefined;
  return {
    name: "glewlwyd",
    about: "glewlwyd 2.7 (C, Debian), SQLite on tmpfs, secrets hashed in one round",
    async start({ clients: count }) {
      prepared ??= await prepare(count);
      const { folder, port, clients } = prepared;
      const began = performance.now();
      const child = await startGlewlwyd(folder);
      const origin = `http://localhost:${port}`;
      const body = "grant_type=client_credentials&scope=orders%3Aread";
      const [first] = clients;
      if (!first) throw new Error("there is no client");
      return {
        origin,
        clients,
        body,
        jwks: `${origin}/api/bench/jwks`,
        // It says 403 to a wrong secret, and the scope where others name the API.
        refusal: 403,
        audience: "orders:read",
        firstToken: await firstTokenOf(origin, first, body, began),
        processes: () => ({ server: family(child.pid ?? 0), database: [] }),
        recorded: async () => undefined,
        stop: () => stopProgram(child),
      };
    },
    clear() {
      if (prepared) rmSync(prepared.folder, { recursive: true });
    },
  };
}

const startGlewlwyd = (folder: string) =>
  startProgram(PROGRAM, ["-c", join(folder, "glewlwyd.conf"), "-l", "INFO"], process.env, /Glewlwyd started/);

/** A database with the clients, made through its own API; used in every round. */
async function prepare(count: number): Promise<Prepared> {
  const folder = mkdtempSync(join(TMPFS, "mintmark-bench-glewlwyd-"));
  const port = await freePort();
  writeFileSync(join(folder, "glewlwyd.conf"), settings(folder, port));
  const database = new DatabaseSync(join(folder, "glewlwyd.db"));
  database.exec(readFileSync(SCHEMA, "utf8"));
  database.exec("pragma journal_mode = wal");
  database.close();
  const clients = Array.from({ length: count }, (_, at) => ({
    clientId: `client-${at}`,
    clientSecret: randomBytes(32).toString("base64url"),
    path: "/api/bench/token",
  }));
  const child = await startGlewlwyd(folder);
  try {
    await setUp(`http://localhost:${port}/api`, clients);
  } finally {
    await stopProgram(child);
  }
  return { folder, port, clients };
}

const settings = (folder: string, port: number): string => `
port=${port}
external_url="http://localhost:${port}"
login_url="login.html"
api_prefix="api"
static_files_path="${folder}"
log_mode="console"
cookie_domain="localhost"
cookie_secure=0
session_expiration=2419200
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
user_middleware_module_path="/usr/lib/glewlwyd/user_middleware"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
use_secure_connection=false
secure_connection_key_file="unused"
secure_connection_pem_file="unused"
secure_connection_ca_file="unused"
hash_algorithm="SHA512"
database = { type = "sqlite3"; path = "${join(folder, "glewlwyd.db")}"; };
`;

async function setUp(api: string, clients: readonly BenchClient[]): Promise<void> {
  const send = async (method: string, path: string, body?: unknown, cookie = "") => {
    const headers = { "Content-Type": "application/json", cookie };
    const answer = await fetch(api + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`glewlwyd, ${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const signedIn = await send("POST", "/auth/", { username: "admin", password: "password" });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const module = (await (await send("GET", "/mod/client/database", undefined, cookie)).json()) as {
    parameters: Record<string, unknown>;
  };
  module.parameters["pbkdf2-iterations"] = 1;
  await send("PUT", "/mod/client/database", module, cookie);
  await send("PUT", "/mod/client/database/reset", {}, cookie);
  await send(
    "POST",
    "/scope/",
    { name: "orders:read", display_name: "Orders", password_required: false, scheme: {} },
    cookie,
  );
  await send("POST", "/mod/plugin/", plugin(api), cookie);
  for (const { clientId, clientSecret } of clients)
    await send("POST", "/client/", { ...clientSettings, client_id: clientId, password: clientSecret }, cookie);
}

const clientSettings = {
  name: "Bench",
  confidential: true,
  enabled: true,
  scope: ["orders:read"],
  authorization_type: ["client_credentials"],
  token_endpoint_auth_method: ["client_secret_basic"],
  redirect_uri: [],
};

function plugin(api: string) {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...privateKey.export({ format: "jwk" }), kid: "bench", alg: "ES256", use: "sig" };
  const off = ["code", "token", "implicit", "none", "password", "refresh"].map((grant) => [
    `auth-type-${grant}-enabled`,
    false,
  ]);
  const parameters = {
    iss: `${api}/bench`,
    "jwt-type": "ecdsa",
    "jwt-key-size": "256",
    "jwks-private": JSON.stringify({ keys: [jwk] }),
    "default-kid": "bench",
    "jwks-show": true,
    "access-token-duration": 900,
    "refresh-token-duration": 900,
    "code-duration": 600,
    "refresh-token-rolling": false,
    "allow-non-oidc": true,
    "auth-type-client-enabled": true,
    ...Object.fromEntries(off),
    "subject-type": "public",
    "secret-type": "pairwise",
  };
  return { module: "oidc", name: "bench", display_name: "Bench", order_rank: 0, parameters };
}
