// Programs that the tests need and that come from Debian: installed by root, asked for otherwise.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const say = (line) => process.stdout.write(`${line}\n`);

function install(name) {
  const options = {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  spawnSync("apt-get", ["update", "-qq"], options);
  const careful = ["-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"];
  spawnSync("apt-get", ["install", ...careful, name], options);
}

/** Stops with one line when `path` is not there and cannot be had. `before` runs right before an installation. */
export function ensureDebian({ title, path, name, before = () => undefined }) {
  if (existsSync(path)) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say(`${title} is missing; installing Debian's package ${name}.`);
    before();
    install(name);
  }
  if (existsSync(path)) return;
  say(`${title} is missing (${path}): run \`apt-get install ${name}\` as root, then test again.`);
  process.exit(1);
}

/** The browser for the console's tests: Debian's, or what `CHROMIUM` names. */
export const ensureChromium = () =>
  ensureDebian({ title: "Chromium", path: process.env.CHROMIUM ?? "/usr/bin/chromium", name: "chromium" });

/** The load of the benchmark. */
export const ensureWrk = () => ensureDebian({ title: "wrk", path: "/usr/bin/wrk", name: "wrk" });

/** For the Go snippet, in `pnpm prove console` only. */
export const ensureGo = () => ensureDebian({ title: "Go", path: "/usr/bin/go", name: "golang-go" });
