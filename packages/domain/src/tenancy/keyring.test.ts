import { hkdfSync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { KEY_CHECK_PLACE, openKeyring, sealKeyCheck, WrongMasterKey } from "./keyring.ts";

const newKey = () => randomBytes(32).toString("base64");

describe("two master keys known at once", () => {
  const [former, present, stranger] = [newKey(), newKey(), newKey()];
  const value = randomBytes(32);
  const sealed = openKeyring(former).seal(value, "here");

  test("what the former sealed → opens, and is sealed anew under the present one alone", () => {
    const both = openKeyring(present, former);
    expect(both.open(sealed, "here")).toEqual(value);
    const anew = both.reseal(sealed, "here");
    expect(anew && openKeyring(present).open(anew, "here")).toEqual(value);
    expect(() => openKeyring(former).open(anew ?? sealed, "here")).toThrow(WrongMasterKey);
  });

  test("what the present one sealed → nothing is to be done", () => {
    expect(openKeyring(former, present).reseal(sealed, "here")).toBeUndefined();
  });

  test.each([
    ["a stranger's key", openKeyring(stranger, present), "here"],
    ["another place", openKeyring(present, former), "there"],
  ])("%s → neither opened nor sealed anew", (_, keyring, place) => {
    expect(() => keyring.open(sealed, place)).toThrow(WrongMasterKey);
    expect(() => keyring.reseal(sealed, place)).toThrow(WrongMasterKey);
  });

  test("their names → the same at every server, and in the order of the keys", () => {
    const [a, b] = [openKeyring(present, former), openKeyring(former, present)];
    expect(a.keyNames).toEqual(b.keyNames.toReversed());
    expect(new Set([...a.keyNames, ...openKeyring(stranger).keyNames]).size).toBe(3);
  });

  test("a secret that an older version drew from the master key → drawn from the one that the database was under", () => {
    const check = sealKeyCheck(openKeyring(former));
    const drawn = Buffer.from(hkdfSync("sha256", Buffer.from(former, "utf8"), "", "mintmark sign-in v1", 32));
    expect(openKeyring(present, former).drawnSecret("sign-in v1", check)).toEqual(drawn);
    expect(openKeyring(present, former).open(check, KEY_CHECK_PLACE).toString()).toBe("mintmark key check");
  });
});
