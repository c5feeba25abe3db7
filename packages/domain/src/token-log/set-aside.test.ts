import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSetAside } from "./set-aside.ts";
import { readSpoolLines } from "./spool.ts";
import type { TokenRow } from "./token-row.ts";

const row = (jti: string) => ({ jti }) as TokenRow;

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mintmark-spool-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("rows that are set aside are files of one line, each once and told once, however often they come", async () => {
  const told: unknown[] = [];
  const setAside = openSetAside(folder, (error, { jti }, path) => told.push([String(error), jti, path]));
  expect(await readdir(folder)).toEqual([]);
  for (const jti of ["a", "b", "a"]) await setAside.keep(row(jti), new Error(`no ${jti}`));
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  const rows = await Promise.all(paths.map(async (path) => readSpoolLines(await readFile(path)).rows));
  expect(
    rows
      .flat()
      .map(({ jti }) => jti)
      .toSorted(),
  ).toEqual(["a", "b"]);
  expect(told).toEqual([
    ["Error: no a", "a", expect.any(String)],
    ["Error: no b", "b", expect.any(String)],
  ]);
  expect(told.map((one) => (one as string[])[2]).toSorted()).toEqual(paths.toSorted());
});

test("a file that was renamed to be shipped again, and whose row is refused again → set aside again", async () => {
  const setAside = openSetAside(folder, () => {});
  await setAside.keep(row("a"), new Error("no"));
  const [name = ""] = await readdir(folder);
  await rename(join(folder, name), join(folder, "again.spool"));
  await setAside.keep(row("a"), new Error("still no"));
  expect((await readdir(folder)).toSorted()).toEqual(["again.spool", name]);
});

test("without its folder it fails, and works when the folder is there again", async () => {
  const setAside = openSetAside(join(folder, "gone"), () => {});
  await expect(setAside.keep(row("a"), new Error("no"))).rejects.toThrow("ENOENT");
  await mkdir(join(folder, "gone"));
  await setAside.keep(row("a"), new Error("no"));
  expect(await readdir(join(folder, "gone"))).toHaveLength(1);
});
