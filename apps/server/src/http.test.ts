import { describe, expect, it } from "vitest";
import { issuerRoute } from "./http.ts";

const at = { tenant: "acme", workspace: "pay" };

describe("issuerRoute", () => {
  it.each([
    ["/acme/pay/oauth2/token", "token"],
    ["/acme/pay/oauth/token", "token"],
    ["/acme/pay/oauth2/introspect", "introspect"],
    ["/acme/pay/oauth2/revoke", "revoke"],
    ["/acme/pay/oauth2/verify", "verify"],
    ["/acme/pay/.well-known/jwks.json", "jwks"],
    ["/acme/pay/.well-known/oauth-authorization-server", "metadata"],
    ["/acme/pay/.well-known/openid-configuration", "metadata"],
    ["/.well-known/oauth-authorization-server/acme/pay", "metadata"],
    ["/.well-known/openid-configuration/acme/pay", "metadata"],
  ])("%s → %s", (path, endpoint) => {
    expect(issuerRoute(path)).toEqual({ endpoint, at });
  });

  it.each([
    "/acme/pay/oauth2/token/",
    "/acme/pay/oauth2/Token",
    "/ACME/pay/oauth2/token",
    "//pay/oauth2/token",
    "/acme/pay/oauth2/%74oken",
    "/acme/pay/constructor",
    "/acme/pay/__proto__",
    "/.well-known/oauth-authorization-server/acme/pay/",
    "/.well-known/oauth-authorization-server/acme",
    "/graphql",
    "/",
  ])("%s is no issuer's", (path) => {
    expect(issuerRoute(path)).toBeUndefined();
  });
});
