import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from "jose";
import * as client from "openid-client";
import { beforeAll, describe, expect, test } from "vitest";
import { newInitialAccessToken, register } from "../support/registration.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
let story: StoryClient;
beforeAll(async () => {
  story = await world.tenant().workspace().resource("orders", ["read"]).resource("stock", ["read"]).client();
});

const insecure = { execute: [client.allowInsecureRequests] };

describe.each([
  ["client_secret_basic", client.ClientSecretBasic],
  ["client_secret_post", client.ClientSecretPost],
] as const)("[A12] openid-client with %s", (_method, authentication) => {
  const discover = (algorithm: "oidc" | "oauth2", secret = story.clientSecret) => {
    const issuer = new URL(story.workspace.issuer);
    return client.discovery(issuer, story.clientId, undefined, authentication(secret), { ...insecure, algorithm });
  };

  test.each(["oauth2", "oidc"] as const)(
    "found by its %s metadata: obtains, checks, introspects and revokes",
    async (algorithm) => {
      const config = await discover(algorithm);
      const resource = story.workspace.resource("orders").identifier;
      const tokens = await client.clientCredentialsGrant(config, { resource, scope: "read" });
      expect(tokens).toMatchObject({ token_type: "bearer", scope: "read" });
      expect(tokens.expiresIn()).toBeGreaterThan(890);
      expect(tokens).not.toHaveProperty("refresh_token");
      expect(tokens).not.toHaveProperty("id_token");

      const { jwks_uri, issuer } = config.serverMetadata();
      const keys = createRemoteJWKSet(new URL(String(jwks_uri)));
      const { payload } = await jwtVerify(tokens.access_token, keys, { issuer, audience: resource, typ: "at+jwt" });
      expect(payload.sub).toBe(story.clientId);

      expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
        active: true,
        scope: "read",
      });
      await client.tokenRevocation(config, tokens.access_token);
      expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
    },
  );

  test("no resource where there are two → it reports invalid_target", async () => {
    const asked = client.clientCredentialsGrant(await discover("oauth2"));
    await expect(asked).rejects.toMatchObject({ error: "invalid_target", status: 400 });
  });

  test("a wrong secret → it refuses", async () => {
    const config = await discover("oauth2", "wrong");
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ status: 401 });
  });
});

describe("[A12] openid-client registers itself (RFC 7591)", () => {
  const registering = (
    initialAccessToken: string,
    metadata: Partial<client.ClientMetadata>,
    auth?: client.ClientAuth,
  ) =>
    client.dynamicClientRegistration(new URL(story.workspace.issuer), metadata, auth, {
      ...insecure,
      algorithm: "oauth2",
      initialAccessToken,
    });

  test("with an initial access token → it has a token by the secret that it got, for what it asked", async () => {
    const { value } = await newInitialAccessToken(story.workspace, { uses: 1 });
    const resource = story.workspace.resource("orders").identifier;
    const config = await registering(value, { client_name: "By its own hand", scope: "read", resource });
    expect(config.clientMetadata()).toMatchObject({ client_name: "By its own hand", scope: "read" });
    const tokens = await client.clientCredentialsGrant(config, { resource });
    expect(tokens).toMatchObject({ token_type: "bearer", scope: "read" });
    await expect(registering(value, {})).rejects.toMatchObject({ status: 401 });
  });

  test("with a key → it has a token by an assertion of its own", async () => {
    const { value } = await newInitialAccessToken(story.workspace, { methods: ["PRIVATE_KEY_JWT"] });
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const metadata = {
      token_endpoint_auth_method: "private_key_jwt",
      jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: "own" }] },
      resource: [story.workspace.resource("stock").identifier],
    };
    const config = await registering(value, metadata, client.PrivateKeyJwt({ key: privateKey, kid: "own" }));
    expect(await client.clientCredentialsGrant(config)).toMatchObject({ scope: "read" });
  });

  test("a scope beyond the token's → it reports invalid_client_metadata", async () => {
    const { value } = await newInitialAccessToken(story.workspace, { ceiling: { orders: ["read"] } });
    const asked = registering(value, { scope: "read write" });
    await expect(asked).rejects.toMatchObject({ error: "invalid_client_metadata", status: 400 });
    expect((await register(story.workspace, value, {})).status).toBe(201);
  });
});
