import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { takeOut } from "./shown-once.ts";

test("takes the secret out of an answer and leaves the rest", () => {
  const data = { createClientSecret: { secret: "mms_x", clientSecret: { id: "sec_1" }, userErrors: [] } };
  expect(takeOut(data)).toBe("mms_x");
  expect(data).toEqual({ createClientSecret: { secret: null, clientSecret: { id: "sec_1" }, userErrors: [] } });
});

test("an answer without a secret stays as it is", () => {
  const data = { createClient: { client: { id: "cli_1" }, userErrors: [] } };
  expect(takeOut(data)).toBeNull();
  expect(data.createClient.client.id).toBe("cli_1");
});

/** Sentences about what happened, made by the server out of its own words. */
const SENTENCES = new Set(["mailProblem"]);

test("no payload of the schema shows a value under another name", () => {
  const schema = readFileSync(new URL("../../../server/schema.graphql", import.meta.url), "utf8");
  const payloads = schema.match(/^type \w+Payload \{[\s\S]*?^\}/gm) ?? [];
  expect(payloads.length).toBeGreaterThan(20);
  for (const payload of payloads) {
    for (const [, member, type] of payload.matchAll(/^ {2}(\w+): (\w+)/gm)) {
      const couldShow = (type === "String" && !SENTENCES.has(member ?? "")) || type === "TenantAccess";
      if (couldShow) expect(member).toBe("secret");
    }
  }
});
