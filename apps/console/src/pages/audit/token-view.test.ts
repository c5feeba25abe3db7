import { expect, test } from "vitest";
import { kindOf, tokenFilterOf, withWord } from "./token-view.ts";

test.each([
  ["req_2NDEvxJw4cCt99c03FUXZv", "correlationId"],
  ["cli_0K3v9aQxT2mZ7b", "clientId"],
  ["sec_0K3v9aQxT2mZ7b", "credentialId"],
  ["127.0.0.1", "address"],
  ["::1", "address"],
  ["2001:db8::17", "address"],
  ["https://orders.example", "resource"],
  ["iHmhm70lV0aD-JVoOcK7IA", "tokenId"],
  ["orders:read", "scope"],
  ["invoice-renderer", "sentClientId"],
  ["client_id:cli_0K3v9aQxT2mZ7b", "sentClientId"],
])("%s → %s", (word, kind) => expect(kindOf(word)).toBe(kind));

test("words narrow together; of one kind the last counts, and a new one takes its place", () => {
  const search = { q: " 10.0.0.1  orders:read 10.0.0.2 ", outcome: "MAYBE" };
  expect(tokenFilterOf(search, "utc")).toMatchObject({ address: "10.0.0.2", scope: "orders:read", outcome: null });
  expect(withWord("10.0.0.1 orders:read", "10.0.0.9")).toBe("orders:read 10.0.0.9");
  expect(tokenFilterOf({ q: "client_id:cli_1" }, "utc")).toMatchObject({ sentClientId: "cli_1" });
  expect(withWord(undefined, "cli_1")).toBe("cli_1");
});
