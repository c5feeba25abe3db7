import { beforeAll, describe, expect, test } from "vitest";
import { eventually, send, sendRaw } from "../support/http.ts";
import { askToken, basic, encodeForm, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
import { expectPrivate, expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let client: StoryClient;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read", "write"]).client();
});

const grant = { grant_type: "client_credentials" };
const posted = () => ({ ...grant, client_id: client.clientId, client_secret: client.clientSecret });
const FORM: [string, string] = ["Content-Type", "application/x-www-form-urlencoded"];
/** Posts bytes as they are. */
const postBody = (body: string | Buffer, type = FORM[1]) =>
  send(client.tokenEndpoint, { method: "POST", headers: [["Content-Type", type], basic(client)], body });

describe("a token is asked for (RFC 6749 §4.4)", () => {
  test("[S5][A3] Basic and grant_type=client_credentials → 200 with access_token, Bearer, expires_in and scope, nothing else", async () => {
    const members = expectToken(await askToken(client));
    expect(members).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: "Bearer",
      expires_in: expect.any(Number),
      scope: "read write",
    });
    expect(members.expires_in).toBeGreaterThan(0);
  });

  test("[S5] id and secret in the form → 200 with the same members", async () => {
    const members = expectToken(await post(client.tokenEndpoint, posted()));
    expect(Object.keys(members).sort()).toEqual(["access_token", "expires_in", "scope", "token_type"]);
  });

  test("a token answer → JSON, no-store, no-cache, nosniff, no cookie", async () => {
    const answer = await askToken(client);
    expect(answer.headers["content-type"]).toMatch(/^application\/json(;\s*charset=utf-8)?$/i);
    expectPrivate(answer);
  });

  test("[A6] the alias /oauth/token → the same answer as /oauth2/token", async () => {
    const alias = `${client.workspace.issuer}/oauth/token`;
    expectToken(await askToken({ ...client, tokenEndpoint: alias }));
    expectRefusal(await askToken({ ...client, tokenEndpoint: alias, clientSecret: "wrong" }), 401, "invalid_client");
  });

  test("an empty scope → as if it were omitted", async () => {
    expect(expectToken(await askToken(client, { scope: "" })).scope).toBe("read write");
  });

  test("unknown parameters → ignored", async () => {
    expectToken(await askToken(client, { foo: "bar", "foo[]": "1", client_assertion_type: "" }));
  });

  test.each([
    "application/x-www-form-urlencoded;charset=UTF-8",
    "application/x-www-form-urlencoded; charset=utf-8",
    'APPLICATION/X-WWW-FORM-URLENCODED; charset="UTF-8"',
  ])("content type %s → fine", async (type) => {
    expectToken(await postBody(encodeForm(grant), type));
  });

  test("a query beside the form → its parameters count for nothing", async () => {
    const answer = await post(`${client.tokenEndpoint}?scope=nonsense`, grant, [basic(client)]);
    expect(expectToken(answer).scope).toBe("read write");
  });
});

describe("a request that cannot be read → 400 invalid_request (RFC 6749 §3.2, §5.2)", () => {
  const bodies: readonly (readonly [condition: string, body: () => string | Buffer])[] = [
    ["a missing grant_type", () => "scope=read"],
    ["an empty grant_type", () => "grant_type=&scope=read"],
    ["no body", () => ""],
    ["grant_type twice", () => `${encodeForm(grant)}&${encodeForm(grant)}`],
    ["scope twice", () => `${encodeForm(grant)}&scope=read&scope=read`],
    ["an unknown parameter twice", () => `${encodeForm(grant)}&foo=1&foo=2`],
    ["a broken % at the end", () => `${encodeForm(grant)}&scope=read%`],
    ["a broken % escape", () => `${encodeForm(grant)}&scope=%zz`],
    ["a broken % in a name", () => `${encodeForm(grant)}&sc%ope=read`],
    ["an encoded NUL", () => `${encodeForm(grant)}&scope=re%00ad`],
    ["a raw NUL", () => `${encodeForm(grant)}&scope=re\0ad`],
    ["encoded invalid UTF-8", () => `${encodeForm(grant)}&scope=%c3%28`],
    ["raw invalid UTF-8", () => Buffer.concat([Buffer.from(`${encodeForm(grant)}&scope=`), Buffer.from([0xc3, 0x28])])],
    ["an overlong UTF-8 slash", () => `${encodeForm(grant)}&scope=%c0%af`],
    [
      "1,000 parameters",
      () => `${encodeForm(grant)}&${Array.from({ length: 1000 }, (_, i) => `p${i}=${i}`).join("&")}`,
    ],
  ];
  test.each(bodies)("%s → invalid_request", async (_condition, body) => {
    expectRefusal(await postBody(body()), 400, "invalid_request");
  });

  test.each([
    ["JSON", "application/json"],
    ["multipart", "multipart/form-data; boundary=x"],
    ["text", "text/plain"],
    ["a form in another charset", "application/x-www-form-urlencoded; charset=iso-8859-1"],
  ])("content type %s → invalid_request", async (_name, type) => {
    expectRefusal(await postBody(encodeForm(grant), type), 400, "invalid_request");
    expectRefusal(await postBody(JSON.stringify(grant), type), 400, "invalid_request");
  });

  test("no content type → invalid_request", async () => {
    const answer = await send(client.tokenEndpoint, {
      method: "POST",
      headers: [basic(client)],
      body: encodeForm(grant),
    });
    expectRefusal(answer, 400, "invalid_request");
  });

  test("two content types → invalid_request", async () => {
    const headers: [string, string][] = [FORM, ["Content-Type", "text/plain"], basic(client)];
    const answer = await send(client.tokenEndpoint, { method: "POST", headers, body: encodeForm(grant) });
    expectRefusal(answer, 400, "invalid_request");
  });

  test("a compressed body → invalid_request", async () => {
    const headers: [string, string][] = [FORM, ["Content-Encoding", "gzip"], basic(client)];
    const answer = await send(client.tokenEndpoint, { method: "POST", headers, body: encodeForm(grant) });
    expectRefusal(answer, 400, "invalid_request");
  });
});

describe("grant types (RFC 6749 §4.4.2, §5.2)", () => {
  test.each([
    "CLIENT_CREDENTIALS",
    "Client_Credentials",
    "client_credentials ",
    "password",
    "implicit",
    "authorization_code",
    "refresh_token",
    "nonsense",
  ])("grant_type %j → 400 unsupported_grant_type", async (grantType) => {
    expectRefusal(await askToken(client, { grant_type: grantType }), 400, "unsupported_grant_type");
  });
});

describe("the transport", () => {
  test.each(["GET", "PUT", "DELETE", "PATCH"])("%s → 405 with Allow: POST", async (method) => {
    const answer = await send(client.tokenEndpoint, { method, headers: [basic(client)] });
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toBe("POST");
    expectPrivate(answer);
  });

  test("a secret in the query → 400 invalid_request, and neither log line nor answer holds it", async () => {
    const canary = "mms_canaryCanaryCanaryCanaryCanaryCanaryCanary0000000";
    const query = encodeForm({ ...grant, client_id: client.clientId, client_secret: canary });
    const answer = await post(`${client.tokenEndpoint}?${query}`, grant);
    const members = expectRefusal(answer, 400, "invalid_request");
    expect(answer.body).not.toContain(canary);
    const logged = async () => world.server.log();
    await eventually(logged, (log) => log.includes(String(members["correlation_id"])));
    expect(world.server.log()).not.toContain(canary);
  });

  test("GET with a secret in the query → 405 and the log does not hold it", async () => {
    const canary = "mms_secondCanarySecondCanarySecondCanarySecond000000";
    await send(`${client.tokenEndpoint}?client_secret=${canary}`);
    const marker = "a-path-that-nobody-else-asks-for";
    await send(`${world.origin}/${marker}`);
    await eventually(
      async () => world.server.log(),
      (log) => log.includes(marker),
    );
    expect(world.server.log()).not.toContain(canary);
  });

  test("a body over 64 KiB → 413, and the connection is closed", async () => {
    const body = `${encodeForm(grant)}&pad=${"x".repeat(65_536)}`;
    const { pathname, host } = new URL(client.tokenEndpoint);
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${basic(client).join(": ")}\r\n${FORM.join(": ")}\r\n`;
    const answer = await sendRaw(world.origin, `${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/^connection: close\r$/im);
  });

  test("a chunked body that never ends → 413 and closed, not read to its end", async () => {
    const { pathname, host } = new URL(client.tokenEndpoint);
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${FORM.join(": ")}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
    expect(await sendRaw(world.origin, `${head}${chunk}${chunk}`)).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("a body of exactly 64 KiB → read", async () => {
    const start = `${encodeForm(grant)}&pad=`;
    expectToken(await postBody(`${start}${"x".repeat(65_536 - start.length)}`));
  });

  test("a 100 kB secret in the form → 413, within 2 s", async () => {
    const started = performance.now();
    const body = encodeForm({ ...posted(), client_secret: "s".repeat(100_000) });
    const { pathname, host } = new URL(client.tokenEndpoint);
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${FORM.join(": ")}\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(await sendRaw(world.origin, head + body)).toMatch(/^HTTP\/1\.1 413 /);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("a 60 kB secret in the form → 401 like any other wrong one, within 2 s", async () => {
    const started = performance.now();
    const answer = await post(client.tokenEndpoint, { ...posted(), client_secret: "s".repeat(60_000) });
    expectRefusal(answer, 401, "invalid_client");
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("a 100 kB secret in the header → refused by the server's header limit, which goes on answering", async () => {
    const { pathname, host } = new URL(client.tokenEndpoint);
    const long = basic({ ...client, clientSecret: "s".repeat(100_000) }).join(": ");
    const request = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${long}\r\nContent-Length: 0\r\n\r\n`;
    expect(await sendRaw(world.origin, request)).toMatch(/^HTTP\/1\.1 (431|400|401) /);
    expectToken(await askToken(client));
  });

  test.each(["/oauth2/token/", "/oauth2/Token", "/oauth2/tokens", "//oauth2/token"])(
    "POST to %s below the issuer → 404",
    async (path) => {
      const answer = await post(`${client.workspace.issuer}${path}`, grant, [basic(client)]);
      expect(answer.status).toBe(404);
    },
  );

  test("an issuer that does not exist → 404 with the members of a refusal", async () => {
    const answer = await post(`${world.origin}/no-such/workspace/oauth2/token`, grant, [basic(client)]);
    expect(answer.status).toBe(404);
    expect(answer.json()).toMatchObject({ correlation_id: expect.stringMatching(/^req_/) });
  });
});
