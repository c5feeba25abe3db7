import { expect, test } from "vitest";
import { snippetsOf } from "./snippets.ts";

const code = (id: string, api: string | undefined, isOwnApi = false) =>
  snippetsOf("mmt_x", { api, isOwnApi }).find((tab) => tab.id === id)?.code;

test("the token is in no argument list, and its line begins with a space", () => {
  expect(code("token", "https://ledger.example.com/")).toBe(
    [
      " API_TOKEN='mmt_x'",
      `printf 'header = "Authorization: Token %s"' "$API_TOKEN" | curl -sS --config - \\`,
      "  'https://ledger.example.com/'",
      "",
    ].join("\n"),
  );
  expect(code("key", undefined)).toContain(`printf 'header = "X-API-KEY: %s"'`);
});

test("Mintmark's own API is asked a query", () => {
  expect(code("token", "https://id.example.com/graphql", true)).toContain(`{"query": "{ viewer { permissions } }"}`);
  expect(code("node", "https://id.example.com/graphql", true)).toContain('method: "POST"');
});
