import { expect, test } from "vitest";
import type { ListedClient } from "./documents.ts";
import { busyOf, refusalOf } from "./many.ts";

const client = (name: string, lastUsedAt: string | null = null) => ({ name, summary: { lastUsedAt } }) as ListedClient;
const failure = (at: number) => ({ code: "LAST_OWNER", message: "It stays.", fix: "", path: ["ids", String(at)] });

test("each refused client is named with its reason; of many, the first three and how many more", () => {
  const clients = Array.from({ length: 5 }, (_, at) => client(`c${at}`));
  expect(refusalOf([failure(1)], clients)).toBe("Nothing was changed. c1: It stays.");
  expect(refusalOf([0, 1, 2, 3, 4].map(failure), clients)).toBe(
    "Nothing was changed. c0: It stays. c1: It stays. c2: It stays. 2 more.",
  );
  expect(refusalOf([{ code: "FORBIDDEN", message: "You may not.", fix: "Ask.", path: [] }], clients)).toBe(
    "Nothing was changed. You may not. Ask.",
  );
});

test("busy is who asked for a token in the last day", () => {
  const now = Date.parse("2027-01-31T12:00:00Z");
  const clients = [client("a", "2027-01-31T00:00:00Z"), client("b", "2027-01-30T11:00:00Z"), client("c")];
  expect(busyOf(clients, now)).toBe(1);
});
