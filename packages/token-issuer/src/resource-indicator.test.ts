import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFailure } from "./failure.ts";
import { parseForm } from "./form.ts";
import { parseResource, resourceProblem } from "./resource-indicator.ts";
import { tried } from "./testing/properties.ts";

const read = (pairs: string[][]) => {
  const form = parseForm(Buffer.from(new URLSearchParams(pairs as [string, string][]).toString()));
  if (isFailure(form)) throw new Error(form.reason);
  return parseResource(form);
};

describe("a resource indicator", () => {
  test.each(["https://api.example.com/orders", "urn:example:orders", "api://default", "https://a.example/?q=1"])(
    "%s is one",
    (text) => expect(resourceProblem(text)).toBeUndefined(),
  );

  test.each([
    ["/orders", "not_absolute"],
    ["orders", "not_absolute"],
    ["https:", "not_absolute"],
    ["1a:b", "not_absolute"],
    ["https://a.example/#x", "fragment"],
    ["https://a.example/#", "fragment"],
    ["https://a.example/ x", "character"],
    ["https://a.example/é", "character"],
    ["https://a.example/%4", "character"],
    ["https://a.example/\r\nX: y", "character"],
  ])("%j is none", (text, problem) => expect(resourceProblem(text)).toBe(problem));

  test("is kept byte for byte", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (uri) => {
        expect(read([["resource", uri]])).toEqual([uri]);
      }),
      tried,
    );
  });
});

describe("resource and audience", () => {
  const [a, b] = ["https://a.example", "https://b.example"];
  test("are optional", () => expect(read([])).toEqual([]));
  test("mean the same", () => expect(read([["audience", a]])).toEqual([a]));
  test("may agree", () =>
    expect(
      read([
        ["resource", a],
        ["audience", a],
        ["resource", a],
      ]),
    ).toEqual([a]));
  test("may not differ", () =>
    expect(
      read([
        ["resource", a],
        ["audience", b],
      ]),
    ).toEqual({ reason: "resource_and_audience_differ" }));
  test("may not differ in number", () =>
    expect(
      read([
        ["resource", a],
        ["resource", b],
        ["audience", a],
      ]),
    ).toEqual({ reason: "resource_and_audience_differ" }));
  test("name several APIs in their order, each once", () =>
    expect(
      read([
        ["resource", b],
        ["resource", a],
        ["resource", b],
      ]),
    ).toEqual([b, a]));
});
