import { expect, test } from "vitest";
import { RefusalFloods } from "./refusal-floods.ts";
import type { TokenRow } from "./token-row.ts";

const refusal = (at: string, change: Partial<TokenRow> = {}) =>
  ({
    workspaceId: "wsp_a",
    at: `2027-01-01T00:${at}.000Z`,
    correlationId: `req_${at}`,
    client: "cli_a",
    reason: "unknown_secret",
    address: "192.0.2.1",
    count: 1,
    ...change,
  }) as TokenRow;

const filled = (floods: RefusalFloods, change: Partial<TokenRow> = {}) => {
  for (let second = 0; second < 10; second++) floods.add(refusal(`00:0${second}`, change));
};

test("the first ten equal refusals of a minute get a row each, the others share one", () => {
  const floods = new RefusalFloods();
  for (let second = 0; second < 10; second++)
    expect(floods.add(refusal(`00:0${second}`))).toEqual({ write: refusal(`00:0${second}`) });
  expect(floods.add(refusal("00:10"))).toEqual({ countedAs: "req_00:10" });
  expect(floods.add(refusal("00:11"))).toEqual({ countedAs: "req_00:10" });
  expect(floods.ended(Date.parse("2027-01-01T00:00:59Z"))).toEqual([]);
  expect(floods.ended(Date.parse("2027-01-01T00:01:00Z"))).toEqual([refusal("00:10", { count: 2 })]);
  expect(floods.ended()).toEqual([]);
});

test.each<[string, Partial<TokenRow>]>([
  ["reason", { reason: "secret_expired" }],
  ["client", { client: "cli_b" }],
  ["workspace", { workspaceId: "wsp_b" }],
])("another %s is another kind of refusal", (_, change) => {
  const floods = new RefusalFloods();
  filled(floods);
  expect(floods.add(refusal("00:30", change))).toHaveProperty("write");
});

test("without a client the address tells them apart", () => {
  const floods = new RefusalFloods();
  filled(floods, { client: null });
  expect(floods.add(refusal("00:30", { client: null }))).toHaveProperty("countedAs");
  expect(floods.add(refusal("00:30", { client: null, address: "192.0.2.2" }))).toHaveProperty("write");
});

test("a new minute begins with rows again, and what was counted before is not lost", () => {
  const floods = new RefusalFloods();
  filled(floods);
  floods.add(refusal("00:30"));
  expect(floods.add(refusal("01:00"))).toHaveProperty("write");
  expect(floods.ended(Date.parse("2027-01-01T00:01:00Z"))).toEqual([refusal("00:30")]);
  expect(floods.add(refusal("01:01"))).toHaveProperty("write");
});
