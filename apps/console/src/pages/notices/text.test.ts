import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { words } from "./text.ts";

test("the schedule on the page is the one that the schema says", () => {
  const schema = readFileSync(new URL("../../../../server/schema.graphql", import.meta.url), "utf8");
  expect(schema).toContain(words.schedule);
});
