import { expect, test } from "vitest";
import { eventually } from "../support/http.ts";
import { askToken, basic, fetchToken, post } from "../support/token.ts";
import { type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";
import { expectRefusal } from "./answers.ts";

// Several processes: what one of them was told must reach the other.
const world = useWorld({ WORKERS: "2" });

const story = () => world.tenant().workspace().resource("orders", ["read"]);

/** What several connections are answered at once, so that each process is asked. */
async function statuses(client: StoryClient): Promise<readonly number[]> {
  const answers = await Promise.all(Array.from({ length: 8 }, () => askToken(client)));
  return [...new Set(answers.map(({ status }) => status))];
}

/** Waits until every process answers so; within the five seconds that are promised. */
const all = (client: StoryClient, status: number) =>
  eventually(
    () => statuses(client),
    (seen) => seen.length === 1 && seen[0] === status,
    5,
  );

const set = ({ id: workspaceId, admin }: StoryWorkspace, issuance: "STOPPED" | "ACTIVE" | null) =>
  admin.mutate(
    "updateWorkspaceSettings",
    { workspaceId, issuance },
    "workspace { settings { issuance { value level } } }",
  );

test("a workspace that is stopped → 503 with Retry-After in every process, other workspaces go on, tokens live on; started again → 200", async () => {
  const client = await story().client();
  const other = await story().client();
  const { workspace } = client;
  const token = await fetchToken(client);
  expect((await set(workspace, "STOPPED"))["workspace"]).toEqual({
    settings: { issuance: { value: "STOPPED", level: "WORKSPACE" } },
  });
  await all(client, 503);
  const refused = await askToken(client);
  expectRefusal(refused, 503, "temporarily_unavailable");
  expect(refused.headers["retry-after"]).toBe("60");
  // Whoever cannot prove themselves learns nothing of it.
  expectRefusal(await askToken({ ...client, clientSecret: "mms_wrong" }), 401, "invalid_client");
  const introspected = await post(`${workspace.issuer}/oauth2/introspect`, { token }, [basic(client)]);
  expect(introspected.json()).toMatchObject({ active: true });
  expect(await statuses(other)).toEqual([200]);
  await set(workspace, null);
  await all(client, 200);
});

test("the whole installation stopped → every custom workspace, whatever it says itself; the special ones issue, so that it can be started again", async () => {
  const { operator, server } = world;
  const [one, two] = [await story().client(), await story().client()];
  await set(two.workspace, "ACTIVE");
  const stop = (issuance: "STOPPED" | null) =>
    operator.must("updateInstallationSettings", { issuance }, "settings { issuance { value level own } }");
  expect((await stop("STOPPED"))["settings"]).toEqual({
    issuance: { value: "STOPPED", level: "INSTALLATION", own: "STOPPED" },
  });
  await Promise.all([all(one, 503), all(two, 503)]);
  const { node } = await two.workspace.admin.run(
    `{ node(id: "${two.workspace.id}") { ... on Workspace { settings { issuance { value level own } } } } }`,
  );
  expect(node).toEqual({ settings: { issuance: { value: "STOPPED", level: "INSTALLATION", own: "ACTIVE" } } });
  for (const automation of [server.bootstrapped, server.bootstrapped.system])
    expect((await askToken(automation, { resource: automation.resource })).status).toBe(200);
  await stop(null);
  await Promise.all([all(one, 200), all(two, 200)]);
});

test("the admin or system workspace → is never stopped", async () => {
  const { nodes } = (await world.rootAdmin.run("{ workspaces { nodes { id kind } } }"))["workspaces"] as {
    nodes: { id: string; kind: string }[];
  };
  const special = nodes.filter(({ kind }) => kind !== "CUSTOM");
  expect(special).toHaveLength(2);
  for (const { id: workspaceId } of special) {
    const input = { workspaceId, issuance: "STOPPED" };
    const { userErrors } = await world.rootAdmin.mutate("updateWorkspaceSettings", input, "__typename");
    expect(userErrors).toMatchObject([{ code: "PROTECTED" }]);
  }
});
