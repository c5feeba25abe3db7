import { generateKeyPairSync, sign } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  encodePart,
  type PublishedKey,
  publicBytes,
  publishedKey,
  withHs256,
  withoutSignature,
} from "../support/forgery.ts";
import { postGraphQL } from "../support/graphql.ts";
import { send } from "../support/http.ts";
import type { AutomationClient } from "../support/server.ts";
import { basic, bearer, decodeJwt, fetchToken, post } from "../support/token.ts";
import { useWorld } from "../support/world.ts";

const world = useWorld();
// The admin workspace: there one token can be shown at all three places that check tokens.
let admin: AutomationClient;
let issuer: string;
let token: string;
let jwk: PublishedKey;
let jwksText: string;
beforeAll(async () => {
  const tenant = await world.tenant().ready();
  admin = tenant.adminClient;
  issuer = `${world.origin}/${tenant.slug}/admin`;
  token = await fetchToken(admin, { resource: admin.resource });
  jwksText = (await send(`${issuer}/.well-known/jwks.json`)).body;
  jwk = await publishedKey(issuer, token);
});

const introspect = (text: string) => post(`${issuer}/oauth2/introspect`, { token: text }, [basic(admin)]);
const verify = (text: string) =>
  send(`${issuer}/oauth2/verify?resource=${encodeURIComponent(admin.resource)}`, { headers: [bearer(text)] });
const graphql = (text: string) => postGraphQL(world.graphqlUrl, { query: "{ __typename }" }, [bearer(text)]);

/** All three places say no, each in its own words, and none with a 500. */
async function expectInvalid(text: string) {
  expect((await introspect(text)).body).toBe('{"active":false}');
  for (const ask of [verify, graphql]) {
    const answer = await ask(text);
    expect([ask.name, answer.status]).toEqual([ask.name, 401]);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer .*error="invalid_token"/);
  }
}

test("control: the real token → active, 200 and 200", async () => {
  expect((await introspect(token)).json()).toMatchObject({ active: true });
  expect((await verify(token)).status).toBe(200);
  expect((await graphql(token)).status).toBe(200);
});

describe("incident 3: HS256 with what is public as the key → invalid", () => {
  test.each([...publicBytes, ["the JWK Set as it was sent", () => jwksText] as const])(
    "%s → invalid",
    async (_name, of) => {
      for (const kid of [jwk.kid, undefined]) await expectInvalid(withHs256(token, of(jwk), kid));
    },
  );
});

describe("no signature (RFC 8725 §3.2) → invalid", () => {
  test.each(["none", "None", "NONE", "nOnE", "", "ES256"])("alg %j with an empty signature → invalid", async (alg) => {
    const unsigned = withoutSignature(token, alg, jwk.kid);
    await expectInvalid(unsigned);
    await expectInvalid(unsigned.slice(0, -1));
  });

  test.each(["none", "None"])("alg %j with the real signature → invalid", async (alg) => {
    const [, payload, signature] = token.split(".");
    await expectInvalid(`${encodePart({ alg, typ: "at+jwt", kid: jwk.kid })}.${payload}.${signature}`);
  });
});

describe("another key → invalid (RFC 8725 §3.1, §3.5)", () => {
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signedByStranger = (header: object) => {
    const input = `${encodePart(header)}.${encodePart(decodeJwt(token).claims)}`;
    const signature = sign("sha256", Buffer.from(input), { key: stranger.privateKey, dsaEncoding: "ieee-p1363" });
    return `${input}.${signature.toString("base64url")}`;
  };
  const own = stranger.publicKey.export({ format: "jwk" });

  test("under the real kid → invalid", async () => {
    await expectInvalid(signedByStranger({ alg: "ES256", typ: "at+jwt", kid: jwk.kid }));
  });

  test("under an unknown kid, or none → invalid", async () => {
    await expectInvalid(signedByStranger({ alg: "ES256", typ: "at+jwt", kid: "unknown" }));
    await expectInvalid(signedByStranger({ alg: "ES256", typ: "at+jwt" }));
    await expectInvalid(signedByStranger({ alg: "ES256", typ: "at+jwt", kid: "../../../dev/null" }));
  });

  test("brought along in the header → invalid", async () => {
    await expectInvalid(signedByStranger({ alg: "ES256", typ: "at+jwt", kid: jwk.kid, jwk: own }));
    await expectInvalid(signedByStranger({ alg: "ES256", typ: "at+jwt", jwk: own }));
    await expectInvalid(signedByStranger({ alg: "ES256", typ: "at+jwt", jku: `${world.origin}/jwks` }));
  });

  test("[S12] incident 3: another workspace's own token, and one of another tenant's admin workspace → invalid here", async () => {
    const far = await world.tenant().ready();
    await expectInvalid(await fetchToken(far.adminClient, { resource: far.adminClient.resource }).then(moved));
    const near = await world.tenant().workspace().resource("orders", ["read"]).client();
    await expectInvalid(moved(await fetchToken(near)));
  });

  /** The claims of this issuer's token under the header of another's: the kid is foreign, the issuer fits. */
  function moved(foreign: string): string {
    const [header, , signature] = foreign.split(".");
    return `${header}.${token.split(".")[1]}.${signature}`;
  }
});

describe("signatures that mean nothing → invalid", () => {
  const [zero, one, order] = [
    Buffer.alloc(32),
    Buffer.from("1".padStart(64, "0"), "hex"),
    Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex"),
  ];
  test.each([
    ["r = s = 0", Buffer.concat([zero, zero])],
    ["r = 0", Buffer.concat([zero, one])],
    ["s = 0", Buffer.concat([one, zero])],
    ["r = s = n", Buffer.concat([order, order])],
    ["63 bytes", Buffer.alloc(63, 1)],
    ["65 bytes", Buffer.alloc(65, 1)],
    ["DER", Buffer.from("3006020101020101", "hex")],
    ["one byte", Buffer.from([0])],
  ])("%s → invalid", async (_name, signature) => {
    const [header, payload] = token.split(".");
    await expectInvalid(`${header}.${payload}.${signature.toString("base64url")}`);
  });

  test("one bit of the signature, of the payload or of the header changed → invalid", async () => {
    const parts = token.split(".");
    for (const index of [0, 1, 2]) {
      const bytes = Buffer.from(parts[index] ?? "", "base64url");
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await expectInvalid(parts.map((part, i) => (i === index ? bytes.toString("base64url") : part)).join("."));
    }
  });

  test("the claims widened under the old signature → invalid", async () => {
    const [header, , signature] = token.split(".");
    const { claims } = decodeJwt(token);
    for (const change of [{ scope: "everything" }, { exp: Number(claims["exp"]) + 1 }, { sub: "x", client_id: "x" }]) {
      await expectInvalid(`${header}.${encodePart({ ...claims, ...change })}.${signature}`);
    }
  });
});

describe("forms that are none → invalid", () => {
  test("over 16 KiB → invalid", async () => {
    const [header, , signature] = token.split(".");
    const long = `${header}.${encodePart({ ...decodeJwt(token).claims, pad: "x".repeat(13_000) })}.${signature}`;
    expect((await introspect(long)).body).toBe('{"active":false}');
    expect((await introspect(`${header}.${"A".repeat(40_000)}.${signature}`)).body).toBe('{"active":false}');
  });

  const spellings: readonly (readonly [string, () => string])[] = [
    ["two parts", () => token.split(".").slice(0, 2).join(".")],
    ["four parts", () => `${token}.x`],
    ["five parts, as a JWE", () => `${token}.x.y`],
    ["padding", () => `${token}==`],
    ["a line break inside", () => `${token.slice(0, 20)}%0A${token.slice(20)}`],
    ["standard base64 letters", () => token.replace(/\.([\w-]+)\./, (_all, part: string) => `.${part}+/.`)],
    ["stray bits in its last letter", () => stray()],
    ["its JSON form", () => flattened()],
  ];
  test.each(spellings)("%s → invalid", async (_name, spell) => {
    await expectInvalid(spell());
  });

  /** 86 letters hold 64 bytes and four spare bits; another last letter decodes to the same signature. */
  function stray(): string {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const next = letters.at(letters.indexOf(token.slice(-1)) + 1) ?? "B";
    return token.slice(0, -1) + next;
  }
  function flattened(): string {
    const [header, payload, signature] = token.split(".");
    return JSON.stringify({ protected: header, payload, signature });
  }
});
