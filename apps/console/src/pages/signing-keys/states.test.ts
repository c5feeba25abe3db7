import { expect, test } from "vitest";
import { comesNext, inOrder, type Key, readyAt, stretchesOf } from "./states.ts";

const now = Date.parse("2026-11-26T12:00:00Z");
const key = (more: Partial<Key>): Key => ({
  kid: "k",
  alg: "ES256",
  state: "ACTIVE",
  createdAt: "2026-11-01T00:00:00Z",
  publishAt: "2026-11-01T00:00:00Z",
  activateAt: "2026-11-02T00:00:00Z",
  retireAt: null,
  removeAt: null,
  revokedAt: null,
  ...more,
});
const next = key({ kid: "n", state: "NEXT", publishAt: "2026-11-26T11:00:00Z", activateAt: "2027-01-31T00:00:00Z" });
const retiring = key({
  kid: "r",
  state: "RETIRING",
  retireAt: "2026-11-26T00:00:00Z",
  removeAt: "2026-11-27T00:01:00Z",
});
const revoked = key({ kid: "x", state: "REVOKED", revokedAt: "2026-11-20T00:00:00Z" });

test("a key says what happens to it next, or what happened last", () => {
  expect(comesNext(key({}), now)).toBe("Signs until another one takes over");
  expect(comesNext(key({ retireAt: "2027-01-31T00:00:00Z" }), now)).toMatch(/^Signs until 31 Jan 2027, /);
  expect(comesNext(next, now)).toMatch(/^Signs from 31 Jan 2027, /);
  expect(comesNext(retiring, now)).toMatch(/^Checks old tokens until 27 Nov, /);
  expect(comesNext(revoked, now)).toMatch(/^Revoked on 20 Nov, /);
});

test("a published key is ready after twice the time that a set may be cached", () => {
  expect(new Date(readyAt(next, 300)).toISOString()).toBe("2026-11-26T11:10:00.000Z");
});

test("a life is published ahead, signs, and then only checks", () => {
  expect(stretchesOf(next, now).map(({ look }) => look)).toEqual(["kept", "ahead"]);
  expect(stretchesOf(key({}), now).map(({ look, to }) => [look, to])).toEqual([
    ["kept", Date.parse("2026-11-02T00:00:00Z")],
    ["used", now],
    ["ahead", null],
  ]);
  expect(stretchesOf(revoked, now)).toEqual([
    { from: Date.parse("2026-11-01T00:00:00Z"), to: Date.parse("2026-11-20T00:00:00Z"), look: "over" },
  ]);
});

test("the retiring key is drawn until it leaves the set", () => {
  const last = stretchesOf(retiring, now).at(-1);
  expect(last).toEqual({
    from: Date.parse("2026-11-26T00:00:00Z"),
    to: Date.parse("2026-11-27T00:01:00Z"),
    look: "kept",
  });
});

test("those at work come first, those that are gone last", () => {
  expect(inOrder([revoked, retiring, next, key({})]).map(({ kid }) => kid)).toEqual(["k", "n", "r", "x"]);
});
