import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../support/http.ts";
import { type SignedInPerson, signInOwner } from "../support/member.ts";
import { newPerson, totpCode } from "../support/person.ts";
import { builtMain, startReplica, type TestReplica } from "../support/server.ts";
import { askToken, basic, type Credentials, decodeJwt, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
const newKey = () => randomBytes(32).toString("base64");
const present = newKey();
let former: string;
let other: TestReplica;
let client: StoryClient;
/** Its tokens are sealed. */
let sealed: StoryClient;
let owner: SignedInPerson;
let totp: string;
/** A single sign-on provider, whose secret the former key wrapped. */
let provider: string;
/** A webhook, whose secret it wrapped too. */
let webhook: string;
/** Issued, and its session begun, under the former key. */
let earlier: { readonly token: string; readonly kid: unknown; readonly opaque: string };

/** Settings of a server that wraps with the first key and opens with both. */
const keys = (first: string, second = "") => ({
  MINTMARK_MASTER_KEY: first,
  MINTMARK_MASTER_KEY_OTHER: second,
});

beforeAll(async () => {
  const { server } = world;
  former = server.env["MINTMARK_MASTER_KEY"] ?? "";
  client = await world.tenant().workspace().resource("orders", ["read"]).client();
  const token = await fetchToken(client);
  sealed = await world.tenant().workspace().resource("orders", ["read"]).client();
  const format = { workspaceId: sealed.workspace.id, accessTokenFormat: "OPAQUE" };
  await sealed.workspace.admin.must("updateWorkspaceSettings", format, "workspace { id }");
  const opaque = await fetchToken(sealed);
  expect(opaque).toMatch(/^mma_/);
  earlier = { token, kid: decodeJwt(token).header["kid"], opaque };
  owner = await signInOwner(server);
  const begun = (await owner.auth("/totp", { password: owner.password })).json() as { uri: string };
  totp = begun.uri;
  expect((await owner.auth("/totp/verify", { code: totpCode(totp) })).status).toBe(204);
  const said = { name: "Ours", issuer: "https://127.0.0.1:1", clientId: "c", clientSecret: "a provider's secret" };
  const made = await world.rootAdmin.must("createSsoProvider", said, "ssoProvider { id }");
  provider = (made["ssoProvider"] as { id: string }).id;
  const hook = { workspaceId: client.workspace.id, name: "Hook", address: "https://127.0.0.1:1/" };
  const hooked = await client.workspace.admin.must("createWebhook", hook, "webhook { id }");
  webhook = (hooked["webhook"] as { id: string }).id;
}, 120_000);
afterAll(() => other?.destroy());

/** Runs a command to its end, or until `kill` finds something in what it printed. */
function run(command: string, settings: Readonly<Record<string, string>>, kill?: RegExp) {
  const env = { ...world.server.env, PUBLIC_URL: world.origin, ...settings };
  const child = spawn(process.execPath, [builtMain, command], { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (kill?.test(output) || output.includes("Mintmark listens")) child.kill("SIGKILL");
    });
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** A refusal says what to do, and holds neither a stack nor a key. */
function expectRefused({ code, output }: { code: number | null; output: string }, sentence: RegExp): void {
  expect(output).toMatch(sentence);
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  for (const key of [former, present]) expect(output).not.toContain(key);
  expect(code).toBe(1);
}

const at = <T extends Credentials>(origin: string, credentials: T): T => ({
  ...credentials,
  tokenEndpoint: credentials.tokenEndpoint.replace(world.origin, origin),
});
const isActive = async (of: StoryClient, token: string) => {
  const url = of.tokenEndpoint.replace(/token$/, "introspect");
  return (await post(url, { token }, [basic(of)])).json()["active"];
};

/** Asks for tokens at those servers until it is told to stop. @returns what came that was no token */
function load(origins: readonly string[]) {
  let isOver = false;
  const refused: string[] = [];
  let issued = 0;
  const ask = async (origin: string) => {
    while (!isOver) {
      const answer = await askToken(at(origin, client));
      if (answer.status === 200) issued++;
      else refused.push(`${answer.status} ${answer.body}`);
    }
  };
  const asking = Promise.all(origins.map(ask));
  return async () => {
    isOver = true;
    await asking;
    return { issued, refused };
  };
}

test("a server brings a key that another one does not know → refused at its start, naming that one", async () => {
  expectRefused(
    await run("serve", { PORT: "1", ...keys(present, former) }),
    /could not open what it wraps: \S+ \d+\..*MINTMARK_MASTER_KEY_OTHER/s,
  );
  expectRefused(await run("serve", { PORT: "1", ...keys(present) }), /is not the key that this database was made with/);
  expectRefused(
    await run("serve", { PORT: "1", ...keys(former, former) }),
    /MINTMARK_MASTER_KEY_OTHER is MINTMARK_MASTER/,
  );
  expect((await askToken(client)).status).toBe(200);
});

test("the master key changes server by server, under load → no token refused, and half-way nobody starts with one key", async () => {
  const { server } = world;
  other = await startReplica(server, keys(former, present));
  const atOther = load([other.origin]);
  await server.stop();
  await server.restart(keys(former, present));
  const atFirst = load([server.origin]);
  expect((await atOther()).refused).toEqual([]);
  await other.stop();
  await other.restart(keys(present, former));
  const atNew = load([other.origin]);
  expect((await atFirst()).refused).toEqual([]);

  // The first one still wraps with the former key.
  expectRefused(await run("rewrap", keys(present, former)), /still wraps with another master key: \S+ \d+\./);
  await server.stop();
  await server.restart(keys(present, former));
  const atBoth = load([server.origin]);

  const sql = postgres(server.database.ownerUrl, { max: 1 });
  try {
    await sql.begin(async (tx) => {
      await tx`select from signing_keys for update`;
      const killed = await run("rewrap", keys(present, former), /Looked at \d+ of \d+/);
      expect(killed.code).toBeNull();
    });
    const late = await sql.begin(async (tx) => {
      await tx`select from signing_keys for update`;
      const rewrapping = run("rewrap", keys(present, former));
      await eventually(
        async () => (await tx`select from pg_locks where not granted`).length,
        (waiting) => waiting > 0,
      );
      return { rewrapping, server: await startReplica(server, keys(former, present)) };
    });
    expectRefused(await late.rewrapping, /still wraps with another master key: \S+ \d+\./);
    await late.server.stop();
    await late.server.destroy();
  } finally {
    await sql.end();
  }
  expectRefused(await run("serve", { PORT: "1", ...keys(present) }), /MINTMARK_MASTER_KEY_OTHER.*mintmark rewrap/s);
  expectRefused(await run("serve", { PORT: "1", ...keys(former) }), /is not the key that this database was made with/);

  const again = await run("rewrap", keys(present, former));
  expect(again.output).toMatch(/MINTMARK_MASTER_KEY_OTHER is no longer needed: leave it out and restart/);
  expect(again.code).toBe(0);
  for (const { issued, refused } of await Promise.all([atNew(), atBoth()])) {
    expect(refused).toEqual([]);
    expect(issued).toBeGreaterThan(0);
  }
}, 120_000);

test("servers start with the new key alone → the same signing key and secret, earlier tokens, sessions and second factor", async () => {
  const { server } = world;
  await Promise.all([server.stop(), other.stop()]);
  await server.restart(keys(present));
  expect(decodeJwt(await fetchToken(client)).header["kid"]).toBe(earlier.kid);
  expect(await isActive(client, earlier.token)).toBe(true);
  expect(await isActive(sealed, earlier.opaque)).toBe(true);
  expect(await isActive(sealed, await fetchToken(sealed))).toBe(true);
  expect((await owner.auth("/account")).json()).toMatchObject({ hasTotp: true });
  const anew = newPerson(world.origin);
  const { email, password } = owner;
  expect((await anew.auth("/sign-in", { email, password })).json()).toMatchObject({ done: false });
  expect((await anew.auth("/sign-in/totp", { code: totpCode(totp, 1) })).status).toBe(200);
  // Its secret opens: what fails is the way to the receiver.
  await client.workspace.admin.must("sendTestNotice", { id: webhook }, "__typename");
  const document = "query ($id: ID!) { node(id: $id) { ... on Webhook { deliveries { reason } } } }";
  const tried = () => client.workspace.admin.run(document, { id: webhook });
  const reason = { node: { deliveries: [{ reason: expect.stringContaining("not on the public internet") }] } };
  await expect.poll(tried, { timeout: 20_000 }).toEqual(reason);
  // Its secret opens: what fails is the way to the provider.
  expect((await newPerson(world.origin).auth("/sso/begin", { provider })).status).toBe(502);
  // Keys of every workspace, made before and after.
  const tenant = await world.tenant().workspace().resource("new", ["read"]).client();
  expect((await askToken(tenant)).status).toBe(200);
  expectRefused(await run("serve", { PORT: "1", ...keys(former) }), /is not the key that this database was made with/);
  const nothing = await run("rewrap", keys(present));
  expect(nothing.output).toMatch(/were under MINTMARK_MASTER_KEY already\.\nNo other master key is needed\./);
});

test("both acts stand in the audit log of the root tenant, and no key anywhere", async () => {
  const query = `{ workspaces { nodes { auditEntries(first: 20) { nodes { type } } } } }`;
  const events = await eventually(
    async () => JSON.stringify(await world.rootAdmin.run(query)),
    (text) => text.includes("installation.rewrapped"),
  );
  expect(events).toContain("installation.master-key-brought");
  for (const key of [former, present]) expect(world.server.log() + other.log() + events).not.toContain(key);
});
