import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own in memory. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it but for some bytes. */
  fill(leave?: number): void;
  /** Takes away what filled it. */
  empty(): void;
  remove(): void;
}

/** Mounts one. Only root may, so whoever tests with it must be root, as CI is. */
export function mountSmallDisk(size: string): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "mintmark-disk-"));
  const mounted = spawnSync("/usr/bin/mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], {
    encoding: "utf8",
  });
  if (mounted.status !== 0) throw new Error(`Run these tests as root, who may mount a small disk: ${mounted.stderr}`);
  const filler = join(folder, "filler");
  const empty = () => rmSync(filler, { force: true });
  return {
    folder,
    fill(leave = 0) {
      empty();
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
      } catch (error) {
        // A server that works writes meanwhile: the disk is full all the same.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    empty,
    remove() {
      spawnSync("/usr/bin/umount", ["-l", folder]);
      rmdirSync(folder);
    },
  };
}
