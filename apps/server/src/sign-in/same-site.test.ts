import { expect, test } from "vitest";
import { crossSiteProblem } from "./same-site.ts";

const origin = "http://localhost:8080";
const problem = (headers: readonly (readonly [string, string])[], method = "POST") =>
  crossSiteProblem({ correlationId: "req_1", address: "127.0.0.1", headers }, method, origin);
const good = [
  ["X-CSRF", "1"],
  ["Origin", origin],
  ["Sec-Fetch-Site", "same-origin"],
] as const;

test("header, origin and fetch metadata of the console → no problem", () => {
  expect(problem(good)).toBeUndefined();
  expect(problem(good.slice(0, 2))).toBeUndefined();
  expect(problem([["x-csrf", "1"]], "GET")).toBeUndefined();
});

test.each([
  ["no header", good.slice(1)],
  ["another value", [["X-CSRF", "0"], ...good.slice(1)]],
  ["the header twice", [["X-CSRF", "1"], ...good]],
  ["no origin", [good[0]]],
  ["another origin", [good[0], ["Origin", "http://evil.example"]]],
  ["an opaque origin", [good[0], ["Origin", "null"]]],
  ["an origin that begins alike", [good[0], ["Origin", `${origin}.evil.example`]]],
  ["two origins", [...good, ["Origin", "http://evil.example"]]],
  ["a cross-site fetch", [good[0], good[1], ["Sec-Fetch-Site", "cross-site"]]],
  ["a fetch of a sister site", [good[0], good[1], ["Sec-Fetch-Site", "same-site"]]],
] as [string, [string, string][]][])("%s → a problem", (_, headers) => {
  expect(problem(headers)).toBeDefined();
});
