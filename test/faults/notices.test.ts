import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { remember } from "../support/canaries.ts";
import { mutationDocument } from "../support/graphql.ts";
import { eventually } from "../support/http.ts";
import { startMailServer } from "../support/mail-server.ts";
import { confirmAddress, inDatabase, type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { startReplica } from "../support/server.ts";
import { fetchToken } from "../support/token.ts";
import { isSigned, type Received, startReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { createSecret, type StoryClient, type StoryTenant, type StoryWorkspace, useWorld } from "../support/world.ts";

const receiver: WebhookReceiver = await startReceiver();
const { https } = receiver;
/** Addresses that the mail server does not know. */
const unknown: string[] = [];
const mails = await startMailServer({ unknown });
const world = useWorld({
  WEBHOOK_ALLOW: `localhost:${https.port}`,
  // The same door by another name: what is open for keys is none for webhooks.
  EGRESS_ALLOW: `127.0.0.1:${https.port}`,
  EGRESS_CA_FILE: https.authorityFile,
  SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
  MAIL_FROM: "mintmark@example.com",
});
afterAll(async () => {
  await https.close();
  await mails.close();
});

let tenant: StoryTenant;
let client: StoryClient;
let workspace: StoryWorkspace;

beforeAll(async () => {
  tenant = await world.tenant().ready();
  client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  workspace = client.workspace;
}, 120_000);

interface Hook {
  readonly id: string;
  readonly path: string;
  readonly secret: string;
}

/** A new webhook of the workspace, by default at a path of the receiver that nobody else has. */
async function newHook(address?: string): Promise<Hook> {
  const path = `/hooks/${randomBytes(6).toString("hex")}`;
  const input = { workspaceId: workspace.id, name: "On call", address: address ?? https.origin + path };
  const { webhook, secret } = await workspace.admin.must("createWebhook", input, "webhook { id } secret");
  return { id: (webhook as { id: string }).id, path, secret: remember(String(secret)) };
}

/** What came to a webhook, once it is so much. */
const received = (hook: Hook, wished: (all: readonly Received[]) => boolean) =>
  eventually(async () => receiver.at(hook.path), wished, 30);

const remove = ({ id }: Hook) => workspace.admin.must("deleteWebhook", { id }, "deletedWebhookId");
const sendTest = ({ id }: Hook) => workspace.admin.must("sendTestNotice", { id }, "webhook { id }");

interface Delivery {
  readonly messageId: string;
  readonly state: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly nextTryAt: string | null;
  readonly daysBefore: number | null;
  readonly credentialId: string | null;
}

async function deliveriesOf({ id }: Pick<Hook, "id">): Promise<readonly Delivery[]> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Webhook {
    deliveries { messageId state attempts reason nextTryAt daysBefore credentialId } } } }`;
  const { node } = (await workspace.admin.run(document, { id })) as { node: { deliveries: Delivery[] } };
  return node.deliveries;
}

/** The newest delivery, once it was tried so often. */
const triedTimes = async (hook: Pick<Hook, "id">, attempts: number): Promise<Delivery> => {
  const tried = (found: readonly Delivery[]) =>
    found[0]?.attempts === attempts && (found[0].state !== "WAITING" || found[0].reason !== null);
  const [newest] = await eventually(() => deliveriesOf(hook), tried, 20);
  return newest as Delivery;
};

interface Next {
  readonly seconds?: number;
  readonly attempts?: number;
}

/** Moves the next attempt of what waits for a webhook to now, or so many seconds on. The servers do not see it. */
const makeDue = ({ id }: Hook, { seconds = 0, attempts }: Next = {}) =>
  inDatabase(
    world.server,
    (sql) => sql`update notice_deliveries
      set due_at = now() + make_interval(secs => ${seconds}), attempts = coalesce(${attempts ?? null}, attempts)
      where webhook_id = ${id} and due_at is not null`,
  );

/** The same, and has them look: each change of a webhook does. */
async function hurry(hook: Hook, next?: Next): Promise<void> {
  await makeDue(hook, next);
  await workspace.admin.must("updateWebhook", { id: hook.id }, "__typename");
}

describe("a webhook", () => {
  test("is sent a test at once, signed as Standard Webhooks says → its receiver can tell it from a forged one", async () => {
    const hook = await newHook();
    await sendTest(hook);
    const [message] = await received(hook, (all) => all.length === 1);
    if (!message) throw new Error("nothing came");
    expect(isSigned(message, hook.secret)).toBe(true);
    expect(isSigned({ ...message, body: `${message.body} ` }, hook.secret)).toBe(false);
    expect(message.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(message.body)).toEqual({ type: "notice.test", timestamp: expect.any(String), data: {} });
    const sent = await triedTimes(hook, 1);
    expect(sent).toMatchObject({ state: "DELIVERED", reason: null, messageId: message.headers["webhook-id"] });
    await remove(hook);
  });

  test("whose secret was rotated → signed with both, and after a day with the new one alone", async () => {
    const hook = await newHook();
    const { secret } = await workspace.admin.must("rotateWebhookSecret", { id: hook.id }, "secret");
    const anew = remember(String(secret));
    const next = async (count: number) => {
      await sendTest(hook);
      const all = await received(hook, ({ length }) => length === count);
      const message = all[count - 1];
      return message && [isSigned(message, hook.secret), isSigned(message, anew)];
    };
    expect(await next(1)).toEqual([true, true]);
    await inDatabase(
      world.server,
      (sql) => sql`update webhooks set former_secret_ends_at = now() where id = ${hook.id}`,
    );
    expect(await next(2)).toEqual([false, true]);
    await remove(hook);
  });

  test("answers 500 → tried again a minute later under the same id; and given up after the seventh", async () => {
    const hook = await newHook();
    receiver.answer(hook.path, 500, 302, 500, 500, 500, 500, 500);
    await sendTest(hook);
    const failed = await triedTimes(hook, 1);
    expect(failed).toMatchObject({ state: "WAITING", reason: expect.stringContaining("answered 500") });
    expect(Date.parse(String(failed.nextTryAt)) - Date.now()).toBeGreaterThan(50_000);
    expect(Date.parse(String(failed.nextTryAt)) - Date.now()).toBeLessThanOrEqual(60_000);
    // By then nobody wakes them any more.
    await hurry(hook, { seconds: 2 });
    expect(await triedTimes(hook, 2)).toMatchObject({ reason: expect.stringContaining("redirect") });
    await hurry(hook, { attempts: 6 });
    expect(await triedTimes(hook, 7)).toMatchObject({ state: "FAILED", nextTryAt: null });
    const ids = receiver.at(hook.path).map(({ headers }) => headers["webhook-id"]);
    expect(ids).toEqual([failed.messageId, failed.messageId, failed.messageId]);
    await remove(hook);
  });

  test("off → nothing is sent, and what waits is given up", async () => {
    const hook = await newHook();
    receiver.answer(hook.path, 500);
    await sendTest(hook);
    await triedTimes(hook, 1);
    await workspace.admin.must("updateWebhook", { id: hook.id, isActive: false }, "webhook { isActive }");
    const { userErrors } = await workspace.admin.mutate("sendTestNotice", { id: hook.id }, "webhook { id }");
    expect(userErrors).toMatchObject([{ code: "INVALID_INPUT", path: ["id"] }]);
    await hurry(hook);
    expect(await triedTimes(hook, 2)).toMatchObject({ state: "FAILED", reason: expect.stringContaining("was off") });
    expect(receiver.at(hook.path)).toHaveLength(1);
    await remove(hook);
  });

  test("whose secret no key opens → waits and is given up as after any failure, with the reason", async () => {
    const hook = await newHook();
    await inDatabase(world.server, (sql) => sql`update webhooks set wrapped_secret = '\\x00' where id = ${hook.id}`);
    await sendTest(hook);
    expect(await triedTimes(hook, 1)).toMatchObject({
      state: "WAITING",
      reason: expect.stringContaining("server's log"),
    });
    await hurry(hook, { attempts: 6 });
    expect(await triedTimes(hook, 7)).toMatchObject({ state: "FAILED", nextTryAt: null });
    await remove(hook);
  });

  test("of a suspended tenant → held, and sent once it is resumed", async () => {
    const hook = await newHook();
    receiver.answer(hook.path, 500);
    await sendTest(hook);
    await triedTimes(hook, 1);
    await makeDue(hook);
    // Both wake the senders.
    await world.operator.must("suspendTenant", { id: tenant.id }, "__typename");
    await pause(1_500);
    expect(receiver.at(hook.path)).toHaveLength(1);
    await world.operator.must("resumeTenant", { id: tenant.id }, "__typename");
    expect(await triedTimes(hook, 2)).toMatchObject({ state: "DELIVERED" });
    await remove(hook);
  });

  test("security 6: at an address that is not on the public internet, be it open for keys → never connected to, and says why", async () => {
    const addresses = [
      `https://127.0.0.1:${https.port}/`,
      `https://localhost:${new URL(world.origin).port}/`,
      "https://169.254.169.254/latest",
      "https://[::ffff:10.0.0.1]/",
    ];
    const hooks = await Promise.all(addresses.map((address) => newHook(address)));
    await Promise.all(hooks.map(sendTest));
    const reasons = await Promise.all(hooks.map(async (hook) => (await triedTimes(hook, 1)).reason));
    for (const reason of reasons) expect(reason).toMatch(/not on the public internet.*WEBHOOK_ALLOW/);
    await Promise.all(hooks.map(remove));
  });

  test("at an address that hides something, or is no https → refused when it is set up", async () => {
    for (const address of [
      "http://example.com/",
      "https://user:word@example.com/",
      "https://example.com/#part",
      "file:///x",
    ]) {
      const input = { workspaceId: workspace.id, name: "Odd", address };
      const { userErrors } = await workspace.admin.mutate("createWebhook", input, "webhook { id }");
      expect([address, userErrors]).toMatchObject([address, [{ code: "INVALID_INPUT", path: ["address"] }]]);
    }
  });

  test("twenty-two made at once in one workspace → twenty are, and the others are told the limit", async () => {
    const { id: workspaceId, admin } = await world.tenant(tenant).workspace().ready();
    const input = { workspaceId, name: "One of many", address: `${https.origin}/hooks/many` };
    const all = await Promise.all(Array.from({ length: 22 }, () => admin.mutate("createWebhook", input, "secret")));
    for (const { secret } of all) if (secret !== null) remember(String(secret));
    const refused = all.flatMap(({ userErrors }) => userErrors);
    const limit = { code: "LIMIT_REACHED", message: "The limit of 20 is reached." };
    expect(refused).toMatchObject([limit, limit]);
  });

  test("its server is killed while it sends → sent again by the next one, under the same id", async () => {
    const hook = await newHook();
    receiver.answer(hook.path, "hold");
    await sendTest(hook);
    await received(hook, ({ length }) => length === 1);
    await world.server.stop("SIGKILL");
    await makeDue(hook);
    await world.server.restart();
    const [first, second] = await received(hook, ({ length }) => length === 2);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
    expect(await triedTimes(hook, 2)).toMatchObject({ state: "DELIVERED" });
    await remove(hook);
  });
});

/** The root tenant's owner and a developer, with a secret of a client that is nobody's, and the developer's personal token. */
async function addPeople(): Promise<{
  owner: SignedInPerson;
  developer: SignedInPerson;
  moved: SignedInPerson;
  secretId: string;
}> {
  const { rootAdmin: admin, server } = world;
  const owner = await signInOwner(server);
  const { tenant } = server.bootstrapped;
  const developer = await signInMember(server, owner, tenant, [{ name: "developer" }]);
  // One more owner, whose address nobody confirmed, hears nothing.
  await signInMember(server, owner, tenant, [{ name: "owner" }]);
  const moved = await signInMember(server, owner, tenant, [{ name: "owner" }]);
  unknown.push(moved.email);
  for (const person of [owner, developer, moved]) await confirmAddress(server, person);
  const found = await admin.run('{ workspace(slug: "admin") { id } }');
  const { id: workspaceId } = found["workspace"] as { id: string };
  await admin.must("updateWorkspaceSettings", { workspaceId, personalTokens: "ON" }, "__typename");
  const token = { input: { name: "Laptop", permissions: { all: true } } };
  const answer = await developer.graphql(tenant, mutationDocument("createPersonalToken", "secret"), token);
  remember((answer.json() as { data: { createPersonalToken: { secret: string } } }).data.createPersonalToken.secret);
  const made = await admin.must("createClient", { workspaceId, name: "deployer" }, "client { id }");
  const clientId = (made["client"] as { id: string }).id;
  const { clientSecret, secret } = await admin.must("createClientSecret", { clientId }, "clientSecret { id } secret");
  remember(String(secret));
  return { owner, developer, moved, secretId: (clientSecret as { id: string }).id };
}

describe("credentials that end", () => {
  test("steps that come while two servers run, and while none did → each told once, of the nearest step alone, by webhook and by mail", async () => {
    const { admin, id: workspaceId } = workspace;
    const { owner, developer, moved, secretId: rootSecret } = await addPeople();
    await admin.must("updateWorkspaceSettings", { workspaceId, apiTokens: "ON" }, "__typename");
    const hook = await newHook();
    const newSecret = async () => (await createSecret(workspace, client.id, { name: "Nightly" })).id;
    const [sevenDays, revoked, rotated] = [client.secretId, await newSecret(), await newSecret()];
    const job = { clientId: client.id, name: "Job", permissions: { all: true } };
    const token = await admin.must("createApiToken", job, "apiToken { id } secret");
    remember(String(token["secret"]));
    const ended = (token["apiToken"] as { id: string }).id;
    await admin.must("revokeClientSecret", { id: revoked }, "__typename");
    await admin.must("rotateClientSecret", { id: rotated }, "__typename");
    await inDatabase(world.server, async (sql) => {
      for (const table of ["webhooks", "client_secrets", "api_tokens"])
        await sql`update ${sql(table)} set created_at = now() - interval '100 days'`;
      // The steps of 30 and 14 days passed too, while nobody listened.
      await sql`update client_secrets set expires_at = now() + interval '7 days' - interval '1 hour'
        where id in ${sql([sevenDays, revoked, rotated, rootSecret])}`;
      await sql`update api_tokens set expires_at = now() - interval '1 hour'`;
    });
    await world.server.stop();
    // The one that was killed before still has it for two minutes.
    await inDatabase(world.server, (sql) => sql`update leases set expires_at = now()`);
    const other = startReplica(world.server);
    await world.server.restart();
    const messages = await received(hook, ({ length }) => length >= 2);
    const [toOwner, toDeveloper] = [await mails.to(owner.email), await mails.to(developer.email)];
    await (await other).stop();
    await world.server.stop();
    await world.server.restart();
    await sendTest(hook);
    const all = await received(hook, (all) => all.some(({ body }) => body.includes("notice.test")));
    await (await other).destroy();
    for (const message of messages) expect(isSigned(message, hook.secret)).toBe(true);
    const told = all
      .map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> })
      .filter(({ type }) => type !== "notice.test")
      .toSorted((one, another) => (one.type < another.type ? -1 : 1));
    const about = {
      workspace: workspace.slug,
      client: { id: client.id, clientId: client.clientId, name: expect.any(String) },
    };
    expect(told).toMatchObject([
      { type: "credential.ended", data: { ...about, credential: { id: ended, kind: "api_token" }, daysBefore: 0 } },
      {
        type: "credential.ending",
        data: { ...about, credential: { id: sevenDays, kind: "client_secret" }, daysBefore: 7 },
      },
    ]);
    expect(toOwner).toMatchObject({ to: [owner.email], text: expect.stringMatching(/Client secret .* of “deployer”/) });
    expect(toDeveloper).toMatchObject({
      to: [developer.email],
      text: expect.stringContaining("Personal token “Laptop”"),
    });
    // One each, of what is theirs; a webhook's workspace that nobody belongs to mails nobody.
    expect(mails.mails).toHaveLength(2);
    for (const { text } of mails.mails) expect(text.match(/ended on|ends on/g)).toHaveLength(1);
    await remove(hook);
    // Whom no mail reaches stands on the page of the workspace, for those who may see the members.
    const document = '{ workspace(slug: "admin") { unmailedNotices { mailedTo clientName state reason } } }';
    const name = `Member ${moved.email.replace("@example.com", "")}`;
    expect(await world.rootAdmin.run(document)).toEqual({
      workspace: {
        unmailedNotices: [
          { mailedTo: name, clientName: "deployer", state: "WAITING", reason: expect.stringContaining("mail server") },
        ],
      },
    });
    // Tokens went on meanwhile.
    await fetchToken(client);
  });
});
