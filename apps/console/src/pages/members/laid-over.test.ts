import { expect, test } from "vitest";
import { laidOver } from "./laid-over.ts";

test("a later part of a list: who was opened since is as they are now, who was removed is not there", () => {
  const row = (id: string, name = "old") => ({ id, name });
  const newer = new Map([
    ["a", row("a", "older than the page")],
    ["c", row("c", "new")],
    ["d", null],
    ["z", row("z", "not in the list")],
  ]);
  const list = [row("a", "of the page"), row("b"), row("c"), row("d")];
  expect(laidOver(list, list.slice(0, 2), newer)).toEqual([row("a", "of the page"), row("b"), row("c", "new")]);
});
