import { expect, test } from "vitest";
import {
  type Api,
  apisOf,
  changesOf,
  choiceOf,
  chosenOn,
  type Grant,
  grantedIn,
  gridOf,
  livingGrants,
  matching,
} from "./access-changes.ts";

const api = (id: string, scopes: readonly string[], isOwnApi = false): Api => ({
  id,
  name: id,
  identifier: `https://${id}.example.com/`,
  isOwnApi,
  scopes: scopes.map((name) => ({ id: `${id}/${name}`, name, description: `May ${name}` })),
});
const reasons = { scope: "not held", api: "api not held" };
const ledger = api("ledger", ["read", "write"]);
const orders = api("orders", ["read", "close"]);
const own = api("admin", ["client:read", "client:write"], true);

test("APIs that the client may call stand first, each once; an empty grant is none", () => {
  const grants: Grant[] = [
    { scopes: ["read"], resource: orders },
    { scopes: [], resource: own },
    { scopes: ["gone"], resource: null },
  ];
  expect(apisOf(grants, [ledger, orders]).map(({ id }) => id)).toEqual(["orders", "ledger"]);
});

test("changes are told by API, added and removed apart; what is as it was is no change", () => {
  const grants: Grant[] = [{ scopes: ["read"], resource: orders }];
  const wanted = new Set(["orders/close", "ledger/read", "ledger/write"]);
  expect(changesOf([orders, ledger, own], grants, wanted)).toMatchObject([
    { api: { id: "orders" }, before: ["read"], after: ["close"], added: ["close"], removed: ["read"] },
    { api: { id: "ledger" }, before: [], after: ["read", "write"], added: ["read", "write"], removed: [] },
  ]);
  expect(changesOf([orders], grants, grantedIn(gridOf([orders], grants, new Set(), reasons)))).toEqual([]);
});

test("somebody else changes the access meanwhile → what was chosen stays, and nothing of theirs is undone by it", () => {
  const choice = choiceOf(new Set(["a", "b"]), new Set(["a", "c"]));
  expect([...chosenOn(new Set(["a", "b"]), choice)]).toEqual(["a", "c"]);
  expect([...chosenOn(new Set(["b", "d"]), choice)]).toEqual(["d", "c"]);
});

test("scopes of Mintmark's own APIs are locked where the person does not hold them", () => {
  const locks = (grants: readonly Grant[], held: readonly string[]) =>
    gridOf([own], grants, new Set(held), reasons)[0]?.scopes.map(({ lockedReason }) => lockedReason);
  expect(locks([], ["client:read"])).toEqual([undefined, "not held"]);
  expect(locks([{ scopes: ["client:write"], resource: own }], ["client:read"])).toEqual([
    "api not held",
    "api not held",
  ]);
  expect(gridOf([ledger], [], new Set(), reasons)[0]?.scopes.some(({ lockedReason }) => lockedReason)).toBe(false);
});

test("a grant that has ended, or holds nothing, gives nothing any more", () => {
  const now = Date.parse("2027-01-31T12:00:00Z");
  const ends = (expiresAt: string | null, scopes = ["orders:read"]) => ({ scopes, expiresAt });
  const living = [ends(null), ends("2027-01-31T12:00:00.001Z")];
  expect(livingGrants([ends("2027-01-31T12:00:00Z"), ...living, ends(null, [])], now)).toEqual(living);
});

test("the search keeps an API whose name matches whole, else only the scopes that match", () => {
  const groups = gridOf([ledger, orders], [], new Set(), reasons);
  const found = (search: string) => matching(groups, search).map(({ id, scopes }) => [id, scopes.length]);
  expect(found(" ORDERS.example ")).toEqual([["orders", 2]]);
  expect(found("may wri")).toEqual([["ledger", 1]]);
  expect(found("nothing")).toEqual([]);
  expect(found("")).toEqual([
    ["ledger", 2],
    ["orders", 2],
  ]);
});
