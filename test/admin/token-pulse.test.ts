import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type EventStream, openStream } from "../support/events.ts";
import { eventually } from "../support/http.ts";
import { inDatabase, type SignedInPerson, signInAgain, signInMember, signInOwner } from "../support/member.ts";
import { consoleHeaders } from "../support/person.ts";
import { endCode, pulsesOf, sumsOf, watchPulse } from "../support/pulse.ts";
import { askToken, bearer, fetchToken } from "../support/token.ts";
import { type StoryClient, type StoryTenant, type StoryWorkspace, useWorld } from "../support/world.ts";
import { type Caller, newCaller, ownWorkspace } from "./callers.ts";
import { subscriptions } from "./contract.ts";

const world = useWorld();
let tenant: StoryTenant;
let workspace: StoryWorkspace;
let client: StoryClient;

beforeAll(async () => {
  tenant = await world.tenant().ready();
  workspace = await world.tenant(tenant).workspace().resource("orders", ["read"]).ready();
  client = await workspace.addClient();
}, 120_000);

const leaving = (stream: EventStream): EventStream => {
  onTestFinished(() => stream.close());
  return stream;
};
const watch = async (token: string, workspaceId = workspace.id, accept?: string) =>
  leaving(await watchPulse(world.graphqlUrl, workspaceId, [bearer(token)], accept));
const ownerToken = () => fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
const watcher = async (...grants: string[]): Promise<Caller> =>
  newCaller(world, await ownWorkspace(tenant, "admin"), { grants });
/** Waits until a stream tells something. */
const began = (stream: EventStream, pulses = 1) =>
  eventually(
    async () => pulsesOf(stream).length,
    (count) => count >= pulses,
  );
const wrong = () => askToken({ ...client, clientSecret: "mms_wrong" });

test("the schema has no other subscription: each says here or in log-tail who may not hear it, and when it ends", () => {
  const names = ["Subscription.auditTail", "Subscription.tokenLogTail", "Subscription.tokenPulse"];
  expect(subscriptions.map(({ name }) => name)).toEqual(names);
});

describe("what it tells", () => {
  test("as many tokens and refusals as there were, second by second, and how long tokens took", async () => {
    const stream = await watch(await ownerToken());
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": expect.stringContaining("no-store"),
    });
    await began(stream, 2);
    for (let count = 0; count < 7; count++) await fetchToken(client);
    for (let count = 0; count < 3; count++) expect((await wrong()).status).toBe(401);
    await eventually(
      async () => sumsOf(stream),
      ({ issued, refused }) => issued >= 7 && refused >= 3,
    );
    await began(stream, pulsesOf(stream).length + 2);
    expect(sumsOf(stream)).toEqual({ issued: 7, refused: 3 });
    const { p50, p99 } = pulsesOf(stream).findLast((pulse) => pulse.p50 !== null) ?? {};
    expect(p50).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(p50 ?? 0);
    expect(p99).toBeLessThan(10_000);
    // Nothing of it belongs to another workspace.
    const other = await world.tenant(tenant).workspace().ready();
    const beside = await watch(await ownerToken(), other.id);
    await began(beside, 2);
    await fetchToken(client);
    await began(beside, 5);
    expect(sumsOf(beside)).toEqual({ issued: 0, refused: 0 });
  });

  test("about once a second, and each second that is over exactly once", async () => {
    const stream = await watch(await ownerToken());
    const start = performance.now();
    await began(stream, 5);
    expect(performance.now() - start).toBeGreaterThan(2500);
    const fifth = pulsesOf(stream)[4];
    const seconds = fifth?.seconds.map(({ at }) => Date.parse(at)) ?? [];
    expect(seconds.length).toBeGreaterThan(2);
    for (const [index, at] of seconds.entries()) expect(at).toBe((seconds[0] ?? 0) + index * 1000);
  });

  test("a flood of equal refusals as it comes, though the log only counts it", async () => {
    const stream = await watch(await ownerToken());
    await began(stream);
    // Another client each time gets a row; the same one a count.
    for (let count = 0; count < 25; count++) await askToken(client, { scope: "nothing-like-this" });
    const { refused } = await eventually(
      async () => sumsOf(stream),
      (sums) => sums.refused >= 25,
    );
    expect(refused).toBe(25);
  });

  test("that something in the tenant was changed, once", async () => {
    const stream = await watch(await ownerToken());
    await began(stream);
    const before = pulsesOf(stream).length;
    await workspace.addResource("stock", ["count"]);
    await eventually(
      async () => pulsesOf(stream).slice(before),
      (pulses) => pulses.some(({ changed }) => changed),
    );
    const told = pulsesOf(stream).length;
    await began(stream, told + 3);
    expect(
      pulsesOf(stream)
        .slice(told + 1)
        .map(({ changed }) => changed),
    ).not.toContain(true);
  });
});

describe("what stays of it", () => {
  const minutes = "tokenMinutes { from issued refused p50 p99 }";
  interface Minutes {
    workspace: { tokenMinutes: { from: string; issued: number; refused: number; p50: number | null }[] | null };
  }
  const read = async (caller: Pick<Caller, "post">, slug: string, selection: string) =>
    (await caller.post(`{ workspace(slug: "${slug}") { ${selection} } }`)).json()["data"] as unknown;

  test("the last sixty minutes and the current one, of as many tokens and refusals as there were", async () => {
    const quiet = await world.tenant(tenant).workspace().resource("orders", ["read"]).ready();
    const one = await quiet.addClient();
    for (let count = 0; count < 4; count++) await fetchToken(one);
    await askToken({ ...one, clientSecret: "mms_wrong" });
    const viewer = await watcher("workspace:read", "token-log:read");
    const sums = async () => {
      const { tokenMinutes } = ((await read(viewer, quiet.slug, minutes)) as Minutes).workspace;
      const all = tokenMinutes ?? [];
      expect(all).toHaveLength(61);
      expect(all.every(({ from }) => Date.parse(from) % 60_000 === 0)).toBe(true);
      expect(all.slice(0, 30).every(({ issued, p50 }) => issued === 0 && p50 === null)).toBe(true);
      const sum = (of: "issued" | "refused") => all.reduce((total, minute) => total + minute[of], 0);
      return { issued: sum("issued"), refused: sum("refused") };
    };
    expect(await eventually(sums, ({ issued }) => issued > 0, 20)).toEqual({ issued: 4, refused: 1 });
    const blind = await watcher("workspace:read");
    expect(await read(blind, quiet.slug, minutes)).toEqual({ workspace: { tokenMinutes: null } });
  });

  test("which acts changed the configuration: those with a version in history, and no others", async () => {
    const fresh = await world.tenant(tenant).workspace().resource("orders", ["read"]).ready();
    const one = await fresh.addClient();
    const selection = "configurationChanges { type body }";
    interface Changes {
      workspace: { configurationChanges: { type: string }[] };
    }
    const types = async (viewer: Caller, slug = fresh.slug) =>
      ((await read(viewer, slug, selection)) as Changes).workspace.configurationChanges.map(({ type }) => type);
    const auditor = await watcher("workspace:read", "audit:read");
    expect(await types(auditor)).toEqual([
      "client-secret.created",
      "client-grant.changed",
      "client.created",
      "resource.created",
      "workspace.created",
    ]);
    await one.workspace.admin.must("disableClient", { id: one.id }, "__typename");
    expect((await types(auditor))[0]).toBe("client.disabled");
    expect(await types(await watcher("workspace:read"))).toEqual([]);
    // Refused acts and sign-ins change nothing.
    await auditor.call("createClient", { workspaceId: fresh.id, name: "x" });
    const all = await types(await newCaller(world, await ownWorkspace(tenant, "admin"), { role: "owner" }), "admin");
    expect(all.length).toBeGreaterThan(5);
    expect(all).not.toContain("act.refused");
  });
});

describe("who may not hear it", () => {
  const refusal = async (stream: EventStream) => {
    const body = await stream.body;
    const [, code] = /"code":"([A-Z_]+)"/.exec(body) ?? [];
    return `${stream.status} ${code}`;
  };
  const tried = async (headers: [string, string][], id = workspace.id, accept?: string) =>
    refusal(leaving(await watchPulse(world.graphqlUrl, id, headers, accept)));

  test("nobody → 401; a token that is none → 401", async () => {
    expect(await tried([])).toBe("401 UNAUTHENTICATED");
    expect(await tried([bearer("x.y.z")])).toBe("401 UNAUTHENTICATED");
  });

  test("without token-log:read → FORBIDDEN; of the system API → WRONG_API", async () => {
    const blind = await watcher("workspace:read", "client:read");
    expect(await tried([bearer(blind.token)])).toBe("200 FORBIDDEN");
    const { system } = world.server.bootstrapped;
    const operator = await fetchToken(system, { resource: system.resource });
    const rooted = await world
      .tenant({ ...tenant, admin: world.rootAdmin })
      .workspace()
      .ready();
    expect(await tried([bearer(operator)], rooted.id)).toMatch(/^200 (NOT_FOUND|WRONG_API)$/);
  });

  test("a workspace of another tenant, or none → NOT_FOUND, alike", async () => {
    const other = await world.tenant().workspace().ready();
    const token = bearer(await ownerToken());
    const answers = await Promise.all(
      [other.id, "wsp_00000000000000", "", "\0", "%"].map(async (id) =>
        (await leaving(await watchPulse(world.graphqlUrl, id, [token])).body).replace(/req_\w+/g, ""),
      ),
    );
    expect(answers[0]).toContain('"code":"NOT_FOUND"');
    expect(new Set(answers).size).toBe(1);
  });

  test("the contents of a closed workspace: who is not assigned there → WORKSPACE_CLOSED; an owner → hears it", async () => {
    const admin = (await ownWorkspace(tenant, "admin")).place;
    const viewer = await watcher("workspace:read", "token-log:read");
    expect(await tried([bearer(viewer.token)], admin.workspaceId)).toBe("200 WORKSPACE_CLOSED");
    await began(await watch(await ownerToken(), admin.workspaceId));
  });

  test("who takes no events → 406, and is told what to send", async () => {
    const stream = await watch(await ownerToken(), workspace.id, "application/json");
    expect(stream.status).toBe(406);
    expect(await stream.body).toContain("text/event-stream");
  });

  test("a query among events is answered as JSON where its caller takes that, and else as one event", async () => {
    const token = bearer(await ownerToken());
    const ask = (accept: string) => openStream(world.graphqlUrl, { query: "{ __typename }" }, [token], accept);
    const both = await ask("text/event-stream, application/json");
    expect([both.status, await both.body]).toEqual([200, '{"data":{"__typename":"Query"}}']);
    const events = await ask("text/event-stream");
    expect([events.status, await events.ended]).toEqual([200, "complete"]);
    expect(events.results).toEqual([{ data: { __typename: "Query" } }]);
  });
});

describe("power that is taken away ends it within seconds", () => {
  const endOf = async (stream: EventStream, seconds = 8) => {
    const goesOn = new Promise<string>((resolve) => setTimeout(() => resolve("goes on"), seconds * 1000));
    return { end: await Promise.race([stream.ended, goesOn]), code: endCode(stream) };
  };

  test("[C5] a grant withdrawn → nothing there any more, and another caller's stream goes on", async () => {
    const viewer = await watcher("workspace:read", "token-log:read");
    const [stream, other] = [await watch(viewer.token), await watch(await ownerToken())];
    await Promise.all([began(stream), began(other)]);
    const { node } = (await tenant.admin.run(
      `{ node(id: "${viewer.clientId}") { ... on Client { grants { id } } } }`,
    )) as { node: { grants: { id: string }[] } };
    for (const { id } of node.grants) await tenant.admin.must("deleteClientGrant", { id }, "__typename");
    // Who sees no workspaces sees none here.
    expect(await endOf(stream)).toMatchObject({ end: "complete", code: "NOT_FOUND" });
    await began(other, pulsesOf(other).length + 2);
  });

  test("[C5] only the token log taken out of a grant → FORBIDDEN", async () => {
    const viewer = await watcher("workspace:read", "token-log:read");
    const stream = await watch(viewer.token);
    await began(stream);
    const resourceId = (await ownWorkspace(tenant, "admin")).apiId;
    const scopes = ["workspace:read"];
    await tenant.admin.must("setClientGrant", { clientId: viewer.clientId, resourceId, scopes }, "__typename");
    expect(await endOf(stream)).toMatchObject({ end: "complete", code: "FORBIDDEN" });
  });

  test("a client disabled → UNAUTHENTICATED", async () => {
    const viewer = await watcher("workspace:read", "token-log:read");
    const stream = await watch(viewer.token);
    await began(stream);
    await tenant.admin.must("disableClient", { id: viewer.clientId }, "__typename");
    expect(await endOf(stream)).toMatchObject({ end: "complete", code: "UNAUTHENTICATED" });
  });

  test("the workspace deleted → NOT_FOUND", async () => {
    const gone = await world.tenant(tenant).workspace().ready();
    const stream = await watch(await ownerToken(), gone.id);
    await began(stream);
    await tenant.admin.must("deleteWorkspace", { id: gone.id }, "__typename");
    expect(await endOf(stream)).toMatchObject({ end: "complete", code: "NOT_FOUND" });
  });

  describe("of people", () => {
    let owner: SignedInPerson;
    let watched: string;
    beforeAll(async () => {
      owner = await signInOwner(world.server);
      const made = await world.rootAdmin.must("createWorkspace", { slug: "watched", name: "W" }, "workspace { id }");
      watched = (made["workspace"] as { id: string }).id;
    });
    const watchAs = async (person: SignedInPerson) => {
      const headers = [...consoleHeaders(world.origin), person.cookie()];
      const stream = leaving(await watchPulse(`${world.graphqlUrl}?tenant=root`, watched, headers));
      expect(stream.status).toBe(200);
      await began(stream);
      return stream;
    };
    const member = () => signInMember(world.server, owner, "root", [{ name: "auditor" }]);

    test("signed out → UNAUTHENTICATED", async () => {
      const person = await member();
      const stream = await watchAs(person);
      expect((await person.auth("/sign-out", {})).status).toBeLessThan(300);
      expect(await endOf(stream)).toMatchObject({ end: "complete", code: "UNAUTHENTICATED" });
    });

    test("the session ended from another browser → UNAUTHENTICATED", async () => {
      const person = await member();
      const stream = await watchAs(person);
      const elsewhere = await signInAgain(world.server, person);
      expect((await elsewhere.auth("/sessions/end", { others: true })).status).toBeLessThan(300);
      expect(await endOf(stream)).toMatchObject({ end: "complete", code: "UNAUTHENTICATED" });
    });

    test("[C5] a role taken back → nothing there any more", async () => {
      const person = await member();
      const stream = await watchAs(person);
      const [assignment] = await inDatabase(
        world.server,
        (sql) => sql<{ id: string }[]>`select id from assignments where member_id = ${person.memberId}`,
      );
      await world.rootAdmin.must("deleteAssignment", { id: assignment?.id ?? "" }, "__typename");
      expect(await endOf(stream)).toMatchObject({ end: "complete", code: "NOT_FOUND" });
    });

    test("a role whose time is over → nothing there any more", async () => {
      const person = await member();
      const stream = await watchAs(person);
      await inDatabase(
        world.server,
        (sql) =>
          sql`update assignments set expires_at = now() + interval '1 second' where member_id = ${person.memberId}`,
      );
      expect(await endOf(stream, 25)).toMatchObject({ end: "complete", code: "NOT_FOUND" });
    });

    test("to watch is no use of a session: it ends when nobody does anything", async () => {
      const person = await member();
      const age = (interval: string) =>
        inDatabase(
          world.server,
          (sql) => sql`update sessions s set last_seen_at = now() - ${interval}::interval
            from members m where m.user_id = s.user_id and m.id = ${person.memberId}`,
        );
      await age("11 hours");
      const stream = await watchAs(person);
      await age("11 hours");
      // Everybody is judged again when something changes.
      await world.rootAdmin.must("createClient", { workspaceId: watched, name: "one" }, "__typename");
      await eventually(
        async () => pulsesOf(stream).some(({ changed }) => changed),
        (told) => told,
      );
      const [session] = await inDatabase(
        world.server,
        (sql) => sql<{ idle: boolean }[]>`select s.last_seen_at < now() - interval '10 hours' as idle from sessions s
          join members m on m.user_id = s.user_id and m.id = ${person.memberId}`,
      );
      expect(session).toEqual({ idle: true });
      await age("13 hours");
      expect(await endOf(stream)).toMatchObject({ end: "complete", code: "UNAUTHENTICATED" });
    });
  });
});

describe("how many there may be", () => {
  test("ten of one caller; one more → TOO_MANY_STREAMS, until another one is left", async () => {
    const viewer = await watcher("workspace:read", "token-log:read");
    const streams = await Promise.all(Array.from({ length: 10 }, () => watch(viewer.token)));
    await Promise.all(streams.map((stream) => began(stream)));
    const more = await watch(viewer.token);
    expect(await more.body).toContain('"code":"TOO_MANY_STREAMS"');
    // Another caller is not kept out by it.
    await began(await watch(await ownerToken()));
    streams[0]?.close();
    await eventually(
      async () => {
        const again = await watch(viewer.token);
        return eventually(
          async () => endCode(again) ?? pulsesOf(again).length,
          (found) => found !== 0,
        );
      },
      (outcome) => outcome === 1,
    );
  });
});
