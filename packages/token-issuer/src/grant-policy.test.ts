import { describe, expect, test } from "vitest";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { isFailure } from "./failure.ts";
import { decide } from "./grant-policy.ts";
import type { Client, Issuer } from "./index.ts";
import { printScope } from "./scope.ts";
import { clientId, newWorld, orders, stock } from "./testing/world.ts";

const now = new Date("2026-03-01T12:00:00Z");

/** What is decided for a client with those grants: the scope at the resource, or the reason. */
async function decided(
  grants: Record<string, string[]>,
  resource?: string,
  scope?: string[],
  issuerChange: Partial<Issuer> = {},
) {
  const { store, workspace } = await newWorld();
  const issuer = store.changeIssuer(workspace, issuerChange);
  const granted = new Map(Object.entries(grants).map(([identifier, names]) => [identifier, new Set(names)]));
  const client: Client = store.changeClient(workspace, clientId, { grants: granted });
  const authenticated = { client, method: "client_secret_basic", credentialId: "sec_1" } as AuthenticatedClient;
  const request = { grantType: "client_credentials", resource, scope: scope && new Set(scope) } as const;
  const outcome = decide(request, authenticated, { issuer }, now);
  return isFailure(outcome) ? outcome.reason : `${printScope(outcome.scope)} at ${outcome.resource.identifier}`;
}

const read = { [orders]: ["orders:read"] };

describe("a request is decided", () => {
  test("for the only resource, with all that is granted there", async () =>
    expect(await decided(read)).toBe(`orders:read at ${orders}`));
  test("for the named resource among several", async () =>
    expect(await decided({ ...read, [stock]: ["stock:read"] }, stock)).toBe(`stock:read at ${stock}`));
  test("for exactly the scopes asked for", async () =>
    expect(await decided({ [orders]: ["orders:read", "orders:write"] }, orders, ["orders:write"])).toBe(
      `orders:write at ${orders}`,
    ));
});

describe("a request is refused", () => {
  test.each<[string, Parameters<typeof decided>, string]>([
    ["that names no resource when several are granted", [{ ...read, [stock]: ["stock:read"] }], "resource_ambiguous"],
    [
      "even if only one fits the scope",
      [{ ...read, [stock]: ["stock:read"] }, undefined, ["stock:read"]],
      "resource_ambiguous",
    ],
    ["of a client without grants", [{}], "no_granted_scopes"],
    ["of a client with an empty grant", [{ [orders]: [] }, orders], "no_granted_scopes"],
    ["for a scope of an empty grant", [{ [orders]: [] }, orders, ["orders:read"]], "scope_not_granted"],
    ["for a resource without a grant", [read, stock], "resource_not_granted"],
    ["for a resource that is not there", [read, `${orders}/`], "unknown_resource"],
    [
      "for a scope of another resource",
      [{ ...read, [stock]: ["stock:read"] }, orders, ["stock:read"]],
      "unknown_scope",
    ],
    ["for a scope that is not granted", [read, orders, ["orders:delete"]], "scope_not_granted"],
    ["for one scope too many", [read, orders, ["orders:read", "orders:delete"]], "scope_not_granted"],
    ["for a granted scope that the resource has lost", [{ [orders]: ["gone"] }, orders, ["gone"]], "unknown_scope"],
    ["for nothing but scopes that the resource has lost", [{ [orders]: ["gone"] }, orders], "no_granted_scopes"],
    ["at a suspended issuer", [read, orders, undefined, { status: "suspended" }], "issuer_suspended"],
    ["at an issuer that is stopped", [read, orders, undefined, { status: "stopped" }], "issuance_stopped"],
    ["where no key can sign", [read, orders, undefined, { keys: [] }], "no_signing_key"],
  ])("%s", async (_what, input, reason) => expect(await decided(...input)).toBe(reason));
});
