import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuthenticatedClient } from "./client-auth/authenticate-client.ts";
import { isFailure } from "./failure.ts";
import { decide } from "./grant-policy.ts";
import type { Client, Issuer } from "./index.ts";
import { printScope } from "./scope.ts";
import { tried } from "./testing/properties.ts";
import { clientId, newWorld, orders, stock } from "./testing/world.ts";

const now = new Date("2026-03-01T12:00:00Z");

/** What is decided for a client with those grants: the scope at the resource, or the reason. */
async function decided(
  grants: Record<string, string[]>,
  resource?: string | readonly string[],
  scope?: string[],
  issuerChange: Partial<Issuer> = {},
) {
  const { store, workspace } = await newWorld();
  store.addResource(workspace, other, ["orders:read", "orders:write"]);
  const issuer = store.changeIssuer(workspace, issuerChange);
  const granted = new Map(Object.entries(grants).map(([identifier, names]) => [identifier, new Set(names)]));
  const client: Client = store.changeClient(workspace, clientId, { grants: granted });
  const authenticated = { client, method: "client_secret_basic", credentialId: "sec_1" } as AuthenticatedClient;
  const resources = resource === undefined ? [] : [resource].flat();
  const request = { grantType: "client_credentials", resources, scope: scope && new Set(scope) } as const;
  const outcome = decide(request, authenticated, { issuer, binding: { cnf: undefined, replay: undefined } }, now);
  return isFailure(outcome)
    ? outcome.reason
    : `${printScope(outcome.scope)} at ${outcome.resources.map((one) => one.identifier).join(" ")}`;
}

const read = { [orders]: ["orders:read"] };
const other = "https://api.example.com/other-orders";
const shared = { ...read, [other]: ["orders:read"] };

describe("a request is decided", () => {
  test("for the only resource, with all that is granted there", async () =>
    expect(await decided(read)).toBe(`orders:read at ${orders}`));
  test("for the named resource among several", async () =>
    expect(await decided({ ...read, [stock]: ["stock:read"] }, stock)).toBe(`stock:read at ${stock}`));
  test("for several resources, with the scopes that are granted at each", async () =>
    expect(await decided(shared, [other, orders])).toBe(`orders:read at ${other} ${orders}`));
  test("for several resources, with the scopes asked for, though more is granted at one", async () =>
    expect(
      await decided({ ...shared, [orders]: ["orders:read", "orders:write"] }, [orders, other], ["orders:read"]),
    ).toBe(`orders:read at ${orders} ${other}`));
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
    ["incident 22: for a second resource without a grant", [read, [orders, other]], "resource_not_granted"],
    ["incident 22: for a second resource that is not there", [shared, [orders, `${other}/`]], "unknown_resource"],
    [
      "incident 22: for a scope that the second resource does not have",
      [{ ...shared, [orders]: ["orders:read", "orders:delete"] }, [orders, other], ["orders:read", "orders:delete"]],
      "unknown_scope",
    ],
    [
      "incident 22: for a scope that is not granted at the second resource",
      [{ ...shared, [orders]: ["orders:read", "orders:write"] }, [orders, other], ["orders:read", "orders:write"]],
      "scope_not_granted",
    ],
    [
      "incident 22: for several resources, without a scope, where more is granted at the first",
      [{ ...shared, [orders]: ["orders:read", "orders:write"] }, [orders, other]],
      "resource_scopes_differ",
    ],
    [
      "incident 22: for several resources, without a scope, where more is granted at the second",
      [{ ...shared, [other]: ["orders:read", "orders:write"] }, [orders, other]],
      "resource_scopes_differ",
    ],
    [
      "for a second resource where nothing is granted",
      [{ ...read, [other]: [] }, [orders, other]],
      "no_granted_scopes",
    ],
    ["at a suspended issuer", [read, orders, undefined, { status: "suspended" }], "issuer_suspended"],
    ["at an issuer that is stopped", [read, orders, undefined, { status: "stopped" }], "issuance_stopped"],
    ["where no key can sign", [read, orders, undefined, { keys: [] }], "no_signing_key"],
  ])("%s", async (_what, input, reason) => expect(await decided(...input)).toBe(reason));
});

test("incident 22: of any request that is granted, no part can be another one", async () => {
  const names = ["a", "b", "c", "d"];
  const apis = [0, 1, 2, 3].map((at) => `https://api.example.com/${at}`);
  const some = <T>(from: readonly T[]) => fc.subarray([...from], { minLength: 1 });
  const asked = fc.record({
    apis: some(apis),
    scopes: some(names),
    part: fc.nat(),
    extra: fc.string({ minLength: 1 }),
  });
  const { store, workspace } = await newWorld();
  for (const api of apis) store.addResource(workspace, api, names);
  const issuer = store.changeIssuer(workspace, {});
  const judge = (grants: Client["grants"], resources: readonly string[], scope: readonly string[]) => {
    const client = { ...store.changeClient(workspace, clientId, {}), grants };
    const authenticated = { client, method: "client_secret_basic", credentialId: "sec_1" } as AuthenticatedClient;
    return decide(
      { grantType: "client_credentials", resources, scope: new Set(scope) },
      authenticated,
      { issuer, binding: { cnf: undefined, replay: undefined } },
      now,
    );
  };
  fc.assert(
    fc.property(asked, ({ apis: wanted, scopes, part, extra }) => {
      const grants = new Map(wanted.map((api) => [api, new Set(scopes)]));
      expect(isFailure(judge(grants, wanted, scopes))).toBe(false);
      const [api, scope] = [wanted[part % wanted.length] ?? "", scopes[part % scopes.length] ?? ""];
      const without = new Map(grants).set(api, new Set(scopes.filter((name) => name !== scope)));
      expect(judge(without, wanted, scopes)).toMatchObject({ resource: api });
      expect(judge(grants, wanted, [...scopes, extra + extra])).toHaveProperty("reason");
      expect(judge(grants, [...wanted, `${api}${encodeURIComponent(extra)}`], scopes)).toHaveProperty("reason");
    }),
    tried,
  );
});
