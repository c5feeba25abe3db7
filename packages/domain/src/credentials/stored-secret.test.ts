import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { StoredSecret } from "./stored-secret.ts";

test("gives back what the row says", () => {
  const digest = randomBytes(32);
  const row = { id: "sec_a", digest: digest.toString("hex"), pepper: 2, from: "2026-01-01T00:00:00.123+00:00" };
  const living = new StoredSecret({ ...row, expires: null, revoked: null });
  expect([living.id, living.pepperVersion, Buffer.from(living.digest)]).toEqual(["sec_a", 2, digest]);
  expect([living.notBefore, living.expiresAt, living.revokedAt]).toEqual([
    new Date("2026-01-01T00:00:00.123Z"),
    undefined,
    undefined,
  ]);
  const ended = new StoredSecret({
    ...row,
    expires: "2026-02-01T00:00:00+00:00",
    revoked: "2026-01-15T00:00:00+00:00",
  });
  expect([ended.expiresAt, ended.revokedAt]).toEqual([new Date("2026-02-01"), new Date("2026-01-15")]);
});
