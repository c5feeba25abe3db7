import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, eventually, send } from "../support/http.ts";
import { askToken, basic, encodeForm, type Pairs, post } from "../support/token.ts";
import { createSecret, freshSlug, type StoryClient, type StoryWorkspace, useWorld } from "../support/world.ts";
import { differences, expectRefusal, expectToken } from "./answers.ts";

const world = useWorld();
let workspace: StoryWorkspace;
let client: StoryClient;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read"]).client();
  workspace = client.workspace;
});

const grant = { grant_type: "client_credentials" };
const byBasic = (clientId: string, clientSecret: string) =>
  post(client.tokenEndpoint, grant, [basic({ clientId, clientSecret })]);
const byPost = (clientId: string, clientSecret: string) =>
  post(client.tokenEndpoint, { ...grant, client_id: clientId, client_secret: clientSecret });
const withAuthorization = (value: string, form = {}) =>
  post(client.tokenEndpoint, { ...grant, ...form }, [["Authorization", value]]);
const plainBasic = (pair: string | Buffer) => `Basic ${Buffer.from(pair).toString("base64")}`;

describe("Basic (RFC 6749 §2.3.1, RFC 7617)", () => {
  test.each(["basic", "BASIC", "bAsIc"])("the scheme word %s → 200", async (scheme) => {
    const [, value] = basic(client);
    expectToken(await withAuthorization(value.replace("Basic", scheme)));
  });

  test("the same client_id in the body → 200", async () => {
    const [, value] = basic(client);
    expectToken(await withAuthorization(value, { client_id: client.clientId }));
  });

  test("ids and secrets that we issue → only [A-Za-z0-9_-], so that encoding never matters", () => {
    expect(client.clientId).toMatch(/^cli_[A-Za-z0-9]{14}$/);
    expect(client.clientSecret).toMatch(/^mms_[A-Za-z0-9]{49}$/);
  });

  test("[S5] an imported id and secret full of reserved characters → 200 when form-encoded before base64, and by post", async () => {
    const odd = await workspace.addClient({ clientId: `odd id:100%+&=/?"${freshSlug("x")}` });
    const value = `s3cr:et %41+&=/?"\\~ with enough characters ${freshSlug("y")}`;
    await workspace.admin.must("importClientSecret", { clientId: odd.id, value }, "clientSecret { id }");
    expectToken(await byBasic(odd.clientId, value));
    expectToken(await byPost(odd.clientId, value));
  });

  test("[S5] an id with % sent unencoded → 401, never a guess at another id", async () => {
    const odd = await workspace.addClient({ clientId: `percent%41${freshSlug("z")}` });
    expectRefusal(await withAuthorization(plainBasic(`${odd.clientId}:${odd.clientSecret}`)), 401, "invalid_client");
    expectToken(await byBasic(odd.clientId, odd.clientSecret));
  });

  const malformed: readonly (readonly [string, () => string])[] = [
    ["nothing after the scheme", () => "Basic"],
    ["characters outside base64", () => "Basic ***"],
    ["no colon", () => plainBasic(client.clientId)],
    ["a broken % escape inside", () => plainBasic(`${client.clientId}:%zz`)],
    ["an encoded NUL inside", () => plainBasic(`${client.clientId}%00:x`)],
    ["a raw NUL inside", () => plainBasic(`${client.clientId}\0:x`)],
    ["invalid UTF-8 inside", () => plainBasic(Buffer.from([0xc3, 0x28, 0x3a, 0x61]))],
    ["two tokens after the scheme", () => `${basic(client)[1]} ${basic(client)[1].slice(6)}`],
    ["an empty id", () => plainBasic(`:${client.clientSecret}`)],
  ];
  test.each(malformed)("malformed, %s → 401 invalid_client with a Basic challenge", async (_condition, header) => {
    const answer = await withAuthorization(header());
    expectRefusal(answer, 401, "invalid_client");
    expect(answer.headers["www-authenticate"]).toBe(`Basic realm="${workspace.issuer}"`);
  });

  test.each(["Bearer x", "Digest x", "Token x", "x"])("another scheme, %s → 401 invalid_client", async (header) => {
    expectRefusal(await withAuthorization(header), 401, "invalid_client");
  });
});

describe("a client that does not prove itself → 401 invalid_client (RFC 6749 §5.2)", () => {
  test("a wrong secret by Basic → WWW-Authenticate: Basic with the issuer as realm", async () => {
    const answer = await byBasic(client.clientId, "wrong");
    expectRefusal(answer, 401, "invalid_client");
    expect(answer.headers["www-authenticate"]).toBe(`Basic realm="${workspace.issuer}"`);
  });

  test("a wrong secret by post → no challenge", async () => {
    const answer = await byPost(client.clientId, "wrong");
    expectRefusal(answer, 401, "invalid_client");
    expect(answer.headers["www-authenticate"]).toBeUndefined();
  });

  test("no authentication at all, or an id alone → 401 invalid_client", async () => {
    expectRefusal(await post(client.tokenEndpoint, grant), 401, "invalid_client");
    expectRefusal(await post(client.tokenEndpoint, { ...grant, client_id: client.clientId }), 401, "invalid_client");
    expectRefusal(await byPost(client.clientId, ""), 401, "invalid_client");
    expectRefusal(await byBasic(client.clientId, ""), 401, "invalid_client");
  });

  test.each(["one character less", "one more", "another case", "spaces around"])(
    "the right secret with %s → 401",
    async (change) => {
      const { clientSecret: secret } = client;
      const changed = {
        "one character less": secret.slice(0, -1),
        "one more": `${secret}0`,
        "another case": secret.toLowerCase(),
        "spaces around": ` ${secret} `,
      }[change];
      expectRefusal(await byBasic(client.clientId, String(changed)), 401, "invalid_client");
    },
  );

  test("[S12] another client's secret, of this or of another workspace → 401", async () => {
    const neighbour = await workspace.addClient();
    const stranger = await world.tenant().workspace().resource("orders", ["read"]).client();
    expectRefusal(await byBasic(client.clientId, neighbour.clientSecret), 401, "invalid_client");
    expectRefusal(await byBasic(client.clientId, stranger.clientSecret), 401, "invalid_client");
    expectRefusal(await byBasic(stranger.clientId, stranger.clientSecret), 401, "invalid_client");
  });

  const causes = ["unknown client", "revoked secret", "expired secret", "early secret", "disabled client"] as const;
  test.each(causes)("%s → the same status, headers and members as a wrong secret", async (cause) => {
    const [clientId, secret] = await brought(cause);
    for (const present of [byBasic, byPost]) {
      const wrong = await present(client.clientId, "mms_wrong");
      const answer = await present(clientId, secret);
      expectRefusal(answer, 401, "invalid_client");
      expect(differences(wrong, answer)).toEqual([]);
    }
  });

  /** Credentials that fail for that cause and no other. */
  async function brought(cause: (typeof causes)[number]): Promise<[string, string]> {
    const { admin } = workspace;
    if (cause === "unknown client") return ["cli_00000000000000", client.clientSecret];
    const other = await workspace.addClient();
    if (cause === "disabled client") {
      expectToken(await byBasic(other.clientId, other.clientSecret));
      await admin.must("disableClient", { id: other.id }, "client { id }");
      return [other.clientId, other.clientSecret];
    }
    if (cause === "revoked secret") {
      expectToken(await byBasic(other.clientId, other.clientSecret));
      await admin.must("revokeClientSecret", { id: other.secretId }, "clientSecret { id }");
      return [other.clientId, other.clientSecret];
    }
    const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    if (cause === "early secret") {
      return [other.clientId, (await createSecret(workspace, other.id, { notBefore: at(3600) })).value];
    }
    const { value } = await createSecret(workspace, other.id, { expiresAt: at(3) });
    expectToken(await byBasic(other.clientId, value));
    await eventually(
      async () => (await byBasic(other.clientId, value)).status,
      (status) => status === 401,
      30,
    );
    return [other.clientId, value];
  }
});

describe("two ways at once → 400 invalid_request (RFC 6749 §2.3)", () => {
  test("Basic and a secret in the body → invalid_request", async () => {
    const [, value] = basic(client);
    const form = { client_id: client.clientId, client_secret: client.clientSecret };
    expectRefusal(await withAuthorization(value, form), 400, "invalid_request");
    expectRefusal(await withAuthorization(value, { client_secret: "x" }), 400, "invalid_request");
  });

  test("two different ids → invalid_request", async () => {
    const [, value] = basic(client);
    expectRefusal(await withAuthorization(value, { client_id: "cli_00000000000000" }), 400, "invalid_request");
  });

  test("two Authorization headers, equal or not → invalid_request", async () => {
    const twice = (second: string): Promise<Answer> => {
      const headers: Pairs = [
        ["Content-Type", "application/x-www-form-urlencoded"],
        basic(client),
        ["authorization", second],
      ];
      return send(client.tokenEndpoint, { method: "POST", headers, body: encodeForm(grant) });
    };
    expectRefusal(await twice(basic(client)[1]), 400, "invalid_request");
    expectRefusal(await twice("Basic eDp5"), 400, "invalid_request");
    expectRefusal(await twice("Bearer x"), 400, "invalid_request");
  });

  test.each(["client_id", "client_secret"])("%s twice in the form → invalid_request", async (name) => {
    const form = { ...grant, client_id: client.clientId, client_secret: client.clientSecret };
    const again = [...Object.entries(form), [name, form[name as keyof typeof form]]] as [string, string][];
    expectRefusal(await post(client.tokenEndpoint, again), 400, "invalid_request");
  });
});

describe("a pinned method (RFC 7591 §2, token_endpoint_auth_method)", () => {
  test.each([
    ["client_secret_basic", byBasic, byPost],
    ["client_secret_post", byPost, byBasic],
  ] as const)("pinned to %s → 200 by it, 401 invalid_client by the other", async (method, right, wrong) => {
    const pinned = await workspace.addClient();
    expectToken(await wrong(pinned.clientId, pinned.clientSecret));
    const input = { clientId: pinned.id, clientAuthenticationMethods: [method.toUpperCase()] };
    await workspace.admin.must("updateClientSettings", input, "client { id }");
    expectRefusal(await wrong(pinned.clientId, pinned.clientSecret), 401, "invalid_client");
    expectToken(await right(pinned.clientId, pinned.clientSecret));
  });
});

describe("several secrets", () => {
  test("[C3] a second secret → both work; the first revoked → only the second", async () => {
    const { id, clientId, clientSecret, secretId } = await workspace.addClient();
    const second = await createSecret(workspace, id);
    expectToken(await askToken({ ...client, clientId, clientSecret }));
    expectToken(await askToken({ ...client, clientId, clientSecret: second.value }));
    await workspace.admin.must("revokeClientSecret", { id: secretId }, "clientSecret { id }");
    expectRefusal(await askToken({ ...client, clientId, clientSecret }), 401, "invalid_client");
    expectToken(await askToken({ ...client, clientId, clientSecret: second.value }));
  });
});
