import { expect, test } from "vitest";
import { ceilingWords, tokenState } from "./state.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const token = { revokedAt: null, expiresAt: null, usesLeft: 3 };

test("a token works until it is used up, has ended or was revoked; what somebody did is said first", () => {
  expect(tokenState(token, now)).toBe("live");
  expect(tokenState({ ...token, expiresAt: "2026-11-22T12:00:01Z" }, now)).toBe("live");
  expect(tokenState({ ...token, expiresAt: "2026-11-22T12:00:00Z" }, now)).toBe("ended");
  expect(tokenState({ ...token, usesLeft: 0 }, now)).toBe("used");
  expect(tokenState({ revokedAt: "2026-11-01T00:00:00Z", expiresAt: "2026-11-02T00:00:00Z", usesLeft: 0 }, now)).toBe(
    "revoked",
  );
});

test("the most that its clients get, in a line", () => {
  const at = (resourceName: string, ...scopes: string[]) => ({ resourceId: resourceName, resourceName, scopes });
  expect(ceilingWords([])).toBe("No access");
  expect(ceilingWords([at("Orders", "read")])).toBe("1 scope at Orders");
  expect(ceilingWords([at("Orders", "read", "write"), at("Stock", "read")])).toBe("2 scopes at Orders, 1 more");
});
