import { expect, test } from "vitest";
import { type Failure, otherProblems, problemOf } from "./ask.ts";

const failure = (message: string, ...path: string[]): Failure => ({
  code: "INVALID_INPUT",
  message,
  fix: "Mend it.",
  path,
});

test("a failure inside a list stands at the list's field, never at one of the form that has the same name", () => {
  const failures = [failure("A claim's name is a word.", "claims", "0", "name")];
  expect(problemOf(failures, "name")).toBeUndefined();
  expect(problemOf(failures, "claims")).toBe("A claim's name is a word.");
  expect(otherProblems(failures, ["name", "claims"])).toEqual([]);
});

test("what no field of the form is about stands on top of it", () => {
  const failures = [failure("It is gone.", "clientId"), failure("Not now."), failure("A name is short.", "name")];
  expect(otherProblems(failures, ["name"])).toEqual(["It is gone.", "Not now."]);
});
