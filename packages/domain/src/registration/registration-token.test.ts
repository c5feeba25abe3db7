import { expect, test } from "vitest";
import { newRegistrationToken, readRegistrationToken } from "./registration-token.ts";

const row = { tenantId: "ten_abcdefgh", workspaceId: "wsp_ABCDEFGH", id: "iat_0123456789abcd" };

test("a value names its row, is made of base62 alone, and ends with its checksum", () => {
  const { value, hint } = newRegistrationToken(row);
  expect(value).toMatch(/^mmr_abcdefghABCDEFGH0123456789abcd[0-9A-Za-z]{49}$/);
  expect(value.slice(0, -6).endsWith(hint)).toBe(true);
  expect(readRegistrationToken(value, "iat")).toEqual(row);
  expect(readRegistrationToken(value, "cli")).toEqual({ ...row, id: "cli_0123456789abcd" });
});

test("one other character anywhere → no registration token", () => {
  const { value } = newRegistrationToken(row);
  for (let at = 0; at < value.length; at++) {
    const other = value[at] === "x" ? "y" : "x";
    expect(readRegistrationToken(value.slice(0, at) + other + value.slice(at + 1), "iat")).toBeUndefined();
  }
  for (const text of ["", "mmr_", `${value}0`, ` ${value}`, value.replace("mmr_", "mms_")])
    expect(readRegistrationToken(text, "iat")).toBeUndefined();
});
