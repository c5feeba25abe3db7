import { expect, test } from "vitest";
import { clockError } from "./clock-error.ts";

test.each([
  ["a clock that is right", 1000, 1010, 1005, 0],
  ["a right clock and a slow answer", 1000, 9000, 1005, 0],
  ["a clock that is ahead", 5000, 5010, 1000, 4000],
  ["a clock that is behind", 1000, 1010, 5010, -4000],
])("%s", (_, sentAt, answeredAt, databaseAt, error) => {
  expect(clockError(sentAt, answeredAt, databaseAt)).toBe(error);
});
