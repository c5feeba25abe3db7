import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSpool, readSpoolLines, shipLeftSpools, spoolLine } from "./spool.ts";
import type { TokenRow } from "./token-row.ts";

const row = (jti: string): TokenRow => ({
  jti,
  tenantId: "ten_a",
  workspaceId: "wsp_a",
  at: "2027-01-01T00:00:00.000Z",
  outcome: "issued",
  correlationId: "req_a",
  client: "cli_a",
  clientId: "billing \n é",
  credentialId: "sec_a",
  method: "client_secret_basic",
  resource: "https://api.example.com/",
  scope: "read",
  kid: "k",
  expiresAt: "2027-01-01T00:15:00.000Z",
  reason: null,
  evidence: null,
  count: 1,
  address: "192.0.2.1",
  agent: null,
  feedNumber: 7,
});

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mintmark-spool-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Takes what is shipped. */
function harbour() {
  const landed: string[] = [];
  const write = async (rows: readonly TokenRow[]) => {
    landed.push(...rows.map(({ jti }) => jti));
  };
  return { landed, write };
}

describe("lines", () => {
  test("are read as they were written", () => {
    const text = spoolLine(row("a")) + spoolLine(row("b"));
    expect(readSpoolLines(Buffer.from(text))).toEqual({ rows: [row("a"), row("b")], length: Buffer.byteLength(text) });
  });

  test.each([
    ["torn", spoolLine(row("b")).slice(0, 40)],
    ["without its end", spoolLine(row("b")).slice(0, -1)],
    ["spoilt", spoolLine(row("b")).replace("sec_a", "sec_b")],
    ["of zeros", "\0".repeat(80).concat("\n")],
  ])("end at one that is %s", (_, bad) => {
    const [good, behind] = [spoolLine(row("a")), spoolLine(row("c"))];
    expect(readSpoolLines(Buffer.from(good + bad + behind))).toEqual({
      rows: [row("a")],
      length: Buffer.byteLength(good),
    });
  });
});

describe("a spool", () => {
  test("ships each row once, in order, also those that come meanwhile, and is empty then", async () => {
    const spool = await openSpool(folder);
    await spool.append([row("a"), row("b")]);
    const { landed, write } = harbour();
    let isFirst = true;
    await spool.ship(async (rows) => {
      if (isFirst) await spool.append([row("c")]);
      isFirst = false;
      await write(rows);
    }, 1);
    expect(landed).toEqual(["a", "b", "c"]);
    expect(spool.isEmpty).toBe(true);
    await spool.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test("of several megabytes is read in pieces: each row comes once, in order", async () => {
    const spool = await openSpool(folder);
    const jtis = Array.from({ length: 6000 }, (_, at) => `${at} ${"é".repeat(at % 400)}`);
    await spool.append(jtis.map(row));
    const { landed, write } = harbour();
    await spool.ship(write, 1000);
    expect(landed).toEqual(jtis);
    await spool.close();
  });

  test("keeps everything when shipping fails half-way", async () => {
    const spool = await openSpool(folder);
    await spool.append([row("a"), row("b")]);
    const { landed, write } = harbour();
    const failing = async (rows: readonly TokenRow[]) => {
      if (rows[0]?.jti === "b") throw new Error("away");
      await write(rows);
    };
    await expect(spool.ship(failing, 1)).rejects.toThrow("away");
    await spool.ship(write, 1);
    // The first one was there already: the table keeps one.
    expect(landed).toEqual(["a", "a", "b"]);
    await spool.close();
  });

  test("shipped twice at once forgets only what was shipped", async () => {
    const spool = await openSpool(folder);
    await spool.append([row("a")]);
    const { landed, write } = harbour();
    const slow = async (rows: readonly TokenRow[]) => {
      await pause(20);
      // As long as the first one: the length alone does not tell them apart.
      if (landed.length === 0) await spool.append([row("b")]);
      await pause(20);
      await write(rows);
    };
    await Promise.all([spool.ship(slow, 10), spool.ship(slow, 10)]);
    expect([...new Set(landed)]).toEqual(["a", "b"]);
    await spool.close();
  });

  test("that is full refuses the whole batch and stays as it was", async () => {
    const spool = await openSpool(folder, Buffer.byteLength(spoolLine(row("a"))) * 2);
    await spool.append([row("a")]);
    await expect(spool.append([row("b"), row("c")])).rejects.toThrow("full");
    await spool.append([row("d")]);
    const { landed, write } = harbour();
    await spool.ship(write, 10);
    expect(landed).toEqual(["a", "d"]);
    await spool.close();
  });

  test("whose file was taken away says so instead of acknowledging", async () => {
    const spool = await openSpool(folder);
    await spool.append([row("a")]);
    for (const name of await readdir(folder)) await rm(join(folder, name));
    await expect(spool.append([row("b")])).rejects.toThrow("taken away");
    await spool.append([row("c")]);
    const { landed, write } = harbour();
    await spool.ship(write, 10);
    expect(landed).toEqual(["c"]);
    await spool.close();
  });
});

describe("what another server left", () => {
  const left = (pid: number, host = hostname()) => join(folder, `${encodeURIComponent(host)} ${pid} 1 no-boot.spool`);

  test("is shipped and removed when that server is gone, its torn end left out", async () => {
    await writeFile(left(1), spoolLine(row("a")));
    await appendFile(left(1), spoolLine(row("b")).slice(0, 20));
    const { landed, write } = harbour();
    await shipLeftSpools(folder, write, 10);
    expect([landed, await readdir(folder)]).toEqual([["a"], []]);
  });

  test("is taken by two servers that start at once", async () => {
    await writeFile(left(1), spoolLine(row("a")));
    const { landed, write } = harbour();
    const late = async (rows: readonly TokenRow[]) => {
      await rm(left(2), { force: true });
      await write(rows);
    };
    await writeFile(left(2), spoolLine(row("b")));
    await shipLeftSpools(folder, late, 10);
    expect(landed).toContain("a");
    expect(await readdir(folder)).toEqual([]);
  });

  test("does not wait for what cannot be read", async () => {
    await mkdir(left(1));
    await writeFile(left(2), spoolLine(row("b")));
    const { landed, write } = harbour();
    await expect(shipLeftSpools(folder, write, 10)).rejects.toThrow("EISDIR");
    expect(landed).toEqual(["b"]);
  });

  test("stays while that server runs, here or on another machine", async () => {
    const mine = await openSpool(folder);
    await mine.append([row("a")]);
    await writeFile(left(1, "elsewhere"), spoolLine(row("b")));
    const { landed, write } = harbour();
    await shipLeftSpools(folder, write, 10);
    expect([landed, (await readdir(folder)).length]).toEqual([[], 2]);
    await mine.close();
  });

  test("stays when it cannot be shipped now", async () => {
    await writeFile(left(1), spoolLine(row("a")));
    const away = async () => {
      throw new Error("away");
    };
    await expect(shipLeftSpools(folder, away, 10)).rejects.toThrow("away");
    expect(readSpoolLines(await readFile(left(1))).rows).toEqual([row("a")]);
  });
});
