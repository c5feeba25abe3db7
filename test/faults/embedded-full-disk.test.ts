import { afterEach, beforeEach, expect, test } from "vitest";
import { graphqlAs, mutationDocument, postGraphQL } from "../support/graphql.ts";
import { eventually } from "../support/http.ts";
import { type Installation, newInstallation } from "../support/installation.ts";
import { mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";
import { askToken, bearer, fetchToken } from "../support/token.ts";

let disk: SmallDisk;
let installation: Installation;

beforeEach(async () => {
  disk = mountSmallDisk("160m");
  installation = await newInstallation(disk.folder);
});

afterEach(async () => {
  await installation?.destroy().catch(() => undefined);
  disk.remove();
});

test.each([0, 10_000_000])(
  "a first start on a disk with %i bytes left says so, and succeeds when there is room",
  async (left) => {
    disk.fill(left);
    const { code, output } = await installation.run(["serve"]).ended;
    expect(code).toBeGreaterThan(0);
    expect(output).toMatch(/disk .*is full.*Free some space/);
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
    disk.empty();
    await installation.serve();
  },
);

test("a disk that fills up while it works: changes answer 503 or succeed, nothing acknowledged is lost, and it recovers", async () => {
  await installation.serve();
  const client = await installation.bootstrap();
  const operator = graphqlAs(client.graphql, client.system);
  await operator.must("createTenant", { slug: "before", name: "before" }, "tenant { id }");
  const token = await fetchToken(client.system, { resource: client.system.resource });

  disk.fill();
  const kept = ["before"];
  const statuses = new Set<number>();
  for (let number = 0; number < 400 && !statuses.has(503); number++) {
    const input = { slug: `full-${number}`, name: "x".repeat(60) };
    const body = { query: mutationDocument("createTenant", "tenant { id }"), variables: { input } };
    const answer = await postGraphQL(client.graphql, body, [bearer(token)]);
    statuses.add(answer.status);
    if (answer.status === 200 && answer.json()["errors"] === undefined) kept.push(input.slug);
    statuses.add((await askToken(client, { resource: client.resource })).status);
  }
  expect([...statuses].sort()).toEqual([200, 503]);

  disk.empty();
  await eventually(installation.isReady, Boolean, 60);
  await eventually(
    () =>
      operator.mutate("createTenant", { slug: "after", name: "after" }, "tenant { id }").then(
        () => true,
        () => false,
      ),
    Boolean,
    60,
  );
  const known = new Set(await installation.query("select slug from tenants"));
  expect([...kept, "after"].filter((slug) => !known.has(slug))).toEqual([]);
}, 180_000);
