import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { tokenHeader } from "../support/api-token.ts";
import { remember } from "../support/canaries.ts";
import { mutationDocument, postGraphQL } from "../support/graphql.ts";
import { eventually, send } from "../support/http.ts";
import { inviteAs } from "../support/joining.ts";
import { inDatabase, type SignedInPerson, signInAgain } from "../support/member.ts";
import { codeIn, codeOf, consoleHeaders, freshPassword, newPerson } from "../support/person.ts";
import { builtMain } from "../support/server.ts";
import { basic, bearer, post } from "../support/token.ts";
import { type StoryTenant, useWorld } from "../support/world.ts";
import { outcomeOf } from "./callers.ts";
import { fresh } from "./place.ts";
import { useRows } from "./rows.ts";
import { useTenancyStage } from "./tenancy-stage.ts";

const world = useWorld();
const rows = useRows(world);
const stage = useTenancyStage(world);
let owner: Quintessa;
let tables: readonly { name: string; isTenants: boolean }[];

/** Somebody all of whose words hold one mark, which is found wherever one of them rests. */
interface Quintessa extends SignedInPerson {
  readonly mark: string;
  readonly agent: [string, string];
}

/** Invites somebody at one address; they join with another one, and are signed in. */
async function joined(role: string): Promise<Quintessa> {
  const mark = randomBytes(5).toString("hex");
  const agent: [string, string] = ["User-Agent", `browser-of-${mark}/1`];
  const roles = [{ roleId: stage.role(role), everywhere: true }];
  const invited = { roles, email: `before-${mark}@example.com` };
  const made = await stage.tenant.admin.must("createInvitation", invited, "secret");
  const person = newPerson(world.origin);
  const [email, password] = [`q-${mark}@example.com`, freshPassword()];
  const form = { code: codeIn(String(made["secret"])), name: `Quintessa ${mark}`, email, password };
  const answer = await person.auth("/invitation/accept", form, [...consoleHeaders(world.origin), agent]);
  expect(answer.status).toBe(201);
  const { tenants } = (await person.auth("/account")).json() as { tenants: { memberId: string }[] };
  return { ...person, email, password, memberId: tenants[0]?.memberId ?? "", mark, agent };
}

async function act(person: SignedInPerson, name: string, input: object): Promise<string> {
  const answer = await person.graphql(stage.tenant.slug, mutationDocument(name, "__typename"), { input });
  return outcomeOf(answer, name);
}

async function made(person: SignedInPerson, name: string, input: object, member: string): Promise<Made> {
  const answer = await person.graphql(stage.tenant.slug, mutationDocument(name, `${member} secret`), { input });
  const { data } = answer.json() as { data: Record<string, { secret: string }> };
  return { ...data[name], secret: remember(String(data[name]?.secret)) };
}
interface Made {
  readonly secret: string;
  readonly personalToken?: { readonly id: string };
  readonly personalClient?: { readonly id: string; readonly tokenEndpoint: string; readonly resource: string };
}

/** A personal token and client credentials with telling names, both used for a change. Answers the client's id. */
async function works(person: Quintessa): Promise<string> {
  const { mark, agent } = person;
  const power = { permissions: { all: true } };
  const token = await made(
    person,
    "createPersonalToken",
    { name: `laptop of ${mark}`, ...power },
    "personalToken { id }",
  );
  const fields = "personalClient { id tokenEndpoint resource }";
  const pair = await made(person, "createPersonalClient", { name: `cron of ${mark}`, ...power }, fields);
  const { id = "", tokenEndpoint = "", resource = "" } = pair.personalClient ?? {};
  const form = { grant_type: "client_credentials", resource };
  const issued = await post(tokenEndpoint, form, [basic({ clientId: id, clientSecret: pair.secret }), agent]);
  const headers = [tokenHeader(token.secret), bearer(remember(String(issued.json()["access_token"])))];
  for (const header of headers) {
    const input = { workspaceId: stage.own.workspaceId, name: fresh("client") };
    const query = mutationDocument("createClient", "__typename");
    const answer = await postGraphQL(world.graphqlUrl, { query, variables: { input } }, [header, agent]);
    expect(outcomeOf(answer, "createClient")).toBe("done");
  }
  // Where credentials are used is written a moment later.
  const isNoted = async () => (await traces(mark)).includes("credential_sources");
  expect(await eventually(isNoted, (found) => found, 10)).toBe(true);
  return id;
}

/** The tables with a row that holds those words, in any of its columns; of one tenant, where that is given. */
async function traces(words: string, tenantId?: string): Promise<string[]> {
  const found = tables
    .filter(({ isTenants }) => isTenants || tenantId === undefined)
    .map(({ name }) => {
      const where = tenantId === undefined ? "" : " and tenant_id = $2";
      return `select '${name}' as name where exists (select from ${name} t where t::text ilike '%' || $1 || '%'${where})`;
    });
  const parameters = tenantId === undefined ? [words] : [words, tenantId];
  return (await rows.select<{ name: string }>(`${found.join(" union all ")} order by 1`, parameters)).map(
    ({ name }) => name,
  );
}

const verified = (): Promise<string> =>
  new Promise((resolve) => {
    const env = { ...world.server.env, PUBLIC_URL: world.origin };
    execFile(process.execPath, [builtMain, "audit", "verify"], { env }, (error, stdout, stderr) =>
      resolve(`${error?.code ?? 0} ${stdout}${stderr}`),
    );
  });

async function exported(format: string): Promise<string> {
  const input = { workspaceId: stage.admin.place.workspaceId, log: "AUDIT", format };
  const { logExport } = await stage.tenant.admin.must("createLogExport", input, "logExport { path }");
  const answer = await send(world.origin + (logExport as { path: string }).path, {
    headers: [bearer(stage.owner.token)],
  });
  expect(answer.status).toBe(200);
  return answer.body;
}

/** What the audit log says of somebody's acts: how it calls them, and from where they came. */
async function actsOf(memberId: string): Promise<{ actorName: string; address: string | null; type: string }[]> {
  const document = `query ($actor: ActorId!) { workspace(slug: "admin") {
    auditEntries(first: 50, actor: $actor) { nodes { actorName address agent type } } } }`;
  const { workspace } = (await stage.tenant.admin.run(document, { actor: memberId })) as {
    workspace: { auditEntries: { nodes: { actorName: string; address: string | null; type: string }[] } };
  };
  return workspace.auditEntries.nodes;
}

beforeAll(async () => {
  tables = await rows.select(`
    select c.relname as name, bool_or(a.attname = 'tenant_id') as "isTenants"
    from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by 1`);
  const { workspaceId } = stage.admin.place;
  const settings = { workspaceId, personalTokens: "ON", generatedTypes: ["STATIC_TOKEN", "CLIENT_CREDENTIALS"] };
  await stage.tenant.admin.must("updateWorkspaceSettings", settings, "__typename");
  owner = await joined("owner");
}, 120_000);

describe("[A10] a person who is erased", () => {
  test("→ no table holds their name, address, program or what they named; what they did stays, and the log verifies", async () => {
    const person = await joined("admin");
    const { mark, memberId } = person;
    const clientId = await works(person);
    await stage.done(stage.owner, "disableClient", { id: clientId });
    const planted = ["api_tokens", "audit_events", "clients", "credential_sources", "invitations", "members"];
    expect(await traces(mark)).toEqual([...planted, "sessions", "token_log", "users"]);
    const before = await actsOf(memberId);
    expect(before.map(({ type }) => type)).toContain("personal-token.created");
    await stage.done(stage.owner, "removeMember", { id: memberId });

    expect(await act(owner, "eraseMember", { id: memberId })).toBe("done");

    expect(await traces(mark)).toEqual([]);
    const after = await actsOf(memberId);
    expect(after.map(({ type }) => type)).toEqual(before.map(({ type }) => type));
    const [{ actorName } = { actorName: "" }] = after;
    expect(actorName).toMatch(/^Erased person [0-9a-f]{4}$/);
    for (const entry of after) expect(entry).toMatchObject({ actorName, address: null, agent: null });
    for (const format of ["CSV", "NDJSON", "CEF"]) {
      const file = await exported(format);
      expect(file).not.toContain(mark);
      expect(file).toContain(memberId);
    }
    expect(codeOf(await person.auth("/account"))).toBe("UNAUTHENTICATED");
    expect(await verified()).toMatch(/^0 All \d+ entries of \d+ workspaces are as they were written\./);

    const [entry] = await rows.select<{ id: string }>(
      `select id from audit_events where actor = '${memberId}' order by sequence limit 1`,
    );
    const relabel = (actor: string) =>
      inDatabase(world.server, (sql) => sql`update audit_events set actor = ${actor} where id = ${entry?.id ?? ""}`);
    await relabel(owner.memberId);
    const said = await verified();
    await relabel(memberId);
    expect(said).toMatch(new RegExp(`^1 .*\\(${entry?.id}\\) is not what was written`, "s"));
  }, 120_000);

  test("of two tenants → the other one keeps them, account and log; a successor's client loses its name", async () => {
    const person = await joined("admin");
    const { mark, memberId } = person;
    const clientId = await works(person);
    const elsewhere = await alsoIn(person, await world.tenant().ready());
    await stage.done(stage.owner, "removeMember", { id: memberId, successorMemberId: owner.memberId });

    expect(await act(owner, "eraseMember", { id: memberId })).toBe("done");

    expect(await traces(mark, stage.tenant.id)).toEqual([]);
    expect(await traces(mark, elsewhere.id)).toEqual(["audit_events", "members"]);
    expect((await signInAgain(world.server, person)).cookie()[1]).not.toBe("");
    const own = await owner.graphql(stage.tenant.slug, "{ viewer { personalClients { nodes { id name } } } }");
    const name = expect.stringMatching(/^Client of Erased person [0-9a-f]{4}$/);
    expect(own.json()).toEqual({ data: { viewer: { personalClients: { nodes: [{ id: clientId, name }] } } } });
  }, 120_000);

  test("who is a member, or is one again → is removed first; an admin erases nobody; erasing twice changes nothing", async () => {
    const [person, admin] = [await joined("auditor"), await joined("admin")];
    const { memberId: id } = person;
    expect(await act(owner, "eraseMember", { id })).toBe("PROTECTED");
    await stage.done(stage.owner, "removeMember", { id });
    expect(await act(admin, "eraseMember", { id })).toBe("FORBIDDEN");
    const again = await alsoIn(person, stage.tenant);
    expect(await act(owner, "eraseMember", { id })).toBe("PROTECTED");
    await stage.done(stage.owner, "removeMember", { id: again.memberId });
    expect(await act(owner, "eraseMember", { id: again.memberId })).toBe("done");
    expect(await traces(person.mark)).toEqual([]);
    const former = async () =>
      (await rows.select(`select * from former_members where id in ('${id}', '${again.memberId}') order by id`)) as {
        display_name: string;
      }[];
    const names = await former();
    expect(new Set(names.map((one) => one.display_name)).size).toBe(1);
    expect(await act(owner, "eraseMember", { id })).toBe("done");
    expect(await former()).toEqual(names);
  }, 120_000);
});

test("[A10] an invitation that closed 31 days ago → the server forgets it and its address, not one of 29 days", async () => {
  const ids: string[] = [];
  for (const days of [31, 29]) {
    const made = await inviteAs(stage.tenant.admin, [{ roleId: stage.role("auditor"), everywhere: true }]);
    await inDatabase(
      world.server,
      (sql) => sql`update invitations set expires_at = now() - make_interval(days => ${days}) where id = ${made.id}`,
    );
    ids.push(made.id);
  }
  await world.server.stop();
  await world.server.restart();
  const left = () => rows.select(`select id from invitations where id in ('${ids.join("', '")}')`);
  expect(await eventually(left, ({ length }) => length < 2, 20)).toEqual([{ id: ids[1] }]);
}, 60_000);

/** The same person joins a tenant by a link. */
async function alsoIn(person: Quintessa, tenant: StoryTenant): Promise<{ id: string; memberId: string }> {
  const { workspace } = (await tenant.admin.run('{ workspace(slug: "admin") { roles { nodes { id name } } } }')) as {
    workspace: { roles: { nodes: { id: string; name: string }[] } };
  };
  const roleId = workspace.roles.nodes.find(({ name }) => name === "auditor")?.id ?? "";
  const { link } = await inviteAs(tenant.admin, [{ roleId, everywhere: true }]);
  const headers = [...consoleHeaders(world.origin), person.cookie(), person.agent];
  expect((await person.auth("/invitation/accept", { code: codeIn(link) }, headers)).status).toBe(201);
  const { tenants } = (await person.auth("/account")).json() as { tenants: { slug: string; memberId: string }[] };
  return { id: tenant.id, memberId: tenants.find(({ slug }) => slug === tenant.slug)?.memberId ?? "" };
}
