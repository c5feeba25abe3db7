import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { newId } from "../id.ts";
import {
  newApiTokenValue,
  newPersonalTokenValue,
  readApiTokenValue,
  readPersonalTokenValue,
} from "./static-token-value.ts";

const named = { tenantId: newId("tenant"), workspaceId: newId("workspace"), id: newId("apiToken") };

test("an API token's value → its prefix, three ids, random part and checksum, in fixed widths", () => {
  const { value, hint } = newApiTokenValue(named);
  expect(value).toMatch(/^mmt_[0-9A-Za-z]{8}[0-9A-Za-z]{8}[0-9A-Za-z]{14}[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/);
  expect(value.slice(4, 34)).toBe(named.tenantId.slice(4) + named.workspaceId.slice(4) + named.id.slice(4));
  expect(value.slice(-10, -6)).toBe(hint);
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const checksum = [...value.slice(-6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0);
  expect(checksum).toBe(crc32(value.slice(0, -6)));
});

test("a value → the row that it names", () => {
  expect(readApiTokenValue(newApiTokenValue(named).value)).toEqual(named);
});

test("one wrong character anywhere, or another length → not a token of ours", () => {
  const { value } = newApiTokenValue(named);
  for (let at = 0; at < value.length; at++) {
    const other = value[at] === "x" ? "y" : "x";
    expect(readApiTokenValue(value.slice(0, at) + other + value.slice(at + 1))).toBeUndefined();
  }
  expect(readApiTokenValue(value.slice(1))).toBeUndefined();
  expect(readApiTokenValue(`${value}0`)).toBeUndefined();
  expect(readApiTokenValue(`${value}\n`)).toBeUndefined();
});

test("a personal token's value → the row that it names, and nothing with one wrong character", () => {
  const mine = { tenantId: named.tenantId, id: newId("personalToken") };
  const { value, hint } = newPersonalTokenValue(mine);
  expect(value).toMatch(/^mmp_[0-9A-Za-z]{71}$/);
  expect(value.slice(-10, -6)).toBe(hint);
  expect(readPersonalTokenValue(value)).toEqual(mine);
  for (let at = 0; at < value.length; at++) {
    const other = value[at] === "x" ? "y" : "x";
    expect(readPersonalTokenValue(value.slice(0, at) + other + value.slice(at + 1))).toBeUndefined();
  }
  expect(readApiTokenValue(value)).toBeUndefined();
});
