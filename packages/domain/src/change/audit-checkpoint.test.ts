import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openKeyring, serverSecretPlace } from "../tenancy/keyring.ts";
import { readCheckpoints, readCut, signCheckpoint } from "./audit-checkpoint.ts";

const keyring = openKeyring(randomBytes(32).toString("base64"));
keyring.addSecret("audit checkpoints", keyring.seal(randomBytes(32), serverSecretPlace("audit checkpoints")));
const place = { tenantId: "ten_1", workspaceId: "wsp_1", place: "acme/payments" };
const end = { sequence: 3, hash: "a".repeat(64), at: "2026-01-01T00:00:00.000Z" };
const checkpoint = signCheckpoint(keyring, { ...place, ...end });
const line = JSON.stringify(checkpoint);
const read = (text: string) => {
  const { checkpoints, foreign } = readCheckpoints(keyring, text);
  return [checkpoints.length, foreign];
};

test.each([
  ["as it was printed", line],
  ["with the line ends of Windows", `${line}\r`],
  ["in a line of the log", JSON.stringify({ level: "info", auditCheckpoint: checkpoint })],
])("a checkpoint %s → read", (_, text) => expect(read(`${text}\n${line}\n`)).toEqual([2, []]));

test.each([
  ["after a byte order mark", `\ufeff${line}`],
  ["after what a program put before it", `server-1  | ${line}`],
  ["in a list", `[${line}]`],
  ["cut off", line.slice(0, -5)],
  ["with another hash", line.replaceAll("a".repeat(64), "b".repeat(64))],
  ["with a hash in capitals", line.replaceAll("a".repeat(64), "A".repeat(64))],
  ["without its signature", JSON.stringify({ ...checkpoint, signature: "" })],
])("a checkpoint %s → its line is named, and not passed over beside others", (_, text) =>
  expect(read(`${text}\n${line}\n`)).toEqual([1, [1]]),
);

const cut = { lastAt: "2025-11-01T00:00:00.000Z", days: 60 };
const signedCut = signCheckpoint(keyring, { ...place, ...end, cut });

test("[A10] the checkpoint of a cut → read as a checkpoint, and as a cut", () => {
  expect(read(JSON.stringify(signedCut))).toEqual([1, []]);
  expect(readCut(keyring, place, signedCut)).toEqual({ sequence: 3, hash: Buffer.from("a".repeat(64), "hex") });
});

test.each<[string, unknown, typeof place]>([
  ["a checkpoint that only saw the row", checkpoint, place],
  ["a checkpoint with a cut written into it", { ...checkpoint, cut }, place],
  ["a cut moved on", { ...signedCut, sequence: 4 }, place],
  ["another workspace's", signedCut, { ...place, workspaceId: "wsp_2" }],
  [
    "one of rows that had not had their time",
    signCheckpoint(keyring, { ...place, ...end, cut: { ...cut, lastAt: "2025-12-15T00:00:00.000Z" } }),
    place,
  ],
  ["nothing of the kind", { sequence: 3 }, place],
])("[A10] %s → no cut", (_, value, chain) => expect(readCut(keyring, chain, value)).toBeUndefined());

test.each(["", "nothing", "{}", "null", '{"clientId":"signature"}', '{"msg":"\\"signature\\":"}'])(
  "a line that holds none → left out: %s",
  (text) => expect(read(`${text}\n${line}\n`)).toEqual([1, []]),
);
