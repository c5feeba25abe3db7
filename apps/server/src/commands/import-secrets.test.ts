import { expect, test } from "vitest";
import { secretsCsv } from "./import-secrets.ts";

test("a name and a client id like formulas → the name is disarmed, the id is what the client sends", () => {
  const csv = secretsCsv([{ name: "=1+1", clientId: '@a/"b"', clientSecret: "-s" }]);
  expect(csv).toBe(`name,client_id,client_secret\r\n"'=1+1","@a/""b""","-s"\r\n`);
});
