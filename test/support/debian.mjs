// Programs that the tests need and that come from Debian: installed by root, asked for otherwise.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const say = (line) => process.stdout.write(`${line}\n`);

let isUpToDate = false;

function install(name) {
  if (!existsSync("/usr/bin/apt-get")) return;
  const options = {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  if (!isUpToDate) spawnSync("apt-get", ["update", "-qq"], options);
  isUpToDate = true;
  const careful = ["-y", "-qq", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"];
  spawnSync("apt-get", ["install", ...careful, name], options);
}

/** Stops with one line when `path` is not there and cannot be had. `before` runs right before an installation. */
export function ensureDebian({ title, path, name, before = () => undefined }) {
  if (existsSync(path)) return;
  if (process.getuid?.() === 0) {
    say(`${title} is missing; installing Debian's package ${name}.`);
    before();
    install(name);
  }
  if (existsSync(path)) return;
  say(`${title} is missing (${path}): run \`apt-get install ${name}\` as root, then test again.`);
  process.exit(1);
}

/**
 * The browser for the console's tests: what `CHROMIUM` names, or Debian's. Without windows it draws the same for less than
 * half the work; where there is no such package, the whole one does.
 */
export function ensureChromium() {
  const light = "/usr/bin/chromium-headless-shell";
  const { CHROMIUM } = process.env;
  if (CHROMIUM === undefined && !existsSync(light) && process.getuid?.() === 0) install("chromium-headless-shell");
  if (CHROMIUM !== undefined || !existsSync(light))
    ensureDebian({ title: "Chromium", path: CHROMIUM ?? "/usr/bin/chromium", name: "chromium" });
}

/** The load of the benchmark. */
export const ensureWrk = () => ensureDebian({ title: "wrk", path: "/usr/bin/wrk", name: "wrk" });

/** A reverse proxy that hands on callers' certificates. */
export const ensureHaproxy = () => ensureDebian({ title: "haproxy", path: "/usr/sbin/haproxy", name: "haproxy" });

export const ensureGo = () => ensureDebian({ title: "Go", path: "/usr/bin/go", name: "golang-go" });

/** OAuth clients in Python and in Go. */
export function ensureOtherClients() {
  const python = "/usr/lib/python3/dist-packages";
  ensureDebian({ title: "Authlib", path: `${python}/authlib`, name: "python3-authlib" });
  ensureDebian({
    title: "requests-oauthlib",
    path: `${python}/requests_oauthlib`,
    name: "python3-requests-oauthlib",
  });
  ensureGo();
  ensureDebian({
    title: "Go's oauth2",
    path: "/usr/share/gocode/src/golang.org/x/oauth2",
    name: "golang-golang-x-oauth2-dev",
  });
}

/** A proxy that protects an API, with the module that lets it introspect. */
export function ensureNginx() {
  ensureDebian({ title: "nginx", path: "/usr/sbin/nginx", name: "nginx" });
  ensureDebian({
    title: "nginx's JavaScript",
    path: "/usr/lib/nginx/modules/ngx_http_js_module.so",
    name: "libnginx-mod-http-js",
  });
}

/** Makes the certificates of servers that tests start. */
export const ensureOpenssl = () => ensureDebian({ title: "OpenSSL", path: "/usr/bin/openssl", name: "openssl" });
