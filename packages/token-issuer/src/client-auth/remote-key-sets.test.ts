import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test, vi } from "vitest";
import { type CompactJws, readCompactJws } from "../compact-jws.ts";
import { DocumentUnavailable } from "../document.ts";
import { RemoteKeySets } from "./remote-key-sets.ts";

const jwksUri = "https://keys.example/jwks.json";
const jwk = (kid: string, more: object = {}) => ({
  ...generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }),
  kid,
  ...more,
});

/** A token that names its key. */
const naming = (kid: string): CompactJws => ({
  header: { alg: "ES256", kid },
  payload: {},
  signed: Buffer.from("signed"),
  signature: Buffer.alloc(64, 1),
});

/** A token that names none. */
async function kidless(key: KeyObject): Promise<CompactJws> {
  const token = readCompactJws(await new SignJWT({}).setProtectedHeader({ alg: "ES256" }).sign(key));
  if (typeof token === "string") throw new Error(token);
  return token;
}

/** A host whose answers are what `documents` says at the time, and a clock that stands still. */
function host(documents: Record<string, unknown>) {
  let now = Date.parse("2026-03-01T12:00:00Z");
  const asked: string[] = [];
  const sets = new RemoteKeySets(
    async (address) => {
      asked.push(address);
      const document = documents[address];
      if (document === undefined) throw new DocumentUnavailable(address, "unreachable");
      if (document instanceof Promise) return document;
      return document as Record<string, unknown>;
    },
    { now: () => new Date(now), sleep: async () => undefined },
  );
  const kids = async (kid: string | CompactJws, workspaceId = "wrk_1") => {
    const token = typeof kid === "string" ? naming(kid) : kid;
    const found = await sets.find({ tenantId: "ten_1", workspaceId }, { jwksUri }, token);
    return typeof found === "string" ? found : found.map((key) => key.kid);
  };
  const advance = (seconds: number) => {
    now += seconds * 1000;
  };
  return { documents, sets, asked, kids, advance };
}

describe("keys at somebody else's address", () => {
  test("are fetched once, by a hundred at once too", async () => {
    const { kids, asked } = host({ [jwksUri]: { keys: [jwk("a")] } });
    await Promise.all(Array.from({ length: 100 }, () => kids("a")));
    expect([await kids("a"), asked.length]).toEqual([["a"], 1]);
  });

  test("are fetched again for a new kid, at most once in 30 s however many unknown ones come", async () => {
    const { kids, asked, documents, advance } = host({ [jwksUri]: { keys: [jwk("a")] } });
    await kids("a");
    documents[jwksUri] = { keys: [jwk("a"), jwk("b")] };
    expect([await kids("b"), asked.length]).toEqual([["a", "b"], 2]);
    documents[jwksUri] = { keys: [jwk("c")] };
    for (let guess = 0; guess < 50; guess++) await kids(`guess ${guess}`);
    advance(29);
    expect([await kids("c"), asked.length]).toEqual([["a", "b"], 2]);
    advance(1);
    expect([await kids("c"), asked.length]).toEqual([["c"], 3]);
  });

  test("are fetched again for a token without a kid that none of them signed, under the same pause", async () => {
    const pairs = [0, 1, 2].map(() => generateKeyPairSync("ec", { namedCurve: "P-256" }));
    const [old, next, last] = pairs.map(({ publicKey, privateKey }, at) => ({
      set: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: `k${at}` }] },
      token: () => kidless(privateKey),
    }));
    if (!old || !next || !last) throw new Error("three keys");
    const { kids, asked, documents, advance } = host({ [jwksUri]: old.set });
    for (let again = 0; again < 3; again++) await kids(await old.token());
    expect(asked.length).toBe(1);
    documents[jwksUri] = next.set;
    expect([await kids(await next.token()), asked.length]).toEqual([["k1"], 2]);
    documents[jwksUri] = last.set;
    advance(29);
    expect([await kids(await last.token()), asked.length]).toEqual([["k1"], 2]);
    advance(1);
    expect([await kids(await last.token()), asked.length]).toEqual([["k2"], 3]);
    // What no key could have made is worth no question.
    advance(31);
    for (const header of [{ alg: "ES256" }, { alg: "HS256" }, {}])
      await kids({ ...naming(""), header, signature: Buffer.from("x") });
    expect(asked.length).toBe(3);
  });

  test("are fetched anew after ten minutes, beside the requests that use them", async () => {
    const { kids, asked, documents, advance } = host({ [jwksUri]: { keys: [jwk("a")] } });
    await kids("a");
    documents[jwksUri] = { keys: [jwk("b")] };
    advance(599);
    expect([await kids("a"), asked.length]).toEqual([["a"], 1]);
    advance(1);
    expect(await kids("a")).toEqual(["a"]);
    await vi.waitFor(async () => expect(await kids("b")).toEqual(["b"]));
    expect(asked.length).toBe(2);
  });

  test("count for an hour while the host is away, asked every 30 s, and not a second longer", async () => {
    const { kids, asked, documents, advance } = host({ [jwksUri]: { keys: [jwk("a")] } });
    await kids("a");
    delete documents[jwksUri];
    advance(3599);
    for (let again = 0; again < 20; again++) expect(await kids("a")).toEqual(["a"]);
    expect(asked.length).toBe(2);
    advance(1);
    expect(await kids("a")).toBe("unreachable");
    expect(asked.length).toBe(2);
    documents[jwksUri] = { keys: [jwk("a")] };
    advance(29);
    expect(await kids("a")).toEqual(["a"]);
  });

  test("that may not check a JWT are left out: private, secret, for encryption, of other kinds", async () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
    const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" });
    const keys = [
      jwk("right"),
      jwk("svid", { use: "jwt-svid" }),
      jwk("private", { d: "AA" }),
      jwk("encrypts", { use: "enc" }),
      jwk("authority", { use: "x509-svid" }),
      jwk("signs", { key_ops: ["sign"] }),
      { ...rsa, kid: "short" },
      { ...p384, kid: "other curve" },
      { kty: "oct", k: "AAAA", kid: "secret" },
      "text",
      null,
    ];
    const { kids } = host({ [jwksUri]: { keys } });
    expect(await kids("right")).toEqual(["right", "svid"]);
  });

  test.each([[{}], [{ keys: "many" }], [{ keys: [] }], [{ keys: [{}] }]])("%j holds no keys", async (set) => {
    expect(await host({ [jwksUri]: set }).kids("a")).toBe("no_keys");
  });

  test("of slow hosts take eight fetches of their workspace; another workspace's are not held up", async () => {
    const never = new Promise<Record<string, unknown>>(() => undefined);
    const world = host({ [jwksUri]: { keys: [jwk("a")] } });
    const owner = { tenantId: "ten_1", workspaceId: "wrk_1" };
    const slow = (at: number) => `https://slow.example/${at}`;
    for (let at = 0; at < 20; at++) world.documents[slow(at)] = never;
    for (let at = 0; at < 8; at++) void world.sets.find(owner, { jwksUri: slow(at) }, naming("a"));
    expect(await world.sets.find(owner, { jwksUri: slow(9) }, naming("a"))).toBe("busy");
    expect(await world.kids("a", "wrk_2")).toEqual(["a"]);
  });

  test("of two workspaces are kept apart: the unknown kids of one do not use up the other's fetch", async () => {
    const { kids, documents } = host({ [jwksUri]: { keys: [jwk("a")] } });
    await Promise.all([kids("a", "wrk_1"), kids("a", "wrk_2")]);
    await kids("guess", "wrk_1");
    documents[jwksUri] = { keys: [jwk("b")] };
    expect([await kids("b", "wrk_1"), await kids("b", "wrk_2")]).toEqual([["a"], ["b"]]);
  });

  test("of a tenant with thousands of addresses push out none of another tenant's", async () => {
    const { documents, sets } = host({ [jwksUri]: { keys: [jwk("a")] } });
    const small = () => sets.find({ tenantId: "ten_1", workspaceId: "wrk_1" }, { jwksUri }, naming("a"));
    await small();
    delete documents[jwksUri];
    for (let at = 0; at < 4100; at++) {
      const address = `https://large.example/${at}`;
      documents[address] = { keys: [] };
      await sets.find({ tenantId: "ten_2", workspaceId: `wrk_${at % 3}` }, { jwksUri: address }, naming("a"));
    }
    // Its host is away: what was kept counts on.
    expect(await small()).toMatchObject([{ kid: "a" }]);
  });
});

describe("an issuer's keys", () => {
  const issuer = "https://issuer.example/tenant";
  const discovery = `${issuer}/.well-known/openid-configuration`;
  const found = ({ sets }: ReturnType<typeof host>, of = issuer) =>
    sets.find({ tenantId: "ten_1" }, { issuer: of }, naming("a"));

  test("are where its openid-configuration says", async () => {
    const world = host({ [discovery]: { issuer, jwks_uri: jwksUri }, [jwksUri]: { keys: [jwk("a")] } });
    expect(await found(world)).toMatchObject([{ kid: "a" }]);
    expect(world.asked).toEqual([discovery, jwksUri]);
  });

  test.each([
    ["another issuer", "https://issuer.example"],
    ["the same with a slash", `${issuer}/`],
    ["another case", "https://issuer.example/Tenant"],
    ["none", undefined],
  ])("are not believed where it names %s", async (_, named) => {
    const world = host({ [discovery]: { issuer: named, jwks_uri: jwksUri }, [jwksUri]: { keys: [jwk("a")] } });
    expect(await found(world)).toBe("issuer_differs");
    expect(world.asked).toEqual([discovery]);
  });

  test("are none where it names no address", async () => {
    expect(await found(host({ [discovery]: { issuer } }))).toBe("no_keys");
  });
});
