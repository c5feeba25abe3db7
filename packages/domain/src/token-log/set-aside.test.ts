import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
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

test("rows that are set aside are lines of one file, each once and told once, however often they come", async () => {
  const told: unknown[] = [];
  const setAside = openSetAside(folder, (error, { jti }, path) => told.push([String(error), jti, path]));
  expect(await readdir(folder)).toEqual([]);
  for (const jti of ["a", "b", "a"]) await setAside.keep(row(jti), new Error(`no ${jti}`));
  await setAside.close();
  const [name = "", ...others] = await readdir(folder);
  const path = join(folder, name);
  expect(readSpoolLines(await readFile(path)).rows).toEqual([row("a"), row("b")]);
  expect(others).toEqual([]);
  expect(told).toEqual([
    ["Error: no a", "a", path],
    ["Error: no b", "b", path],
  ]);
});

test("without its folder it fails, and works when the folder is there again", async () => {
  const setAside = openSetAside(join(folder, "gone"), () => {});
  await expect(setAside.keep(row("a"), new Error("no"))).rejects.toThrow("ENOENT");
  await mkdir(join(folder, "gone"));
  await setAside.keep(row("a"), new Error("no"));
  await setAside.close();
  expect(await readdir(join(folder, "gone"))).toHaveLength(1);
});
