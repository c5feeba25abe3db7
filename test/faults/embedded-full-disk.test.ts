import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { graphqlAs, mutationDocument, postGraphQL } from "../support/graphql.ts";
import { eventually } from "../support/http.ts";
import { type Installation, newInstallation } from "../support/installation.ts";
import { askToken, bearer, fetchToken } from "../support/token.ts";

let disk: string;
let installation: Installation;

/** A disk of its own in memory: only root may mount one, and so this file needs root (as CI is). */
beforeEach(async () => {
  disk = mkdtempSync(join(tmpdir(), "mintmark-disk-"));
  const mounted = spawnSync("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=160m", "tmpfs", disk], { encoding: "utf8" });
  if (mounted.status !== 0) throw new Error(`Run these tests as root, who may mount a small disk: ${mounted.stderr}`);
  installation = await newInstallation(disk);
});

afterEach(async () => {
  await installation?.destroy().catch(() => undefined);
  spawnSync("/usr/bin/umount", ["-l", disk]);
  rmdirSync(disk);
});

const filler = () => join(disk, "filler");

/** Fills the disk but for some bytes. */
function fill(leave = 0): void {
  rmSync(filler(), { force: true });
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(filler(), Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  } catch (error) {
    // A server that works writes meanwhile: the disk is full all the same.
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

const empty = () => rmSync(filler(), { force: true });

test.each([0, 10_000_000])(
  "a first start on a disk with %i bytes left says so, and succeeds when there is room",
  async (left) => {
    fill(left);
    const { code, output } = await installation.run(["serve"]).ended;
    expect(code).toBeGreaterThan(0);
    expect(output).toMatch(/disk .*is full.*Free some space/);
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
    empty();
    await installation.serve();
  },
);

test("a disk that fills up while it works: changes answer 503 or succeed, nothing acknowledged is lost, and it recovers", async () => {
  await installation.serve();
  const client = await installation.bootstrap();
  const operator = graphqlAs(client.graphql, client.system);
  await operator.must("createTenant", { slug: "before", name: "before" }, "tenant { id }");
  const token = await fetchToken(client.system, { resource: client.system.resource });

  fill();
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

  empty();
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
