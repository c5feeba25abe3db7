import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { givenSecret, importedSecret } from "./imported-secret.ts";

const schema = z.strictObject(importedSecret);
const messageOf = (input: unknown) => schema.safeParse(input).error?.issues[0]?.message;
const value = randomBytes(24).toString("hex");
const sha256 = createHash("sha256").update(value).digest();

describe("a secret to import", () => {
  test("comes to one hash, whether by value, hexadecimal or base64url", () => {
    const hashes = [
      { value },
      { sha256: sha256.toString("hex") },
      { sha256: sha256.toString("hex").toUpperCase() },
      { sha256: sha256.toString("base64url") },
    ].map((input) => givenSecret(schema.parse(input))?.sha256);
    expect(new Set(hashes)).toEqual(new Set([sha256.toString("hex")]));
  });

  test("is hashed at once: the parsed input does not hold it", () => {
    expect(JSON.stringify(schema.parse({ value }))).not.toContain(value);
  });

  test("is recognised by its last four characters, or by its hash's", () => {
    expect(givenSecret(schema.parse({ value }))?.hint).toBe(value.slice(-4));
    expect(givenSecret(schema.parse({ sha256: sha256.toString("hex") }))?.hint).toMatch(/^sha256:[0-9a-f]{4}$/);
  });

  test("may be full of reserved characters", () => {
    expect(messageOf({ value: "a+b/c=d&e%f:g@h?i#j k\"l'm<n>o;p,q!r*s(t)" })).toBeUndefined();
  });

  test("is given once: both or none is neither", () => {
    expect(givenSecret(schema.parse({}))).toBeUndefined();
    expect(givenSecret(schema.parse({ value, sha256: sha256.toString("hex") }))).toBeUndefined();
  });

  test.each([
    ["bcrypt", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"],
    ["argon2", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"],
    ["PBKDF2", "pbkdf2_sha256$260000$c2FsdA$V0hhdCBhIG5pY2UgaGFzaCB0aGF0IGlz"],
    ["PBKDF2", "$pbkdf2-sha512$25000$c2FsdHNhbHRzYWx0$c29tZXRoaW5nc29tZXRoaW5n"],
    ["scrypt", "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4Cb"],
    ["crypt(3)", "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8"],
    ["LDAP", "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g5c2FsdHNhbHQ="],
    ["salted", "sha256$c2FsdA$5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"],
  ])("that is a hash of the kind %s is refused with the reason", (kind, text) => {
    for (const input of [{ value: text }, { sha256: text }]) {
      expect(messageOf(input)).toContain(kind);
      expect(messageOf(input)).toContain("salted and slow hashes cannot be imported");
    }
  });

  test.each([
    ["is short", "x1y2z3".repeat(5)],
    ["repeats few characters", "ab".repeat(20)],
    ["is not ASCII", `ä${value}`],
    ["has a control character", `${value}\n`],
    ["is endless", randomBytes(300).toString("hex")],
  ])("that %s is refused without being echoed", (_why, text) => {
    expect(messageOf({ value: text })).toBeDefined();
    expect(messageOf({ value: text })).not.toContain(text);
  });

  test.each(["", "abc", "f".repeat(63), `${"A".repeat(42)}B`, `sha256:${sha256.toString("hex")}`])(
    "by the hash %j is refused",
    (text) => {
      expect(messageOf({ sha256: text })).toContain("no SHA-256");
    },
  );
});
