import { beforeAll, describe, expect, test } from "vitest";
import { mutationDocument, postGraphQL } from "../support/graphql.ts";
import { type Answer, type Sending, send, sendRaw } from "../support/http.ts";
import { bearer, fetchToken } from "../support/token.ts";
import { freshSlug, type StoryTenant, useWorld } from "../support/world.ts";

const world = useWorld();
let tenant: StoryTenant;
let token: string;
beforeAll(async () => {
  tenant = await world.tenant().ready();
  token = await fetchToken(tenant.adminClient, { resource: tenant.adminClient.resource });
});

// Under this media type a document that does not parse or validate is 400 (GraphQL over HTTP §6.4.2).
const ACCEPT: [string, string] = ["Accept", "application/graphql-response+json"];
const query = (text: string, variables?: unknown) =>
  postGraphQL(world.graphqlUrl, { query: text, variables }, [bearer(token), ACCEPT]);
const JSON_TYPE: [string, string] = ["Content-Type", "application/json"];
const sendAs = (type: [string, string], body: string, more: Sending["headers"] = []) =>
  send(world.graphqlUrl, { method: "POST", headers: [type, bearer(token), ...more], body });
const creation = (slug: string) =>
  `mutation { createWorkspace(input: {slug: "${slug}", name: "${slug}"}) { workspace { id } userErrors { code } } }`;
const exists = async (slug: string) => {
  const answer = await send(`${world.origin}/${tenant.slug}/${slug}/.well-known/jwks.json`);
  return answer.status === 200;
};

/** Refused before anything ran: no data, a reason in words, no trace of the inside. */
function expectRefused(answer: Answer, status: number) {
  expect([answer.status, answer.body.slice(0, 500)]).toEqual([
    status,
    expect.stringContaining('"errors":[{"message":'),
  ]);
  expect(answer.body).not.toMatch(/node_modules|\bat [\w.]+ \(/);
  const { data = {} } = answer.json();
  for (const value of Object.values(data ?? {})) expect(value).toBeNull();
}

describe("what it reads", () => {
  test("a JSON POST of a signed-in caller → 200 with data", async () => {
    const answer = await query("{ __typename }");
    expect([answer.status, answer.json()]).toEqual([200, { data: { __typename: "Query" } }]);
    expect(answer.headers["content-type"]).toMatch(/^application\/(graphql-response\+)?json/);
  });

  test("application/json with a charset → fine", async () => {
    const body = JSON.stringify({ query: "{ __typename }" });
    expect((await sendAs(["Content-Type", "application/json; charset=utf-8"], body)).status).toBe(200);
  });

  test.each([
    ["a form", "application/x-www-form-urlencoded", (text: string) => new URLSearchParams({ query: text }).toString()],
    ["plain text", "text/plain", (text: string) => JSON.stringify({ query: text })],
    ["application/graphql", "application/graphql", (text: string) => text],
    ["JSON under a look-alike type", "application/jsonp", (text: string) => JSON.stringify({ query: text })],
    [
      "multipart",
      "multipart/form-data; boundary=x",
      (text: string) =>
        `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: text })}\r\n--x\r\nContent-Disposition: form-data; name="map"\r\n\r\n{}\r\n--x--\r\n`,
    ],
  ])("%s → 415, and the mutation inside did not run", async (_name, type, encode) => {
    const slug = freshSlug("forged");
    expectRefused(await sendAs(["Content-Type", type], encode(creation(slug))), 415);
    expect(await exists(slug)).toBe(false);
  });

  test("no content type → 415", async () => {
    const body = JSON.stringify({ query: creation(freshSlug("forged")) });
    expectRefused(await send(world.graphqlUrl, { method: "POST", headers: [bearer(token)], body }), 415);
  });

  test("control: the same mutation as JSON → it ran", async () => {
    const slug = freshSlug("made");
    expect((await query(creation(slug))).status).toBe(200);
    expect(await exists(slug)).toBe(true);
  });

  test.each(["gzip", "deflate", "br", "identity, gzip"])("Content-Encoding: %s → 415", async (encoding) => {
    const body = JSON.stringify({ query: "{ __typename }" });
    expectRefused(await sendAs(JSON_TYPE, body, [["Content-Encoding", encoding]]), 415);
  });

  test("more than 100 kB → 413; just under it → read", async () => {
    const padded = (size: number) => {
      const start = JSON.stringify({ query: "{ __typename }", variables: { pad: "" } });
      return start.replace('"pad":""', `"pad":"${"x".repeat(size - start.length)}"`);
    };
    const { host, pathname } = new URL(world.graphqlUrl);
    const body = padded(100_001);
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${JSON_TYPE.join(": ")}\r\n${bearer(token).join(": ")}\r\nConnection: close\r\n`;
    expect(await sendRaw(world.origin, `${head}Content-Length: ${body.length}\r\n\r\n${body}`)).toMatch(
      /^HTTP\/1\.1 413 /,
    );
    expect((await sendAs(JSON_TYPE, padded(99_000))).status).toBe(200);
  });

  test("GET, with or without a mutation in the query → 405 with Allow: POST, and it did not run", async () => {
    const slug = freshSlug("forged");
    for (const text of ["{ __typename }", creation(slug)]) {
      const url = `${world.graphqlUrl}?query=${encodeURIComponent(text)}`;
      const answer = await send(url, { headers: [bearer(token)] });
      expect(answer.status).toBe(405);
      expect(answer.headers["allow"]).toMatch(/\bPOST\b/);
    }
    expect(await exists(slug)).toBe(false);
  });

  test("a batch → 400", async () => {
    expectRefused(
      await sendAs(JSON_TYPE, JSON.stringify([{ query: "{ __typename }" }, { query: "{ __typename }" }])),
      400,
    );
  });

  test.each(["", "{", "null", "[]", "1", '"x"', "{}", '{"query":1}', '{"query":"{"}', '{"query":"{ nothing }"}'])(
    "the body %j → 400",
    async (body) => {
      expectRefused(await sendAs(JSON_TYPE, body, [ACCEPT]), 400);
    },
  );

  test("a document that does not validate, asked for as plain JSON → errors and no data", async () => {
    const answer = await sendAs(JSON_TYPE, JSON.stringify({ query: "{ nothing }" }), [["Accept", "application/json"]]);
    expect([200, 400]).toContain(answer.status);
    expect(Object.keys(answer.json())).toEqual(["errors"]);
  });
});

describe("browsers of other origins", () => {
  test("a request with an Origin → no CORS header", async () => {
    const answer = await sendAs(JSON_TYPE, JSON.stringify({ query: "{ __typename }" }), [
      ["Origin", "https://evil.example"],
    ]);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });

  test("a preflight → no CORS header", async () => {
    const headers: Sending["headers"] = [
      ["Origin", "https://evil.example"],
      ["Access-Control-Request-Method", "POST"],
      ["Access-Control-Request-Headers", "content-type, authorization"],
    ];
    const answer = await send(world.graphqlUrl, { method: "OPTIONS", headers });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  });
});

describe("who may ask (RFC 6750 §3)", () => {
  const introspection = "{ __schema { queryType { name } } }";
  const as = (headers: Sending["headers"], text = introspection) =>
    postGraphQL(world.graphqlUrl, { query: text }, headers);

  test("introspection by a signed-in caller → answered", async () => {
    expect((await query(introspection)).json()).toEqual({ data: { __schema: { queryType: { name: "Query" } } } });
  });

  test("introspection by nobody → refused, and the schema is not told", async () => {
    for (const text of [introspection, '{ __type(name: "Query") { fields { name } } }']) {
      const answer = await as([], text);
      expect(answer.body).not.toMatch(/"fields":\[|"queryType":\{/);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });

  test("a misspelt field by nobody → no suggestion from the schema", async () => {
    const answer = await as([], "mutation { createWorkspac }");
    expect(answer.body).not.toMatch(/did you mean/i);
  });

  test("no credential → 401 with a Bearer challenge without error", async () => {
    const answer = await as([]);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer realm="[^"]+", DPoP realm="[^"]+", algs="[^"]+"$/);
  });

  test("a bad token → 401 invalid_token", async () => {
    const answer = await as([bearer("x")]);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer .*error="invalid_token"/);
  });

  test.each(["Token", "JWT", "Basic"])("the scheme %s with an access token → 401 that names Bearer", async (scheme) => {
    const answer = await as([["Authorization", `${scheme} ${token}`]]);
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer /);
    expect(answer.body).toContain("Bearer");
  });

  test("two Authorization headers → 400", async () => {
    expect((await as([bearer(token), bearer(token)])).status).toBe(400);
  });

  test("the token in the query → not read", async () => {
    const headers: Sending["headers"] = [JSON_TYPE];
    const url = `${world.graphqlUrl}?access_token=${token}`;
    const answer = await send(url, { method: "POST", headers, body: JSON.stringify({ query: introspection }) });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

describe("bombs → 400 within 2 s, and the server goes on (ours)", () => {
  const wide = (count: number, part: (index: number) => string) =>
    `{ ${Array.from({ length: count }, (_, index) => part(index)).join(" ")} }`;
  const nested = (depth: number) => `{ workspace(slug: "admin") ${rolesOf(depth)} }`;
  const rolesOf = (depth: number): string =>
    depth === 0 ? "{ id }" : `{ roles(first: 1) { nodes { workspace ${rolesOf(depth - 1)} } } }`;
  test("control: the same circle walked once, and a page of a page → answered", async () => {
    expect(await query(nested(1))).toMatchObject({ status: 200, body: expect.stringContaining('"id"') });
  });

  test.each([
    ["10,000 levels of braces", "{a".repeat(10_000)],
    ["10,000 levels of lists", `{ a(b: ${"[".repeat(10_000)}`],
    ["20,000 tokens", wide(20_000, () => "a")],
    ["a circle of fields walked 12 times", nested(12)],
    [
      "100 of 100 of 100 rows",
      `{ workspaces(first: 100) { nodes { clients(first: 100) { nodes { credentials { nodes { id } } grants { id } } } roles(first: 100) { nodes { id assignments(first: 100) { nodes { id } } } } } } }`,
    ],
    ["200 aliases", wide(200, (index) => `a${index}: __typename`)],
    ["100 directives on one field", `{ __typename ${"@include(if: true) ".repeat(100)} }`],
    ["fragments that call each other", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"],
    [
      "fragments that double at each of 20 levels",
      `{ ...F0 } ${Array.from({ length: 20 }, (_, i) => `fragment F${i} on Query { a${i}: __typename ${i < 19 ? `...F${i + 1} b${i}: __typename ...F${i + 1}` : ""} }`).join(" ")}`,
    ],
  ])("%s", async (_name, text) => {
    const started = performance.now();
    expectRefused(await query(text), 400);
    expect(performance.now() - started).toBeLessThan(2000);
    expect((await query("{ __typename }")).status).toBe(200);
  });

  test("10,000 levels of nested variables → 400, and the server goes on", async () => {
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    expectRefused(await sendAs(JSON_TYPE, `{"query":"{ __typename }","variables":{"x":${deep}}}`), 400);
    expect((await query("{ __typename }")).status).toBe(200);
  });
});

describe("expected failures (ours)", () => {
  test("a refused input → 200, the payload's userErrors say code, message, path and fix; no top-level error", async () => {
    const document = mutationDocument("createWorkspace", "workspace { id }");
    const answer = await query(document, { input: { slug: "admin", name: "x" } });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      data: {
        createWorkspace: {
          workspace: null,
          userErrors: [
            {
              code: "SLUG_RESERVED",
              message: expect.any(String),
              path: expect.arrayContaining(["slug"]),
              fix: expect.stringMatching(/\w/),
            },
          ],
        },
      },
    });
  });
});
