import { beforeAll, describe, expect, test } from "vitest";
import { send, sendRaw } from "../support/http.ts";
import { type StoryWorkspace, useWorld } from "../support/world.ts";

const world = useWorld();
let workspace: StoryWorkspace;
beforeAll(async () => {
  workspace = await world.tenant().workspace().resource("orders", ["read"]).ready();
});

const documents = ["oauth-authorization-server", "openid-configuration"] as const;
const path = () => new URL(workspace.issuer).pathname;
const addresses: readonly (readonly [form: string, url: () => string])[] = documents.flatMap((name) => [
  [`appended ${name}`, () => `${workspace.issuer}/.well-known/${name}`] as const,
  [`inserted ${name}`, () => `${world.origin}/.well-known/${name}${path()}`] as const,
]);

describe.each(addresses)("metadata, %s (RFC 8414 §3)", (_form, url) => {
  test("GET → 200 as JSON with the issuer exact and every endpoint below it", async () => {
    const answer = await send(url());
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    const { issuer } = workspace;
    expect(answer.json()).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/oauth2/token`,
      introspection_endpoint: `${issuer}/oauth2/introspect`,
      revocation_endpoint: `${issuer}/oauth2/revoke`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
    });
    for (const [name, value] of Object.entries(answer.json())) {
      if (/_endpoint$|_uri$/.test(name)) expect(value).toMatch(new RegExp(`^${issuer}/`));
    }
  });

  test("what it offers → no response types, client credentials only, secrets by basic and post and keys, never none", async () => {
    const answer = await send(url());
    const methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
    expect(answer.json()).toMatchObject({
      response_types_supported: [],
      grant_types_supported: ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"],
      token_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
    });
    expect(answer.body).not.toContain('"none"');
  });

  test.each([
    ["Host", "evil.example.com"],
    ["Host", "localhost"],
    ["X-Forwarded-Host", "evil.example.com"],
    ["X-Forwarded-Proto", "https"],
    ["Forwarded", "host=evil.example.com;proto=https"],
    ["X-Original-Host", "evil.example.com"],
  ])("incident 17: %s: %s → the same document", async (name, value) => {
    const plain = await send(url());
    const answer = await send(url(), { headers: [[name, value]] });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual(plain.json());
  });

  test("incident 17: a request target with another origin in it → the same document", async () => {
    const path = new URL(url()).pathname;
    const raw = await sendRaw(
      world.origin,
      `GET http://evil.example.com${path} HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n`,
    );
    expect(raw).toMatch(/^HTTP\/1\.1 200 /);
    expect(raw).toContain(`"issuer":"${workspace.issuer}"`);
    expect(raw).not.toContain("evil.example.com");
  });

  test("a browser of any origin → may read it", async () => {
    const answer = await send(url(), { headers: [["Origin", "https://app.example.com"]] });
    expect(answer.headers["access-control-allow-origin"]).toBe("*");
    expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
  });

  test("POST → 405 that names GET", async () => {
    const answer = await send(url(), { method: "POST", body: "" });
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toMatch(/\bGET\b/);
  });

  test("HEAD → 200 without a body", async () => {
    expect(await send(url(), { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  });

  test("a trailing slash → 404, never a second issuer", async () => {
    expect((await send(`${url()}/`)).status).toBe(404);
  });

  test("another case → 404, never a second issuer", async () => {
    const shouted = url().replace(path(), path().toUpperCase());
    expect(shouted).not.toBe(url());
    expect((await send(shouted)).status).toBe(404);
    expect((await send(url().replace(".well-known", ".WELL-KNOWN"))).status).toBe(404);
  });

  test("unknown tenant or workspace → 404", async () => {
    const [, tenant = "", slug = ""] = path().split("/");
    for (const nowhere of [`/${tenant}/no-such`, `/no-such/${slug}`, `/${slug}/${tenant}`]) {
      expect((await send(url().replace(path(), nowhere))).status).toBe(404);
    }
  });

  test("the path encoded otherwise → 404, never a second issuer", async () => {
    const [, tenant = "", slug = ""] = path().split("/");
    const encoded = `/${tenant}/%77${slug.slice(1)}`;
    expect((await send(url().replace(path(), encoded))).status).toBe(404);
    expect((await send(url().replace(path(), `/${tenant}//${slug}`))).status).toBe(404);
  });
});

test("all four addresses → the same document", async () => {
  const bodies = await Promise.all(addresses.map(async ([, url]) => (await send(url())).json()));
  for (const body of bodies) expect(body).toEqual(bodies[0]);
});

test("every address that metadata names → is there", async () => {
  const metadata = (await send(`${workspace.issuer}/.well-known/oauth-authorization-server`)).json();
  for (const [name, url] of Object.entries(metadata)) {
    if (!/_endpoint$|_uri$/.test(name)) continue;
    expect([name, (await send(String(url), { method: "OPTIONS" })).status]).not.toContain(404);
    expect([name, (await send(String(url))).status]).not.toContain(404);
  }
});

test("the metadata of the admin and the system workspace → their own issuers", async () => {
  const tenant = await world.tenant().ready();
  for (const slug of ["admin", "system"]) {
    const issuer = `${world.origin}/${tenant.slug}/${slug}`;
    const answer = await send(`${issuer}/.well-known/oauth-authorization-server`);
    expect(answer.json()).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth2/token` });
  }
});
