import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { eventually } from "./http.ts";

/** A running nginx. */
export interface Nginx {
  /** `http://127.0.0.1:{port}`, without a slash at the end. */
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * Starts Debian's nginx, in a folder of its own, with one server.
 *
 * @param http - directives beside the server
 * @param server - directives in the server
 */
export async function startNginx(http: string, server: string): Promise<Nginx> {
  const [folder, port] = [mkdtempSync(join(tmpdir(), "mintmark-nginx-")), await freePort()];
  // Started by root, its worker is another user.
  chmodSync(folder, 0o755);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join("\n  ");
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `load_module /usr/lib/nginx/modules/ngx_http_js_module.so;
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr;
events {}
http {
  access_log off;
  ${temporary}
  ${http}
  server {
    listen 127.0.0.1:${port};
    ${server}
  }
}
`,
  );
  const child = spawn("/usr/sbin/nginx", ["-p", folder, "-e", "stderr", "-c", file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const origin = `http://127.0.0.1:${port}`;
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${said}`);
      return fetch(origin).then(
        (answer) => answer.status,
        () => 0,
      );
    },
    (status) => status > 0,
  );
  return {
    origin,
    stop: async () => {
      child.kill("SIGTERM");
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
