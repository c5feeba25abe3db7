import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { EventStream } from "../support/events.ts";
import { eventually } from "../support/http.ts";
import { followLog, idsToldBy, toldBy } from "../support/log-tail.ts";
import { type SignedInPerson, signInMember, signInOwner } from "../support/member.ts";
import { consoleHeaders } from "../support/person.ts";
import { endCode } from "../support/pulse.ts";
import { askToken, bearer, fetchToken } from "../support/token.ts";
import { type StoryClient, type StoryTenant, useWorld } from "../support/world.ts";
import { newCaller, ownWorkspace } from "./callers.ts";

const world = useWorld();
let tenant: StoryTenant;
let client: StoryClient;
let owner: string;

beforeAll(async () => {
  tenant = await world.tenant().ready();
  client = await world.tenant(tenant).workspace().resource("orders", ["read"]).client();
  owner = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
}, 120_000);

type Log = Parameters<typeof followLog>[1];
const logs = [
  ["auditTail", "audit:read"],
  ["tokenLogTail", "token-log:read"],
] as const;

async function follow(
  log: Log,
  token: string,
  id = client.workspace.id,
  given?: Parameters<typeof followLog>[4],
): Promise<EventStream> {
  const stream = await followLog(world.graphqlUrl, log, id, [bearer(token)], given);
  onTestFinished(() => stream.close());
  return stream;
}
const began = async (stream: EventStream): Promise<EventStream> => {
  await eventually(
    async () => toldBy(stream).length,
    (events) => events > 0,
  );
  return stream;
};
const holding = async (...grants: string[]) => newCaller(world, await ownWorkspace(tenant, "admin"), { grants });
/** What it was refused with. */
const refusal = async (stream: EventStream) => (await stream.body).replace(/req_\w+/g, "");
const endOf = async (stream: EventStream) => {
  const goesOn = new Promise<string>((resolve) => setTimeout(() => resolve("goes on"), 8000));
  return [await Promise.race([stream.ended, goesOn]), endCode(stream)];
};

test("[A10] a tail that is narrowed → tells the decisions that the list would find, and no others", async () => {
  const all = await began(await follow("tokenLogTail", owner));
  const refused = await began(
    await follow("tokenLogTail", owner, client.workspace.id, {
      filter: 'reason: "unknown_scope", address: "127.0.0.1"',
    }),
  );
  await fetchToken(client);
  await askToken(client, { scope: "none" });
  await askToken({ ...client, clientSecret: "mms_wrong" });
  await eventually(
    async () => idsToldBy(all).length,
    (count) => count === 3,
  );
  const list = `query ($slug: Slug!) { workspace(slug: $slug) { tokenLog(reason: "unknown_scope") { nodes { id } } } }`;
  const { workspace } = (await tenant.admin.run(list, { slug: client.workspace.slug })) as {
    workspace: { tokenLog: { nodes: readonly { readonly id: string }[] } };
  };
  expect(idsToldBy(refused)).toEqual(workspace.tokenLog.nodes.map(({ id }) => id));
  expect(idsToldBy(refused)).toHaveLength(1);
});

describe.each(logs)("[S12] %s: who may not hear it", (log, permission) => {
  test(`without ${permission} → FORBIDDEN; nobody → 401; no cursor → INVALID_INPUT`, async () => {
    const others = logs.map(([, other]) => other).filter((other) => other !== permission);
    const blind = await holding("workspace:read", ...others);
    expect(await refusal(await follow(log, blind.token))).toContain('"code":"FORBIDDEN"');
    expect((await follow(log, "x.y.z")).status).toBe(401);
    for (const after of ["", "x", Buffer.from('["1","2"]').toString("base64url")])
      expect(await refusal(await follow(log, owner, client.workspace.id, { after }))).toContain('"INVALID_INPUT"');
  });

  test("a workspace of another tenant, or none → NOT_FOUND, alike", async () => {
    const other = await world.tenant().workspace().ready();
    const answers: string[] = [];
    for (const id of [other.id, "wsp_00000000000000", ""])
      answers.push((await refusal(await follow(log, owner, id))).replaceAll(id || "\0", ""));
    expect(answers[0]).toContain('"code":"NOT_FOUND"');
    expect(new Set(answers).size).toBe(1);
  });

  test("[C5] the grant withdrawn → it ends, and tells nothing of what comes after", async () => {
    const viewer = await holding("workspace:read", permission);
    const stream = await began(await follow(log, viewer.token));
    const { apiId: resourceId } = await ownWorkspace(tenant, "admin");
    const scopes = ["workspace:read"];
    await tenant.admin.must("setClientGrant", { clientId: viewer.clientId, resourceId, scopes }, "__typename");
    expect(await endOf(stream)).toEqual(["complete", "FORBIDDEN"]);
  });

  test("[C5] a member removed → it ends", async () => {
    const [person, workspaceId] = await memberWithWorkspace();
    const headers = [...consoleHeaders(world.origin), person.cookie()];
    const stream = await followLog(`${world.graphqlUrl}?tenant=root`, log, workspaceId, headers);
    onTestFinished(() => stream.close());
    await began(stream);
    await world.rootAdmin.must("removeMember", { id: person.memberId }, "__typename");
    const [end, code] = await endOf(stream);
    expect(end).toBe("complete");
    expect(["UNAUTHENTICATED", "FORBIDDEN"]).toContain(code);
  });
});

let first: SignedInPerson | undefined;
async function memberWithWorkspace(): Promise<readonly [SignedInPerson, string]> {
  first ??= await signInOwner(world.server);
  const slug = `followed-${Date.now().toString(36)}`;
  const made = await world.rootAdmin.must("createWorkspace", { slug, name: "W" }, "workspace { id }");
  const person = await signInMember(world.server, first, "root", [{ name: "auditor" }]);
  return [person, (made["workspace"] as { id: string }).id];
}

test("sixty of one tenant at a server; one more → TOO_MANY_STREAMS, and another tenant is not kept out by it", async () => {
  const place = await ownWorkspace(await world.tenant().ready(), "admin");
  const callers = [];
  for (let at = 0; at < 7; at++)
    callers.push(await newCaller(world, place, { grants: ["workspace:read", "audit:read"] }));
  const { workspaceId } = place.place;
  const streams = callers
    .slice(0, 6)
    .flatMap(({ token }) => Array.from({ length: 10 }, () => follow("auditTail", token, workspaceId)));
  await Promise.all((await Promise.all(streams)).map(began));
  const more = await refusal(await follow("auditTail", callers[6]?.token ?? "", workspaceId));
  expect(more).toContain('"code":"TOO_MANY_STREAMS"');
  expect(more).toContain("Your tenant has 60");
  await began(await follow("auditTail", owner));
});
