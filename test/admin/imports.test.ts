import { ReadableStream } from "node:stream/web";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { surviveKill } from "../support/import-kill.ts";
import {
  ended,
  ndjsonOf,
  newImport,
  opened,
  progressOf,
  reportOf,
  sealingPair,
  sendCsv,
  sendFile,
} from "../support/imports.ts";
import { inDatabase, signInOwner } from "../support/member.ts";
import { startReplica } from "../support/server.ts";
import { askToken, bearer } from "../support/token.ts";
import { type StoryTenant, type StoryWorkspace, useWorld } from "../support/world.ts";
import { assign, type Caller, callerOf, newAccess, newCaller, type OwnWorkspace, ownWorkspace } from "./callers.ts";
import { fresh, freshPublicKey } from "./place.ts";

const world = useWorld();
let tenant: StoryTenant;
let workspace: StoryWorkspace;
let admin: OwnWorkspace;
let owner: Caller;
let stranger: Caller;
let api: string;

beforeAll(async () => {
  tenant = await world.tenant().ready();
  workspace = await world.tenant(tenant).workspace().resource("orders", ["orders:read", "orders:write"]).ready();
  api = workspace.resource("orders").identifier;
  admin = await ownWorkspace(tenant, "admin");
  owner = await callerOf(world, tenant.adminClient);
  stranger = await callerOf(world, (await world.tenant().ready()).adminClient);
}, 120_000);

/** Imports NDJSON to its end, and answers the report. */
async function imported(by: Caller, clients: readonly (object | string)[], at = workspace.id, sealingKey?: string) {
  const job = await newImport(by, at, "NDJSON", sealingKey ?? sealingPair().publicJwk);
  const lines = clients.map((client) => (typeof client === "string" ? client : JSON.stringify(client)));
  const answer = await sendFile(world.origin, by, job, lines.join("\n"));
  expect([answer.status, answer.json()]).toEqual([202, { id: job.id, state: "RUNNING" }]);
  const progress = await ended(by, job.id);
  return { job, progress, report: await reportOf(world.origin, owner, job) };
}

const clientsNamed = (name: string) =>
  inDatabase(world.server, (sql) => sql`select id from clients where name = ${name}`).then(({ length }) => length);

describe("[A9] what a file makes", () => {
  test("NDJSON with several APIs, an imported id, a lifetime and an end → clients that do exactly that", async () => {
    const other = await workspace.addResource(fresh("stock"), ["stock:read"]);
    const pair = sealingPair();
    const [name, clientId] = [fresh("robot"), fresh("brought")];
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const grants = [
      { resource: api, scopes: ["orders:write", "orders:read"] },
      { resource: other.identifier, scopes: ["stock:read"] },
    ];
    const line = { name, clientId, description: "In hall 3", accessTokenLifetime: 120, grants, expiresAt };
    const { progress, report } = await imported(owner, [line], workspace.id, pair.publicJwk);
    expect(progress).toMatchObject({ state: "DONE", made: 1, refused: 0, problem: null });
    const [made] = report;
    expect(made).toMatchObject({ line: 1, outcome: "made", name, clientId, code: null });
    const access = {
      ...(await opened(made ?? { sealedSecret: null }, pair.privateKey)),
      tokenEndpoint: `${workspace.issuer}/oauth2/token`,
    };
    expect(access.clientId).toBe(clientId);
    // Its tokens begin after its cut-off, as of each client that brings its id along.
    const answer = (await askToken(access, { resource: api })).json();
    expect(answer).toMatchObject({ scope: "orders:read orders:write", expires_in: 120 });
    const document = `query ($id: ID!) { node(id: $id) { ... on Client { description grants { scopes } credentials { nodes { hint expiresAt } } } } }`;
    const { node } = (await owner.graphql.run(document, { id: made?.id })) as {
      node: {
        description: string;
        grants: { scopes: string[] }[];
        credentials: { nodes: { hint: string; expiresAt: string }[] };
      };
    };
    expect(node.description).toBe("In hall 3");
    expect(node.grants.map(({ scopes }) => scopes)).toEqual(
      expect.arrayContaining([["orders:read", "orders:write"], ["stock:read"]]),
    );
    expect(node.credentials.nodes).toEqual([{ hint: access.clientSecret.slice(-10, -6), expiresAt }]);
  });

  test("CSV as a spreadsheet writes it → the same; the report is CSV that no spreadsheet runs", async () => {
    const job = await newImport(owner, workspace.id, "CSV", sealingPair().publicJwk);
    const [plain, formula] = [fresh("plain"), `=1+${fresh("2")}`];
    const csv = `\ufeffname,resource,scopes,description\r\n${plain},${api},orders:read orders:write,"Two\r\nlines, ""quoted"""\r\n"${formula}",,,\r\n`;
    expect((await sendCsv(world.origin, owner, job, csv.replace("Two\r\n", "Two\n"))).status).toBe(202);
    expect(await ended(owner, job.id)).toMatchObject({ made: 2, refused: 0 });
    const answer = await send(world.origin + job.reportPath, { headers: [bearer(owner.token)] });
    expect(answer.headers["content-type"]).toContain("text/csv");
    expect(answer.headers["content-disposition"]).toBe(`attachment; filename="import-${job.id}.csv"`);
    const [head, ...lines] = answer.body.split("\r\n");
    expect(head).toBe('"line","outcome","name","clientId","id","sealedSecret","code","problem","fix"');
    expect(lines[0]).toContain(`"2","made","${plain}","cli_`);
    expect(lines[1]).toContain(`"4","made","'${formula}","cli_`);
  });

  test("a file that brings public keys → they are the clients' keys, and nobody has a secret", async () => {
    const job = await newImport(owner, workspace.id);
    const names = [fresh("keyed"), fresh("keyed"), fresh("bare")];
    const file = ndjsonOf([
      { name: names[0], publicKey: JSON.parse(freshPublicKey()) },
      { name: names[1], jwksUri: "https://keys.example.com/jwks.json" },
      { name: names[2] },
    ]);
    await sendFile(world.origin, owner, job, file);
    expect(await ended(owner, job.id)).toMatchObject({ made: 2, refused: 1 });
    const report = await reportOf(world.origin, owner, job);
    expect(report.map(({ outcome, sealedSecret }) => [outcome, sealedSecret])).toEqual([
      ["made", null],
      ["made", null],
      ["refused", null],
    ]);
    expect(report[2]?.problem).toContain("brings no public key");
    const kinds = await inDatabase(
      world.server,
      (
        sql,
      ) => sql`select k.kid is not null as inline, k.jwks_uri from client_keys k join clients c on c.id = k.client_id
        where c.name in (${names[0] ?? ""}, ${names[1] ?? ""}) order by k.kid`,
    );
    expect(kinds.map((row) => ({ ...row }))).toEqual([
      { inline: true, jwks_uri: null },
      { inline: false, jwks_uri: "https://keys.example.com/jwks.json" },
    ]);
  });

  test("no secret of an import stands anywhere in clear", async () => {
    const pair = sealingPair();
    const { report } = await imported(owner, [{ name: fresh("canary") }], workspace.id, pair.publicJwk);
    const { clientSecret } = await opened(report[0] ?? { sealedSecret: null }, pair.privateKey);
    const found = await inDatabase(world.server, async (sql) => {
      const tables = await sql<{ name: string }[]>`select relname as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r'`;
      const hits = [];
      for (const { name } of tables) {
        const [row] = await sql<
          { hits: number }[]
        >`select count(*)::int as hits from ${sql(name)} t where t::text like ${`%${clientSecret.slice(4, -6)}%`}`;
        if (row && row.hits > 0) hits.push(name);
      }
      return hits;
    });
    expect(found).toEqual([]);
  });
});

test("[A9] one file in two imports at once, at two servers → each client once", async () => {
  const replica = await startReplica(world.server);
  try {
    const names = Array.from({ length: 400 }, () => fresh("shared"));
    const file = ndjsonOf(names.map((name) => ({ name })));
    const { publicJwk } = sealingPair();
    const jobs = [
      await newImport(owner, workspace.id, "NDJSON", publicJwk),
      await newImport(owner, workspace.id, "NDJSON", publicJwk),
    ];
    // Clients can be read and not be made meanwhile: both have looked for the names before either makes one.
    await inDatabase(world.server, (sql) =>
      sql.begin(async (held) => {
        await held`lock table clients in share mode`;
        const sent = jobs.map((job, at) => sendFile(at === 0 ? world.origin : replica.origin, owner, job, file));
        for (const answer of await Promise.all(sent)) expect(answer.status).toBe(202);
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }),
    );
    const made = (await Promise.all(jobs.map(({ id }) => ended(owner, id)))).map((progress) => progress.made);
    expect(made.reduce((sum, one) => sum + one, 0)).toBe(names.length);
    const [row] = await inDatabase(
      world.server,
      (sql) => sql<{ clients: number }[]>`select count(*)::int as clients from clients where name = any(${names})`,
    );
    expect(row?.clients).toBe(names.length);
  } finally {
    await replica.destroy();
  }
});

describe("[A9] bad lines", () => {
  test("each is refused with its reason, and the good ones between them are made", async () => {
    const [first, last, twice, brought] = [fresh("first"), fresh("last"), fresh("twice"), fresh("brought")];
    const { progress, report } = await imported(owner, [
      { name: first },
      "{not json",
      { name: fresh("x"), grants: [{ resource: "https://nobody.example/", scopes: [] }] },
      { name: fresh("x"), grants: [{ resource: api, scopes: ["orders:read", "orders:burn"] }] },
      { name: "x".repeat(101) },
      { name: "with\u0000nul" },
      { name: fresh("x"), colour: "red" },
      { description: "no name" },
      { name: twice },
      { name: twice },
      { name: fresh("x"), clientId: brought },
      { name: fresh("x"), clientId: brought },
      { name: first },
      { name: fresh("x"), expiresAt: "2020-01-01T00:00:00Z" },
      { name: fresh("x"), publicKey: "no key" },
      { name: fresh("x"), accessTokenLifetime: 5 },
      "[]",
      `{"name":"${"x".repeat(70_000)}"}`,
      { name: fresh("x"), grants: [{ resource: "a\u0000", scopes: [] }] },
      { name: last },
    ]);
    expect(progress).toMatchObject({ state: "DONE", made: 4, refused: 16 });
    expect(report.map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    const reasons = new Map(report.map(({ line, code, problem }) => [line, `${code} ${problem}`]));
    expect([...reasons].filter(([, reason]) => reason === "null null").map(([line]) => line)).toEqual([1, 9, 11, 20]);
    for (const [line, said] of [
      [2, "INVALID_INPUT This line is no JSON."],
      [3, "NOT_FOUND There is no API https://nobody.example/"],
      [4, `NOT_FOUND ${api} has no scope orders:burn.`],
      [5, "INVALID_INPUT name: A name has at most 100 characters."],
      [6, "INVALID_INPUT name: A name has no control"],
      [7, "INVALID_INPUT There is no member colour."],
      [8, "INVALID_INPUT It has no name."],
      [10, "ALREADY_EXISTS Line 9 of this file"],
      [12, "ALREADY_EXISTS Line 11 of this file"],
      [13, "ALREADY_EXISTS Line 1 of this file"],
      [14, "INVALID_INPUT expiresAt: This instant is in the past."],
      [15, "INVALID_INPUT This is no public key."],
      [16, "INVALID_INPUT accessTokenLifetime: This is a whole number of seconds"],
      [17, "INVALID_INPUT This line is no JSON object."],
      [18, "INVALID_INPUT This line has more than 65,536 bytes"],
      [19, "INVALID_INPUT grants: An API's identifier has no characters that nobody sees."],
    ] as const)
      expect([line, reasons.get(line)]).toEqual([line, expect.stringContaining(said)]);
    expect(report.every(({ code, fix }) => (code === null) === (fix === null))).toBe(true);
  });

  test("a line that is not UTF-8, a quote that never closes, too few fields → those lines alone", async () => {
    const job = await newImport(owner, workspace.id, "CSV", sealingPair().publicJwk);
    const [good, better] = [fresh("good"), fresh("better")];
    const csv = Buffer.concat([
      Buffer.from(`name,description\n${good},\n`),
      Buffer.from("M\xfcnchen,\n", "latin1"),
      Buffer.from(`"open,\nshort\n${better},\n`),
    ]);
    await sendCsv(world.origin, owner, job, csv);
    expect(await ended(owner, job.id)).toMatchObject({ made: 2, refused: 3 });
    const document = `query ($id: ID!) { node(id: $id) { ... on Import {
      rows(first: 10, outcome: REFUSED) { nodes { line problem } } made: rows(outcome: MADE) { nodes { name clientId id } } } } }`;
    const { node } = (await owner.graphql.run(document, { id: job.id })) as {
      node: {
        rows: { nodes: { line: number; problem: string }[] };
        made: { nodes: { name: string; clientId: string; id: string }[] };
      };
    };
    expect(node.rows.nodes.map(({ line, problem }) => [line, problem])).toEqual([
      [3, "This line is not UTF-8."],
      [4, expect.stringContaining("never closed")],
      [5, "This line has 1 fields, and the first line names 2 columns."],
    ]);
    expect(node.made.nodes.map(({ name }) => name)).toEqual([good, better]);
  });

  test("what is there already is not made again: the same file by another import makes nothing", async () => {
    const clients = [{ name: fresh("known") }, { name: fresh("known"), clientId: fresh("id") }];
    await imported(owner, clients);
    const { progress, report } = await imported(owner, clients);
    expect(progress).toMatchObject({ made: 0, refused: 2 });
    expect(report.map(({ code }) => code)).toEqual(["ALREADY_EXISTS", "ALREADY_EXISTS"]);
    // A name is free for a client that has an id of its own.
    expect((await imported(owner, [{ ...clients[0], clientId: fresh("id") }])).progress.made).toBe(1);
  });

  test("the workspace bounds how long secrets live → a longer life is refused, and none said means the longest", async () => {
    const bounded = await world.tenant(tenant).workspace().ready();
    await tenant.admin.must(
      "updateWorkspaceSettings",
      { workspaceId: bounded.id, clientSecretLifetime: 30 },
      "__typename",
    );
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const { report } = await imported(
      owner,
      [{ name: fresh("short") }, { name: fresh("long"), expiresAt: inDays(31) }],
      bounded.id,
    );
    expect(report.map(({ outcome, problem }) => [outcome, problem])).toEqual([
      ["made", null],
      ["refused", expect.stringContaining("at most 30 days")],
    ]);
    const [row] = await inDatabase(
      world.server,
      (sql) => sql`select expires_at - created_at as life, expires_at
      from client_secrets where client_id = ${report[0]?.id ?? ""}`,
    );
    expect(Math.round((Number(row?.["expires_at"]) - Date.now()) / 86_400_000)).toBe(30);
  });
});

describe("[A9] bad files", () => {
  const refused = async (body: string | Buffer, type: string, format: "CSV" | "NDJSON" = "CSV") => {
    const job = await newImport(owner, workspace.id, format, sealingPair().publicJwk);
    const answer = await sendFile(world.origin, owner, job, body, type);
    const { errors } = answer.json() as { errors: { message: string }[] };
    expect(await progressOf(owner, job.id)).toMatchObject({ state: "WAITING", made: 0, refused: 0 });
    return [answer.status, errors[0]?.message];
  };

  test.each([
    ["an empty file", "", "text/csv", 400, "The file is empty."],
    ["no client", "name\n\n", "text/csv", 400, "The file lists no client."],
    ["an unknown column", "name,colour\nx,red\n", "text/csv", 400, 'there is no column "colour"'],
    ["semicolons", "name;clientId\nx;y\n", "text/csv", 400, "with commas between them"],
    ["no name among the columns", "clientId\nx\n", "text/csv", 400, '"name" is not among them'],
    ["a column twice", "name,name\nx,y\n", "text/csv", 400, "names a column twice"],
    ["UTF-16", Buffer.from("\ufeffname\nx\n", "utf16le"), "text/csv", 400, "not UTF-8 text"],
    ["JSON for CSV", "{}", "application/json", 415, "Content-Type: text/csv"],
    ["another charset", "name\nx\n", "text/csv; charset=latin1", 415, "in UTF-8"],
  ] as const)("%s → a clear error, and nothing begins", async (_, body, type, status, said) => {
    expect(await refused(body, type)).toEqual([status, expect.stringContaining(said)]);
  });

  test("more than 64 MiB → 413, said or found out", async () => {
    const job = await newImport(owner, workspace.id, "CSV", sealingPair().publicJwk);
    const headers = [bearer(owner.token), ["Content-Type", "text/csv"]] as const;
    const said = await send(world.origin + job.path, {
      method: "PUT",
      headers: [...headers, ["Content-Length", String(64 * 1024 * 1024 + 1)], ["Connection", "close"]],
      body: "name\n",
    }).catch((error: Error) => error.message);
    expect(said).toMatchObject({ status: 413 });
    // Without a length: it is found out at the end.
    const part = new Uint8Array(1024 * 1024).fill(0x61);
    const parts = ReadableStream.from(Array.from({ length: 65 }, () => part));
    const found = await fetch(world.origin + job.path, {
      method: "PUT",
      headers: { Authorization: `Bearer ${owner.token}`, "Content-Type": "text/csv" },
      body: parts as BodyInit,
      duplex: "half",
    } as RequestInit);
    expect(await found.json()).toMatchObject({ errors: [{ message: expect.stringContaining("at most 64 MiB") }] });
    expect(found.status).toBe(413);
    expect(await progressOf(owner, job.id)).toMatchObject({ state: "WAITING" });
  });

  test("an import that is done takes no other file; one that does not exist takes none", async () => {
    const { job } = await imported(owner, [{ name: fresh("done") }]);
    const again = await sendFile(world.origin, owner, job, ndjsonOf([{ name: fresh("late") }]));
    expect([again.status, again.body]).toEqual([409, expect.stringContaining("is done")]);
    for (const [path, status] of [
      [`${job.path.slice(0, -4)}zzzz`, 404],
      ["/imports/imp_1", 404],
    ] as const)
      expect((await sendFile(world.origin, owner, { path }, "{}")).status).toBe(status);
    expect((await send(world.origin + job.path, { headers: [bearer(owner.token)] })).status).toBe(405);
    await inDatabase(world.server, (sql) => sql`update imports set expires_at = now() where id = ${job.id}`);
    expect((await sendFile(world.origin, owner, job, "{}")).status).toBe(404);
  });

  test.each([
    ["a private key", () => sealingPair().privateKey.export({ format: "jwk" }), "private key"],
    ["a key for signing", () => ({ ...JSON.parse(sealingPair().publicJwk), use: "sig" }), "Nothing can be sealed"],
    ["no key", () => ({}), "no public key"],
  ])("%s to seal to → refused", async (_, jwk, said) => {
    const input = { workspaceId: workspace.id, format: "CSV", sealingKey: JSON.stringify(jwk()) };
    const { userErrors } = await owner.graphql.mutate("createImport", input, "import { id }");
    expect(userErrors).toEqual([
      expect.objectContaining({ code: "INVALID_INPUT", path: ["sealingKey"], message: expect.stringContaining(said) }),
    ]);
  });
});

describe("[A9] [C4] [C5] who may", () => {
  test("nobody of another tenant sends, sees or fetches; without a credential 401", async () => {
    const { job } = await imported(owner, [{ name: fresh("mine") }]);
    const mine = await newImport(owner, workspace.id, "NDJSON", sealingPair().publicJwk);
    const file = ndjsonOf([{ name: fresh("theirs") }]);
    const nobodys = { path: `${mine.path.slice(0, -4)}zzzz` };
    const answers = [
      await sendFile(world.origin, stranger, mine, file),
      await sendFile(world.origin, stranger, nobodys, file),
    ];
    expect(answers.map(({ status, body }) => [status, body.replace(/req_\w+/, "")])).toEqual([
      [404, answers[1]?.body.replace(/req_\w+/, "")],
      [404, expect.stringContaining("NOT_FOUND")],
    ]);
    expect(await progressOf(stranger, mine.id)).toBeUndefined();
    expect((await send(world.origin + job.reportPath, { headers: [bearer(stranger.token)] })).status).toBe(404);
    expect(
      (await send(world.origin + mine.path, { method: "PUT", headers: [["Content-Type", "text/csv"]], body: file }))
        .status,
    ).toBe(401);
    expect((await send(world.origin + job.reportPath)).status).toBe(401);
    expect(await progressOf(owner, mine.id)).toMatchObject({ state: "WAITING" });
  });

  test("an auditor sees the rows, and neither sends nor gets sealed secrets", async () => {
    const auditor = await newCaller(world, admin, { role: "auditor" });
    const { job } = await imported(owner, [{ name: fresh("seen") }]);
    const open = await newImport(owner, workspace.id, "NDJSON", sealingPair().publicJwk);
    expect(await progressOf(auditor, job.id)).toMatchObject({ state: "DONE", made: 1 });
    const answer = await sendFile(world.origin, auditor, open, ndjsonOf([{ name: fresh("x") }]));
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining("client:write")]);
    expect((await send(world.origin + job.reportPath, { headers: [bearer(auditor.token)] })).status).toBe(404);
  });

  test("who may make clients and grant nothing → the lines with access are refused, the others made", async () => {
    const maker = await newCaller(world, admin, { grants: ["client:write", "client-secret:write", "resource:read"] });
    const { report } = await imported(maker, [
      { name: fresh("bare") },
      { name: fresh("granted"), grants: [{ resource: api, scopes: ["orders:read"] }] },
    ]);
    expect(report.map(({ code, problem }) => [code, problem])).toEqual([
      [null, null],
      ["FORBIDDEN", expect.stringContaining("client-grant:write")],
    ]);
    const blind = await newCaller(world, admin, {
      grants: ["client:write", "client-secret:write", "client-grant:write"],
    });
    const unseen = await imported(blind, [{ name: fresh("granted"), grants: [{ resource: api, scopes: [] }] }]);
    expect(unseen.report[0]).toMatchObject({ code: "NOT_FOUND" });
    const secretless = await newCaller(world, admin, { grants: ["client:write"] });
    const { userErrors } = await secretless.graphql.mutate(
      "createImport",
      { workspaceId: workspace.id, format: "CSV" },
      "import { id }",
    );
    expect(userErrors.map(({ code }) => code)).toEqual(["FORBIDDEN"]);
  });

  test("[T2] where clients wait for approval → only who may approve them imports", async () => {
    const careful = await world.tenant(tenant).workspace().ready();
    await tenant.admin.must(
      "updateWorkspaceSettings",
      { workspaceId: careful.id, clientApproval: "REQUIRED" },
      "__typename",
    );
    const developer = await newCaller(world, admin, { role: "developer" });
    const input = { workspaceId: careful.id, format: "CSV" };
    const { userErrors } = await developer.graphql.mutate("createImport", input, "import { id }");
    expect(userErrors).toEqual([
      expect.objectContaining({ code: "PROTECTED", message: expect.stringContaining("clientApproval") }),
    ]);
    expect((await imported(owner, [{ name: fresh("approved") }], careful.id)).progress.made).toBe(1);
  });

  test("in the admin workspace nobody grants more than they hold, line by line", async () => {
    const { place, api: ownApi } = admin;
    const inside = await newAccess(admin, {
      grants: ["workspace:read"],
    });
    await assign(admin, inside.id, admin.roles.get("developer") ?? "", place.workspaceId);
    const developer = await callerOf(world, inside);
    const grants = (scope: string) => [{ resource: ownApi, scopes: [scope] }];
    const { report } = await imported(
      developer,
      [
        { name: fresh("little"), grants: grants("workspace:read") },
        { name: fresh("much"), grants: grants("workspace:delete") },
      ],
      place.workspaceId,
    );
    expect(report.map(({ code, problem }) => [code, problem])).toEqual([
      [null, null],
      ["MORE_THAN_HELD", expect.stringContaining("workspace:delete")],
    ]);
  });

  test("whose power is taken back meanwhile makes no more, and a colleague goes on with the same file", async () => {
    const access = await newAccess(admin, { role: "admin" });
    const leaving = await callerOf(world, access);
    const job = await newImport(leaving, workspace.id, "NDJSON", sealingPair().publicJwk);
    const prefix = fresh("shift");
    const file = ndjsonOf(Array.from({ length: 4_000 }, (_, at) => ({ name: `${prefix} ${at}` })));
    const running = sendFile(world.origin, leaving, job, file);
    expect((await running).status).toBe(202);
    await owner.graphql.must("disableClient", { id: access.id }, "client { id }");
    const stopped = await ended(owner, job.id);
    expect(stopped.state).toBe("INTERRUPTED");
    expect(stopped.made).toBeLessThan(4_000);
    expect(stopped.problem).toContain("send the same file again");
    expect((await sendFile(world.origin, owner, job, file)).status).toBe(202);
    expect(await ended(owner, job.id)).toMatchObject({ state: "DONE", made: 4_000, refused: 0, problem: null });
  }, 90_000);

  test("the tenant may have so many clients → the first ones are made, and each of the others says why not", async () => {
    const small = await world.tenant().ready();
    const by = await callerOf(world, small.adminClient);
    const there = await world.tenant(small).workspace().ready();
    const [{ count } = { count: 0 }] = await inDatabase(
      world.server,
      (sql) => sql<{ count: number }[]>`select count(*)::int as count from clients where tenant_id = ${small.id}`,
    );
    await world.operator.must("setTenantLimits", { id: small.id, clientLimit: count + 3 }, "tenant { id }");
    const job = await newImport(by, there.id, "NDJSON", sealingPair().publicJwk);
    await sendFile(world.origin, by, job, ndjsonOf(Array.from({ length: 5 }, () => ({ name: fresh("limited") }))));
    expect(await ended(by, job.id)).toMatchObject({ made: 3, refused: 2 });
    const report = await reportOf(world.origin, by, job);
    expect(report.map(({ code }) => code)).toEqual([null, null, null, "TENANT_LIMIT_REACHED", "TENANT_LIMIT_REACHED"]);
  });

  test("a person sends with their session, and no other site makes them do it", async () => {
    const person = await signInOwner(world.server);
    const slug = world.server.bootstrapped.tenant;
    const made = await person.graphql(
      slug,
      'mutation { createWorkspace(input: {slug: "fleet", name: "Fleet"}) { workspace { id } } }',
      {},
    );
    const { data } = JSON.parse(made.body) as { data: { createWorkspace: { workspace: { id: string } } } };
    const order = await person.graphql(
      slug,
      "mutation ($input: CreateImportInput!) { createImport(input: $input) { import { id path } } }",
      { input: { workspaceId: data.createWorkspace.workspace.id, format: "CSV", sealingKey: sealingPair().publicJwk } },
    );
    const { data: ordered } = JSON.parse(order.body) as { data: { createImport: { import: { path: string } } } };
    const address = `${world.origin}${ordered.createImport.import.path}?tenant=${slug}`;
    const put = (headers: readonly (readonly [string, string])[]) =>
      send(address, {
        method: "PUT",
        headers: [person.cookie(), ["Content-Type", "text/csv"], ...headers],
        body: "name\nx\n",
      });
    const own: [string, string] = ["Origin", world.origin];
    expect((await put([own])).status).toBe(403);
    expect((await put([["X-CSRF", "1"]])).status).toBe(403);
    expect(
      (
        await put([
          ["X-CSRF", "1"],
          ["Origin", "https://evil.example"],
        ])
      ).status,
    ).toBe(403);
    expect((await put([["X-CSRF", "1"], own])).status).toBe(202);
  });
});

test("two sendings of one import at once → each client once", async () => {
  const name = fresh("raced");
  const job = await newImport(owner, workspace.id, "NDJSON", sealingPair().publicJwk);
  const file = ndjsonOf([{ name }, { name: `${name} 2` }]);
  const answers = await Promise.all(Array.from({ length: 4 }, () => sendFile(world.origin, owner, job, file)));
  expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThanOrEqual(1);
  expect(answers.map(({ status }) => status).filter((status) => ![202, 409, 503].includes(status))).toEqual([]);
  expect(await ended(owner, job.id)).toMatchObject({ state: "DONE", made: 2 });
  expect(await clientsNamed(name)).toBe(1);
});

test("[A10] what was imported stands in the audit log and in each client's history", async () => {
  const { report, job } = await imported(owner, [{ name: fresh("audited") }, { name: "" }]);
  const document = `query ($id: ID!, $search: String) { node(id: $id) { ... on Workspace {
    auditEntries(search: $search) { nodes { type body changes { kind id before } } } } } }`;
  const { node } = (await owner.graphql.run(document, { id: workspace.id, search: report[0]?.id })) as {
    node: {
      auditEntries: {
        nodes: { type: string; body: object; changes: { kind: string; id: string; before: unknown }[] }[];
      };
    };
  };
  expect(node.auditEntries.nodes).toHaveLength(1);
  expect(node.auditEntries.nodes[0]).toMatchObject({
    type: "clients.imported",
    body: { importId: job.id, clientIds: [report[0]?.id], refused: 1, upToLine: 2 },
  });
  const changes = node.auditEntries.nodes[0]?.changes.map(({ kind }) => kind);
  expect(changes).toEqual(["client", "clientSecret", "import"]);
});

test("a week later an import and its report are gone, sealed secrets and all", async () => {
  const { job } = await imported(owner, [{ name: fresh("old") }]);
  const { job: young } = await imported(owner, [{ name: fresh("young") }]);
  await inDatabase(world.server, (sql) => sql`update imports set expires_at = now() where id = ${job.id}`);
  await world.server.stop();
  // What is due is done at a start, too.
  await world.server.restart();
  const left = (id: string) =>
    inDatabase(world.server, async (sql) => {
      const [row] = await sql<{ left: number }[]>`select (select count(*)::int from imports where id = ${id})
        + (select count(*)::int from import_rows where import_id = ${id}) as left`;
      return row?.left;
    });
  await eventually(
    () => left(job.id),
    (count) => count === 0,
  );
  expect(await left(young.id)).toBe(2);
});

test("[A9] thousands of clients, the server killed half-way and the file sent again → each exactly once, and the report is right", async () => {
  const story = world.tenant(tenant).workspace().resource("orders", ["orders:read"]);
  const { before, seconds, rate } = await surviveKill(
    world,
    await story.ready(),
    () => callerOf(world, tenant.adminClient),
    2_500,
  );
  process.stdout.write(
    `2,500 clients, killed after ${before}: done ${seconds.toFixed(1)} s after the kill, ${Math.round(rate)} a second\n`,
  );
}, 120_000);
