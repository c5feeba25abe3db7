import { expect, test } from "vitest";
import { boundBy, holdersLine, holdersOf } from "./holders.ts";

const NOW = Date.parse("2026-11-27T08:00:00.000Z");
const [BEFORE, LATER] = ["2026-11-27T07:00:00.000Z", "2026-11-27T09:00:00.000Z"];
let made = 0;
const given = (name: string | null, expiresAt: string | null = null) => ({
  id: `asg_${++made}`,
  expiresAt,
  member: name === null ? null : { id: name, name },
  client: null,
});
const role = (nodes: ReturnType<typeof given>[], hasNextPage = false) => ({
  assignments: { nodes, pageInfo: { hasNextPage } },
});

test("who has a role: each once, in the right number, and nobody whose time is over", () => {
  const line = (...nodes: ReturnType<typeof given>[]) => holdersLine(role(nodes), NOW);
  expect(line()).toBe("Nobody");
  expect(line(given("Ann"), given("Ann", LATER))).toBe("Ann");
  expect(line(given("Ann"), given("Ben"))).toBe("Ann, 1 other");
  expect(line(given("Ann"), given("Ben"), given(null))).toBe("Ann, 2 others");
  expect(line(given("Ann", BEFORE), given("Ben", BEFORE))).toBe("Nobody");
  expect(line(given(null))).toBe("1 that you may not see");
});

test("a role that was given more often than is known → no exact number", () => {
  const line = (...nodes: ReturnType<typeof given>[]) => holdersLine(role(nodes, true), NOW);
  expect(line(given("Ann"), given("Ben"))).toBe("Ann, 1 other or more");
  expect(line(given("Ann"), given("Ben", BEFORE))).toBe("Ann, perhaps others");
  expect(line(given("Ben", BEFORE))).toBe("Too many to tell");
  expect(holdersOf(role([given("Ann")], true), NOW).isWhole).toBe(false);
});

test("a role that somebody has changes only for who may grant in the admin workspace", () => {
  expect(boundBy(role([]), [])).toBeUndefined();
  expect(boundBy(role([given("Ann")]), ["client-grant:write"])).toBeUndefined();
  expect(boundBy(role([given("Ann")]), ["role:write"])).toMatch(/client-grant:write in the admin workspace/);
});
