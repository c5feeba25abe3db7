import { beforeAll, describe, expect, test } from "vitest";
import { type Answer, send } from "../support/http.ts";
import { basic, fetchToken, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";
import { expectPrivate, expectRefusal } from "./answers.ts";

const world = useWorld();
let client: StoryClient;
let other: StoryClient;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read"]).client();
  other = await client.workspace.addClient();
});

const revoke = (caller: StoryClient, form: Readonly<Record<string, string>>) =>
  post(`${caller.workspace.issuer}/oauth2/revoke`, form, [basic(caller)]);
const isActive = async (caller: StoryClient, token: string) => {
  const answer = await post(`${caller.workspace.issuer}/oauth2/introspect`, { token }, [basic(caller)]);
  return answer.json()["active"];
};

/** RFC 7009 §2.2: a popular library throws on a JSON content type with an empty body. */
function expectDone(answer: Answer) {
  expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: "" });
  expect(answer.headers["content-type"] ?? "").not.toMatch(/json/);
  expectPrivate(answer);
}

describe("revocation (RFC 7009)", () => {
  test("[A8] own token → 200 with an empty body and no JSON content type, and it is inactive at once", async () => {
    const token = await fetchToken(client);
    expect(await isActive(client, token)).toBe(true);
    expectDone(await revoke(client, { token }));
    expect(await isActive(client, token)).toBe(false);
  });

  test("[A8] one token revoked → the client's other tokens live", async () => {
    const [first, second] = [await fetchToken(client), await fetchToken(client)];
    expectDone(await revoke(client, { token: first }));
    expect(await isActive(client, first)).toBe(false);
    expect(await isActive(client, second)).toBe(true);
  });

  test("the same token again, and ten times at once → 200", async () => {
    const token = await fetchToken(client);
    expectDone(await revoke(client, { token }));
    expectDone(await revoke(client, { token }));
    const another = await fetchToken(client);
    const answers = await Promise.all(Array.from({ length: 10 }, () => revoke(client, { token: another })));
    for (const answer of answers) expectDone(answer);
    expect(await isActive(client, another)).toBe(false);
  });

  test.each(["nonsense", "..", "eyJhbGciOiJub25lIn0.e30.", "x".repeat(20_000)])(
    "an unknown token, %.30s → 200",
    async (token) => {
      expectDone(await revoke(client, { token }));
    },
  );

  test("another client's token → 200 and it lives", async () => {
    const token = await fetchToken(other);
    expectDone(await revoke(client, { token }));
    expect(await isActive(other, token)).toBe(true);
  });

  test("[S12] a token of another workspace → 200 and it lives", async () => {
    const far = await world.tenant().workspace().resource("orders", ["read"]).client();
    const token = await fetchToken(far);
    expectDone(await revoke(client, { token }));
    expect(await isActive(far, token)).toBe(true);
  });

  test.each(["refresh_token", "access_token", "nonsense"])(
    "token_type_hint %s → revoked all the same",
    async (hint) => {
      const token = await fetchToken(client);
      expectDone(await revoke(client, { token, token_type_hint: hint }));
      expect(await isActive(client, token)).toBe(false);
    },
  );

  test("credentials in the form → revoked as well", async () => {
    const token = await fetchToken(client);
    const form = { token, client_id: client.clientId, client_secret: client.clientSecret };
    expectDone(await post(`${client.workspace.issuer}/oauth2/revoke`, form));
    expect(await isActive(client, token)).toBe(false);
  });

  test("a token with one letter of its signature changed → 200 and the real one lives", async () => {
    const token = await fetchToken(client);
    const at = token.length - 20;
    const forged = token.slice(0, at) + (token.charAt(at) === "A" ? "B" : "A") + token.slice(at + 1);
    expectDone(await revoke(client, { token: forged }));
    expect(await isActive(client, token)).toBe(true);
  });

  test("no token, an empty one, or two → 400 invalid_request", async () => {
    expectRefusal(await revoke(client, {}), 400, "invalid_request");
    expectRefusal(await revoke(client, { token: "" }), 400, "invalid_request");
    const twice = [
      ["token", "a"],
      ["token", "b"],
    ] as const;
    expectRefusal(
      await post(`${client.workspace.issuer}/oauth2/revoke`, twice, [basic(client)]),
      400,
      "invalid_request",
    );
  });

  test("a wrong secret or none → 401 invalid_client and the token lives", async () => {
    const token = await fetchToken(client);
    const url = `${client.workspace.issuer}/oauth2/revoke`;
    expectRefusal(await post(url, { token }), 401, "invalid_client");
    expectRefusal(await post(url, { token }, [basic({ ...client, clientSecret: "x" })]), 401, "invalid_client");
    expect(await isActive(client, token)).toBe(true);
  });

  test("GET → 405 with Allow: POST", async () => {
    const answer = await send(`${client.workspace.issuer}/oauth2/revoke?token=x`);
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toBe("POST");
  });
});
