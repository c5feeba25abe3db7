import { inflateSync } from "node:zlib";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { getToken, newWorld, path, request, url } from "./testing/world.ts";

type World = Awaited<ReturnType<typeof newWorld>>;

interface Place {
  readonly idx: number;
  readonly uri: string;
}

async function placeOf({ issuer }: World): Promise<Place> {
  const [, claims = ""] = (await getToken(issuer)).split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()).status.status_list;
}

const ask = ({ issuer }: World, list: string) =>
  issuer.statusList({ ...path, list }, request({ method: "GET", headers: [] }));
const hourOf = (uri: string) => uri.slice(`${url}/oauth2/status/`.length);

/** The list's bytes, its signature checked. */
async function bytesOf(world: World, uri: string): Promise<Buffer> {
  const { body = "" } = await ask(world, hourOf(uri));
  const { body: jwks = "" } = await world.issuer.jwks(path, request({ method: "GET", headers: [] }));
  const { payload } = await jwtVerify<{ status_list: { lst: string } }>(body, createLocalJWKSet(JSON.parse(jwks)), {
    typ: "statuslist+jwt",
    subject: uri,
    currentDate: world.clock.now(),
  });
  return inflateSync(Buffer.from(payload.status_list.lst, "base64url"));
}
const isSet = (bytes: Buffer, idx: number) => (((bytes[idx >> 3] ?? 0) >> (idx & 7)) & 1) === 1;

describe("status lists", () => {
  test("a token carries its place; a list of 2^20 places says that it counts", async () => {
    const world = await newWorld({ statusList: true });
    const { idx, uri } = await placeOf(world);
    const bytes = await bytesOf(world, uri);
    expect([bytes.length, isSet(bytes, idx)]).toEqual([131_072, false]);
  });

  test("after a cut-off its place is set and no other; the next token has another place", async () => {
    const world = await newWorld({ statusList: true });
    const before = await placeOf(world);
    world.store.changeClient(world.workspace, "billing", { tokensNotBefore: world.clock.now() });
    world.clock.advance(2);
    const after = await placeOf(world);
    const bytes = await bytesOf(world, before.uri);
    expect([isSet(bytes, before.idx), isSet(bytes, after.idx)]).toEqual([true, false]);
    expect(bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0)).toBe(1);
  });

  test("one place within an hour, another in the next one", async () => {
    const world = await newWorld({ statusList: true });
    const first = await placeOf(world);
    world.clock.advance(60);
    expect(await placeOf(world)).toEqual(first);
    world.clock.advance(3600);
    const later = await placeOf(world);
    expect([later.uri === first.uri, later.idx === first.idx]).toEqual([false, false]);
  });

  test("every client has a place of its own, and they tell nothing of their order", async () => {
    const world = await newWorld({ statusList: true });
    const seen = new Set<number>();
    let next = 0;
    for (let number = 0; number < 3000; number++) {
      world.store.changeClient(world.workspace, "billing", { statusNumber: number });
      const { idx } = await placeOf(world);
      if (seen.has(idx - 1) || seen.has(idx + 1)) next++;
      seen.add(idx);
    }
    expect(seen.size).toBe(3000);
    // Of 3,000 random places out of a million a dozen or two are neighbours; of ordered ones all would be.
    expect(next).toBeLessThan(100);
  }, 60_000);

  test("a suspended issuer → no token counts", async () => {
    const world = await newWorld({ statusList: true });
    const { uri } = await placeOf(world);
    world.store.changeIssuer(world.workspace, { status: "suspended" });
    expect((await bytesOf(world, uri)).every((byte) => byte === 0xff)).toBe(true);
  });

  test.each([
    ["a word", () => "x"],
    ["an hour long ago", (now: number) => String(now - 26)],
    ["an hour to come", (now: number) => String(now + 2)],
    ["a huge number", () => "999999999"],
    ["another spelling of the hour", (now: number) => `0${now}`],
    ["nothing", () => ""],
  ])("%s as the list → 404", async (_, list) => {
    const world = await newWorld({ statusList: true });
    const { status } = await ask(world, list(Math.floor(world.clock.now().getTime() / 3_600_000)));
    expect(status).toBe(404);
  });

  test("where they are off: tokens carry nothing, and there is no list", async () => {
    const world = await newWorld();
    const [, claims = ""] = (await getToken(world.issuer)).split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).not.toHaveProperty("status");
    expect((await ask(world, String(Math.floor(world.clock.now().getTime() / 3_600_000)))).status).toBe(404);
  });

  test("asked twice within a second → signed once, and 304 for whoever has it", async () => {
    const world = await newWorld({ statusList: true });
    const { uri } = await placeOf(world);
    const [one, other] = [await ask(world, hourOf(uri)), await ask(world, hourOf(uri))];
    expect(one.body).toBe(other.body);
    expect(one.headers).toMatchObject({
      "Content-Type": "application/statuslist+jwt",
      "Cache-Control": "public, max-age=10",
      "Access-Control-Allow-Origin": "*",
    });
  });
});
