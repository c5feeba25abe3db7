import { inflateSync } from "node:zlib";
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, send } from "../support/http.ts";
import { fetchToken } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
let client: StoryClient;
beforeAll(async () => {
  client = await world.tenant().workspace().resource("orders", ["read"]).client();
  await turnOn(client);
});

async function turnOn({ workspace: { admin, id } }: StoryClient): Promise<void> {
  await admin.must("updateWorkspaceSettings", { workspaceId: id, statusList: "ON" }, "workspace { id }");
}

interface Place {
  readonly idx: number;
  readonly uri: string;
}

/**
 * An API that checks offline, as the draft has it and with nothing of ours: signature, issuer, audience and type by jose;
 * then the place in the list, which is fetched from where the token says, checked the same way, and kept for its `ttl`.
 */
function offlineVerifier(issuer: string, audience: string) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const lists = new Map<string, { readonly bytes: Buffer; readonly until: number }>();
  const listAt = async (uri: string): Promise<Buffer> => {
    const kept = lists.get(uri);
    if (kept && kept.until > Date.now()) return kept.bytes;
    const { body } = await send(uri, { headers: [["Accept", "application/statuslist+jwt"]] });
    const { payload } = await jwtVerify(body, keys, { typ: "statuslist+jwt", subject: uri });
    const { bits, lst } = payload["status_list"] as { bits: number; lst: string };
    if (bits !== 1) throw new Error(`lists of ${bits} bits are not known here`);
    const bytes = inflateSync(Buffer.from(lst, "base64url"));
    lists.set(uri, { bytes, until: Date.now() + Number(payload["ttl"]) * 1000 });
    return bytes;
  };
  return async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: "at+jwt" });
    const { idx, uri } = placeIn(payload);
    const byte = (await listAt(uri))[idx >> 3];
    if (byte === undefined || (byte >> (idx & 7)) & 1) throw new Error("the token counts no more");
    return payload;
  };
}

const placeIn = (payload: JWTPayload): Place => (payload["status"] as { status_list: Place }).status_list;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as JWTPayload;

describe("a status list (draft-ietf-oauth-status-list)", () => {
  test.concurrent.each([
    ["its client's tokens are revoked", "revokeClientTokens", {}],
    ["its client is disabled", "disableClient", {}],
    ["its client's approval is taken back", "refuseClient", { reason: "It was seen elsewhere." }],
    ["its client is deleted", "deleteClient", {}],
  ])(
    "[B6] [A8] %s → a verifier that asks nobody about the token refuses it within its ttl, and goes on with the others'",
    async (_, mutation, more) => {
      const own = await client.workspace.addClient();
      const check = offlineVerifier(client.workspace.issuer, client.workspace.resource("orders").identifier);
      const [token, other] = [await fetchToken(own), await fetchToken(client)];
      expect(await check(token)).toMatchObject({ client_id: own.clientId });
      await client.workspace.admin.must(mutation, { id: own.id, ...more }, "userErrors { code }");
      const isLet = () =>
        check(token).then(
          () => true,
          () => false,
        );
      await eventually(isLet, (it) => !it, 100);
      expect(await check(other)).toMatchObject({ client_id: client.clientId });
    },
    120_000,
  );

  test("tokens of after a cut-off, in the same hour, have another place and count", async () => {
    const own = await client.workspace.addClient();
    const before = placeIn(claimsOf(await fetchToken(own)));
    await client.workspace.admin.must("revokeClientTokens", { id: own.id }, "client { id }");
    const token = await fetchToken(own);
    expect(placeIn(claimsOf(token)).idx).not.toBe(before.idx);
    const check = offlineVerifier(client.workspace.issuer, client.workspace.resource("orders").identifier);
    expect(await check(token)).toMatchObject({ client_id: own.clientId });
  }, 60_000);

  test("the list → signed, of its own type, with ttl, and of 2^20 places", async () => {
    const { uri } = placeIn(claimsOf(await fetchToken(client)));
    const answer = await send(uri);
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/statuslist+jwt"]);
    expect(answer.headers).toMatchObject({
      "cache-control": "public, max-age=10",
      "access-control-allow-origin": "*",
    });
    expect(decodeProtectedHeader(answer.body)).toMatchObject({ typ: "statuslist+jwt", kid: expect.any(String) });
    const payload = claimsOf(answer.body);
    expect(payload).toMatchObject({ iss: client.workspace.issuer, sub: uri, ttl: 10, exp: expect.any(Number) });
    const { bits, lst } = payload["status_list"] as { bits: number; lst: string };
    expect([bits, inflateSync(Buffer.from(lst, "base64url")).length]).toEqual([1, 131_072]);
  });

  test("incident 3: a list in place of an access token → refused", async () => {
    const { body } = await send(placeIn(claimsOf(await fetchToken(client))).uri);
    const resource = client.workspace.resource("orders").identifier;
    const headers = [["Authorization", `Bearer ${body}`]] as const;
    const answer = await send(`${client.workspace.issuer}/oauth2/verify?${new URLSearchParams({ resource })}`, {
      headers,
    });
    expect(answer.status).toBe(401);
  });

  test("[S12] turned on for clients that are in memory → their next tokens carry a place; another workspace has no list", async () => {
    const far = await world.tenant().workspace().resource("orders", ["read"]).client();
    expect(claimsOf(await fetchToken(far))).not.toHaveProperty("status");
    const { uri } = placeIn(claimsOf(await fetchToken(client)));
    const theirs = uri.replace(client.workspace.issuer, far.workspace.issuer);
    expect((await send(theirs)).status).toBe(404);
    await turnOn(far);
    await eventually(
      async () => claimsOf(await fetchToken(far)),
      (claims) => claims["status"] !== undefined,
    );
    expect((await send(theirs)).status).toBe(200);
  });
});
