import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { newApiToken, tokenHeader, turnOn } from "../support/api-token.ts";
import { Answers } from "../support/canaries.ts";
import { mutationDocument } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import { inDatabase, type SignedInPerson, signInOwner } from "../support/member.ts";
import { totpCode } from "../support/person.ts";
import { newInitialAccessToken, register } from "../support/registration.ts";
import { askToken, basic, bearer, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
import { type Caller, callerOf, newCaller, ownWorkspace } from "./callers.ts";

const world = useWorld({ LOG_LEVEL: "debug" });
/** Everything that was shown once or typed in confidence, by what it is. */
const secrets = new Map<string, string>();
/** A word that may stand anywhere: where it is not found, nothing was looked through. */
const canary = `canary${randomBytes(6).toString("hex")}`;
/** What the server keeps or tells, by where. */
const sinks = new Map<string, string>();
let owner: Caller;
let client: StoryClient;

async function exported(log: "AUDIT" | "TOKENS", format: "CSV" | "NDJSON" | "CEF"): Promise<string> {
  const input = { workspaceId: client.workspace.id, log, format };
  const { logExport } = await owner.graphql.must("createLogExport", input, "logExport { path }");
  return (await send(world.origin + (logExport as { path: string }).path, { headers: [bearer(owner.token)] })).body;
}

/** Every row of every table, as text. */
const wholeDatabase = (): Promise<string> =>
  inDatabase(world.server, async (sql) => {
    const tables = await sql<{ name: string }[]>`select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r'`;
    const texts = await Promise.all(
      tables.map(async ({ name }) => {
        const [row] = await sql<{ text: string | null }[]>`select string_agg(t::text, ' ') as text from ${sql(name)} t`;
        return row?.text ?? "";
      }),
    );
    return texts.join("\n");
  });

/** What somebody generates for themselves. */
async function generated(person: SignedInPerson): Promise<void> {
  const slug = world.server.bootstrapped.tenant;
  const { workspace } = (await world.rootAdmin.run('{ workspace(slug: "admin") { id } }')) as {
    workspace: { id: string };
  };
  const types = { personalTokens: "ON", generatedTypes: ["STATIC_TOKEN", "CLIENT_CREDENTIALS"] };
  await world.rootAdmin.must("updateWorkspaceSettings", { workspaceId: workspace.id, ...types }, "__typename");
  for (const name of ["createPersonalToken", "createPersonalClient"]) {
    const input = { name: "Mine", permissions: { all: true } };
    const { data } = (await person.graphql(slug, mutationDocument(name, "secret"), { input })).json() as {
      data: Record<string, { secret: string }>;
    };
    secrets.set(name, data[name]?.secret ?? "");
  }
}

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  const workspace = world.tenant(tenant).workspace().resource("orders", ["read"]);
  client = await workspace.client({ name: canary });
  const { clientSecret, tokenEndpoint } = client;
  secrets.set("client secret", clientSecret);
  secrets.set("access token", await fetchToken(client));
  await turnOn(client.workspace);
  const apiToken = await newApiToken(client);
  secrets.set("API token", apiToken.value);
  const initial = await newInitialAccessToken(client.workspace);
  secrets.set("initial access token", initial.value);
  const registered = (await register(client.workspace, initial.value)).json();
  secrets.set("registration token", String(registered["registration_access_token"]));
  secrets.set("registered client's secret", String(registered["client_secret"]));
  const hook = { workspaceId: client.workspace.id, name: "Hook", address: "https://127.0.0.1:1/" };
  const { secret } = await client.workspace.admin.must("createWebhook", hook, "secret");
  secrets.set("webhook's secret", String(secret));
  const admin = await ownWorkspace(tenant, "admin");
  owner = await newCaller(world, admin, { role: "owner" });
  secrets.set("administrator's token", (await callerOf(world, tenant.adminClient)).token);
  const roles = [{ roleId: admin.roles.get("auditor"), targetWorkspaceId: client.workspace.id }];
  const invited = await owner.graphql.must("createInvitation", { roles, lifetimeHours: 24 }, "secret");
  secrets.set("invitation's code", String(invited["secret"]).split("/").at(-1) ?? "");
  const ofProvider = `provider-${randomBytes(16).toString("hex")}`;
  const provider = { name: "Staff", issuer: "https://id.example.com", clientId: "mintmark", clientSecret: ofProvider };
  await owner.graphql.must("createSsoProvider", { ...provider, joining: "INVITED", roles: [] }, "__typename");
  secrets.set("provider's secret", ofProvider);
  const person = await signInOwner(world.server);
  secrets.set("password", person.password);
  await generated(person);
  const { uri, backupCodes } = (await person.auth("/totp", { password: person.password })).json() as {
    uri: string;
    backupCodes: string[];
  };
  await person.auth("/totp/verify", { code: totpCode(uri) });
  secrets.set("authenticator's key", new URL(uri).searchParams.get("secret") ?? "");
  secrets.set("backup code", backupCodes[0] ?? "");
  for (const pair of person.cookie()[1].split("; "))
    secrets.set(`cookie ${pair.split("=")[0]}`, decodeURIComponent(pair.slice(pair.indexOf("=") + 1)));

  // Each is sent where it does not belong as well; as a name, what can be told from one.
  for (const secret of secrets.values()) {
    const text = encodeURIComponent(secret);
    await send(`${tokenEndpoint}?client_secret=${text}`, { method: "POST" });
    await askToken({ ...client, clientSecret: secret });
    if (/^(mm[a-z]_|eyJ)/.test(secret)) {
      await askToken({ ...client, clientId: secret, clientSecret: canary });
      await post(tokenEndpoint, { grant_type: secret, scope: secret, resource: secret }, [basic(client)]);
      await askToken(client, { scope: secret });
      await askToken(client, { resource: secret });
    }
    await post(`${client.workspace.issuer}/oauth2/introspect`, { token: secret }, [basic(client)]);
    for (const header of [bearer(secret), tokenHeader(secret)])
      await send(world.graphqlUrl, {
        method: "POST",
        headers: [header, ["Content-Type", "application/json"]],
        body: "{}",
      });
    await owner.graphql.run("query ($id: ID!) { node(id: $id) { id } }", { id: secret.slice(0, 60) });
  }
  await send(`${world.origin}/${canary}/orders/oauth2/token`, { method: "POST" });

  sinks.set("log", world.server.log());
  sinks.set("metrics", (await send(`${world.origin}/metrics`)).body);
  sinks.set("audit log as CSV", await exported("AUDIT", "CSV"));
  sinks.set("audit log as NDJSON", await exported("AUDIT", "NDJSON"));
  sinks.set("token log as CEF", await exported("TOKENS", "CEF"));
  sinks.set("token log as NDJSON", await exported("TOKENS", "NDJSON"));
  sinks.set("database", await wholeDatabase());
}, 120_000);

describe("[T5] incident 11: what was shown once or typed in confidence", () => {
  test("a word planted where words may stand is found there: the scan sees what it looks through", () => {
    const found = (name: string) => (sinks.get(name) ?? "").split("\n").filter((line) => line.includes(canary));
    // Metrics and the server's own log have no words of anybody's.
    expect([...found("metrics"), ...found("log")]).toEqual([]);
    const others = [...sinks.keys()].filter((name) => name !== "metrics" && name !== "log");
    expect(others.filter((name) => found(name).length === 0)).toEqual([]);
    expect(sinks.get("log")).toContain('"correlationId":"req_');
    expect(sinks.get("metrics")).toContain("mintmark");
    expect([...secrets.values()].every((secret) => secret.length >= 10)).toBe(true);
  });

  test("what every test hears of the answers: a secret that comes a second time, or stands in the log, is found", () => {
    const forms = [...secrets.values()].filter((secret) => /^(mm[mprst]_|whsec_)/.test(secret));
    forms.push(`${world.origin}/console/invite/${secrets.get("invitation's code")}`);
    expect(forms.length).toBeGreaterThan(6);
    for (const secret of forms) {
      const answer = JSON.stringify({ secret });
      const heard = (...more: readonly string[]) => {
        const answers = new Answers();
        answers.heard("POST /graphql", answer);
        for (const text of more) answers.heard("POST /graphql", text);
        return answers;
      };
      expect(() => heard("{}").refuseRepeats("{}")).not.toThrow();
      expect(() => heard(answer).refuseRepeats("{}")).toThrow(/answered again/);
      expect(() => heard().refuseRepeats(answer)).toThrow(/the log holds/);
    }
  });

  test.each([
    "log",
    "metrics",
    "audit log as CSV",
    "audit log as NDJSON",
    "token log as CEF",
    "token log as NDJSON",
    "database",
  ])("%s → none of it, in clear or in base64", (sink) => {
    const text = sinks.get(sink) ?? "";
    const leaked = [...secrets].filter(
      ([, secret]) => text.includes(secret) || text.includes(Buffer.from(secret).toString("base64").slice(0, -4)),
    );
    expect(leaked.map(([name]) => name)).toEqual([]);
  });
});
