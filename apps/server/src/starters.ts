import { readFileSync } from "node:fs";
import { identify, type ProcessIdentity, parentOf, runs } from "@mintmark/db/process";

const LOOK_MS = 500;

/** Set by npm, npx and pnpm for all that they start: whose environment holds it has one of them above itself. */
export const STARTED_BY = "npm_lifecycle_event";

function isBelowPackageManager(pid: number): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return environment.some((line) => line.startsWith(`${STARTED_BY}=`));
  } catch {
    return false;
  }
}

/** The processes that npm, npx or pnpm put between its caller and this one, the nearest first: that one itself is the last. */
function startersOf(pid: number): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  // Not process 1: it has ended when everything has, and in a container it may be ours to outlive.
  for (let at = parentOf(pid); at !== undefined && at > 1; at = parentOf(at)) {
    const starter = identify(at);
    if (starter) found.push(starter);
    if (!isBelowPackageManager(at)) break;
  }
  return found;
}

/**
 * Calls back once when one of those who started this process by npm, npx or pnpm has gone: they pass a signal to their
 * own child only, so a stopped `npx` leaves all below its shell running. Without /proc only the parent is watched.
 */
export function onStarterGone(gone: () => void): void {
  const parent = process.ppid;
  const starters = startersOf(process.pid);
  const timer = setInterval(() => {
    if (process.ppid === parent && starters.every(runs)) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS).unref();
}
