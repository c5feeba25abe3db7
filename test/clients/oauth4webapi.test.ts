import * as oauth from "oauth4webapi";
import { beforeAll, describe, expect, test } from "vitest";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
const insecure = { [oauth.allowInsecureRequests]: true };

describe.each(["ES256", "EdDSA", "PS256", "RS256"])(
  "[A12] oauth4webapi at an issuer that signs with %s",
  (signingAlgorithm) => {
    let client: StoryClient;
    let server: oauth.AuthorizationServer;
    beforeAll(async () => {
      client = await world.tenant().workspace({ signingAlgorithm }).resource("orders", ["read", "write"]).client();
      const issuer = new URL(client.workspace.issuer);
      const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure });
      server = await oauth.processDiscoveryResponse(issuer, found);
    }, 60_000);

    const self = () => ({ client_id: client.clientId });
    const obtain = async (auth: oauth.ClientAuth, parameters: Record<string, string> = {}) => {
      const response = await oauth.clientCredentialsGrantRequest(server, self(), auth, parameters, insecure);
      return oauth.processClientCredentialsResponse(server, self(), response);
    };
    const check = async (token: string, audience: string) => {
      const request = new Request("https://api.example.com/", { headers: { Authorization: `Bearer ${token}` } });
      return oauth.validateJwtAccessToken(server, request, audience, insecure);
    };
    const isActive = async (token: string) => {
      const auth = oauth.ClientSecretBasic(client.clientSecret);
      const response = await oauth.introspectionRequest(server, self(), auth, token, insecure);
      return (await oauth.processIntrospectionResponse(server, self(), response)).active;
    };

    test.each(["basic", "post"])("by %s: discovers, obtains, checks, introspects and revokes", async (method) => {
      const auth = (method === "basic" ? oauth.ClientSecretBasic : oauth.ClientSecretPost)(client.clientSecret);
      const answer = await obtain(auth, { scope: "read" });
      expect(answer).toMatchObject({ token_type: "bearer", scope: "read", expires_in: 900 });
      const claims = await check(answer.access_token, client.workspace.resource("orders").identifier);
      expect(claims).toMatchObject({ sub: client.clientId, client_id: client.clientId, scope: "read" });
      expect(await isActive(answer.access_token)).toBe(true);
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, self(), auth, answer.access_token, insecure),
      );
      expect(await isActive(answer.access_token)).toBe(false);
    });

    test("a token for another audience → its check refuses", async () => {
      const { access_token } = await obtain(oauth.ClientSecretBasic(client.clientSecret));
      await expect(check(access_token, "https://other.example.com/")).rejects.toThrow(/audience|aud/);
    });

    test("a wrong secret → it reports invalid_client with the challenge", async () => {
      await expect(obtain(oauth.ClientSecretBasic("wrong"))).rejects.toMatchObject({
        code: "OAUTH_WWW_AUTHENTICATE_CHALLENGE",
        status: 401,
        cause: [{ scheme: "basic", parameters: { realm: client.workspace.issuer } }],
      });
      await expect(obtain(oauth.ClientSecretPost("wrong"))).rejects.toMatchObject({ error: "invalid_client" });
    });

    test("a scope that was not granted → it reports invalid_scope", async () => {
      const asked = obtain(oauth.ClientSecretBasic(client.clientSecret), { scope: "admin" });
      await expect(asked).rejects.toMatchObject({ error: "invalid_scope", status: 400 });
    });
  },
);
