import { expect, test } from "vitest";
import { tryOf } from "./one-try.ts";

const first = tryOf(undefined, { name: "Billing", slug: "billing" }, () => "first");

test("a form is sent again as it was → under the same id", () =>
  expect(tryOf(first, { name: "Billing", slug: "billing" }, () => "second")).toBe(first));

test("a form is sent again with another name → under another id", () =>
  expect(tryOf(first, { name: "Billing 2", slug: "billing" }, () => "second").clientMutationId).toBe("second"));
