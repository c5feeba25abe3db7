import { beforeAll, describe, expect, test } from "vitest";
import { askToken, fetchToken } from "../support/token.ts";
import { useWorld } from "../support/world.ts";
import { type Caller, callerOf, newCaller, ownWorkspace } from "./callers.ts";
import { idIn, makePlace, newestEntry, type Place } from "./place.ts";

const world = useWorld();
let own: Place;
let owner: Caller;
/** Sees resources and the audit log, and nothing that lies in a workspace. */
let blinkered: Caller;

beforeAll(async () => {
  const tenant = await world.tenant().ready();
  own = await makePlace(tenant);
  owner = await callerOf(world, tenant.adminClient);
  const grants = ["workspace:read", "resource:read", "audit:read"];
  blinkered = await newCaller(world, await ownWorkspace(tenant, "admin"), { grants });
}, 120_000);

async function workspace<T>(caller: Caller, selection: string, place: Place = own): Promise<T> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Workspace { ${selection} } } }`;
  const { data, errors } = (await caller.post(document, { id: place.workspaceId })).json() as {
    data: { node: T };
    errors?: unknown;
  };
  expect(errors).toBeUndefined();
  return data.node;
}

const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();

/** A client that may ask for `a:read` at the resource, with a secret. */
async function grantedClient(place: Place, resource: string, expiresAt: string) {
  const client = await place.client();
  await place.grant(client, resource);
  const made = await place.owner.must(
    "createClientSecret",
    { clientId: client, expiresAt },
    "secret clientSecret { id }",
  );
  const access = {
    tokenEndpoint: `${place.issuer}/oauth2/token`,
    clientId: client,
    clientSecret: String(made["secret"]),
  };
  return { client, access, secret: idIn(made, "clientSecret") };
}

describe("what a workspace holds", () => {
  test("is counted, secrets by whether they work and how long", async () => {
    const place = await makePlace(own.tenant);
    const none = { resources: 0, clients: 0, activeCredentials: 0, expiringCredentials: 0 };
    const counts = "counts { resources clients activeCredentials expiringCredentials } expiringCredentials { id }";
    expect(await workspace(owner, counts, place)).toEqual({ counts: none, expiringCredentials: [] });
    const resource = await place.resource();
    const soon = await grantedClient(place, resource, days(13));
    await grantedClient(place, resource, days(15));
    const revoked = await grantedClient(place, resource, days(2));
    await place.owner.must("revokeClientSecret", { id: revoked.secret }, "__typename");
    expect(await workspace(owner, counts, place)).toEqual({
      counts: { resources: 1, clients: 3, activeCredentials: 2, expiringCredentials: 1 },
      expiringCredentials: [{ id: soon.secret }],
    });
  });

  test("API tokens are counted that work: not those that were revoked", async () => {
    const place = await makePlace(own.tenant);
    const client = await place.client();
    const [gone] = [await place.apiToken(client), await place.apiToken(client)];
    await place.owner.must("revokeApiToken", { id: gone }, "__typename");
    expect(await workspace(owner, "counts { apiTokens }", place)).toEqual({ counts: { apiTokens: 1 } });
    expect(await workspace(blinkered, "counts { apiTokens }", place)).toEqual({ counts: { apiTokens: null } });
    const elsewhere = await makePlace(own.tenant);
    expect(await workspace(owner, "counts { apiTokens }", elsewhere)).toEqual({ counts: { apiTokens: 0 } });
  });

  test("is null for who may not see it", async () => {
    await own.resource();
    const seen = await workspace(blinkered, "counts { resources clients activeCredentials expiringCredentials }");
    expect(seen).toEqual({
      counts: { resources: expect.any(Number), clients: null, activeCredentials: null, expiringCredentials: null },
    });
  });
});

describe("what a token endpoint did", () => {
  test("in the last 24 hours, by hour, client and reason", async () => {
    const place = await makePlace(own.tenant);
    const activity = `tokenActivity { clients isComplete lastIssuedAt hours { from issued refused }
      busiest { clientId issued client { id } } reasons { reason count } }`;
    interface Activity {
      tokenActivity: {
        hours: { from: string; issued: number; refused: number }[];
        lastIssuedAt: string | null;
      };
    }
    const before = await workspace<Activity>(owner, activity, place);
    expect(before.tokenActivity).toMatchObject({ clients: 0, lastIssuedAt: null, busiest: [], reasons: [] });
    expect(before.tokenActivity.hours).toHaveLength(24);
    const resource = await place.resource();
    const [busy, quiet] = [
      await grantedClient(place, resource, days(9)),
      await grantedClient(place, resource, days(9)),
    ];
    for (const { access } of [busy, busy, quiet]) await fetchToken(access);
    expect((await askToken({ ...quiet.access, clientSecret: "mms_none" })).status).toBe(401);
    const { tokenActivity } = await workspace<Activity>(owner, activity, place);
    expect(tokenActivity).toMatchObject({
      clients: 2,
      isComplete: true,
      busiest: [
        { clientId: busy.client, issued: 2, client: { id: busy.client } },
        { clientId: quiet.client, issued: 1, client: { id: quiet.client } },
      ],
      reasons: [{ reason: expect.any(String), count: 1 }],
    });
    expect(tokenActivity.hours.every(({ from }) => Date.parse(from) % 3_600_000 === 0)).toBe(true);
    // The clock may have struck meanwhile.
    const sum = (of: "issued" | "refused") => tokenActivity.hours.slice(-2).reduce((all, hour) => all + hour[of], 0);
    expect([sum("issued"), sum("refused")]).toEqual([3, 1]);
    expect(Date.now() - Date.parse(tokenActivity.lastIssuedAt ?? "")).toBeLessThan(60_000);
    expect(await workspace(blinkered, activity, place)).toEqual({ tokenActivity: null });
  });
});

describe("who can call a resource", () => {
  test("grants, counts of clients and of scopes, and what a search finds", async () => {
    const place = await makePlace(own.tenant);
    const resource = await place.resource();
    await place.resource();
    const { client } = await grantedClient(place, resource, days(9));
    const emptied = await place.client();
    await place.grant(emptied, resource);
    await place.owner.must("setClientGrant", { clientId: emptied, resourceId: resource, scopes: [] }, "__typename");
    const selection =
      "id scopeCount clientCount scopes { name clientCount } grants(first: 5) { nodes { scopes client { id } } }";
    const find = (search: string) =>
      workspace<{ resources: { nodes: { id: string }[] } }>(
        owner,
        `resources(first: 5, search: ${JSON.stringify(search)}) { nodes { ${selection} } }`,
        place,
      );
    const { resources } = await find(resource);
    expect(resources.nodes).toEqual([
      {
        id: resource,
        scopeCount: 1,
        clientCount: 1,
        scopes: [{ name: "a:read", clientCount: 1 }],
        grants: { nodes: [{ scopes: ["a:read"], client: { id: client } }] },
      },
    ]);
    expect((await find("RESOURCE")).resources.nodes).toHaveLength(2);
    for (const nothing of ["%", "_", "\\", "\u0000zzzz", "nothing"])
      expect([nothing, (await find(nothing)).resources.nodes]).toEqual([nothing, []]);
    const hidden = await blinkered.post(`{ node(id: "${resource}") { ... on Resource { ${selection} } } }`);
    expect((hidden.json() as { data: { node: unknown } }).data.node).toMatchObject({
      clientCount: null,
      scopes: [{ clientCount: null }],
      grants: { nodes: [] },
    });
  });
});

describe("the audit log", () => {
  interface Entries {
    auditEntries: { nodes: { id: string; type: string; at: string; correlationId: string; actor: string }[] };
  }
  const find = async (place: Place, args: string) => {
    const selection = `auditEntries(first: 50${args && `, ${args}`}) { nodes { id type at correlationId actor } }`;
    return (await workspace<Entries>(owner, selection, place)).auditEntries.nodes;
  };

  test("is narrowed by type, outcome, actor, time and text", async () => {
    const place = await makePlace(own.tenant);
    const client = await place.client();
    await place.resource();
    const all = await find(place, "");
    const types = (entries: readonly { type: string }[]) => entries.map(({ type }) => type);
    expect(await find(place, "outcome: DONE")).toEqual(all);
    expect(await find(place, "outcome: REFUSED")).toEqual([]);
    expect(types(await find(place, 'type: "client.created"'))).toEqual(["client.created"]);
    expect(types(await find(place, `search: "${client}"`))).toEqual(["client.created"]);
    expect(await find(place, 'actor: "cli_00000000000000"')).toEqual([]);
    expect(await find(place, `actor: "${all[0]?.actor}"`)).toEqual(all);
    expect(await find(place, `search: "${all[1]?.correlationId}"`)).toEqual([all[1]]);
    const middle = all[1]?.at ?? "";
    const [since, until] = [await find(place, `from: "${middle}"`), await find(place, `to: "${middle}"`)];
    expect(since.every(({ at }) => at >= middle) && until.every(({ at }) => at < middle)).toBe(true);
    expect(since.length + until.length).toBe(all.length);
    for (const nothing of ["%", "\\", "\u0000zzzz"])
      expect(await find(place, `search: ${JSON.stringify(nothing)}`)).toEqual([]);
  });

  test("finds what it is about by that thing's name, where its reader may see such names", async () => {
    const place = await makePlace(own.tenant);
    const client = await place.client();
    await place.grant(client, await place.resource());
    const found = (entries: readonly { type: string }[]) => entries.map(({ type }) => type);
    const named = await workspace<{ clients: { nodes: { name: string }[] } }>(
      owner,
      "clients { nodes { name } }",
      place,
    );
    const name = named.clients.nodes[0]?.name ?? "";
    expect(found(await find(place, `search: "${name}"`))).toEqual(["client-grant.changed", "client.created"]);
    const selection = `auditEntries(search: "${name}") { nodes { type clientName } }`;
    const { auditEntries } = await workspace<{ auditEntries: { nodes: unknown[] } }>(blinkered, selection, place);
    expect(auditEntries.nodes).toEqual([{ type: "client.created", clientName: null }]);
  });

  test("shows refused acts where they are kept: in the admin workspace's", async () => {
    await blinkered.call("createClient", { workspaceId: own.workspaceId, name: "New" });
    const admin = (await ownWorkspace(own.tenant, "admin")).place;
    const refused = await find(admin, `outcome: REFUSED, actor: "${blinkered.clientId}"`);
    expect(refused.map(({ type }) => type)).toEqual(["act.refused"]);
  });

  test("refuses an instant that is none", async () => {
    const answer = await owner.post(
      `{ workspace(slug: "${own.slug}") { auditEntries(from: "tomorrow") { nodes { id } } } }`,
    );
    expect(answer.body).toContain('"code":"INVALID_INPUT"');
  });

  interface Changes {
    data: { node: { changes: { kind: string; id: string; before: unknown; after: unknown }[] } };
  }
  const changes = async (caller: Caller, id: string) =>
    (
      (
        await caller.post(`{ node(id: "${id}") { ... on AuditEntry { changes { kind id before after } } } }`)
      ).json() as unknown as Changes
    ).data.node.changes;

  test("says what a change made of what, and never a digest", async () => {
    const entry = await newestEntry(own);
    expect(await changes(owner, entry)).toEqual([
      {
        kind: "client",
        id: expect.stringMatching(/^cli_/),
        before: null,
        after: expect.objectContaining({ status: "active" }),
      },
    ]);
    const client = await own.client();
    await own.owner.must("updateClient", { id: client, name: "After" }, "__typename");
    const renamed = (await find(own, 'type: "client.updated"'))[0]?.id ?? "";
    const [change] = await changes(owner, renamed);
    expect(change).toMatchObject({ kind: "client", id: client, after: { name: "After" } });
    expect(change?.before).toEqual({
      ...(change?.after as object),
      name: expect.not.stringMatching("After"),
      version: 1,
    });
    await own.secret(client);
    const made = (await find(own, 'type: "client-secret.created"'))[0]?.id ?? "";
    const text = JSON.stringify(await changes(owner, made));
    expect(text).toMatch(/"kind":"clientSecret"/);
    expect(text).not.toMatch(/digest|pepper/i);
    // What a thing holds is for those who may see such things.
    expect(await changes(blinkered, made)).toEqual([]);
    expect(await changes(blinkered, renamed)).toEqual([]);
  });

  test("a deleted thing has nothing after", async () => {
    const client = await own.client();
    await own.owner.must("deleteClient", { id: client }, "__typename");
    const gone = (await find(own, 'type: "client.deleted"'))[0]?.id ?? "";
    expect(await changes(owner, gone)).toEqual([
      { kind: "client", id: client, before: expect.objectContaining({ status: "active" }), after: null },
    ]);
  });
});
