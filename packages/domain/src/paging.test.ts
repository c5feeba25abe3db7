import { clients } from "@mintmark/db/schema";
import { describe, expect, test } from "vitest";
import { Refusal } from "./failure.ts";
import { newestFirst, pageByAge } from "./paging.ts";

const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `cli_${index}`, createdAt: new Date(1000 + index) }));

describe("a page", () => {
  test("of a list that ends there has no next page", () => {
    const page = pageByAge(rows(2), newestFirst(clients, { first: 2 }));
    expect(page.items).toHaveLength(2);
    expect(page.hasNextPage).toBe(false);
  });

  test("of a longer list shows no more than asked for, and its cursor is accepted", () => {
    const page = pageByAge(rows(3), newestFirst(clients, { first: 2 }));
    expect(page.items).toHaveLength(2);
    expect(page.hasNextPage).toBe(true);
    expect(newestFirst(clients, { first: 2, after: page.endCursor }).after).toBeDefined();
  });

  test("of an empty list has no cursor", () => {
    expect(pageByAge([], newestFirst(clients, { first: 1 })).endCursor).toBeUndefined();
  });

  const encoded = (place: unknown) => Buffer.from(JSON.stringify(place)).toString("base64url");
  test.each([
    "",
    "x",
    encoded({}),
    encoded([]),
    encoded(["a", "b"]),
    encoded([1e99, "b"]),
    encoded([2.6e14, "b"]),
    encoded([-1, "b"]),
    encoded([1, "\0"]),
  ])("is refused after the cursor %j", (after) => {
    expect(() => newestFirst(clients, { first: 1, after })).toThrow(Refusal);
  });

  test.each([0, -1, 101, 1.5, Number.NaN])("of %d things is refused", (first) => {
    expect(() => newestFirst(clients, { first })).toThrow(Refusal);
  });
});
