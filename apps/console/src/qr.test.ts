import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { qrCode } from "./qr.ts";

/** The picture of these words was read back by zbar when its digest was written here. */
test("a key as a QR code", () => {
  const words =
    "otpauth://totp/Mintmark:ada%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Mintmark&digits=6&period=30";
  const modules = qrCode(words) ?? [];
  expect(modules).toHaveLength(41);
  const drawn = modules.map((row) => row.map((dark) => (dark ? "#" : ".")).join("")).join("\n");
  expect(createHash("sha256").update(drawn).digest("hex")).toBe(
    "aa8ea373d0393ab29a5b6a36c860b4da5230c46ed48878d2007efcf18813cefb",
  );
});

test("too long for one is none", () => {
  expect(qrCode("z".repeat(230))).not.toBeNull();
  expect(qrCode("z".repeat(231))).toBeNull();
});
