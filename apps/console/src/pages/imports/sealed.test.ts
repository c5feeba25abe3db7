import { expect, test } from "vitest";
import { newSealingPair, open, privateKeyIn } from "./sealed.ts";

// By jose 6, a library of somebody else: the same secret by both ways, for one key of no use.
const KEY = {
  kty: "EC",
  x: "6uXnngyIQn5C4kDp9ihI0BPUKUZhZg5GSOUWU03twJA",
  y: "UpP-IOTV5HpD2hLb17TJ1iXnkJeL0YY8gyTCwl92F-0",
  crv: "P-256",
  d: "3Mz9nzHSgPVmUy8r34S7kwcTLXSqLO_gBdjUCXv_gDA",
};
const SEALED =
  "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImN0eSI6Impzb24iLCJlcGsiOnsieCI6IjZaZm9mLW9TMS1QT2xnTzNVYVI1blYwMXJ4eG5hMVIwRE40ZThVYUgxSmsiLCJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieSI6IkhLN0pudWVWUlB4SzVQWUF4QUswbU8wR0RnanlKTXczMTMtUkdWeGY2OUEifX0..QNixaPavFzTHHJAt.npREjTwfUTD8zq1cakO_ugzedG1Fuvyq0CVpOxqz3VTxzxrDKBuZqBChPZDWqA.i3ppHWpEKtge_p9TZELuLA";
const OTHER_WAY =
  "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImN0eSI6Impzb24iLCJlcGsiOnsieCI6IjFoSC1za1hEaklFOF9tLUdSVGxUVjllcHIwSjIySlZPUzlWMmJtS29yTlUiLCJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieSI6Ik9GTlZiYnhnV3FYNTdZcEFHWmRwV1FTV0Y0UG5vRldZU2dGb25OTFBNNncifX0..ugh9N--1kR7jLR-z.OOaNPWi8j6-Fx8lLEbryZD9tKywpNpm9QifUDqmVUm5x81PA3xZTk9Ea45k4rg.p9B7JmqJHn6fUzGnt-MHrA";

async function keyOf(text: string): Promise<CryptoKey> {
  const key = await privateKeyIn(text);
  if (!key) throw new Error("the file holds no key");
  return key;
}

test("[A9] what somebody else's library sealed → opens with the private key out of its file", async () => {
  expect(await open(SEALED, await keyOf(JSON.stringify(KEY)))).toEqual({ client_id: "cli_1", client_secret: "mms_ü" });
});

test("the public half says nothing of the private one; the file that is kept holds it", async () => {
  const { publicJwk, privateJwk } = await newSealingPair();
  expect(Object.keys(JSON.parse(publicJwk))).toEqual(["kty", "crv", "x", "y"]);
  expect(JSON.parse(privateJwk)).toMatchObject({ ...JSON.parse(publicJwk), d: expect.any(String) });
  expect(await privateKeyIn(privateJwk)).toBeDefined();
});

test("another key, another way or a changed letter → not opened", async () => {
  const key = await keyOf(JSON.stringify(KEY));
  const { privateKey: other } = await newSealingPair();
  await expect(open(SEALED, other)).rejects.toThrow();
  await expect(open(OTHER_WAY, key)).rejects.toThrow("another way");
  const parts = SEALED.split(".");
  parts[3] = `${parts[3]?.startsWith("A") ? "B" : "A"}${parts[3]?.slice(1)}`;
  await expect(open(parts.join("."), key)).rejects.toThrow();
});

test.each(["", "{}", "[]", '{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}', '{"kty":"RSA","d":"AA"}'])(
  "%j in a file → no key",
  async (text) => {
    expect(await privateKeyIn(text)).toBeUndefined();
  },
);
