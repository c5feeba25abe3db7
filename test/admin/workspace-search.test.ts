import { expect, test } from "vitest";
import type { GraphQL } from "../support/graphql.ts";
import type { Answer } from "../support/http.ts";
import { signInMember, signInOwner } from "../support/member.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld();

const find = async (admin: GraphQL, search: string): Promise<readonly string[]> => {
  const query = "query ($search: String) { workspaces(first: 20, search: $search) { nodes { slug } } }";
  const { workspaces } = (await admin.run(query, { search })) as { workspaces: { nodes: { slug: string }[] } };
  return workspaces.nodes.map(({ slug }) => slug).sort();
};

test("[C4] workspaces by part of a name or of a slug, or by a whole id; nothing of another tenant's, and no pattern of one's own", async () => {
  const tenant = await world.tenant().ready();
  const stranger = await world.tenant().ready();
  const one = await world.tenant(tenant).workspace({ slug: "billing-eu", name: "Billing Europe" }).ready();
  await world.tenant(tenant).workspace({ slug: "billing-us", name: "Rechnungen 100%" }).ready();
  const foreign = await world.tenant(stranger).workspace({ slug: "billing-xx", name: "Billing Elsewhere" }).ready();
  const search = (words: string) => find(tenant.admin, words);
  expect(await search("BILLING")).toEqual(["billing-eu", "billing-us"]);
  expect(await search("europe")).toEqual(["billing-eu"]);
  expect(await search("00%")).toEqual(["billing-us"]);
  expect(await search(one.id)).toEqual(["billing-eu"]);
  for (const none of [foreign.id, "Elsewhere", "b%u", "b_lling", "\0nothing", "x".repeat(300)])
    expect([none, await search(none)]).toEqual([none, []]);
  expect(await search("")).toEqual(["admin", "billing-eu", "billing-us", "system"]);
});

test("[C5] who sees one workspace finds no other", async () => {
  const owner = await signInOwner(world.server);
  const root = { id: "", slug: "root", adminClient: world.server.bootstrapped, admin: world.rootAdmin };
  const seen = await world.tenant(root).workspace({ slug: "seen", name: "Team seen" }).ready();
  await world.tenant(root).workspace({ slug: "hidden", name: "Team hidden" }).ready();
  const role = { name: "developer", targetWorkspaceId: seen.id };
  const person = await signInMember(world.server, owner, "root", [role]);
  const query = `{ workspaces(first: 20, search: "team") { nodes { slug } } }`;
  const slugs = (answer: Answer) =>
    (answer.json() as { data: { workspaces: { nodes: { slug: string }[] } } }).data.workspaces.nodes;
  expect(slugs(await person.graphql("root", query))).toEqual([{ slug: "seen" }]);
  expect(slugs(await owner.graphql("root", query))).toHaveLength(2);
});
