import { execFile } from "node:child_process";
import { createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import postgres from "postgres";
import { databaseUrl } from "./embedded-database.ts";
import type { BenchClient } from "./load.ts";
import { startProgram, stopProgram } from "./processes.ts";

const run = promisify(execFile);

/** Secrets of each client, of which the load uses the first. */
const SECRETS = 2;

/** What {@link seed} made. */
export interface Seeded {
  readonly clients: readonly BenchClient[];
  /** A fresh token for the GraphQL API; asks the running server for it. */
  adminToken(): Promise<string>;
}

/**
 * Makes an installation with clients spread over workspaces: the workspaces with their APIs and keys through GraphQL,
 * the clients, which may be a hundred thousand, by rows like those that GraphQL makes.
 */
export async function seed(
  main: string,
  env: Readonly<Record<string, string>>,
  { clients: count, workspaces }: { readonly clients: number; readonly workspaces: number },
): Promise<Seeded> {
  const { stdout } = await run(process.execPath, [main, "bootstrap", "--json"], { env: { ...env } });
  const admin = JSON.parse(stdout) as Record<
    "graphql" | "tokenEndpoint" | "clientId" | "clientSecret" | "resource",
    string
  >;
  const adminToken = async (): Promise<string> => {
    const pair = Buffer.from(`${admin.clientId}:${admin.clientSecret}`).toString("base64");
    const answer = await fetch(admin.tokenEndpoint, {
      method: "POST",
      headers: { Authorization: `Basic ${pair}` },
      body: new URLSearchParams({ grant_type: "client_credentials", resource: admin.resource }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const server = await startProgram(process.execPath, [main, "serve"], { ...env }, /Mintmark listens/);
  try {
    const token = await adminToken();
    const call = async (mutation: string, input: object, selection: string): Promise<Record<string, string>> => {
      const capital = mutation.charAt(0).toUpperCase() + mutation.slice(1);
      const query = `mutation ($input: ${capital}Input!) { ${mutation}(input: $input) { ${selection} userErrors { message } } }`;
      const response = await fetch(admin.graphql, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ query, variables: { input } }),
      });
      const { data, errors } = (await response.json()) as {
        data: Record<string, Record<string, unknown>>;
        errors?: unknown;
      };
      const payload = data?.[mutation];
      if (errors || !payload || (payload["userErrors"] as unknown[]).length > 0)
        throw new Error(`${mutation}: ${JSON.stringify(errors ?? payload)}`);
      return Object.values(payload)[0] as Record<string, string>;
    };
    const places: Record<string, string>[] = [];
    for (let at = 0; at < Math.min(workspaces, count); at++) {
      const workspace = await call(
        "createWorkspace",
        { slug: `bench-${at}`, name: `Bench ${at}` },
        "workspace { id issuer }",
      );
      const resource = { workspaceId: workspace["id"], name: "Orders", identifier: "https://orders.example.com/" };
      const { id } = await call(
        "createResource",
        { ...resource, scopes: [{ name: "orders:read" }] },
        "resource { id }",
      );
      places.push({ ...workspace, resourceId: id ?? "" });
    }
    return { clients: await insertClients(env, places, count), adminToken };
  } finally {
    await stopProgram(server);
  }
}

async function insertClients(
  env: Readonly<Record<string, string>>,
  places: readonly Record<string, string>[],
  count: number,
): Promise<BenchClient[]> {
  const sql = postgres(databaseUrl(env["DATA_DIR"] ?? ""), { max: 1, onnotice: () => {} });
  const digest = await digester(sql, env["MINTMARK_MASTER_KEY"] ?? "");
  const scopes = await sql<{ tenant_id: string; resource_id: string; scope_id: string }[]>`
    select tenant_id, resource_id, id as scope_id from scopes where name = 'orders:read'`;
  const scopeOf = new Map(scopes.map((scope) => [scope.resource_id, scope]));
  const clients = Array.from({ length: count }, (_, at) => {
    const place = places[at % places.length] ?? {};
    const scope = scopeOf.get(place["resourceId"] ?? "");
    return {
      id: `cli_${String(at).padStart(14, "0")}`,
      tenant: scope?.tenant_id ?? "",
      workspace: place["id"] ?? "",
      resource: place["resourceId"] ?? "",
      scope: scope?.scope_id ?? "",
      path: new URL(`${place["issuer"]}/oauth2/token`).pathname,
      secrets: Array.from({ length: SECRETS }, () => randomBytes(32).toString("base64url")),
    };
  });
  for (let from = 0; from < clients.length; from += 5000) {
    const some = clients.slice(from, from + 5000);
    const of = (pick: (client: (typeof clients)[number]) => string) => some.map(pick);
    const [tenants, workspaces, ids] = [
      of(({ tenant }) => tenant),
      of(({ workspace }) => workspace),
      of(({ id }) => id),
    ];
    const grants = of(({ id }) => id.replace("cli", "grt"));
    await sql`insert into clients (tenant_id, workspace_id, id, client_id, name)
      select t, w, i, i, i from unnest(${tenants}::text[], ${workspaces}::text[], ${ids}::text[]) as u (t, w, i)`;
    await sql`insert into client_grants (tenant_id, workspace_id, id, client_id, resource_id)
      select t, w, g, i, r from unnest(${tenants}::text[], ${workspaces}::text[], ${grants}::text[], ${ids}::text[],
        ${of(({ resource }) => resource)}::text[]) as u (t, w, g, i, r)`;
    await sql`insert into client_grant_scopes (tenant_id, workspace_id, grant_id, resource_id, scope_id)
      select t, w, g, r, s from unnest(${tenants}::text[], ${workspaces}::text[], ${grants}::text[],
        ${of(({ resource }) => resource)}::text[], ${of(({ scope }) => scope)}::text[]) as u (t, w, g, r, s)`;
    for (let nth = 0; nth < SECRETS; nth++)
      await sql`insert into client_secrets (tenant_id, workspace_id, id, client_id, hint, digest, pepper_version)
        select t, w, s, i, 'seed', decode(d, 'hex'), 1 from unnest(${tenants}::text[], ${workspaces}::text[],
          ${of(({ id }) => `sec_${nth}${id.slice(5)}`)}::text[], ${ids}::text[],
          ${of(({ secrets }) => digest(secrets[nth] ?? ""))}::text[]) as u (t, w, s, i, d)`;
  }
  await sql`analyze`;
  await sql.end();
  return clients.map(({ id, secrets, path }) => ({ clientId: id, clientSecret: secrets[0] ?? "", path }));
}

/** HMAC-SHA-256 under the installation's first pepper, which the master key opens: what is stored of a secret. */
export async function digester(sql: postgres.Sql, masterKey: string): Promise<(value: string) => string> {
  const [row] = await sql<{ wrapped: Buffer }[]>`select wrapped from peppers where version = 1`;
  const wrapped = row?.wrapped ?? Buffer.alloc(0);
  const key = Buffer.from(hkdfSync("sha256", Buffer.from(masterKey, "utf8"), "", "mintmark wrapping key v1", 32));
  const decipher = createDecipheriv("aes-256-gcm", key, wrapped.subarray(0, 12));
  decipher.setAAD(Buffer.from("pepper|1")).setAuthTag(wrapped.subarray(12, 28));
  const pepper = Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]);
  return (value) => createHmac("sha256", pepper).update(createHash("sha256").update(value).digest()).digest("hex");
}
