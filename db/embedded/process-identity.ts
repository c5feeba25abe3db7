import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** One process, never mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own units. */
  startTime: string;
  /** Which start of the machine it belongs to; empty where the system does not say. */
  bootId: string;
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

/** Fields of /proc/PID/stat behind the command's name, which may hold spaces and brackets: state first (proc(5)). */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** The identity of a running process, or undefined when there is none; a zombie is none. */
export function identify(pid: number): ProcessIdentity | undefined {
  const boot = bootId();
  if (boot !== "") {
    const fields = statFields(pid);
    if (fields?.[19] === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
    return { pid, startTime: fields[19], bootId: boot };
  }
  // Without /proc (macOS) `ps` gives the start to the second: enough to tell a reused number apart.
  const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  return stdout?.trim() ? { pid, startTime: stdout.trim(), bootId: "" } : undefined;
}

/** Whether exactly this process still runs. */
export function runs(process: ProcessIdentity): boolean {
  const now = identify(process.pid);
  return now !== undefined && now.startTime === process.startTime && now.bootId === process.bootId;
}

/** Who started a running process, as far as the system says (/proc); undefined without /proc or when it is gone. */
export function parentOf(pid: number): number | undefined {
  const parent = Number(statFields(pid)?.[1] ?? 0);
  return parent > 0 ? parent : undefined;
}
