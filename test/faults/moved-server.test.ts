import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { graphqlAs } from "../support/graphql.ts";
import { inDatabase } from "../support/member.ts";
import { builtMain, startServer, type TestServer } from "../support/server.ts";
import { askToken } from "../support/token.ts";

let server: TestServer;
let port: string;

beforeEach(async () => {
  [server, port] = [await startServer(), String(await freePort())];
});

afterEach(() => server.destroy());

/** Runs `serve` with a changed environment until it ends, or until it listens and is told to stop. */
function serve(env: Readonly<Record<string, string | undefined>>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [builtMain, "serve"], { env: { ...server.env, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("Mintmark listens")) child.kill("SIGTERM");
    });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

function expectRefused({ code, output }: Awaited<ReturnType<typeof serve>>, sentence: RegExp): void {
  expect(output).toMatch(sentence);
  expect(output).not.toMatch(/unforeseen|^\s+at /m);
  expect(code).toBe(1);
}

test("a server at another address is refused while one runs on the database, and moves it once that one has stopped", async () => {
  const { bootstrapped } = server;
  expectRefused(await serve({ PORT: port }), /another server runs on this database.*Set PUBLIC_URL=/);
  expect((await askToken(bootstrapped, { resource: bootstrapped.resource })).status).toBe(200);
  await graphqlAs(bootstrapped.graphql, bootstrapped).run("{ viewer { api } }");
  await server.stop();
  expect(await serve({ PORT: port })).toMatchObject({ code: 0, output: expect.stringMatching(/The address changed/) });
});

test("PUBLIC_URL is forgotten on a database of another address → refused, with what to set, and every issuer is as it was", async () => {
  await server.stop();
  const issuers = () => inDatabase(server, (sql) => sql`select issuer from workspaces order by issuer`);
  await inDatabase(server, async (sql) => {
    await sql`update installation set origin = 'https://id.example.com'`;
    await sql`update workspaces set issuer = replace(issuer, ${server.origin}, 'https://id.example.com')`;
  });
  const before = await issuers();
  expectRefused(
    await serve({ PORT: port }),
    /made for https:\/\/id\.example\.com.*Set PUBLIC_URL=https:\/\/id\.example\.com\./,
  );
  expect(await issuers()).toEqual(before);
});

test("an identifier registered for the day of a move is named, and the move goes on without it", async () => {
  const { bootstrapped, origin } = server;
  const admin = graphqlAs(bootstrapped.graphql, bootstrapped);
  const { workspace } = (await admin.run(`{ workspace(slug: "admin") { id } }`)) as { workspace: { id: string } };
  const identifier = bootstrapped.resource.replace(origin, `http://localhost:${port}`);
  const input = { workspaceId: workspace.id, name: "Planted", identifier, scopes: [] };
  const made = await admin.must("createResource", input, "resource { id }");
  await server.stop();
  expectRefused(await serve({ PORT: port }), new RegExp(`the resource res_\\w+ has the identifier ${identifier}`));
  await server.restart();
  await admin.must("deleteResource", { id: (made["resource"] as { id: string }).id }, "__typename");
  await server.stop();
  expect(await serve({ PORT: port })).toMatchObject({ code: 0 });
});

test("without the master key of the database → the missing file is named, and none is made", async () => {
  await server.stop();
  const dataDir = join(server.env["DATA_DIR"] ?? "", "new");
  const env = { DATA_DIR: dataDir, MINTMARK_MASTER_KEY: "" };
  expectRefused(await serve(env), new RegExp(`MINTMARK_MASTER_KEY is not set, and ${dataDir}/master-key is not there`));
  expect(existsSync(dataDir)).toBe(false);
  mkdirSync(dataDir);
  writeFileSync(
    join(dataDir, "master-key"),
    `${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}\n`,
  );
  expectRefused(await serve(env), new RegExp(`The master key in ${dataDir}/master-key is not the key`));
});
