import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect, errorCode } from "./connect.ts";
import { type Embedded, startEmbedded } from "./embedded.ts";

const asRoot = process.getuid?.() === 0;
let folder: string;
let dataDir: string;
let started: Embedded[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mintmark-embedded-"));
  dataDir = join(folder, "data");
  started = [];
});

afterEach(async () => {
  for (const one of started) await one.stop();
  const elsewhere = join(dataDir, "database-folder");
  if (existsSync(elsewhere)) rmSync(readFileSync(elsewhere, "utf8").trim(), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
});

async function start(command = "serve"): Promise<Embedded> {
  const one = await startEmbedded({ dataDir, command });
  started.push(one);
  return one;
}

/** The folder of PostgreSQL's files: below root's closed folder it is elsewhere. */
function cluster(): string {
  const pointer = join(dataDir, "database-folder");
  return join(existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : dataDir, "postgres");
}

const postmasterPid = () => Number(readFileSync(join(cluster(), "postmaster.pid"), "utf8").split("\n")[0]);

async function query(url: string, text: string): Promise<unknown> {
  const database = connect(url, { maxConnections: 1 });
  try {
    return (await database.sql.unsafe(text)).map((row) => Object.values(row)[0]);
  } catch (error) {
    return errorCode(error);
  } finally {
    await database.close();
  }
}

/** Another process that holds the data folder as `serve`. */
async function holdElsewhere(): Promise<ChildProcess> {
  const script = `
    const { startEmbedded } = await import(${JSON.stringify(join(import.meta.dirname, "embedded.ts"))});
    await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, command: "serve" });
    console.log("holding");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  return child;
}

test("PostgreSQL sees nothing of this process's environment, and only those with a password get in", async () => {
  process.env["MINTMARK_MASTER_KEY"] = "canary";
  const { appUrl, ownerUrl, reused } = await start();
  delete process.env["MINTMARK_MASTER_KEY"];
  expect(reused).toBe(false);
  if (existsSync("/proc/self/environ")) {
    expect(readFileSync(`/proc/${postmasterPid()}/environ`, "utf8")).not.toContain("canary");
  }
  for (const name of ["database-passwords.json", "postgres.log"]) {
    expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
  }
  const guess = new URL(appUrl);
  guess.password = "guess";
  expect(await query(guess.href, "select 1")).toBe("28P01");
  expect(await query(`postgres://postgres@${guess.host}/postgres`, "select 1")).not.toEqual([1]);
  expect(await query(appUrl, "show fsync")).toEqual(["on"]);
  expect(
    await query(ownerUrl, "select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user"),
  ).toEqual([false]);
  expect(readFileSync(join(dataDir, "postgres.log"), "utf8")).not.toContain(new URL(ownerUrl).password);
}, 60_000);

test("a second server is refused, another command attaches and leaves the database running", async () => {
  const server = await start();
  await expect(startEmbedded({ dataDir, command: "serve" })).rejects.toThrow(
    /is in use by `mintmark serve` \(process \d+\)\. Stop that one first/,
  );
  const command = await startEmbedded({ dataDir, command: "seed" });
  expect(command.reused).toBe(true);
  expect(command.appUrl).toBe(server.appUrl);
  await command.stop();
  expect(await query(server.appUrl, "select 1")).toEqual([1]);
}, 60_000);

test("two short commands take turns, and the last one ends the database", async () => {
  await (await start("bootstrap")).stop();
  const first = await start("bootstrap");
  setTimeout(() => void first.stop(), 400);
  const second = await start("seed");
  expect(await query(second.appUrl, "select 1")).toEqual([1]);
  await second.stop();
  expect(existsSync(join(cluster(), "postmaster.pid"))).toBe(false);
}, 60_000);

test("after kill -9 the database is found again, with what was committed", async () => {
  const holder = await holdElsewhere();
  const attached = await startEmbedded({ dataDir, command: "seed" });
  await query(attached.ownerUrl, "create table kept as select 42 as answer");
  holder.kill("SIGKILL");
  await new Promise((resolve) => holder.once("exit", resolve));
  const next = await start();
  expect(next.reused).toBe(true);
  expect(await query(next.ownerUrl, "select answer from kept")).toEqual([42]);
  expect(readdirSync(dataDir).filter((name) => name.startsWith("lock."))).toHaveLength(1);
}, 60_000);

test("a lock whose process number belongs to a later process holds nothing", async () => {
  await (await start()).stop();
  const stale = { pid: process.ppid, startTime: "1", bootId: "another start of the machine", command: "serve" };
  writeFileSync(join(dataDir, `lock.${stale.pid}.00ff`), JSON.stringify(stale));
  writeFileSync(join(dataDir, "lock.1.00ff"), "{");
  expect((await start()).reused).toBe(false);
  expect(readdirSync(dataDir).filter((name) => name.endsWith("00ff"))).toEqual([]);
}, 60_000);

test("a note of PostgreSQL whose process number belongs to a stranger does not hinder the start", async () => {
  const first = await start();
  const note = readFileSync(join(cluster(), "postmaster.pid"), "utf8");
  await first.stop();
  writeFileSync(join(cluster(), "postmaster.pid"), note.replace(/^\d+/, String(process.pid)));
  expect((await start()).reused).toBe(false);
}, 60_000);

test("a PostgreSQL that is killed comes back on its port", async () => {
  const { appUrl } = await start();
  const killed = postmasterPid();
  process.kill(killed, "SIGKILL");
  for (let tries = 0; tries < 200 && !Array.isArray(await query(appUrl, "select 1")); tries++) await pause(50);
  expect(postmasterPid()).not.toBe(killed);
  expect(await query(appUrl, "select 1")).toEqual([1]);
}, 60_000);

test("a first start that was interrupted is begun anew", async () => {
  await (await start()).stop();
  rmSync(cluster(), { recursive: true });
  mkdirSync(join(cluster(), "../postgres.partial/base"), { recursive: true });
  expect(await query((await start()).appUrl, "select 1")).toEqual([1]);
}, 60_000);

test("a data folder of another version, without its passwords, or below a file is refused with what to do", async () => {
  await (await start()).stop();
  writeFileSync(join(cluster(), "PG_VERSION"), "14\n");
  await expect(start()).rejects.toThrow(/was made by PostgreSQL 14, and this is PostgreSQL 18\. Set PG_BIN/);
  rmSync(join(dataDir, "database-passwords.json"));
  await expect(start()).rejects.toThrow(/database-passwords\.json is gone.*Restore that file/);
  const below = join(cluster(), "PG_VERSION/data");
  await expect(startEmbedded({ dataDir: below, command: "serve" })).rejects.toThrow(/part of the path is not a folder/);
  await expect(startEmbedded({ dataDir, command: "serve", pgBin: "/nowhere" })).rejects.toThrow(
    /\/nowhere holds no initdb/,
  );
}, 60_000);

test("root keeps the files of a closed place below a folder of its own; everybody else in the data folder", async () => {
  await (await start()).stop();
  const { uid } = statSync(cluster());
  if (asRoot) {
    expect(uid).not.toBe(0);
    expect(cluster()).toMatch(/^\/(var\/lib|opt|srv)\/mintmark\/data-[0-9a-f]{16}\/postgres$/);
    expect(statSync(join(cluster(), "..")).uid).toBe(0);
    rmSync(join(cluster(), ".."), { recursive: true });
    await expect(start()).rejects.toThrow(/which is gone or not root's alone/);
    rmSync(join(dataDir, "database-folder"));
  } else {
    expect(cluster()).toBe(join(dataDir, "postgres"));
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  }
}, 60_000);

test("root goes on with an ordinary user's database as that user, and refuses it where that user cannot walk", async () => {
  if (!asRoot) {
    await (await start()).stop();
    writeFileSync(join(dataDir, "database-folder"), "/elsewhere\n");
    expect((await start()).reused).toBe(false);
    rmSync(join(dataDir, "database-folder"));
    return;
  }
  chmodSync(folder, 0o755);
  await (await start()).stop();
  const someone = 12345;
  spawnSync("chown", ["-R", `${someone}:${someone}`, dataDir]);
  expect(await query((await start()).appUrl, "select 1")).toEqual([1]);
  expect(statSync(`/proc/${postmasterPid()}`).uid).toBe(someone);
  await started.at(-1)?.stop();

  chmodSync(folder, 0o700);
  await expect(start()).rejects.toThrow(/user id 12345\) cannot walk to .* any more/);
  expect(existsSync(join(dataDir, "database-folder"))).toBe(false);
}, 60_000);
