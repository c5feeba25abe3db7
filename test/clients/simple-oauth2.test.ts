import { createRemoteJWKSet, jwtVerify } from "jose";
import { ClientCredentials } from "simple-oauth2";
import { beforeAll, describe, expect, test } from "vitest";
import { basic, post } from "../support/token.ts";
import { type StoryClient, useWorld } from "../support/world.ts";

const world = useWorld();
let story: StoryClient;
beforeAll(async () => {
  const workspace = await world.tenant().workspace().resource("orders", ["read", "write"]).ready();
  story = await workspace.addClient({ clientId: "odd id:100%+&=/?" });
});

describe.each(["header", "body"] as const)("[A12] simple-oauth2 with credentials in the %s", (authorizationMethod) => {
  const library = (secret = story.clientSecret) => {
    const path = new URL(story.workspace.issuer).pathname;
    return new ClientCredentials({
      client: { id: story.clientId, secret },
      auth: { tokenHost: world.origin, tokenPath: `${path}/oauth2/token`, revokePath: `${path}/oauth2/revoke` },
      options: { authorizationMethod },
    });
  };
  const introspect = async (token: string) =>
    (await post(`${story.workspace.issuer}/oauth2/introspect`, { token }, [basic(story)])).json();

  test("an id full of reserved characters: obtains, is checked, introspected and revoked", async () => {
    const { issuer } = story.workspace;
    const accessToken = await library().getToken({ scope: ["read", "write"] });
    expect(accessToken.token).toMatchObject({ token_type: "Bearer", scope: "read write" });
    expect(accessToken.expired()).toBe(false);
    const token = String(accessToken.token["access_token"]);
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const audience = story.workspace.resource("orders").identifier;
    expect((await jwtVerify(token, keys, { issuer, audience })).payload.sub).toBe(story.clientId);
    expect(await introspect(token)).toMatchObject({ active: true });
    // Its strict default wants JSON even where RFC 7009 §2.2 says that there is no body.
    await accessToken.revoke("access_token", { json: true });
    expect(await introspect(token)).toEqual({ active: false });
  });

  test("a wrong secret → it throws 401", async () => {
    await expect(library("wrong").getToken({})).rejects.toMatchObject({ output: { statusCode: 401 } });
  });
});
