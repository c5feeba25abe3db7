import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { eventually } from "../support/http.ts";
import { askToken, basic, type Credentials, decodeJwt, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
let sql: postgres.Sql | undefined;
const database = () => {
  sql ??= postgres(world.server.database.ownerUrl, { max: 1 });
  return sql;
};
afterAll(() => sql?.end());

const DAY = 86_400;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const newClient = () => world.tenant().workspace().resource("orders", ["read"]).client();

interface Rotation {
  readonly formerId: string;
  readonly successorId: string;
  readonly state: string;
  readonly startedAt: string;
  readonly endsAt: string;
  readonly latestEndsAt: string;
  readonly formerIssued: number;
  readonly successorIssued: number;
  readonly safeFrom: string | null;
  readonly isSafe: boolean;
  readonly holdOuts: readonly { readonly address: string; readonly agent: string }[];
}

async function rotationsOf({ id, workspace }: StoryClient): Promise<readonly Rotation[]> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Client { secretRotations { formerId successorId state
    startedAt endsAt latestEndsAt formerIssued successorIssued safeFrom isSafe holdOuts { address agent } } } } }`;
  return ((await workspace.admin.run(document, { id })) as { node: { secretRotations: Rotation[] } }).node
    .secretRotations;
}
const rotationOf = async (client: StoryClient) => (await rotationsOf(client))[0] as Rotation;

/** The same client with its new secret. */
async function rotate(client: StoryClient, more: Readonly<Record<string, unknown>> = {}): Promise<StoryClient> {
  const input = { id: client.secretId, ...more };
  const made = await client.workspace.admin.must("rotateClientSecret", input, "clientSecret { id } secret");
  const { id } = made["clientSecret"] as { id: string };
  return { ...client, clientSecret: remember(String(made["secret"])), secretId: id };
}
const act = (
  { workspace, secretId: id }: StoryClient,
  mutation: string,
  more: Readonly<Record<string, unknown>> = {},
) => workspace.admin.must(mutation, { id, ...more }, "clientSecret { id expiresAt }");
const statuses = async (...clients: readonly Credentials[]) =>
  (await Promise.all(clients.map((client) => askToken(client)))).map(({ status }) => status);
const askAs = (client: Credentials, agent: string) =>
  post(client.tokenEndpoint, { grant_type: "client_credentials" }, [basic(client), ["User-Agent", agent]]);

/** Moves a rotation and all that is known of its secrets into the past, as if that long had gone by. */
async function letPass(client: StoryClient, hours: number): Promise<void> {
  const { id } = client;
  const span = `${hours} hours`;
  await database()`update secret_rotations set started_at = started_at - ${span}::interval where client_id = ${id}`;
  await database()`update client_secrets set last_used_at = last_used_at - ${span}::interval where client_id = ${id}`;
}
const used = (client: StoryClient) =>
  eventually(
    async () => (await database()`select last_used_at from client_secrets where id = ${client.secretId}`)[0],
    (row) => row?.["last_used_at"] !== null,
  );
const tidy = async () => {
  await world.server.stop();
  await world.server.restart();
};

describe("rotation of a client secret [B2]", () => {
  test("[C3] both work for the setting's two days, then the old one ends by itself; 30 days are the most", async () => {
    const client = await newClient();
    const next = await rotate(client);
    expect(await statuses(client, next)).toEqual([200, 200]);
    const rotation = await rotationOf(client);
    expect(rotation).toMatchObject({ formerId: client.secretId, successorId: next.secretId, state: "RUNNING" });
    const span = (end: string) => (Date.parse(end) - Date.parse(rotation.startedAt)) / 1000;
    expect([span(rotation.endsAt), span(rotation.latestEndsAt)]).toEqual([2 * DAY, 30 * DAY]);
    const other = await newClient();
    await expect(rotate(other, { overlap: 30 * DAY + 1 })).rejects.toThrow("INVALID_INPUT");
    await expect(act(client, "extendSecretRotation", { endsAt: inSeconds(31 * DAY) })).rejects.toThrow("INVALID_INPUT");
    await act(client, "extendSecretRotation", { endsAt: inSeconds(29 * DAY) });
    expect(span((await rotationOf(client)).endsAt)).toBeGreaterThan(28 * DAY);
  });

  test("a call that is repeated rotates once and shows its secret once; another rotation of the same secret is refused", async () => {
    const client = await newClient();
    const { admin } = client.workspace;
    const input = { id: client.secretId, clientMutationId: "rotate-once" };
    const first = await admin.must("rotateClientSecret", input, "clientSecret { id } secret");
    remember(String(first["secret"]));
    const again = await admin.mutate("rotateClientSecret", input, "clientSecret { id } secret");
    expect(JSON.stringify(again)).toContain("ALREADY_SHOWN");
    expect(JSON.stringify(again)).toContain((first["clientSecret"] as { id: string }).id);
    expect(await rotationsOf(client)).toHaveLength(1);
    await expect(rotate(client)).rejects.toThrow("PROTECTED");
  });

  test("under load: no 401 inside the overlap, nothing but 401 for the old one after it, never one for the new one", async () => {
    const client = await newClient();
    expect(await statuses(client)).toEqual([200]);
    const found: { readonly isOld: boolean; readonly status: number; readonly from: number; readonly to: number }[] =
      [];
    let next: StoryClient | undefined;
    let [isOver, endsAt] = [false, Number.POSITIVE_INFINITY];
    const asking = async (isOld: boolean) => {
      while (!isOver) {
        const asker = isOld ? client : next;
        if (!asker) {
          await pause(5);
          continue;
        }
        const from = Date.now();
        const { status } = await askToken(asker);
        found.push({ isOld, status, from, to: Date.now() });
        // Faster, it would use up what may fail, and hear 429.
        if (isOld && from > endsAt) await pause(250);
      }
    };
    const askers = [true, true, false, false].map(asking);
    next = await rotate(client, { overlap: 4 });
    endsAt = Date.parse((await rotationOf(client)).endsAt);
    await pause(endsAt - Date.now() + 2500);
    isOver = true;
    await Promise.all(askers);
    const inside = found.filter(({ to }) => to < endsAt);
    const after = found.filter(({ from, isOld }) => isOld && from > endsAt + 50);
    expect(inside.filter(({ status }) => status !== 200)).toEqual([]);
    expect(found.filter(({ isOld, status }) => !isOld && status !== 200)).toEqual([]);
    expect(after.filter(({ status }) => status !== 401)).toEqual([]);
    expect([inside.length > 50, after.length > 5]).toEqual([true, true]);
  });

  test("the hold-out list names who is still on the old one, and nobody who has moved or came before", async () => {
    const client = await newClient();
    await askAs(client, "gone/1");
    await used(client);
    // To the minute, and the rotation begins after it.
    await database()`update credential_sources set last_at = last_at - interval '2 minutes'
      where credential_id = ${client.secretId}`;
    const next = await rotate(client);
    await askAs(client, "batch-7 (go-client/2.1)");
    await askAs(client, "moved/1");
    await eventually(
      async () => (await rotationOf(client)).holdOuts.map(({ agent }) => agent).sort(),
      (agents) => agents.length === 2,
    );
    await pause(1100);
    await askAs(next, "moved/1");
    const rotation = await eventually(
      () => rotationOf(client),
      ({ holdOuts }) => holdOuts.length === 1,
    );
    expect(rotation.holdOuts).toEqual([{ address: "127.0.0.1", agent: "batch-7 (go-client/2.1)" }]);
    // What it did before the start is not counted as if it had not moved.
    expect([rotation.formerIssued, rotation.successorIssued]).toEqual([2, 1]);
  });

  test("retiring waits until it is safe: its successor is used, and it was quiet for longer than it ever paused", async () => {
    const client = await newClient();
    await askToken(client);
    await used(client);
    const next = await rotate(client);
    await expect(act(client, "retireSecret")).rejects.toThrow("PROTECTED");
    await letPass(client, 2);
    // Quiet for two hours, and nobody has moved.
    expect((await rotationOf(client)).safeFrom).toBeNull();
    await expect(act(client, "retireSecret")).rejects.toThrow("PROTECTED");
    await askToken(next);
    await used(next);
    expect((await rotationOf(client)).isSafe).toBe(true);
    // A nightly job: it rested for a day before, so two quiet hours say nothing.
    await database()`
      insert into usage_hours select (h).* from (
        select jsonb_populate_record(u, jsonb_build_object('hour', u.hour - interval '24 hours')) as h
        from usage_hours u where credential_id = ${client.secretId}) copied`;
    expect((await rotationOf(client)).isSafe).toBe(false);
    await expect(act(client, "retireSecret")).rejects.toThrow("PROTECTED");
    await letPass(client, 24);
    // Nobody can come over to a successor that has ended.
    await database()`update client_secrets set expires_at = now() - interval '1 second' where id = ${next.secretId}`;
    expect(await rotationOf(client)).toMatchObject({ safeFrom: null, isSafe: false });
    await expect(act(client, "retireSecret")).rejects.toThrow("PROTECTED");
    await database()`update client_secrets set expires_at = null where id = ${next.secretId}`;
    await act(client, "retireSecret");
    expect(await statuses(client, next)).toEqual([401, 200]);
  });

  test("retired by force → undone by extending: the old one works again until then; what was revoked does not", async () => {
    const client = await newClient();
    const next = await rotate(client);
    await act(client, "retireSecret", { force: true });
    expect((await rotationOf(client)).state).toBe("RETIRED");
    expect(await statuses(client, next)).toEqual([401, 200]);
    await act(client, "extendSecretRotation", { endsAt: inSeconds(3600) });
    expect((await rotationOf(client)).state).toBe("RUNNING");
    expect(await statuses(client, next)).toEqual([200, 200]);
    await act(client, "revokeClientSecret");
    await expect(act(client, "extendSecretRotation", { endsAt: inSeconds(7200) })).rejects.toThrow("PROTECTED");
    expect(await statuses(client, next)).toEqual([401, 200]);
  });

  test("cancelled → the old one keeps the end that it had and the new one is dead; one in use only by force", async () => {
    const client = await newClient();
    const first = await rotate(client);
    await act(client, "cancelSecretRotation");
    expect(await statuses(client, first)).toEqual([200, 401]);
    expect(await rotationsOf(client)).toEqual([]);
    const second = await rotate(client, { overlap: 60 });
    expect(await statuses(second)).toEqual([200]);
    await expect(act(client, "cancelSecretRotation")).rejects.toThrow("PROTECTED");
    const { clientSecret } = await act(client, "cancelSecretRotation", { force: true });
    expect((clientSecret as { expiresAt: string | null }).expiresAt).toBeNull();
    expect(await statuses(client, second)).toEqual([200, 401]);
  });

  test("cancelled while the new one is being replaced too → nothing of that goes on", async () => {
    const client = await newClient();
    const second = await rotate(client);
    const third = await rotate(second);
    await act(client, "cancelSecretRotation");
    expect(await rotationsOf(client)).toMatchObject([{ formerId: second.secretId, state: "RETIRED" }]);
    expect(await statuses(client, second, third)).toEqual([200, 401, 200]);
  });

  test("ten secrets of a client go at once; the eleventh must end at once, and what was retired stays retired", async () => {
    let last = await newClient();
    await rotate(last);
    const retired = last;
    await act(retired, "retireSecret", { force: true });
    last = { ...last, secretId: (await rotationOf(last)).successorId };
    for (let count = 0; count < 10; count++) last = await rotate(last);
    await expect(rotate(last)).rejects.toThrow("PROTECTED");
    await expect(act(retired, "extendSecretRotation", { endsAt: inSeconds(3600) })).rejects.toThrow("PROTECTED");
    expect(await statuses(await rotate(last, { endNow: true }))).toEqual([200]);
  });

  test("the new one is revoked while the old one is going → the old one stays", async () => {
    const client = await newClient();
    const next = await rotate(client, { overlap: 60 });
    await act(next, "revokeClientSecret");
    expect(await rotationsOf(client)).toEqual([]);
    const [row] = await database()`select expires_at from client_secrets where id = ${client.secretId}`;
    expect(row?.["expires_at"]).toBeNull();
    expect(await statuses(client, next)).toEqual([200, 401]);
  });

  test("an emergency with tokens → the old secret and every token are dead; a limit of one secret does not stand in the way", async () => {
    const client = await newClient();
    const { admin, id: workspaceId, issuer } = client.workspace;
    await admin.must("updateWorkspaceSettings", { workspaceId, clientSecretLimit: 1 }, "workspace { id }");
    const token = String((await askToken(client)).json()["access_token"]);
    remember(token);
    const next = await rotate(client, { endNow: true, withTokens: true });
    expect(await statuses(client, next)).toEqual([401, 200]);
    const answer = await post(`${issuer}/oauth2/introspect`, { token }, [basic(next)]);
    expect(answer.json()).toEqual({ active: false });
    expect(decodeJwt(token).claims["client_id"]).toBe(client.clientId);
  });

  test("the server retires a quiet secret by itself, where the rotation says so, and says that it did", async () => {
    const [client, kept] = [await newClient(), await newClient()];
    // The one that is looked at first.
    const keptNext = await rotate(kept, { autoRetire: false });
    const next = await rotate(client);
    await Promise.all([askToken(next), askToken(keptNext)]);
    await Promise.all([used(next), used(keptNext)]);
    await Promise.all([letPass(client, 2), letPass(kept, 2)]);
    await tidy();
    await eventually(
      () => rotationOf(client),
      ({ state }) => state === "RETIRED",
      20,
    );
    expect(await statuses(client, next, kept, keptNext)).toEqual([401, 200, 200, 200]);
    const document = `query ($id: ID!) { node(id: $id) { ... on Workspace {
      auditEntries(first: 1) { nodes { type actor body } } } } }`;
    const { node } = (await client.workspace.admin.run(document, { id: client.workspace.id })) as {
      node: { auditEntries: { nodes: object[] } };
    };
    const body = { clientId: client.id, secretId: client.secretId };
    expect(node.auditEntries.nodes[0]).toMatchObject({ type: "client-secret.retired", actor: "server", body });
  });
});
