import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { type Job, JobFile, refuseOther, refuseUnwritable, writeOnce } from "./import-job.ts";

const folder = mkdtempSync(join(tmpdir(), "mintmark-job-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const job: Job = {
  tokenEndpoint: "http://localhost/t/admin/oauth2/token",
  workspace: "pay",
  format: "CSV",
  digest: "00",
  id: "imp_0K3v9aQxT2mZ7b",
  privateJwk: { kty: "EC" },
};

test("a job that is kept → read again, for this account alone, and a second run overwrites it not", () => {
  const file = new JobFile(at("kept"));
  expect(file.read()).toBeUndefined();
  file.begin(job);
  expect(file.read()).toEqual(job);
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
  expect(() => file.begin({ ...job, id: "imp_00000000000000" })).toThrow("another run of this command wrote it");
  expect(file.read()).toEqual(job);
  expect(readdirSync(folder)).toEqual(["kept"]);
});

test.each([
  ["tokenEndpoint", "--credentials"],
  ["workspace", "--workspace"],
  ["format", "kind of file"],
  ["digest", "--file"],
] as const)("another %s than it was begun with → refused, and the key is to be kept", (key, word) => {
  expect(() => refuseOther(job, job, "x")).not.toThrow();
  const refused = expect.objectContaining({ message: expect.stringMatching(`${word}.*move x elsewhere, and keep it`) });
  expect(() => refuseOther(job, { ...job, [key]: "other" }, "x")).toThrow(refused);
});

test.each([
  ["another host", { ...job, id: "x/../graphql" }],
  ["no id", { ...job, id: undefined }],
  ["no digest", { ...job, digest: undefined }],
  ["nothing", null],
])("a job with %s → refused", (name, other) => {
  writeFileSync(at(name), JSON.stringify(other), { mode: 0o600 });
  expect(() => new JobFile(at(name)).read()).toThrow("holds no import");
});

test("a job behind a link, open to others, or another account's → refused", () => {
  const file = new JobFile(at("own"));
  file.begin(job);
  symlinkSync(file.path, at("link"));
  expect(() => new JobFile(at("link")).read()).toThrow("it is a link");
  const getuid = vi.spyOn(process as { getuid: () => number }, "getuid").mockReturnValue(4_242_424);
  expect(() => file.read()).toThrow("another account's");
  getuid.mockRestore();
  chmodSync(file.path, 0o640);
  expect(() => file.read()).toThrow("chmod 600");
});

test("a folder that is not there → said before anything is written", () => {
  expect(() => refuseUnwritable(at("nowhere/secrets.csv"))).toThrow(/nowhere \(ENOENT\)\. Make the folder/);
  expect(() => refuseUnwritable(at("secrets.csv"))).not.toThrow();
  expect(() => writeOnce(at("nowhere/secrets.csv"), "")).toThrow("cannot be written (ENOENT)");
});

test("a file that cannot be written whole → none, and the one that was there is as it was", () => {
  writeFileSync(at("there"), "before");
  expect(() => writeOnce(at("there"), "after")).toThrow("is there already");
  expect(readFileSync(at("there"), "utf8")).toBe("before");
  expect(existsSync(at(`there.${process.pid}.part`))).toBe(false);
});
