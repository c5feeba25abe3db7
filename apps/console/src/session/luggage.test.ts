import { expect, test } from "vitest";
import { luggageIn } from "./luggage.ts";

const kept = (until?: number) => JSON.stringify({ next: "/account", invitation: "a code", until });

test("somebody is back in time → where they were going, and their invitation", () =>
  expect(luggageIn(kept(1000), 999)).toEqual({ next: "/account", invitation: "a code", inWindow: false }));

test.each([
  ["it has ended", kept(1000)],
  ["it says no end", kept()],
  ["there is nothing", null],
  ["it is no JSON", "{"],
])("%s → nothing", (_, text) => expect(luggageIn(text, 1000)).toEqual({}));
