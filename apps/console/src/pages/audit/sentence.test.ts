import { expect, test } from "vitest";
import { actorWords, EVENT_TYPES, segmentsOf, sentenceOf, typeWords } from "./sentence.ts";

test("an event about a client that is there leads to it", () => {
  const body = { clientId: "cli_1", secretId: "sec_1", hint: "d7c2" };
  const entry = { type: "client-secret.created", body, clientName: "invoice-renderer" };
  expect(sentenceOf(entry)).toBe("Secret …d7c2 created for invoice-renderer");
  expect(segmentsOf(entry).at(-1)).toEqual({ name: "invoice-renderer", kind: "client", id: "cli_1" });
});

test("one that is gone is named as far as it is known, and leads nowhere", () => {
  expect(segmentsOf({ type: "client.deleted", body: { clientId: "cli_1", name: "old" } })).toEqual([
    "Client ",
    { name: "old" },
    " deleted",
  ]);
});

test("many scopes are counted, few are named", () => {
  const grant = (scopes: string[]) =>
    sentenceOf({ type: "client-grant.changed", body: { clientId: "cli_1", resourceId: "res_1", scopes } });
  expect(grant(["a:read", "a:write"])).toBe("cli_1 may ask for a:read a:write at res_1");
  expect(grant(["a", "b", "c", "d"])).toBe("cli_1 may ask for 4 scopes at res_1");
  expect(grant([])).toBe("cli_1 may ask for no scopes at res_1");
  const body = { clientId: "cli_1", resourceId: "res_1", scopes: ["a"], expiresAt: "2027-01-31T12:00:00.000Z" };
  expect(sentenceOf({ type: "client-grant.changed", body })).toBe(
    "cli_1 may ask for a at res_1, until 31 Jan 2027, 12:00 UTC",
  );
});

test("every type has a sentence without holes, and a type of the future is shown as it is", () => {
  for (const type of EVENT_TYPES) expect(sentenceOf({ type, body: {} }).length).toBeGreaterThan(5);
  expect(sentenceOf({ type: "policy.updated", body: {} })).toBe("Policy updated");
  expect(typeWords("client-grant.changed")).toBe("Access changed");
});

test("who acted", () => {
  expect(actorWords({ actor: "cli" })).toBe("Command line");
  expect(actorWords({ actor: "mem_1", actorName: "Mara" })).toBe("Mara");
});
