import type { OpenedProvider } from "@mintmark/domain";
import { describe, expect, test } from "vitest";
import type { PostedForm } from "../egress/fetch-document.ts";
import { openIdClient, readMetadata } from "./open-id.ts";

const issuer = "https://id.example/tenant";
const document = {
  issuer,
  authorization_endpoint: "https://id.example/authorize?tenant=1",
  token_endpoint: "https://id.example/token",
  jwks_uri: "https://id.example/jwks",
};

describe("what a provider says of itself", () => {
  test.each([
    ["no more than is needed → HTTP Basic", {}, { method: "client_secret_basic", namesItself: false }],
    [
      "only the body → the body",
      { token_endpoint_auth_methods_supported: ["client_secret_post"] },
      { method: "client_secret_post" },
    ],
    [
      "both → HTTP Basic",
      { token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"] },
      { method: "client_secret_basic" },
    ],
    ["it names itself in its answers", { authorization_response_iss_parameter_supported: true }, { namesItself: true }],
  ])("%s", (_, more, read) => {
    expect(readMetadata({ ...document, ...more }, issuer)).toMatchObject(read);
  });

  test.each([
    ["another issuer", { issuer: "https://id.example" }, "issuer_differs"],
    ["the same with a slash", { issuer: `${issuer}/` }, "issuer_differs"],
    ["none", { issuer: undefined }, "issuer_differs"],
    ["an http address to go to", { authorization_endpoint: "http://id.example/authorize" }, "metadata"],
    ["a script as address to go to", { authorization_endpoint: "javascript:alert(1)" }, "metadata"],
    ["no token endpoint", { token_endpoint: undefined }, "metadata"],
    ["keys at an address with a user", { jwks_uri: "https://user@id.example/jwks" }, "metadata"],
    ["no secret to authenticate with", { token_endpoint_auth_methods_supported: ["private_key_jwt"] }, "metadata"],
    ["no S256", { code_challenge_methods_supported: ["plain"] }, "metadata"],
  ])("%s → cannot be used", (_, more, problem) => {
    expect(readMetadata({ ...document, ...more }, issuer)).toBe(problem);
  });
});

const provider: OpenedProvider = {
  tenantId: "ten_1",
  id: "sso_1",
  name: "Acme",
  issuer,
  clientId: "mint mark",
  clientSecret: "s:e/c?",
  scopes: ["email", "openid"],
  redirectUri: "https://mintmark.example/console/sso/sso_1",
};
const secrets = { state: "state", browser: "browser", nonce: "nonce", codeVerifier: "verifier" };

function client(more: object = {}) {
  const asked: { address: string; form: PostedForm | undefined }[] = [];
  const openId = openIdClient(async (address, form) => {
    asked.push({ address, form });
    return address.endsWith("/.well-known/openid-configuration") ? { ...document, ...more } : {};
  });
  return { asked, openId };
}

test("the browser goes there with everything that ties the answer to it, and keeps what the address had", async () => {
  const { openId, asked } = client();
  const address = new URL(await openId.authorizationAddress(provider, secrets, false));
  expect(Object.fromEntries(address.searchParams)).toEqual({
    tenant: "1",
    response_type: "code",
    client_id: "mint mark",
    redirect_uri: provider.redirectUri,
    scope: "openid email",
    state: "state",
    nonce: "nonce",
    code_challenge: "iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ",
    code_challenge_method: "S256",
  });
  await openId.authorizationAddress(provider, secrets, true);
  expect(asked.map((one) => one.address)).toEqual([`${issuer}/.well-known/openid-configuration`]);
});

test("the code goes back with the verifier, and the client proves itself (RFC 6749 §2.3.1)", async () => {
  const { openId, asked } = client();
  expect(await openId.person(provider, secrets, { code: "c", issuer: undefined })).toBe("no_id_token");
  expect(asked.at(-1)).toEqual({
    address: "https://id.example/token",
    form: {
      fields: {
        grant_type: "authorization_code",
        code: "c",
        redirect_uri: provider.redirectUri,
        code_verifier: "verifier",
      },
      authorization: `Basic ${Buffer.from("mint+mark:s%3Ae%2Fc%3F").toString("base64")}`,
    },
  });
});

test("an answer of somebody else is not looked at: nothing is asked", async () => {
  const { openId, asked } = client({ authorization_response_iss_parameter_supported: true });
  for (const from of [undefined, "https://evil.example", `${issuer}/`])
    expect(await openId.person(provider, secrets, { code: "c", issuer: from })).toBe("answer_issuer");
  expect(asked.length).toBe(1);
});
